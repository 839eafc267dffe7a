#include "server/integrations/model_call.h"

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "server/integrations/model_answer.h"
#include "server/integrations/model_body.h"
#include "server/integrations/sdk_metadata.h"
#include "server/integrations/service_fault.h"
#include "server/integrations/task_parameters.h"

namespace presso::server {

using models::Location;
using models::Member;
using models::Protocol;
using models::ServiceModel;
using models::Shape;
using models::ShapeKind;
using models::TimeForm;

namespace {

constexpr std::size_t kModelAnswerBytes = 64UL * 1024 * 1024;

std::string shown_prefix(const ModelCall& call) {
  return std::string{call.style == ModelStyle::Sdk ? call.model->prefix : call.optimised_prefix};
}

bool is_xml(const ServiceModel& model) {
  return model.protocol == Protocol::Query || model.protocol == Protocol::Ec2 ||
         model.protocol == Protocol::RestXml;
}
bool is_rest(const ServiceModel& model) {
  return model.protocol == Protocol::RestJson || model.protocol == Protocol::RestXml;
}

// ---- the request of the REST protocols ----

// What is made of a URI template while the members find their places.
class RestRequest {
 public:
  RestRequest(const ModelCall& call, std::string_view endpoint, const Json& members)
      : call_{call}, model_{*call.model}, endpoint_{endpoint}, members_{members} {
    if (call.action.input) shape_ = model_.shape(*call.action.input);
  }

  std::variant<OutboundRequest, run::Failure> made() {
    const auto question = call_.action.uri.find('?');
    std::string url = endpoint_ + path(call_.action.uri.substr(0, question));
    if (!missing_.empty()) {
      return run::Failure{.error = shown_prefix(call_) + ".SdkClientException",
                          .cause = "Parameter '" + missing_ + "' must not be null"};
    }
    if (question != std::string_view::npos) query_ = call_.action.uri.substr(question + 1);
    for (const Member& member : shape_.members) place(member);
    if (!query_.empty()) url += "?" + query_;
    request_.method = call_.action.method;
    request_.url = std::move(url);
    add_body();
    return std::move(request_);
  }

 private:
  [[nodiscard]] const Json* value_of(const Member& member) const {
    return find_member(members_, member.name);
  }
  [[nodiscard]] std::string text_of(const Member& member, const Json& value, TimeForm usual) const {
    const Shape shape = model_.shape(member.shape);
    const TimeForm own = shape.time == TimeForm::Default ? usual : shape.time;
    return wire_text(shape.kind, value, member.time == TimeForm::Default ? own : member.time);
  }

  // "/2015-03-31/functions/{FunctionName}", "/{Bucket}/{Key+}": a plus keeps slashes.
  std::string path(std::string_view uri) {
    std::string made;
    while (!uri.empty()) {
      const auto open = uri.find('{');
      made += uri.substr(0, open);
      if (open == std::string_view::npos) break;
      const auto close = uri.find('}', open);
      std::string_view label = uri.substr(open + 1, close - open - 1);
      const bool is_greedy = label.ends_with('+');
      if (is_greedy) label.remove_suffix(1);
      made += percent_encode(label_text(label), is_greedy);
      uri.remove_prefix(close + 1);
    }
    return made;
  }
  std::string label_text(std::string_view label) {
    for (const Member& member : shape_.members) {
      if (member.location != Location::Uri || member.wire_name() != label) continue;
      const Json* value = value_of(member);
      std::string text = value == nullptr ? "" : text_of(member, *value, TimeForm::Iso);
      if (text.empty()) missing_ = member_name(call_.style, member.name);
      return text;
    }
    return {};
  }

  void place(const Member& member) {
    const Json* value = value_of(member);
    if (value == nullptr) return;
    switch (member.location) {
      case Location::Query: return place_query(member, *value);
      case Location::Header: return place_header(member, *value);
      case Location::Headers:
        for (const auto& [name, item] : value->items()) {
          const auto* text = as_string(&item);
          if (text != nullptr)
            request_.headers.emplace_back(std::string{member.wire} + name, *text);
        }
        return;
      case Location::Uri:
      case Location::Body:
      case Location::Status: return;
    }
  }
  void place_query(const Member& member, const Json& value) {
    const Shape shape = model_.shape(member.shape);
    if (shape.kind == ShapeKind::List) {
      for (const Json& item : value) add_query(member.wire_name(), text_of(shape.item, item));
    } else if (shape.kind == ShapeKind::Map) {
      for (const auto& [name, item] : value.items()) {
        if (!item.is_array()) {
          add_query(name, text_of(shape.item, item));
          continue;
        }
        for (const Json& one : item) add_query(name, wire_text(ShapeKind::Text, one, {}));
      }
    } else {
      add_query(member.wire_name(), text_of(member, value, TimeForm::Iso));
    }
  }
  [[nodiscard]] std::string text_of(const Member& member, const Json& value) const {
    return text_of(member, value, TimeForm::Iso);
  }
  void add_query(std::string_view name, std::string_view value) {
    if (!query_.empty()) query_ += '&';
    query_ += percent_encode(name, false) + "=" + percent_encode(value, false);
  }
  void place_header(const Member& member, const Json& value) {
    const Shape shape = model_.shape(member.shape);
    std::string text;
    if (shape.kind == ShapeKind::List) {
      for (const Json& item : value) {
        text += (text.empty() ? "" : ",") + text_of(shape.item, item, TimeForm::Http);
      }
    } else {
      text = text_of(member, value, TimeForm::Http);
    }
    request_.headers.emplace_back(to_lower_ascii(member.wire_name()), std::move(text));
  }

