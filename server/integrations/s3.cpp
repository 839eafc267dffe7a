#include "server/integrations/s3.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/digest.h"
#include "base/gzip.h"
#include "base/json.h"
#include "base/text.h"
#include "base/time.h"
#include "server/integrations/s3_xml.h"
#include "server/integrations/sdk_metadata.h"

namespace presso::server {

namespace {

constexpr std::string_view kMetadataPrefix = "x-amz-meta-";
constexpr std::string_view kPlainText = "text/plain; charset=UTF-8";

struct ListedMember {
  std::string_view shown;
  std::string_view member;
};
constexpr std::array<ListedMember, 5> kListed{{{"Etag", "ETag"},
                                               {"LastModified", "LastModified"},
                                               {"Key", "Key"},
                                               {"Size", "Size"},
                                               {"StorageClass", "StorageClass"}}};

run::Failure s3_client_failure(std::string cause) {
  return {.error = "S3.SdkClientException", .cause = std::move(cause)};
}

// The exceptions of S3's model. https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html
constexpr std::array<std::string_view, 14> kS3Errors{"BucketAlreadyExists",
                                                     "BucketAlreadyOwnedByYou",
                                                     "EncryptionTypeMismatch",
                                                     "IdempotencyParameterMismatch",
                                                     "InvalidObjectState",
                                                     "InvalidRequest",
                                                     "InvalidWriteOffset",
                                                     "NoSuchBucket",
                                                     "NoSuchKey",
                                                     "NoSuchUpload",
                                                     "NotFound",
                                                     "ObjectAlreadyInActiveTierError",
                                                     "ObjectNotInActiveTierError",
                                                     "TooManyParts"};

// A HEAD has no body to tell what is missing; the SDK concludes it from what was asked for.
std::string code_without_body(const S3Operation& operation, int status) {
  if (operation.method != "HEAD" || status != 404) return {};
  return operation.place == S3Place::Object ? "NoSuchKey" : "NoSuchBucket";
}

run::Failure s3_failure(const S3Operation& operation, S3Form form,
                        const OutboundResponse& response) {
  const bool is_sdk = form == S3Form::Sdk;
  ServiceFault fault{.message = "null",  // as Java shows a message that there is not
                     .service = is_sdk ? "S3" : "Amazon S3",
                     .status = response.status,
                     .code = code_without_body(operation, response.status),
                     .request_id = request_id(response),
                     .extended_request_id = std::string{response.header("x-amz-id-2")}};
  if (const auto document = parse_xml(response.body)) {
    fault.code = document->text_of("Code");
    if (document->child("Message") != nullptr) fault.message = document->text_of("Message");
    if (fault.request_id.empty()) fault.request_id = document->text_of("RequestId");
    if (fault.extended_request_id.empty()) fault.extended_request_id = document->text_of("HostId");
  }
  if (!is_sdk) return {.error = "S3.AmazonS3Exception", .cause = optimised_cause(fault)};
  const bool is_modelled =
      std::find(kS3Errors.begin(), kS3Errors.end(), fault.code) != kS3Errors.end();
  return {.error = "S3." + (is_modelled ? fault.code : std::string{"S3"}) + "Exception",
          .cause = sdk_cause(fault)};
}

// What a request is made of while its parameters are read.
struct S3Draft {
  const S3Operation& operation;
  S3Form form;
  std::string bucket = {};
  std::string key = {};
  std::vector<std::string> query = {};  // encoded
  OutboundRequest request = {};
  std::string checksum_algorithm = "CRC32";

