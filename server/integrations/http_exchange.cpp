#include "server/integrations/http_exchange.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "server/integrations/http_task.h"

namespace presso::server {

namespace {

std::string protocol_of(const std::string& url) { return url.substr(0, url.find(':')); }

std::string shown_headers(const Headers& headers) {
  std::string shown = "[";
  for (const auto& [name, value] : headers) {
    if (shown.size() > 1) shown += ", ";
    shown += name + ": " + value;
  }
  return shown + "]";
}

// AWS shows its own last.
Headers own_last(Headers headers) {
  std::stable_partition(headers.begin(), headers.end(), [](const auto& header) {
    return header.first != "user-agent" && header.first != "range";
  });
  return headers;
}

}  // namespace

void show_request(core::HttpExchange& exchange, const OutboundRequest& request) {
  exchange.request = {.protocol = protocol_of(request.url),
                      .method = request.method,
                      .url = request.url,
                      .headers = shown_headers(own_last(request.headers)),
                      .body = request.body};
}

void show_response(core::HttpExchange& exchange, const OutboundResult& result) {
  const auto* response = std::get_if<OutboundResponse>(&result);
  if (response == nullptr || !exchange.request) return;
  exchange.response = {.protocol = exchange.request->protocol,
                       .status_code = std::to_string(response->status),
                       .status_message = std::string{status_text(response->status)},
                       .headers = shown_headers(response->headers),
                       .body = response->body};
}

}  // namespace presso::server