  void add_body() {
    const auto payload = std::find_if(shape_.members.begin(), shape_.members.end(),
                                      [](const Member& member) { return member.is_payload; });
    if (payload != shape_.members.end()) return add_payload(*payload);
    const bool has_body =
        std::any_of(shape_.members.begin(), shape_.members.end(),
                    [](const Member& member) { return member.location == Location::Body; });
    if (!has_body) return;
    if (!is_xml(model_)) {
      set_body(dump_json(json_body(model_, *call_.action.input, members_)), "application/json");
    } else if (!call_.action.input_name.empty()) {
      set_body(xml_body(model_, *call_.action.input, call_.action.input_name, members_),
               "application/xml");
    }
  }
  void add_payload(const Member& member) {
    const Json* value = value_of(member);
    if (value == nullptr) return;
    const ShapeKind kind = model_.shape(member.shape).kind;
    if (kind == ShapeKind::Blob || kind == ShapeKind::Stream || kind == ShapeKind::Text) {
      return set_body(blob_bytes(*value), "application/octet-stream");
    }
    if (is_xml(model_)) {
      return set_body(xml_body(model_, member.shape, member.wire_name(), *value),
                      "application/xml");
    }
    const bool is_document = kind == ShapeKind::Document;
    set_body(dump_json(is_document ? *value : json_body(model_, member.shape, *value)),
             "application/json");
  }
  void set_body(std::string body, std::string_view type) {
    request_.body = std::move(body);
    const bool is_typed =
        std::any_of(request_.headers.begin(), request_.headers.end(),
                    [](const auto& header) { return header.first == "content-type"; });
    if (!is_typed) request_.headers.emplace_back("content-type", std::string{type});
  }