  [[nodiscard]] bool has_header(std::string_view name) const {
    return std::any_of(request.headers.begin(), request.headers.end(),
                       [&](const auto& header) { return header.first == name; });
  }
  void add_header(std::string name, std::string value) {
    request.headers.emplace_back(std::move(name), std::move(value));
  }
};

using S3Problem = std::optional<run::Failure>;

S3Problem add_metadata(S3Draft& draft, const Json& metadata) {
  if (!metadata.is_object()) return s3_client_failure("The parameter Metadata must be an object.");
  for (const auto& [name, value] : metadata.items()) {
    const auto text = s3_text(S3Kind::Text, value);
    if (!text) return s3_client_failure("The value of Metadata." + name + " must be a text.");
    draft.add_header(std::string{kMetadataPrefix} + to_lower_ascii(name), *text);
  }
  return std::nullopt;
}

// AWS: a Body is stored as its JSON text, a text with its quotes. What a Map writes is text
// already.
std::string stored_text(S3Form form, const Json& body) {
  const auto* text = as_string(&body);
  return form == S3Form::Optimised && text != nullptr ? *text : dump_json(body);
}

S3Problem add_parameter(S3Draft& draft, const std::string& member, const Json& value) {
  const S3Operation& operation = draft.operation;
  if (member == "Metadata") return add_metadata(draft, value);
  if (operation.payload == S3Payload::Body && member == "Body") {
    draft.request.body = stored_text(draft.form, value);
    return std::nullopt;
  }
  if (operation.payload == S3Payload::Document && member == operation.payload_member) {
    if (!value.is_object()) {
      return s3_client_failure("The parameter " + member + " must be an object.");
    }
    draft.request.body = s3_document(member, value);
    return std::nullopt;
  }
  const bool is_checksum = member == "ChecksumAlgorithm";
  const S3Parameter* parameter = find_s3_parameter(member);
  const bool is_path = member == "Bucket" || member == "Key";
  if (parameter == nullptr && !is_path && !is_checksum) {
    return run::Failure{.error = "States.TaskFailed",
                        .cause = "The field '" + member +
                                 "' is not supported by s3:" + std::string{operation.action} + "."};
  }
  const auto text = s3_text(parameter == nullptr ? S3Kind::Text : parameter->kind, value);
  if (!text) return s3_client_failure("The parameter " + member + " has a value of a wrong type.");
  if (is_path) {
    (member == "Bucket" ? draft.bucket : draft.key) = *text;
  } else if (is_checksum) {
    draft.checksum_algorithm = *text;
  } else if (parameter->location == S3Location::Header) {
    draft.add_header(std::string{parameter->name}, *text);
  } else {
    draft.query.push_back(std::string{parameter->name} + "=" + percent_encode(*text, false));
  }
  return std::nullopt;
}

// AWS: the SDK sends a CRC-32 with every body, and S3 keeps it with the object.
S3Problem add_checksum(S3Draft& draft) {
  if (draft.operation.action == "copyObject") {
    if (draft.checksum_algorithm == "CRC32") return std::nullopt;
    draft.add_header("x-amz-checksum-algorithm", draft.checksum_algorithm);
    return std::nullopt;
  }
  if (draft.operation.payload == S3Payload::None) return std::nullopt;
  const auto& headers = draft.request.headers;
  const bool is_given = std::any_of(headers.begin(), headers.end(), [](const auto& header) {
    return header.first.starts_with("x-amz-checksum-") && header.first != "x-amz-checksum-mode";
  });
  if (is_given) return std::nullopt;
  const std::string& body = draft.request.body;
  const std::string& algorithm = draft.checksum_algorithm;
  std::string sum;
  if (algorithm == "CRC32") {
    const std::uint32_t crc = crc32_of(body);
    for (const unsigned shift : {24U, 16U, 8U, 0U}) sum += static_cast<char>(crc >> shift & 0xff);
  } else if (algorithm == "SHA1" || algorithm == "SHA256") {
    sum = digest(algorithm == "SHA1" ? DigestAlgorithm::Sha1 : DigestAlgorithm::Sha256, body);
  } else {
    return s3_client_failure("presso does not compute the checksum " + algorithm + ".");
  }
  draft.add_header("x-amz-checksum-" + to_lower_ascii(algorithm), base64_encode(sum));
  draft.add_header("x-amz-sdk-checksum-algorithm", algorithm);
  return std::nullopt;
}

S3Problem check_path(const S3Draft& draft) {
  const S3Place place = draft.operation.place;
  if (place == S3Place::Service) return std::nullopt;
  if (draft.bucket.empty()) return s3_client_failure("Parameter 'Bucket' must not be null");
  if (place == S3Place::Object && draft.key.empty()) {
    return s3_client_failure("Parameter 'Key' must not be null");
  }
  return std::nullopt;
}

// A line break would end the header, and what follows it would be read as another.
bool is_header_name(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
  });
}
S3Problem check_headers(const Headers& headers) {
  for (const auto& [name, value] : headers) {
    const bool is_value = std::none_of(value.begin(), value.end(), [](char c) {
      return (c >= 0 && c < ' ' && c != '\t') || c == '\x7f';
    });
    if (!is_value || !is_header_name(name)) {
      return s3_client_failure("What is sent as the header " + name + " is no header.");
    }
  }
  return std::nullopt;
}

