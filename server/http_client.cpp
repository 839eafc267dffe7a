// Naive: connect, write, read, close. Beyond that: connections are kept per endpoint, and each has
// a strand on which its exchanges run, so that cancelling one from another thread is a post.

#include "server/http_client.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/url.hpp>
#include <map>
#include <mutex>

#include "base/text.h"
#include "server/tls.h"

namespace presso::server {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using net::ip::tcp;

namespace {

constexpr std::size_t kKeptPerEndpoint = 64;
constexpr auto kAwaitTuple = net::as_tuple(net::use_awaitable);

using TlsStream = beast::ssl_stream<beast::tcp_stream>;

// Plain or TLS, the same operations.
struct Connection {
  explicit Connection(net::io_context& io) : strand(net::make_strand(io)) {}

  net::strand<net::io_context::executor_type> strand;
  std::unique_ptr<beast::tcp_stream> plain;
  std::unique_ptr<TlsStream> secure;
  beast::flat_buffer buffer;

  [[nodiscard]] bool is_open() const { return plain || secure; }
  beast::tcp_stream& lowest() { return plain ? *plain : secure->next_layer(); }
  // There is no stream yet while the host's name is looked up.
  void close() {
    if (is_open()) lowest().close();
  }
  void forget() {
    plain.reset();
    secure.reset();
    buffer.clear();
  }
};

// The body stays the request's own: it may be large, and may have to be sent again.
using Message = http::request<http::span_body<const char>>;

Message to_message(const OutboundRequest& request, const Url& url) {
  Message message{http::string_to_verb(request.method), url.target, 11};
  if (message.method() == http::verb::unknown) message.method_string(request.method);
  message.set(http::field::host, url.authority());
  for (const auto& [name, value] : request.headers) message.set(name, value);
  message.body() = {request.body.data(), request.body.size()};
  message.prepare_payload();
  return message;
}

OutboundResponse to_response(http::response<http::string_body> message) {
  OutboundResponse response;
  response.status = message.result_int();
  response.reason = std::string{message.reason()};
  for (const auto& field : message) {
    response.headers.emplace_back(std::string{field.name_string()}, std::string{field.value()});
  }
  response.body = std::move(message.body());
  return response;
}

}  // namespace

std::string_view OutboundResponse::header(std::string_view name) const {
  for (const auto& [field, value] : headers) {
    if (beast::iequals(field, name)) return value;
  }
  return {};
}

std::string Url::authority() const {
  const bool is_default = port == (is_secure ? "443" : "80");
  const std::string shown = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return is_default ? shown : shown + ":" + port;
}

std::optional<Url> parse_url(std::string_view text) {
  const auto parsed = boost::urls::parse_uri(text);
  if (!parsed || parsed->host().empty()) return std::nullopt;
  const std::string scheme = to_lower_ascii(std::string{parsed->scheme()});
  if (scheme != "http" && scheme != "https") return std::nullopt;
  Url url;
  url.is_secure = scheme == "https";
  url.host = parsed->host_type() == boost::urls::host_type::ipv6
                 ? parsed->host_ipv6_address().to_string()
                 : std::string{parsed->host()};
  url.port = parsed->has_port() ? std::string{parsed->port()} : (url.is_secure ? "443" : "80");
  url.target = std::string{parsed->encoded_path()};
  if (url.target.empty()) url.target = "/";
  if (parsed->has_query()) url.target += "?" + std::string{parsed->encoded_query()};
  return url;
}

// Idle connections by endpoint. The mutex guards a map of a few entries for the time of a push or a
// pop: exchanges run on any I/O thread, and a strand for it would cost a hop for each request.
class HttpClient::Pool {
 public:
  Pool(net::io_context& io, std::shared_ptr<TlsTrust> trust)
      : io_(io), trust_(trust ? std::move(trust) : std::make_shared<TlsTrust>()) {}

  net::io_context& io() { return io_; }

  net::ssl::context& tls() { return trust_->context(); }

  // A new one where none is idle.
  std::unique_ptr<Connection> take(const std::string& endpoint) {
    {
      const std::lock_guard lock{mutex_};
      auto& kept = idle_[endpoint];
      if (!kept.empty()) {
        auto connection = std::move(kept.back());
        kept.pop_back();
        return connection;
      }
    }
    return std::make_unique<Connection>(io_);
  }
  void give(const std::string& endpoint, std::unique_ptr<Connection> connection) {
    const std::lock_guard lock{mutex_};
    auto& kept = idle_[endpoint];
    if (kept.size() < kKeptPerEndpoint) kept.push_back(std::move(connection));
  }

 private:
  net::io_context& io_;
  std::shared_ptr<TlsTrust> trust_;
  std::mutex mutex_;
  std::map<std::string, std::vector<std::unique_ptr<Connection>>> idle_;
};

class HttpClient::Exchange : public std::enable_shared_from_this<HttpClient::Exchange> {
 public:
  Exchange(std::shared_ptr<Pool> pool, OutboundRequest request,
           std::function<void(OutboundResult)> done)
      : pool_(std::move(pool)),
        request_(std::move(request)),
        done_(std::move(done)),
        url_(parse_url(request_.url)),
        connection_(pool_->take(url_ ? endpoint() : "")),
        strand_(connection_->strand) {}

  void start() { net::co_spawn(strand_, run(shared_from_this()), net::detached); }
  // Closes rather than cancels: this may come between two operations, and none may begin then.
  void cancel() {
    net::post(strand_, [self = shared_from_this()] {
      self->done_ = nullptr;
      if (self->connection_ != nullptr) self->connection_->close();
    });
  }

