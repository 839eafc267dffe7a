#include "server/integrations/api_gateway.h"

#include <algorithm>
#include <array>

#include "base/json.h"
#include "base/json_members.h"
#include "base/text.h"
#include "server/integrations/api_destination.h"
#include "server/integrations/http_task.h"

namespace presso::server {

namespace {

constexpr std::array<std::string_view, 7> kApiMethods = {"GET",   "POST", "PUT",    "DELETE",
                                                         "PATCH", "HEAD", "OPTIONS"};
// AWS: headers that a task may not set; those that end in * by how they begin.
constexpr std::array<std::string_view, 18> kNotAllowed = {"authorization",
                                                          "connection",
                                                          "content-md5",
                                                          "expect",
                                                          "host",
                                                          "max-forwards",
                                                          "proxy-authenticate",
                                                          "server",
                                                          "te",
                                                          "transfer-encoding",
                                                          "trailer",
                                                          "upgrade",
                                                          "via",
                                                          "www-authenticate",
                                                          "x-forwarded*",
                                                          "x-amz*",
                                                          "x-amzn*",
                                                          "content-length"};

run::Failure refusal(std::string cause) {
  return {.error = "States.Runtime", .cause = std::move(cause)};
}

std::string_view without_slashes(std::string_view text) {
  while (text.starts_with('/')) text.remove_prefix(1);
  return text;
}

// AWS: a null is left out of the body, unless AllowNullValues keeps it.
Json without_nulls(const Json& value) {
  if (!value.is_object()) return value;
  Json kept = Json::object();
  for (const auto& [name, member] : value.items()) {
    if (!member.is_null()) kept[name] = without_nulls(member);
  }
  return kept;
}

}  // namespace

std::variant<ApiGatewayCall, run::Failure> api_gateway_call(const Json& parameters) {
  ApiGatewayCall call;
  call.host = text_at(parameters, "ApiEndpoint");
  if (call.host.empty() || call.host.find_first_of("/?#@ ") != std::string::npos) {
    return refusal("'" + call.host + "' is no ApiEndpoint: the name of a host is expected.");
  }
  OutboundRequest& request = call.request;
  request.method = text_at(parameters, "Method");
  if (std::find(kApiMethods.begin(), kApiMethods.end(), request.method) == kApiMethods.end()) {
    return refusal("The HTTP method '" + request.method + "' is not supported.");
  }
  const std::string stage = text_at(parameters, "Stage");
  const std::string path = text_at(parameters, "Path");
  if (!stage.empty()) request.url.append("/").append(without_slashes(stage));
  if (!path.empty() || stage.empty()) request.url.append("/").append(without_slashes(path));
  add_query(request.url, find_member(parameters, "QueryParameters"));
  request.headers = {{"user-agent", "Amazon|StepFunctions|ApiGatewayInvoke"}};
  const auto fault = add_headers(request, find_member(parameters, "Headers"), kNotAllowed);
  if (fault) return refusal(*fault);
  if (const Json* body = find_member(parameters, "RequestBody")) {
    const Json* keeps_nulls = find_member(parameters, "AllowNullValues");
    const bool is_whole = keeps_nulls != nullptr && *keeps_nulls == true;
    request.body = dump_json(is_whole ? *body : without_nulls(*body));
    const bool has_type =
        std::any_of(request.headers.begin(), request.headers.end(),
                    [](const auto& header) { return header.first == "content-type"; });
    if (!has_type) request.headers.emplace_back("content-type", "application/json");
  }
  call.is_signed = text_at(parameters, "AuthType") == "IAM_ROLE";
  return call;
}

// AWS: a method of * stands for any; an event is posted.
std::variant<ApiGatewayCall, run::Failure> api_gateway_target(const Arn& arn,
                                                              const Json& http_parameters,
                                                              const std::string& payload) {
  std::string_view rest = arn.resource;
  const auto next = [&rest] {
    const auto slash = std::min(rest.find('/'), rest.size());
    const std::string_view part = rest.substr(0, slash);
    rest.remove_prefix(std::min(slash + 1, rest.size()));
    return std::string{part};
  };
  Json parameters = Json::object();
  parameters["ApiEndpoint"] = next() + ".execute-api." + arn.region + ".amazonaws.com";
  parameters["Stage"] = next();
  const std::string method = next();
  parameters["Method"] = method.empty() || method == "*" ? "POST" : method;
  parameters["Path"] = "/" + with_path_parameters(std::string{rest}, http_parameters);
  const Json* query = find_member(http_parameters, "QueryStringParameters");
  if (query != nullptr) parameters["QueryParameters"] = *query;
  const Json* headers = find_member(http_parameters, "HeaderParameters");
  if (headers != nullptr) parameters["Headers"] = *headers;
  auto made = api_gateway_call(parameters);
  auto* call = std::get_if<ApiGatewayCall>(&made);
  if (call == nullptr) return made;
  call->is_signed = true;
  OutboundRequest& request = call->request;
  for (auto& [name, value] : request.headers) {
    if (name == "user-agent") value = "Amazon/EventBridge/ApiGateway";
  }
  if (request.method == "GET" || request.method == "HEAD") return made;
  request.body = payload;
  const bool has_type = std::ranges::any_of(
      request.headers, [](const auto& header) { return header.first == "content-type"; });
  if (!has_type) request.headers.emplace_back("content-type", "application/json");
  return made;
}

std::string local_endpoint(const std::string& host) {
  const std::string name = host.substr(0, host.find(':'));
  const bool is_local = name == "localhost" || name.ends_with(".localhost") ||
                        name.starts_with("127.") || name.find('.') == std::string::npos;
  return is_local ? "http://" + host : std::string{};
}

CallResult api_gateway_result(const OutboundResult& result) {
  if (const auto* none = std::get_if<NoResponse>(&result)) {
    return run::Failure{.error = "ApiGateway.SdkClientException", .cause = none->reason};
  }
  const auto& response = std::get<OutboundResponse>(result);
  if (response.status < 200 || response.status > 299) {
    return run::Failure{.error = "ApiGateway." + std::to_string(response.status),
                        .cause = response.body};
  }
  return dump_json(shown_response(response));
}

}  // namespace presso::server
