#include "server/integrations/services.h"

#include "base/digest.h"
#include "base/json.h"
#include "base/json_members.h"
#include "base/text.h"
#include "server/routes/service_names.h"

namespace presso::server {

namespace {

std::string variable_name(std::string_view variable) {
  return "AWS_ENDPOINT_URL_" + std::string{variable};
}

std::string value_or_empty(const Environment& environment, std::string_view name) {
  const auto it = environment.find(name);
  return it == environment.end() ? std::string{} : it->second;
}

}  // namespace

std::string endpoint_variable(std::string_view service_id) {
  std::string variable{service_id};
  for (char& c : variable) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == ' ' || c == '-') c = '_';
  }
  return variable;
}

Credentials credentials_of(const Environment& environment, const core::Caller& caller) {
  Credentials credentials{.access_key_id = value_or_empty(environment, "AWS_ACCESS_KEY_ID"),
                          .secret_access_key = value_or_empty(environment, "AWS_SECRET_ACCESS_KEY"),
                          .session_token = value_or_empty(environment, "AWS_SESSION_TOKEN")};
  if (!credentials.access_key_id.empty()) return credentials;
  return {.access_key_id = caller.account, .secret_access_key = "local", .session_token = ""};
}

std::string no_endpoint_message(std::string_view service, std::string_view variable) {
  return "No endpoint is configured for " + std::string{service} + ": set " +
         variable_name(variable) +
         " (or AWS_ENDPOINT_URL) to the URL of a server for it and start presso again, or write "
         "`routes: {" +
         service_key(variable) + ": URL}` into the file of --config.";
}

std::variant<Route, std::string> route_or_reason(const RouteTable& routes, const Called& called,
                                                 const core::Caller& caller,
                                                 std::string_view variable) {
  auto route = routes.find(called, caller);
  if (!route) return no_endpoint_message(called.service, variable);
  if (route->kind != DestinationKind::Mock) return *std::move(route);
  return "No mock answers this call of " + called.service + ", and its route is mock (" +
         route->line.where + ": " + route->line.match.text + ").";
}

std::string function_for(const Route& route, const Called& called, const std::string& as_called) {
  return route.function == called.name ? as_called : route.function;
}

std::string with_function(const std::string& parameters, const Route& route) {
  auto json = parse_json(parameters);
  for (const char* member : {"FunctionName", "functionName"}) {
    const auto called = json ? text_if(*json, member) : std::nullopt;
    if (called) (*json)[member] = function_for(route, called_function(*called, {}), *called);
  }
  return json ? dump_json(*json) : parameters;
}

std::string idempotency_token(std::string_view call) {
  std::string token = hex_encode(digest(DigestAlgorithm::Sha256, call)).substr(0, 32);
  for (const std::size_t place : {8U, 13U, 18U, 23U}) token.insert(place, "-");
  return token;
}

}  // namespace presso::server
