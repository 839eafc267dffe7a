#include "server/integrations/aws_json.h"

#include "base/json.h"
#include "server/integrations/sdk_metadata.h"

namespace presso::server {

namespace {

// "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException:http://…" → the name alone.
std::string error_name(std::string_view type) {
  type = type.substr(0, type.find(':'));
  const auto hash = type.rfind('#');
  return std::string{hash == std::string_view::npos ? type : type.substr(hash + 1)};
}

ServiceFault fault_of(const OutboundResponse& response, std::string service) {
  ServiceFault fault{.message = {},
                     .service = std::move(service),
                     .status = response.status,
                     .code = error_name(response.header("x-amzn-errortype")),
                     .request_id = request_id(response)};
  const auto body = parse_json(response.body);
  if (body) {
    if (const auto* type = as_string(find_member(*body, "__type"))) fault.code = error_name(*type);
    for (const std::string_view name : {"message", "Message"}) {
      if (const auto* message = as_string(find_member(*body, name))) fault.message = *message;
    }
  }
  if (fault.code.empty()) fault.code = "UnknownError";
  if (fault.message.empty()) fault.message = "Service returned error code " + fault.code;
  return fault;
}

// AWS: an exception of the service's model keeps its name, with "Exception" behind it; any other is
// the general one of the SDK.
run::Failure failure_of(const Service& service, bool is_sdk, const OutboundResponse& response) {
  const std::string prefix{is_sdk ? service.sdk_prefix : service.optimised_prefix};
  const ServiceFault fault =
      fault_of(response, std::string{is_sdk ? service.sdk_prefix : service.optimised_service});
  std::string name = fault.code;
  if (!is_modelled(service, fault.code)) {
    name = is_sdk ? prefix + "Exception" : std::string{service.optimised_service};
    if (!is_sdk && name.ends_with("v2")) name.resize(name.size() - 2);
    if (!is_sdk) name += "Exception";
  } else if (!name.ends_with("Exception")) {
    name += "Exception";
  }
  return {.error = prefix + "." + name,
          .cause = is_sdk ? sdk_cause(fault) : optimised_cause(fault)};
}

}  // namespace

OutboundRequest aws_json_request(const Service& service, std::string_view endpoint,
                                 std::string_view action, std::string parameters) {
  std::string operation{action};
  if (!operation.empty() && operation.front() >= 'a' && operation.front() <= 'z') {
    operation.front() = static_cast<char>(operation.front() - 'a' + 'A');
  }
  OutboundRequest request;
  request.method = "POST";
  request.url = std::string{endpoint} + "/";
  request.headers = {
      {"content-type", "application/x-amz-json-" + std::string{service.json_version}},
      {"x-amz-target", std::string{service.target_prefix} + "." + operation}};
  request.body = std::move(parameters);
  return request;
}

CallResult aws_json_result(const Service& service, bool is_sdk, const OutboundResult& result) {
  const std::string prefix{is_sdk ? service.sdk_prefix : service.optimised_prefix};
  if (const auto* none = std::get_if<NoResponse>(&result)) {
    return run::Failure{.error = prefix + ".SdkClientException", .cause = none->reason};
  }
  const auto& response = std::get<OutboundResponse>(result);
  if (response.status != 200) return failure_of(service, is_sdk, response);
  auto body = response.body.empty() ? Result<Json>{Json::object()} : parse_json(response.body);
  if (!body || !body->is_object()) {
    return run::Failure{.error = prefix + ".SdkClientException",
                        .cause = "Unable to parse the service's answer as a JSON object."};
  }
  if (is_sdk) return dump_json(*body);
  (*body)["SdkHttpMetadata"] = http_metadata(response);
  (*body)["SdkResponseMetadata"] = response_metadata(response);
  return dump_json(*body);
}

std::string with_text_body(std::string parameters) {
  auto parsed = parse_json(parameters);
  if (!parsed || !parsed->is_object()) return parameters;
  const auto body = parsed->find("MessageBody");
  if (body == parsed->end() || body->is_string()) return parameters;
  if (body->is_null()) {
    parsed->erase("MessageBody");  // as the SDK leaves it out
  } else {
    *body = dump_json(*body);
  }
  return dump_json(*parsed);
}

}  // namespace presso::server
