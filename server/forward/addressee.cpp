#include "server/forward/addressee.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "base/json.h"
#include "base/text.h"
#include "server/caller_of.h"
#include "server/forward/target_names.h"
#include "server/functions/invoke_api.h"
#include "server/routes/service_names.h"

namespace presso::server {
namespace {

// KEY/20260101/REGION/SERVICE/aws4_request; of SigV4A there is no region.
std::string_view scope_service(std::string_view credential) {
  const auto parts = split(credential, '/');
  if (parts.size() < 4 || parts.back() != "aws4_request") return {};
  return parts[parts.size() - 2];
}

// The credential of the signature, wherever it is; empty when there is none.
std::string credential_of(const HttpRequest& request) {
  constexpr std::string_view kCredential = "Credential=";
  const std::string_view authorization = request.header("Authorization");
  if (const auto at = authorization.find(kCredential); at != std::string_view::npos) {
    const std::string_view rest = authorization.substr(at + kCredential.size());
    return std::string{rest.substr(0, rest.find_first_of(", "))};
  }
  if (request.target.find("X-Amz-Credential=") == std::string::npos) return {};
  return request.query("X-Amz-Credential").value_or("");
}

// Signature Version 2, which only S3 has kept: "AWS KEY:…", or AWSAccessKeyId in the query.
bool is_signed_in_version_2(const HttpRequest& request) {
  if (request.header("Authorization").starts_with("AWS ")) return true;
  return request.target.find("AWSAccessKeyId=") != std::string::npos &&
         request.target.find("Signature=") != std::string::npos;
}

std::string_view without_port(std::string_view host) {
  return host.starts_with('[') ? host : host.substr(0, host.find(':'));
}

// BUCKET.s3.localhost, s3.eu-west-1.amazonaws.com, BUCKET.s3-accelerate.…: what is before and after
// that label.
struct S3Host {
  std::string_view bucket;
};
std::optional<S3Host> s3_host(std::string_view host) {
  host = without_port(host);
  std::size_t begin = 0;
  for (const std::string_view label : split(host, '.')) {
    if (label == "s3" || label.starts_with("s3-")) {
      return S3Host{.bucket = host.substr(0, begin == 0 ? 0 : begin - 1)};
    }
    begin += label.size() + 1;
  }
  return std::nullopt;
}

bool is_queue_path(std::string_view path) {
  const auto parts = split(path, '/');
  return parts.size() == 3 && parts[1].size() == 12 &&
         parts[1].find_first_not_of("0123456789") == std::string_view::npos && !parts[2].empty();
}

// EventBridge Scheduler's paths. https://docs.aws.amazon.com/scheduler/latest/APIReference/
bool is_scheduler_path(std::string_view path) {
  return std::ranges::any_of(
      std::array<std::string_view, 3>{"/schedules", "/schedule-groups", "/tags/"},
      [&](std::string_view prefix) { return path.starts_with(prefix); });
}

// Of a request that neither names a target nor is signed. What is left is S3's: objects that
// everybody may read are the one thing of AWS that is asked for without a signature.
std::string service_of_path(const HttpRequest& request) {
  const std::string_view path = request.path();
  if (s3_host(request.header("Host"))) return "s3";
  if (is_lambda_path(path)) return "lambda";
  if (path == "/") return {};
  if (is_scheduler_path(path)) return "scheduler";
  // An API's own callers sign nothing.
  if (path.starts_with("/restapis/")) return "apigateway";
  return is_queue_path(path) ? "sqs" : "s3";
}

std::string_view target_prefix(std::string_view target) {
  const auto dot = target.rfind('.');
  return dot == std::string_view::npos ? std::string_view{} : target.substr(0, dot);
}

ErrorForm form_of(const HttpRequest& request, std::string_view service) {
  const std::string type = to_lower_ascii(request.header("Content-Type"));
  if (type.starts_with("application/x-amz-json-1.0")) return ErrorForm::Json10;
  if (!request.header("X-Amz-Target").empty()) return ErrorForm::Json11;
  if (request.header("smithy-protocol") == "rpc-v2-cbor") return ErrorForm::Cbor;
  const bool is_query = type.starts_with("application/x-www-form-urlencoded") ||
                        request.target.find("?Action=") != std::string::npos;
  if (is_query) return service == "ec2" ? ErrorForm::Ec2 : ErrorForm::Query;
  if (service == "s3") return ErrorForm::S3;
  const bool is_xml = service == "route53" || service == "cloudfront" || service == "s3control";
  return is_xml ? ErrorForm::RestXml : ErrorForm::RestJson;
}

// A form as the parameters of its action.
Json form_parameters(std::string_view body) {
  Json parameters = Json::object();
  for (const std::string_view part : split(body, '&')) {
    const auto equals = part.find('=');
    if (equals == std::string_view::npos) continue;
    std::string value{part.substr(equals + 1)};
    std::ranges::replace(value, '+', ' ');
    const auto name = percent_decode(part.substr(0, equals));
    if (name) parameters[*name] = percent_decode(value).value_or(value);
  }
  return parameters;
}

Called called_in_s3(const HttpRequest& request, const core::Caller& caller) {
  std::string bucket{bucket_of_host(request.header("Host"))};
  if (bucket.empty()) {
    std::string_view path = request.path();
    path.remove_prefix(std::min<std::size_t>(1, path.size()));  // "?list" has none
    bucket = percent_decode(path.substr(0, path.find('/'))).value_or("");
  }
  if (bucket.empty()) return {.service = "s3"};
  return called_by("s3", "", dump_json(Json{{"Bucket", bucket}}), caller);
}

// /2015-03-31/functions/NAME/invocations
Called called_in_lambda(const HttpRequest& request, const core::Caller& caller) {
  const auto parts = split(request.path(), '/');
  if (!is_lambda_path(request.path()) || parts.size() < 4 || parts[3].empty()) {
    return {.service = "lambda"};
  }
  Called called = called_function(percent_decode(parts[3]).value_or(""), caller);
  if (parts.size() == 5 && parts[4] == "invocations") called.action = "invoke";
  return called;
}

Called called_in_queue(const HttpRequest& request, const Json& parameters,
                       const core::Caller& caller) {
  Json named = parameters;
  // AWS: the query protocol of old is spoken at the queue's own path.
  if (is_queue_path(request.path()) && !named.contains("QueueUrl")) {
    named["QueueUrl"] = std::string{request.path()};
  }
  const Json* action = find_member(parameters, "Action");
  const std::string* text = action == nullptr ? nullptr : as_string(action);
  return called_by("sqs", text == nullptr ? "" : *text, dump_json(named), caller);
}

}  // namespace

// BUCKET.localhost: without "s3" in it only the signature tells that this is S3's.
std::string_view bucket_of_host(std::string_view host) {
  if (const auto s3 = s3_host(host)) return s3->bucket;
  host = without_port(host);
  constexpr std::string_view kLocal = ".localhost";
  return host.ends_with(kLocal) ? host.substr(0, host.size() - kLocal.size()) : std::string_view{};
}

Addressee addressee_of(const HttpRequest& request) {
  Addressee addressee;
  const std::string_view prefix = target_prefix(request.header("X-Amz-Target"));
  if (prefix == "AWSStepFunctions" || prefix == "AWSEvents") {
    addressee.service = prefix == "AWSEvents" ? "eventbridge" : "sfn";
    return addressee;
  }
  const std::string scope = service_key(scope_service(credential_of(request)));
  const bool is_old = scope.empty() && is_signed_in_version_2(request);
  addressee.is_signed = !scope.empty() || is_old;
  addressee.service = service_of_target(prefix);
  addressee.family = scope;
  if (addressee.service.empty()) addressee.service = is_old ? "s3" : scope;
  if (addressee.service.empty() && prefix.empty()) addressee.service = service_of_path(request);
  if (addressee.family == addressee.service) addressee.family.clear();
  addressee.form = form_of(request, addressee.service);
  return addressee;
}

Called called_by_request(const Addressee& addressee, const HttpRequest& request,
                         const core::Caller& caller, bool reads_body) {
  if (addressee.service == "s3") return called_in_s3(request, caller);
  if (addressee.service == "lambda") return called_in_lambda(request, caller);
  if (const std::string_view target = request.header("X-Amz-Target"); !target.empty()) {
    const std::string_view action = target.substr(target.rfind('.') + 1);
    return called_by(addressee.service, action, reads_body ? request.body : std::string{}, caller);
  }
  const auto mark = request.target.find('?');
  const std::string_view query = mark == std::string::npos
                                     ? std::string_view{}
                                     : std::string_view{request.target}.substr(mark + 1);
  const bool is_form = addressee.form == ErrorForm::Query || addressee.form == ErrorForm::Ec2;
  if (!is_form) return {.service = addressee.service};
  const Json parameters = form_parameters(request.body.empty() ? query : request.body);
  if (addressee.service == "sqs") return called_in_queue(request, parameters, caller);
  const Json* action = find_member(parameters, "Action");
  const std::string* text = action == nullptr ? nullptr : as_string(action);
  return called_by(addressee.service, text == nullptr ? "" : *text, dump_json(parameters), caller);
}

core::Caller caller_of_request(const HttpRequest& request, const core::Caller& otherwise) {
  return caller_of("Credential=" + credential_of(request), otherwise);
}

}  // namespace presso::server
