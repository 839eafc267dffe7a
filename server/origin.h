// Who may drive the server from within a browser. A page of any other origin must not: it would
// act with the rights of whoever looks at it. A page that rebinds its own name to 127.0.0.1 still
// sends its own Origin, and its own name as Host.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace presso::server {

// localhost, *.localhost, 127.0.0.0/8 and ::1, with or without a port.
[[nodiscard]] bool is_loopback_host(std::string_view host);

// `origin` is the header's value. `allowed` are origins, or "*" for all.
[[nodiscard]] bool is_origin_allowed(std::string_view origin, std::span<const std::string> allowed);
// `host` is the header's value: loopback, or the host of an allowed origin on any port.
[[nodiscard]] bool is_host_allowed(std::string_view host, std::span<const std::string> allowed);
// A page that rebinds its own name to this machine is its own origin, so no Origin comes with what
// it reads: its name as Host tells. Names without a dot, addresses, and what AWS itself or nobody
// in the public DNS may be called cannot be those of a page from elsewhere.
[[nodiscard]] bool may_be_rebound(std::string_view host, std::span<const std::string> allowed);

}  // namespace presso::server