std::string url_of(const S3Draft& draft, std::string_view endpoint) {
  std::string url{endpoint};
  url += "/";
  if (draft.operation.place != S3Place::Service) url += percent_encode(draft.bucket, false);
  if (draft.operation.place == S3Place::Object) url += "/" + percent_encode(draft.key, true);
  char separator = '?';
  const auto add = [&](std::string_view part) {
    url += separator;
    url += part;
    separator = '&';
  };
  if (!draft.operation.query.empty()) add(draft.operation.query);
  for (const std::string& part : draft.query) add(part);
  return url;
}

// Members in the order of their names, as the SDK shows them; the body comes last.
std::map<std::string, Json> header_members(const S3Operation& operation,
                                           const OutboundResponse& response) {
  const bool is_entity = operation.answer == S3Answer::Entity || operation.answer == S3Answer::Body;
  std::map<std::string, Json> members;
  for (const S3ResultHeader& header : s3_result_headers()) {
    if (header.is_entity && !is_entity) continue;
    const std::string_view text = response.header(header.name);
    if (!text.empty()) members[std::string{header.member}] = s3_value(header.kind, text);
  }
  if (!is_entity) return members;
  Json& metadata = members["Metadata"] = Json::object();
  for (const auto& [name, value] : response.headers) {
    const std::string lower = to_lower_ascii(name);
    if (lower.starts_with(kMetadataPrefix)) metadata[lower.substr(kMetadataPrefix.size())] = value;
  }
  return members;
}

std::variant<std::string, run::Failure> body_text(S3Form form, std::string body) {
  if (form == S3Form::Sdk || !is_gzip(body)) return body;
  auto unpacked = gunzip(body, kS3Bytes);
  if (unpacked) return *std::move(unpacked);
  return s3_client_failure("The object begins as gzip does, and is broken or holds more than " +
                           std::to_string(kS3Bytes) + " bytes.");
}

bool is_success(const OutboundResponse& response) {
  return response.status >= 200 && response.status <= 299;
}

// AWS: an ItemReader has its own names, order and time for what a listing gives.
Json listed_item(const Json& object) {
  Json item = Json::object();
  for (const auto& [shown, member] : kListed) {
    const Json* value = find_member(object, member);
    if (value == nullptr) continue;
    const auto* text = as_string(value);
    const auto time =
        text != nullptr && shown == "LastModified" ? parse_rfc3339(*text) : std::nullopt;
    item[std::string{shown}] = time ? Json(epoch_ms(*time) / 1000) : *value;
  }
  return item;
}

}  // namespace

