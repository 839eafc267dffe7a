// Exchanges with peers that presso stands in front of: bodies of any length pass through in pieces,
// and a piece is taken when there is room for it, so memory does not grow with them.
//
//   auto exchange = std::make_shared<UpstreamExchange>(upstream, {.url = url, …});
//   co_await exchange->begin(head, body);   // connects, and sends
//   co_await exchange->receive_head();      // each answers what is broken, if anything is
//   while (auto piece = co_await exchange->next()) …
//
// Everything happens on one worker's thread. `UpstreamConnections` keeps connections that have
// done their work, for the exchanges of that worker.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "server/http_client.h"
#include "server/http_message.h"
#include "server/tls.h"

namespace presso::server {

// A connection to a peer, with TLS or without.
class UpstreamWire {
 public:
  explicit UpstreamWire(boost::asio::io_context& io) : plain_(io) {}

  // With TLS when `tls` is there: the peer has to be who the URL says.
  boost::asio::awaitable<boost::system::error_code> open(Url url, boost::asio::ssl::context* tls);
  // At least one byte into `buffer`, or an error; the end is one.
  boost::asio::awaitable<boost::system::error_code> read(std::string& buffer, std::size_t& size);
  boost::asio::awaitable<boost::system::error_code> write(std::string_view bytes);
  void close();
  // The other side has neither closed nor said anything that nobody asked for.
  [[nodiscard]] bool is_quiet();

 private:
  using Tls = boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>;

  boost::asio::ip::tcp::socket plain_;
  std::optional<Tls> secure_;
};

// Of one worker.
class UpstreamConnections {
 public:
  UpstreamConnections(boost::asio::io_context& io, std::shared_ptr<TlsTrust> trust)
      : io_(io), trust_(std::move(trust)), buffer_(kBufferBytes, '\0') {}

  // Null: none is kept.
  [[nodiscard]] std::unique_ptr<UpstreamWire> take(const std::string& endpoint);
  void give(const std::string& endpoint, std::unique_ptr<UpstreamWire>);

  [[nodiscard]] boost::asio::io_context& io() { return io_; }
  [[nodiscard]] boost::asio::ssl::context& tls() { return trust_->context(); }
  // What is read next lands here, where nothing waits between a read and its use.
  [[nodiscard]] std::string& buffer() { return buffer_; }

 private:
  static constexpr std::size_t kBufferBytes = 64 * 1024;

  boost::asio::io_context& io_;
  std::shared_ptr<TlsTrust> trust_;
  std::string buffer_;
  std::map<std::string, std::vector<std::unique_ptr<UpstreamWire>>> kept_;
};

// Why there is no answer, or not all of it.
struct UpstreamFault {
  bool is_late = false;  // no progress within the time allowed
  std::string reason;    // "Connection refused"
};

class UpstreamExchange : public std::enable_shared_from_this<UpstreamExchange> {
 public:
  struct Setup {
    Url url;
    bool is_head = false;            // the answer has no body
    Duration timeout = seconds(60);  // for the answer to begin, and between two pieces
  };
  using Fault = std::optional<UpstreamFault>;

  UpstreamExchange(UpstreamConnections& connections, Setup setup);

  // Connects, and sends what is the whole request: over a kept connection if there is one, and
  // again over a new one when the peer had closed it without a byte of an answer.
  boost::asio::awaitable<Fault> begin(std::string request);
  // The same for the head alone, over a new connection; `send` and `end_sending` follow.
  boost::asio::awaitable<Fault> begin_streamed(std::string head);
  boost::asio::awaitable<Fault> send(std::string bytes);
  // All of the request was sent.
  void end_sending();

  // The next head, which may be a 1xx: of the final one the body follows.
  boost::asio::awaitable<Fault> receive_head();
  [[nodiscard]] const ResponseParser& response() const { return *parser_; }
  // A piece of the body, not empty; nothing: the end, or it broke (`is_complete`).
  boost::asio::awaitable<std::optional<std::string>> next();
  // The body that has come with the head, when that is all of it.
  [[nodiscard]] std::optional<std::string> whole_body();
  [[nodiscard]] bool is_complete() const;

  // Ends it at once: whoever waits gets a fault.
  void cancel();

 private:
  boost::asio::awaitable<Fault> connect();
  boost::asio::awaitable<Fault> awaited(boost::asio::awaitable<boost::system::error_code>);
  void renew() { deadline_ = std::chrono::steady_clock::now() + setup_.timeout; }
  boost::asio::awaitable<Fault> fill();
  boost::asio::awaitable<Fault> repeat();
  void settle();
  void watch();
  [[nodiscard]] Fault fault_of(const boost::system::error_code&) const;
  [[nodiscard]] std::string endpoint() const;

  UpstreamConnections& connections_;
  Setup setup_;
  std::unique_ptr<UpstreamWire> wire_;
  std::unique_ptr<ResponseParser> parser_;
  std::string unread_;
  std::string repeatable_;  // the whole request, while it may have to be sent again
  std::string own_buffer_;  // with TLS, which reads while others do
  bool is_sent_ = false;
  bool is_cancelled_ = false;
  // ---- the deadline: of what the peer owes, if it owes anything ----
  boost::asio::steady_timer timer_;
  std::chrono::steady_clock::time_point deadline_;
  int owed_ = 0;
  int taking_ = 0;  // of these what is not its answer: a connection, and the request
  bool is_watching_ = false;
  bool is_late_ = false;
};

}  // namespace presso::server