  const ModelCall& call_;
  const ServiceModel& model_;
  std::string endpoint_;
  const Json& members_;
  Shape shape_;
  OutboundRequest request_;
  std::string query_;
  std::string missing_;
};

// A line break would end the header, and what follows it would be read as another.
bool is_safe(const Headers& headers) {
  const auto is_control = [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == '\x7f'; };
  return std::none_of(headers.begin(), headers.end(), [&](const auto& header) {
    return header.first.find(':') != std::string::npos ||
           std::any_of(header.first.begin(), header.first.end(), is_control) ||
           std::any_of(header.second.begin(), header.second.end(), is_control);
  });
}

OutboundRequest rpc_request(const ModelCall& call, std::string_view endpoint, const Json& members) {
  const ServiceModel& model = *call.model;
  OutboundRequest request;
  request.url = std::string{endpoint} + "/";
  if (is_xml(model)) {
    request.headers = {{"content-type", "application/x-www-form-urlencoded; charset=utf-8"}};
    request.body = query_body(model, call.action, members);
    return request;
  }
  request.headers = {
      {"content-type", "application/x-amz-json-" + std::string{model.json_version}},
      {"x-amz-target", std::string{model.target_prefix} + "." + std::string{call.action.name}}};
  request.body =
      call.action.input ? dump_json(json_body(model, *call.action.input, members)) : "{}";
  return request;
}

// ---- the answer ----

// "AmazonDynamoDBv2" → "AmazonDynamoDBException".
std::string general_exception(const ModelCall& call) {
  if (call.style == ModelStyle::Sdk) return shown_prefix(call) + "Exception";
  std::string name{call.optimised_service};
  if (name.ends_with("v2")) name.resize(name.size() - 2);
  return name + "Exception";
}

// AWS: an exception of the service's model keeps its name; any other is the general one of the SDK.
run::Failure service_failure(const ModelCall& call, const OutboundResponse& response) {
  const bool is_sdk = call.style == ModelStyle::Sdk;
  ServiceFault fault{.message = {},
                     .service = is_sdk ? shown_prefix(call) : std::string{call.optimised_service},
                     .status = response.status,
                     .code = {},
                     .request_id = request_id(response),
                     .attempts = response.attempts};
  if (is_xml(*call.model)) {
    read_xml_fault(fault, response);
  } else {
    read_json_fault(fault, response);
  }
  if (fault.code.empty()) fault.code = "UnknownError";
  if (fault.message.empty()) fault.message = "Service returned error code " + fault.code;
  const auto names = call.model->error_names(fault.code);
  std::string name = general_exception(call);
  if (names) name = is_sdk ? names->sdk : names->optimised;
  return {.error = shown_prefix(call) + "." + name,
          .cause = is_sdk ? sdk_cause(fault) : optimised_cause(fault)};
}

std::optional<Json> shown_xml_answer(const ModelCall& call, std::size_t shape,
                                     const OutboundResponse& response) {
  if (response.body.empty()) return Json::object();
  const auto document = parse_xml(response.body);
  if (!document) return std::nullopt;
  const XmlElement* result = &*document;
  if (!call.action.result_wrapper.empty()) result = document->child(call.action.result_wrapper);
  if (result == nullptr) return Json::object();
  return shown_xml(*call.model, shape, call.style, *result);
}

std::optional<Json> shown_body(const ModelCall& call, std::size_t shape,
                               const OutboundResponse& response) {
  if (is_xml(*call.model)) return shown_xml_answer(call, shape, response);
  const auto body =
      response.body.empty() ? Result<Json>{Json::object()} : parse_json(response.body);
  if (!body || !body->is_object()) return std::nullopt;
  return shown_json(*call.model, shape, call.style, *body);
}

std::optional<Json> shown_answer(const ModelCall& call, const OutboundResponse& response) {
  if (!call.action.output) return Json::object();
  const ServiceModel& model = *call.model;
  const Shape output = model.shape(*call.action.output);
  const auto payload = std::find_if(output.members.begin(), output.members.end(),
                                    [](const Member& member) { return member.is_payload; });
  std::optional<Json> shown = Json::object();
  if (!is_rest(model) || payload == output.members.end()) {
    shown = shown_body(call, *call.action.output, response);
  } else {
    const ShapeKind kind = model.shape(payload->shape).kind;
    const bool is_raw =
        kind == ShapeKind::Blob || kind == ShapeKind::Stream || kind == ShapeKind::Text;
    auto value = is_raw ? Json(response.body) : shown_body(call, payload->shape, response);
    if (!value) return std::nullopt;
    (*shown)[member_name(call.style, payload->name)] = *std::move(value);
  }
  if (shown && is_rest(model)) add_header_members(*shown, model, output, call.style, response);
  return shown;
}

}  // namespace

std::variant<OutboundRequest, run::Failure> model_request(const ModelCall& call,
                                                          std::string_view endpoint,
                                                          const std::string& parameters,
                                                          const std::string& token) {
  const auto unusable = [&](const std::string& reason) {
    return unusable_parameters(parameters, reason);
  };
  const auto parsed = parse_json(parameters.empty() ? "{}" : parameters);
  if (!parsed || !parsed->is_object()) return unusable("The parameters must be a JSON object");
  Json members = Json::object();
  if (call.action.input) {
    auto converted = model_parameters(*call.model, *call.action.input, call.style, *parsed, token);
    if (!converted) return unusable(converted.error().message);
    members = *std::move(converted);
  }
  std::variant<OutboundRequest, run::Failure> made;
  if (is_rest(*call.model)) {
    made = RestRequest{call, endpoint, members}.made();
  } else {
    made = rpc_request(call, endpoint, members);
  }
  if (auto* request = std::get_if<OutboundRequest>(&made)) {
    if (!is_safe(request->headers)) return unusable("A value that is sent as a header is none");
    request->response_bytes = kModelAnswerBytes;
  }
  return made;
}

CallResult model_result(const ModelCall& call, const OutboundResult& result) {
  const std::string client_error = shown_prefix(call) + ".SdkClientException";
  if (const auto* none = std::get_if<NoResponse>(&result)) {
    return run::Failure{.error = client_error,
                        .cause = call.style == ModelStyle::Sdk
                                     ? none->reason + attempts_suffix(none->attempts)
                                     : none->reason};
  }
  const auto& response = std::get<OutboundResponse>(result);
  if (response.status < 200 || response.status > 299) return service_failure(call, response);
  auto shown = shown_answer(call, response);
  if (!shown) {
    return run::Failure{.error = client_error, .cause = "Unable to parse the service's answer."};
  }
  if (call.style == ModelStyle::Optimised) {
    (*shown)["SdkHttpMetadata"] = http_metadata(response);
    (*shown)["SdkResponseMetadata"] = response_metadata(response);
  }
  return dump_json(*shown);
}

}  // namespace presso::server
