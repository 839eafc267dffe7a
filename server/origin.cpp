#include "server/origin.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace presso::server {
namespace {

// "http://app.example:3000" → "app.example:3000"; empty for what is no origin of a web page.
std::string_view authority_of(std::string_view origin) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (origin.starts_with(scheme)) return origin.substr(scheme.size());
  }
  return {};
}

// Without the port, and without the brackets of an IPv6 address.
std::string_view name_of(std::string_view authority) {
  if (authority.starts_with('[')) return authority.substr(1, authority.find(']') - 1);
  return authority.substr(0, authority.find(':'));
}

}  // namespace

bool is_loopback_host(std::string_view host) {
  const std::string name = to_lower_ascii(name_of(host));
  if (name == "localhost" || name.ends_with(".localhost") || name == "::1") return true;
  in_addr address{};
  return name.starts_with("127.") && inet_pton(AF_INET, name.c_str(), &address) == 1;
}

bool is_origin_allowed(std::string_view origin, std::span<const std::string> allowed) {
  const std::string_view authority = authority_of(origin);
  if (!authority.empty() && is_loopback_host(authority)) return true;
  return std::ranges::any_of(allowed, [&](const std::string& each) {
    return each == "*" || to_lower_ascii(each) == to_lower_ascii(origin);
  });
}

bool is_host_allowed(std::string_view host, std::span<const std::string> allowed) {
  if (is_loopback_host(host)) return true;
  const std::string name = to_lower_ascii(name_of(host));
  return std::ranges::any_of(allowed, [&](const std::string& each) {
    return each == "*" || (!name.empty() && to_lower_ascii(name_of(authority_of(each))) == name);
  });
}

bool may_be_rebound(std::string_view host, std::span<const std::string> allowed) {
  if (host.empty() || is_host_allowed(host, allowed) || host.starts_with('[')) return false;
  const std::string name = to_lower_ascii(name_of(host));
  if (name.find('.') == std::string::npos) return false;
  if (name.find_first_not_of("0123456789.") == std::string::npos) return false;
  constexpr std::array<std::string_view, 6> kSafe = {".local",     ".internal",
                                                     ".test",      ".amazonaws.com",
                                                     ".home.arpa", ".localhost.localstack.cloud"};
  return std::ranges::none_of(
      kSafe, [&](std::string_view end) { return name.ends_with(end) || name == end.substr(1); });
}

}  // namespace presso::server
