#include "server/caller_of.h"

#include <vector>

#include "base/text.h"

namespace presso::server {
namespace {

bool is_account(std::string_view text) {
  return text.size() == 12 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_region(std::string_view text) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789-";
  return !text.empty() && text.size() <= 32 &&
         text.find_first_not_of(kAllowed) == std::string_view::npos;
}

}  // namespace

// Authorization: AWS4-HMAC-SHA256 Credential=KEY/20260101/REGION/states/aws4_request, Signed…
core::Caller caller_of(std::string_view authorization, const core::Caller& otherwise) {
  constexpr std::string_view kCredential = "Credential=";
  core::Caller caller = otherwise;
  const auto begin = authorization.find(kCredential);
  if (begin == std::string_view::npos) return caller;
  std::string_view scope = authorization.substr(begin + kCredential.size());
  scope = scope.substr(0, scope.find_first_of(", "));
  const std::vector<std::string_view> parts = split(scope, '/');
  if (is_account(parts[0])) caller.account = parts[0];
  if (parts.size() >= 3 && is_region(parts[2])) caller.region = parts[2];
  return caller;
}

}  // namespace presso::server
