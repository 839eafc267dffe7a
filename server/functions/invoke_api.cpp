#include "server/functions/invoke_api.h"

#include <algorithm>
#include <array>

#include "base/json.h"
#include "base/text.h"

namespace presso::server {
namespace {

constexpr std::string_view kFunctionsPath = "/2015-03-31/functions";
constexpr std::string_view kLatest = "$LATEST";
constexpr std::size_t kFunctionNameLetters = 64;

struct InvocationTypeRow {
  std::string_view name;
  InvocationType type;
  std::size_t payload_bytes;
};
constexpr std::array<InvocationTypeRow, 3> kInvocationTypes = {
    {{"RequestResponse", InvocationType::RequestResponse, kFunctionPayloadBytes},
     {"Event", InvocationType::Event, kFunctionEventBytes},
     {"DryRun", InvocationType::DryRun, kFunctionPayloadBytes}}};

bool is_name_letter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') || letter == '-' || letter == '_';
}
bool is_function_name(std::string_view text) {
  return !text.empty() && text.size() <= kFunctionNameLetters &&
         std::ranges::all_of(text, is_name_letter);
}
bool is_account(std::string_view text) {
  constexpr std::size_t kDigits = 12;
  return text.size() == kDigits &&
         std::ranges::all_of(text, [](char letter) { return letter >= '0' && letter <= '9'; });
}
bool is_number(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char letter) { return letter >= '0' && letter <= '9'; });
}

LambdaReply constraint_reply(const std::string& value, const std::string& member,
                             const std::string& constraint) {
  return lambda_fault(400, "ValidationException",
                      "1 validation error detected: Value '" + value + "' at '" + member +
                          "' failed to satisfy constraint: " + constraint);
}

std::variant<LambdaCall, LambdaReply> invoke_call(HttpRequest request, FunctionName function,
                                                  const core::Caller& caller) {
  InvokeCall call;
  call.function = std::move(function);
  if (const auto qualifier = request.query("Qualifier")) {
    if (!call.function.qualifier.empty() && call.function.qualifier != *qualifier) {
      return lambda_fault(400, "InvalidParameterValueException",
                          "The derived qualifier from the function name does not match the "
                          "specified qualifier.");
    }
    call.function.qualifier = *qualifier;
  }
  const std::string type{request.header("X-Amz-Invocation-Type")};
  const auto* row = std::ranges::find_if(kInvocationTypes, [&](const InvocationTypeRow& each) {
    return each.name == (type.empty() ? "RequestResponse" : type);
  });
  if (row == kInvocationTypes.end()) {
    return constraint_reply(type, "invocationType",
                            "Member must satisfy enum value set: [Event, RequestResponse, DryRun]");
  }
  call.type = row->type;
  if (request.body.size() > row->payload_bytes) {
    return lambda_fault(413, "RequestEntityTooLargeException",
                        "Request must be smaller than " + std::to_string(row->payload_bytes) +
                            " bytes for the InvokeFunction operation");
  }
  Invocation& invocation = call.invocation;
  invocation.payload = request.body.empty() ? "{}" : std::move(request.body);
  if (const auto json = parse_json(invocation.payload); !json) {
    return lambda_fault(400, "InvalidRequestContentException",
                        "Could not parse request body into json: Could not parse payload into "
                        "json: " +
                            json.error().message);
  }
  if (const std::string_view context = request.header("X-Amz-Client-Context"); !context.empty()) {
    const auto text = base64_decode(context);
    if (!text || !parse_json(*text)) {
      return lambda_fault(400, "InvalidRequestContentException",
                          "Client context must be a valid Base64-encoded JSON object.");
    }
    invocation.client_context = *text;
  }
  invocation.arn = call.function.arn(caller);
  invocation.trace_id = request.header("X-Amzn-Trace-Id");
  invocation.wants_log_tail = request.header("X-Amz-Log-Type") == "Tail";
  return LambdaCall{std::move(call)};
}

LambdaReply json_reply(const Json& body) {
  return {
      .status = 200, .headers = {{"Content-Type", "application/json"}}, .body = dump_json(body)};
}

Json configuration_of(const FunctionSettings& settings, const FunctionName& name,
                      const core::Caller& caller) {
  Json variables = Json::object();
  for (const auto& [key, value] : settings.environment) variables[key] = value;
  Json configuration = Json::object();
  configuration["FunctionName"] = settings.name;
  configuration["FunctionArn"] = name.arn(caller);
  configuration["Runtime"] = settings.runtime.empty() ? "provided" : settings.runtime;
  configuration["Role"] = "arn:aws:iam::" + caller.account + ":role/presso";
  configuration["Handler"] = settings.handler;
  configuration["Timeout"] =
      std::chrono::duration_cast<std::chrono::seconds>(settings.timeout).count();
  configuration["MemorySize"] = settings.memory_mb;
  configuration["Version"] = std::string{kLatest};
  configuration["Environment"] = Json{{"Variables", std::move(variables)}};
  configuration["PackageType"] = "Zip";
  configuration["State"] = "Active";
  configuration["LastUpdateStatus"] = "Successful";
  return configuration;
}

}  // namespace

std::string FunctionName::arn(const core::Caller& caller) const {
  std::string text = "arn:aws:lambda:" + (region.empty() ? caller.region : region) + ":" +
                     (account.empty() ? caller.account : account) + ":function:" + name;
  if (!qualifier.empty()) text += ":" + qualifier;
  return text;
}

