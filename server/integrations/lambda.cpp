#include "server/integrations/lambda.h"

#include "base/json.h"
#include "base/text.h"
#include "server/integrations/sdk_metadata.h"

namespace presso::server {

namespace {

std::string text_member(const Json& object, std::string_view name) {
  const auto* text = as_string(find_member(object, name));
  return text == nullptr ? std::string{} : *text;
}

// AWS: the function's own errorType is the error's name, its whole answer the cause: as it came
// for a function's bare ARN, compact for lambda:invoke.
run::Failure function_failure(LambdaResultForm form, const OutboundResponse& response) {
  std::string error = "Lambda.Unknown";
  const auto payload = parse_json(response.body);
  if (payload) {
    const std::string type = text_member(*payload, "errorType");
    if (!type.empty()) error = type;
  }
  const bool is_compact = payload && form == LambdaResultForm::Whole;
  return {.error = error, .cause = is_compact ? dump_json(*payload) : response.body};
}

std::string service_error_name(const OutboundResponse& response, std::string code) {
  if (response.status == 429) return "TooManyRequestsException";
  if (code.empty() && response.status >= 500) return "ServiceException";
  if (code.empty()) return "AWSLambdaException";
  if (!code.ends_with("Exception")) code += "Exception";
  return code;
}

run::Failure service_failure(const OutboundResponse& response) {
  std::string code{response.header("x-amzn-errortype")};
  code = code.substr(0, code.find(':'));
  std::string message;
  if (const auto body = parse_json(response.body)) {
    message = text_member(*body, "Message");
    if (message.empty()) message = text_member(*body, "message");
    if (code.empty()) code = text_member(*body, "Code");
    if (code.empty()) code = text_member(*body, "__type");
  }
  const std::string name = service_error_name(response, code);
  return {.error = "Lambda." + name,
          .cause = optimised_cause({.message = message.empty() ? response.body : message,
                                    .service = "AWSLambda",
                                    .status = response.status,
                                    .code = code.empty() ? name : code,
                                    .request_id = request_id(response)})};
}

std::string whole_result(const OutboundResponse& response, Json payload) {
  Json result = Json::object();
  const auto version = response.header("x-amz-executed-version");
  if (!version.empty()) result["ExecutedVersion"] = std::string{version};
  const auto log = response.header("x-amz-log-result");
  if (!log.empty()) result["LogResult"] = std::string{log};
  result["Payload"] = std::move(payload);
  result["SdkHttpMetadata"] = http_metadata(response);
  result["SdkResponseMetadata"] = response_metadata(response);
  result["StatusCode"] = response.status;
  return dump_json(result);
}

}  // namespace

std::variant<LambdaInvocation, run::Failure> lambda_invocation(const std::string& parameters) {
  const auto parsed = parse_json(parameters);
  const auto* name = parsed ? as_string(find_member(*parsed, "FunctionName")) : nullptr;
  if (name == nullptr || name->empty()) {
    return run::Failure{.error = "Lambda.AWSLambdaException",
                        .cause = "The parameter FunctionName must be a non-empty text."};
  }
  LambdaInvocation invocation;
  invocation.function = *name;
  invocation.qualifier = text_member(*parsed, "Qualifier");
  const Json* payload = find_member(*parsed, "Payload");
  // AWS: null is no payload.
  if (payload == nullptr) {
    invocation.payload = "{}";
  } else if (!payload->is_null()) {
    invocation.payload = dump_json(*payload);
  }
  const std::string type = text_member(*parsed, "InvocationType");
  if (!type.empty()) invocation.invocation_type = type;
  invocation.client_context = text_member(*parsed, "ClientContext");
  invocation.log_type = text_member(*parsed, "LogType");
  return invocation;
}

OutboundRequest lambda_request(std::string_view endpoint, LambdaInvocation invocation) {
  OutboundRequest request;
  request.url = std::string{endpoint} + "/2015-03-31/functions/" +
                percent_encode(invocation.function, false) + "/invocations";
  if (!invocation.qualifier.empty()) {
    request.url += "?Qualifier=" + percent_encode(invocation.qualifier, false);
  }
  request.headers = {{"content-type", "application/json"},
                     {"x-amz-invocation-type", invocation.invocation_type}};
  if (!invocation.client_context.empty()) {
    request.headers.emplace_back("x-amz-client-context", invocation.client_context);
  }
  if (!invocation.log_type.empty()) {
    request.headers.emplace_back("x-amz-log-type", invocation.log_type);
  }
  request.body = std::move(invocation.payload);
  request.timeout = seconds(900);  // as long as a function may run, and a little
  request.timeout += seconds(10);
  return request;
}

// AWS: an answer that is no JSON is shown as a text.
CallResult lambda_result(LambdaResultForm form, const OutboundResult& result) {
  if (const auto* none = std::get_if<NoResponse>(&result)) {
    return run::Failure{.error = "Lambda.SdkClientException", .cause = none->reason};
  }
  const auto& response = std::get<OutboundResponse>(result);
  if (response.status < 200 || response.status > 299) return service_failure(response);
  if (!response.header("x-amz-function-error").empty()) {
    return function_failure(form, response);
  }
  auto payload = parse_json(response.body.empty() ? "{}" : response.body);
  Json value = payload ? std::move(*payload) : Json(response.body);
  if (form == LambdaResultForm::Payload) return dump_json(value);
  return whole_result(response, std::move(value));
}

}  // namespace presso::server