std::variant<OutboundRequest, run::Failure> s3_request(const S3Operation& operation, S3Form form,
                                                       std::string_view endpoint,
                                                       const std::string& parameters) {
  const auto parsed = parse_json(parameters);
  if (!parsed || !parsed->is_object()) {
    return s3_client_failure("The parameters must be an object.");
  }
  S3Draft draft{.operation = operation, .form = form};
  for (const auto& [member, value] : parsed->items()) {
    if (value.is_null()) continue;  // as the SDK leaves it out
    if (auto problem = add_parameter(draft, member, value)) return *std::move(problem);
  }
  if (auto problem = check_path(draft)) return *std::move(problem);
  if (auto problem = add_checksum(draft)) return *std::move(problem);
  if (operation.payload == S3Payload::Body && !draft.has_header("content-type")) {
    draft.add_header("content-type", std::string{kPlainText});
  }
  if (operation.payload == S3Payload::Document) {
    draft.add_header("content-type", "application/xml");
  }
  if (auto problem = check_headers(draft.request.headers)) return *std::move(problem);
  draft.request.method = operation.method;
  draft.request.url = url_of(draft, endpoint);
  draft.request.timeout = seconds(300);  // an object may be large
  draft.request.response_bytes = kS3Bytes;
  return std::move(draft.request);
}

CallResult s3_result(const S3Operation& operation, S3Form form, OutboundResult result) {
  if (const auto* none = std::get_if<NoResponse>(&result)) {
    const bool is_sdk = form == S3Form::Sdk;
    return s3_client_failure(none->reason + (is_sdk ? attempts_suffix(none->attempts) : ""));
  }
  auto& response = std::get<OutboundResponse>(result);
  if (!is_success(response)) return s3_failure(operation, form, response);
  Json shown = Json::object();
  for (auto& [name, value] : header_members(operation, response)) shown[name] = std::move(value);
  switch (operation.answer) {
    case S3Answer::Plain:
    case S3Answer::Entity: break;
    case S3Answer::Body: {
      auto body = body_text(form, std::move(response.body));
      if (auto* failure = std::get_if<run::Failure>(&body)) return std::move(*failure);
      shown["Body"] = std::get<std::string>(std::move(body));
      break;
    }
    case S3Answer::Members:
    case S3Answer::Document: {
      const auto document = parse_xml(response.body);
      if (!document) return s3_client_failure("Unable to parse the service's answer as XML.");
      // AWS: a copy that fails on its way has been answered with 200 already.
      if (document->name == "Error") return s3_failure(operation, form, response);
      Json members = s3_members(*document);
      if (operation.answer == S3Answer::Document) {
        shown[document->name] = std::move(members);
      } else {
        for (auto& [name, value] : members.items()) shown[name] = std::move(value);
      }
      break;
    }
  }
  return dump_json(shown);
}

S3Listing::S3Listing(std::string endpoint, std::string parameters)
    : endpoint_(std::move(endpoint)), parameters_(std::move(parameters)) {}

std::variant<OutboundRequest, run::Failure> S3Listing::next() const {
  return s3_request(*find_s3_operation("listObjectsV2"), S3Form::Optimised, endpoint_, parameters_);
}

std::optional<CallResult> S3Listing::take(OutboundResult result) {
  auto page = s3_result(*find_s3_operation("listObjectsV2"), S3Form::Optimised, std::move(result));
  if (std::holds_alternative<run::Failure>(page)) return page;
  const auto listed = parse_json(std::get<std::string>(page));
  if (!listed) return s3_client_failure("Unable to read the service's listing.");
  if (const Json* objects = find_member(*listed, "Contents")) {
    for (const Json& object : *objects) {
      contents_ += (contents_.empty() ? "" : ",") + dump_json(listed_item(object));
    }
  }
  if (contents_.size() > kS3Bytes) {
    return s3_client_failure("The listing holds more than " + std::to_string(kS3Bytes) + " bytes.");
  }
  const auto* token = as_string(find_member(*listed, "NextContinuationToken"));
  if (token == nullptr || token->empty()) return "{\"Contents\":[" + contents_ + "]}";
  auto parameters = parse_json(parameters_);
  (*parameters)["ContinuationToken"] = *token;
  parameters_ = dump_json(*parameters);
  return std::nullopt;
}

}  // namespace presso::server
