// Outbound HTTP: one request, one answer, one deadline. Connections are kept and used again.
//
//   auto exchange = client.send(request, [](OutboundResult result) { … });
//   client.cancel(exchange);   // the callback is not called any more
//
// Redirects are not followed and nothing is retried, but for one case: a kept connection that the
// other side had closed meanwhile is replaced, once, when no byte of an answer had come.
// Of https: URLs the certificate is verified (TlsTrust). All calls from any thread; callbacks run
// on the io_context's threads.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.h"

namespace boost::asio {
class io_context;
}

namespace presso::server {

class TlsTrust;

using Headers = std::vector<std::pair<std::string, std::string>>;

struct OutboundRequest {
  std::string method = "POST";
  std::string url;  // http: or https:
  Headers headers;  // Host and Content-Length are added
  std::string body;
  Duration timeout = seconds(60);
  std::size_t response_bytes = 16UL * 1024 * 1024;  // a longer answer is none; Lambda's have 6 MB
};

struct OutboundResponse {
  int status = 0;
  Headers headers;  // in the order in which they came, spelled as they came
  std::string body;
  int attempts = 1;         // of who tries again, how often it was sent
  std::string reason = {};  // "Not Found", as it came

  // The value of the first header of that name, whatever its case; empty when there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

// Why there is no answer: "Connection refused", "timed out after 60000 ms".
struct NoResponse {
  std::string reason;
  bool is_transient = false;  // the next attempt may be answered
  int attempts = 1;
};

using OutboundResult = std::variant<OutboundResponse, NoResponse>;

struct Url {
  bool is_secure = false;
  std::string host;
  std::string port;
  std::string target;  // path and query, at least "/"

  // As the Host header shows it: without the scheme's own port.
  [[nodiscard]] std::string authority() const;
};

// Nothing for what is no http: or https: URL with a host.
[[nodiscard]] std::optional<Url> parse_url(std::string_view text);

class HttpClient {
 public:
  // Without a trust: the system's certificates.
  explicit HttpClient(boost::asio::io_context& io, std::shared_ptr<TlsTrust> trust = nullptr);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  class Exchange;
  std::shared_ptr<Exchange> send(OutboundRequest, std::function<void(OutboundResult)>);
  static void cancel(const std::shared_ptr<Exchange>&);

 private:
  class Pool;
  boost::asio::io_context& io_;
  std::shared_ptr<Pool> pool_;
};

}  // namespace presso::server