// name = ["arn:" partition ":lambda:" region ":"] [account ":"] ["function:"] NAME [":" qualifier]
std::optional<FunctionName> parse_function_name(std::string_view text) {
  auto parts = split(text, ':');
  std::size_t at = 0;
  FunctionName made;
  if (parts[0] == "arn") {
    if (parts.size() < 7 || parts[2] != "lambda") return std::nullopt;
    made.region = parts[3];
    at = 4;
  }
  if (is_account(parts[at]) && at + 1 < parts.size()) made.account = parts[at++];
  if (parts[at] == "function" && at + 1 < parts.size()) ++at;
  if (!is_function_name(parts[at])) return std::nullopt;
  made.name = parts[at++];
  if (at < parts.size()) {
    made.qualifier = parts[at++];
    if (made.qualifier != kLatest && !is_function_name(made.qualifier)) return std::nullopt;
  }
  if (at < parts.size()) return std::nullopt;
  return made;
}

bool is_lambda_path(std::string_view path) { return path.starts_with(kFunctionsPath); }

// /2015-03-31/functions/ | …/NAME | …/NAME/configuration | …/NAME/invocations
std::variant<LambdaCall, LambdaReply> lambda_call(HttpRequest request, const core::Caller& caller) {
  const std::string path{request.path()};
  const auto parts = split(std::string_view{path}.substr(kFunctionsPath.size()), '/');
  const bool is_get = request.method == "GET";
  if (is_get && parts.size() == 2 && parts[1].empty()) return LambdaCall{ListFunctionsCall{}};
  if (is_get && parts.size() == 1) return LambdaCall{ListFunctionsCall{}};
  const std::string text = parts.size() < 2 ? "" : percent_decode(parts[1]).value_or("");
  auto name = parse_function_name(text);
  if (!name) {
    return constraint_reply(text, "functionName",
                            "Member must satisfy regular expression pattern: "
                            "(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?"
                            "(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST|"
                            "[a-zA-Z0-9-_]+))?");
  }
  if (request.method == "POST" && parts.size() == 3 && parts[2] == "invocations") {
    return invoke_call(std::move(request), *std::move(name), caller);
  }
  if (is_get && parts.size() == 2) return LambdaCall{GetFunctionCall{*std::move(name)}};
  if (is_get && parts.size() == 3 && parts[2] == "configuration") {
    return LambdaCall{GetFunctionCall{*std::move(name), true}};
  }
  return lambda_fault(404, "UnknownOperationException",
                      "presso does not know " + request.method + " " + path + " of Lambda.");
}

LambdaReply lambda_fault(int status, std::string_view type, std::string_view message) {
  Json body = Json::object();
  body["Type"] = "User";
  body["Message"] = std::string{message};
  return {
      .status = status,
      .headers = {{"Content-Type", "application/json"}, {"x-amzn-ErrorType", std::string{type}}},
      .body = dump_json(body)};
}

LambdaReply not_found_reply(const FunctionName& name, const core::Caller& caller) {
  return lambda_fault(404, "ResourceNotFoundException", "Function not found: " + name.arn(caller));
}

LambdaReply throttled_reply() {
  Json body = Json::object();
  body["Reason"] = "ReservedFunctionConcurrentInvocationLimitExceeded";
  body["Type"] = "User";
  body["message"] = "Rate Exceeded.";
  return {.status = 429,
          .headers = {{"Content-Type", "application/json"},
                      {"x-amzn-ErrorType", "TooManyRequestsException"}},
          .body = dump_json(body)};
}

// AWS: a version shows its number; what an alias points to is $LATEST here, there is no other code.
LambdaReply invoke_reply(const InvokeCall& call, const InvocationResult& result) {
  const std::string& qualifier = call.function.qualifier;
  LambdaReply reply;
  reply.headers = {
      {"Content-Type", "application/json"},
      {kRequestIdHeader, call.invocation.request_id},
      {"x-amzn-Remapped-Content-Length", "0"},
      {"X-Amz-Executed-Version", is_number(qualifier) ? qualifier : std::string{kLatest}},
      {"X-Amzn-Trace-Id", call.invocation.trace_id}};
  if (result.is_error) reply.headers.emplace_back("X-Amz-Function-Error", "Unhandled");
  if (call.invocation.wants_log_tail) {
    reply.headers.emplace_back("X-Amz-Log-Result", base64_encode(result.log_tail));
  }
  reply.body = result.payload;
  return reply;
}

LambdaReply accepted_reply(const InvokeCall& call) {
  return {.status = 202, .headers = {{kRequestIdHeader, call.invocation.request_id}}};
}
LambdaReply dry_run_reply() { return {.status = 204}; }

LambdaReply function_reply(const FunctionSettings& settings, const GetFunctionCall& call,
                           const core::Caller& caller) {
  Json configuration = configuration_of(settings, call.function, caller);
  if (call.is_configuration) return json_reply(configuration);
  return json_reply(
      Json{{"Configuration", std::move(configuration)},
           {"Concurrency", {{"ReservedConcurrentExecutions", settings.concurrency}}}});
}

LambdaReply function_list_reply(const std::vector<FunctionSettings>& functions,
                                const core::Caller& caller) {
  Json list = Json::array();
  for (const FunctionSettings& settings : functions) {
    list.push_back(configuration_of(settings, {.name = settings.name}, caller));
  }
  return json_reply(Json{{"Functions", std::move(list)}});
}

}  // namespace presso::server