 private:
  static net::awaitable<void> run(std::shared_ptr<Exchange> self) {
    if (!self->url_) {
      self->finish(NoResponse{.reason = "not an http: or https: URL: " + self->request_.url});
      co_return;
    }
    self->deadline_ = std::chrono::steady_clock::now() + self->request_.timeout;
    const bool is_reused = self->connection_->is_open();
    boost::system::error_code error;
    if (!is_reused) error = co_await self->open();
    if (!error) error = co_await self->talk();
    if (self->is_cancelled()) co_return;
    const bool is_stale =
        error && is_reused && !self->has_answer_begun_ && error != beast::error::timeout;
    if (is_stale) {
      self->connection_->forget();
      error = co_await self->open();
      if (!error) error = co_await self->talk();
    }
    if (self->is_cancelled()) co_return;
    if (error) {
      self->finish(NoResponse{.reason = self->describe(error),
                              .is_transient = error != http::error::body_limit});
      co_return;
    }
    auto response = self->parser_->release();
    if (response.keep_alive()) self->pool_->give(self->endpoint(), std::move(self->connection_));
    self->connection_.reset();
    self->finish(to_response(std::move(response)));
  }

  net::awaitable<boost::system::error_code> open() {
    tcp::resolver resolver{strand_};
    auto [resolve_error, addresses] =
        co_await resolver.async_resolve(url_->host, url_->port, kAwaitTuple);
    if (resolve_error) co_return resolve_error;
    if (is_cancelled()) co_return net::error::operation_aborted;
    if (url_->is_secure) {
      connection_->secure = std::make_unique<TlsStream>(strand_, pool_->tls());
    } else {
      connection_->plain = std::make_unique<beast::tcp_stream>(strand_);
    }
    beast::tcp_stream& stream = connection_->lowest();
    stream.expires_at(deadline_);
    auto [connect_error, peer] = co_await stream.async_connect(addresses, kAwaitTuple);
    if (connect_error) co_return connect_error;
    boost::system::error_code ignored;
    stream.socket().set_option(tcp::no_delay{true}, ignored);
    if (!url_->is_secure) co_return boost::system::error_code{};
    SSL_set_tlsext_host_name(connection_->secure->native_handle(), url_->host.c_str());
    connection_->secure->set_verify_callback(net::ssl::host_name_verification(url_->host), ignored);
    auto [handshake_error] =
        co_await connection_->secure->async_handshake(net::ssl::stream_base::client, kAwaitTuple);
    co_return handshake_error;
  }

  net::awaitable<boost::system::error_code> talk() {
    const auto message = to_message(request_, *url_);
    parser_ = std::make_unique<http::response_parser<http::string_body>>();
    parser_->body_limit(request_.response_bytes);
    if (message.method() == http::verb::head) parser_->skip(true);
    connection_->lowest().expires_at(deadline_);
    boost::system::error_code error;
    if (connection_->plain) {
      error = co_await exchange(*connection_->plain, message);
    } else {
      error = co_await exchange(*connection_->secure, message);
    }
    co_return error;
  }

  template <class Stream>
  net::awaitable<boost::system::error_code> exchange(Stream& stream, const Message& message) {
    auto [write_error, written] = co_await http::async_write(stream, message, kAwaitTuple);
    if (write_error) co_return write_error;
    auto [head_error, head_bytes] =
        co_await http::async_read_header(stream, connection_->buffer, *parser_, kAwaitTuple);
    has_answer_begun_ = parser_->got_some();
    if (head_error) co_return head_error;
    auto [body_error, body_bytes] =
        co_await http::async_read(stream, connection_->buffer, *parser_, kAwaitTuple);
    co_return body_error;
  }

  [[nodiscard]] std::string endpoint() const {
    return (url_->is_secure ? "https " : "http ") + url_->host + " " + url_->port;
  }

  [[nodiscard]] std::string describe(const boost::system::error_code& error) const {
    const std::string where = "Unable to execute HTTP request: " + url_->authority();
    if (error == beast::error::timeout) {
      return where + " did not answer within " + std::to_string(request_.timeout.count()) + " ms";
    }
    return where + ": " + error.message();
  }

  [[nodiscard]] bool is_cancelled() const { return done_ == nullptr; }

  void finish(OutboundResult result) {
    if (const auto done = std::exchange(done_, nullptr)) done(std::move(result));
  }

  std::shared_ptr<Pool> pool_;
  OutboundRequest request_;
  std::function<void(OutboundResult)> done_;
  std::optional<Url> url_;
  std::unique_ptr<Connection> connection_;  // until it is given back
  net::strand<net::io_context::executor_type> strand_;
  std::chrono::steady_clock::time_point deadline_;
  std::unique_ptr<http::response_parser<http::string_body>> parser_;
  bool has_answer_begun_ = false;
};

HttpClient::HttpClient(net::io_context& io, std::shared_ptr<TlsTrust> trust)
    : io_(io), pool_(std::make_shared<Pool>(io, std::move(trust))) {}
HttpClient::~HttpClient() = default;

std::shared_ptr<HttpClient::Exchange> HttpClient::send(OutboundRequest request,
                                                       std::function<void(OutboundResult)> done) {
  auto exchange = std::make_shared<Exchange>(pool_, std::move(request), std::move(done));
  exchange->start();
  return exchange;
}

void HttpClient::cancel(const std::shared_ptr<Exchange>& exchange) { exchange->cancel(); }

}  // namespace presso::server
