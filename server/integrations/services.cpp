#include "server/integrations/services.h"

#include "base/digest.h"
#include "base/text.h"

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

std::optional<std::string> endpoint_of(std::string_view variable, const Environment& environment) {
  for (const std::string& name : {variable_name(variable), std::string{"AWS_ENDPOINT_URL"}}) {
    std::string url = value_or_empty(environment, name);
    while (!url.empty() && url.back() == '/') url.pop_back();
    if (!url.empty()) return url;
  }
  return std::nullopt;
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
         " (or AWS_ENDPOINT_URL) to the URL of a server for it and start "
         "presso again.";
}

std::string idempotency_token(std::string_view call) {
  std::string token = hex_encode(digest(DigestAlgorithm::Sha256, call)).substr(0, 32);
  for (const std::size_t place : {8U, 13U, 18U, 23U}) token.insert(place, "-");
  return token;
}

}  // namespace presso::server
