// Naive: connect, copy, close. Beyond that: connections are kept, what is ready is read and written
// without a wait, and one timer an exchange is looked at when it fires, not moved with each piece.
#include "server/http_upstream.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "server/config.h"
#include "server/http_session.h"

namespace presso::server {
namespace {

namespace net = boost::asio;
using boost::system::error_code;
using net::ip::tcp;

constexpr auto kAwaitPeer = net::as_tuple(net::use_awaitable);
constexpr std::size_t kTlsBytes = 16 * 1024;  // a record
constexpr std::size_t kKeptConnections = 64;  // of one endpoint
// Beyond a head only the extensions and trailers of chunks are not taken at once.
constexpr std::size_t kUnreadBytes = 2 * kHeadBytes;

}  // namespace

// ---- a connection ----

net::awaitable<error_code> UpstreamWire::open(Url url, net::ssl::context* tls) {
  tcp::resolver resolver{plain_.get_executor()};
  auto [resolve_error, addresses] = co_await resolver.async_resolve(url.host, url.port, kAwaitPeer);
  if (resolve_error) co_return resolve_error;
  auto [error, peer] = co_await net::async_connect(plain_, addresses, kAwaitPeer);
  if (error) co_return error;
  error_code ignored;
  plain_.set_option(tcp::no_delay{true}, ignored);
  plain_.non_blocking(true, ignored);
  if (tls == nullptr) co_return error_code{};
  secure_.emplace(plain_, *tls);
  SSL_set_tlsext_host_name(secure_->native_handle(), url.host.c_str());
  secure_->set_verify_callback(net::ssl::host_name_verification(url.host), ignored);
  auto [refused] = co_await secure_->async_handshake(net::ssl::stream_base::client, kAwaitPeer);
  co_return refused;
}

net::awaitable<error_code> UpstreamWire::read(std::string& buffer, std::size_t& size) {
  if (secure_) {
    auto [error, got] = co_await secure_->async_read_some(net::buffer(buffer), kAwaitPeer);
    size = got;
    co_return error;
  }
  error_code error;
  size = plain_.read_some(net::buffer(buffer), error);
  while (would_block(error)) {
    auto [wait_error] = co_await plain_.async_wait(tcp::socket::wait_read, kAwaitPeer);
    if (wait_error) co_return wait_error;
    size = plain_.read_some(net::buffer(buffer), error);
  }
  co_return error;
}

net::awaitable<error_code> UpstreamWire::write(std::string_view bytes) {
  if (secure_) {
    auto [error, sent] =
        co_await net::async_write(*secure_, net::buffer(bytes.data(), bytes.size()), kAwaitPeer);
    co_return error;
  }
  while (!bytes.empty()) {
    error_code error;
    bytes.remove_prefix(plain_.write_some(net::buffer(bytes.data(), bytes.size()), error));
    if (would_block(error)) {
      auto [wait_error] = co_await plain_.async_wait(tcp::socket::wait_write, kAwaitPeer);
      error = wait_error;
    }
    if (error) co_return error;
  }
  co_return error_code{};
}

void UpstreamWire::close() {
  error_code ignored;
  plain_.close(ignored);
}

bool UpstreamWire::is_quiet() {
  char byte = 0;
  error_code error;
  plain_.receive(net::buffer(&byte, 1), tcp::socket::message_peek, error);
  return would_block(error);
}

std::unique_ptr<UpstreamWire> UpstreamConnections::take(const std::string& endpoint) {
  auto& kept = kept_[endpoint];
  while (!kept.empty()) {
    auto wire = std::move(kept.back());
    kept.pop_back();
    if (wire->is_quiet()) return wire;
  }
  return nullptr;
}

void UpstreamConnections::give(const std::string& endpoint, std::unique_ptr<UpstreamWire> wire) {
  auto& kept = kept_[endpoint];
  if (kept.size() < kKeptConnections) kept.push_back(std::move(wire));
}

// ---- an exchange ----

UpstreamExchange::UpstreamExchange(UpstreamConnections& connections, Setup setup)
    : connections_(connections), setup_(std::move(setup)), timer_(connections.io()) {}

// Waits for the peer: it owes something for so long.
net::awaitable<UpstreamExchange::Fault> UpstreamExchange::awaited(
    net::awaitable<error_code> operation) {
  const auto self = shared_from_this();
  if (is_cancelled_) co_return UpstreamFault{.reason = "cancelled"};
  ++owed_;
  renew();
  if (!is_watching_) watch();
  const error_code error = co_await std::move(operation);
  --owed_;
  renew();
  co_return fault_of(error);
}

net::awaitable<UpstreamExchange::Fault> UpstreamExchange::connect() {
  unread_.clear();
  wire_ = std::make_unique<UpstreamWire>(connections_.io());
  net::ssl::context* tls = setup_.url.is_secure ? &connections_.tls() : nullptr;
  ++taking_;
  Fault fault = co_await awaited(wire_->open(setup_.url, tls));
  --taking_;
  co_return fault;
}

net::awaitable<UpstreamExchange::Fault> UpstreamExchange::send(std::string bytes) {
  ++taking_;
  Fault fault = co_await awaited(wire_->write(bytes));
  --taking_;
  co_return fault;
}

void UpstreamExchange::end_sending() {
  is_sent_ = true;
  renew();
}

net::awaitable<UpstreamExchange::Fault> UpstreamExchange::begin(std::string request) {
  is_sent_ = true;
  wire_ = connections_.take(endpoint());
  if (wire_) {
    repeatable_ = request;
    Fault fault = co_await send(std::move(request));
    // What the peer has closed meanwhile is found when its answer is awaited.
    if (!fault || is_late_ || is_cancelled_) co_return fault;
    fault = co_await repeat();
    co_return fault;
  }
  Fault fault = co_await begin_streamed(std::move(request));
  co_return fault;
}

net::awaitable<UpstreamExchange::Fault> UpstreamExchange::repeat() {
  std::string request = std::exchange(repeatable_, {});
  Fault fault = co_await begin_streamed(std::move(request));
  co_return fault;
}

net::awaitable<UpstreamExchange::Fault> UpstreamExchange::begin_streamed(std::string head) {
  Fault fault = co_await connect();
  if (fault) co_return fault;
  fault = co_await send(std::move(head));
  co_return fault;
}

net::awaitable<UpstreamExchange::Fault> UpstreamExchange::receive_head() {
  parser_ = std::make_unique<ResponseParser>(kHeadBytes, setup_.is_head);
  if (!unread_.empty()) unread_.erase(0, parser_->put(unread_));
  while (parser_->state() == ResponseParser::State::NeedMore) {
    Fault fault = co_await fill();
    if (!fault) continue;
    const bool is_stale =
        !repeatable_.empty() && !parser_->has_begun() && !is_late_ && !is_cancelled_;
    if (!is_stale) co_return fault;
    fault = co_await repeat();
    if (fault) co_return fault;
    parser_ = std::make_unique<ResponseParser>(kHeadBytes, setup_.is_head);
  }
  if (parser_->state() == ResponseParser::State::Broken) {
    co_return UpstreamFault{.reason = "its answer is no HTTP/1.1"};
  }
  repeatable_ = {};
  co_return std::nullopt;
}

// What comes next, into the parser.
net::awaitable<UpstreamExchange::Fault> UpstreamExchange::fill() {
  const auto self = shared_from_this();
  if (setup_.url.is_secure && own_buffer_.empty()) own_buffer_.resize(kTlsBytes);
  std::string& buffer = setup_.url.is_secure ? own_buffer_ : connections_.buffer();
  std::size_t size = 0;
  Fault fault = co_await awaited(wire_->read(buffer, size));
  if (fault && !is_late_ && !is_cancelled_) parser_->put_end();
  if (fault && parser_->state() == ResponseParser::State::Complete) co_return std::nullopt;
  if (fault) co_return fault;
  const std::string_view arrived = std::string_view{buffer}.substr(0, size);
  if (unread_.empty()) {
    unread_ = arrived.substr(parser_->put(arrived));
  } else {
    unread_.append(arrived);
    unread_.erase(0, parser_->put(unread_));
  }
  if (unread_.size() > kUnreadBytes && !is_complete()) {
    co_return UpstreamFault{.reason = "its answer's parts have no end"};
  }
  co_return std::nullopt;
}

net::awaitable<std::optional<std::string>> UpstreamExchange::next() {
  const auto self = shared_from_this();
  for (;;) {
    std::string piece = parser_->take_piece();
    if (!piece.empty()) co_return piece;
    if (parser_->state() != ResponseParser::State::Head) break;
    const Fault fault = co_await fill();
    if (fault) break;
  }
  settle();
  co_return std::nullopt;
}

std::optional<std::string> UpstreamExchange::whole_body() {
  if (!is_complete()) return std::nullopt;
  std::string body = parser_->take_piece();
  settle();
  return body;
}

bool UpstreamExchange::is_complete() const {
  return parser_ && parser_->state() == ResponseParser::State::Complete;
}

// The connection is for the next one, if both sides have said all and it may stay.
void UpstreamExchange::settle() {
  timer_.cancel();
  if (!wire_) return;
  const bool is_usable = is_complete() && is_sent_ && !is_cancelled_ && !is_late_ &&
                         unread_.empty() && parser_->keep_alive();
  if (is_usable) return connections_.give(endpoint(), std::exchange(wire_, nullptr));
  wire_->close();
}

void UpstreamExchange::cancel() {
  is_cancelled_ = true;
  timer_.cancel();
  if (wire_) wire_->close();
}

// Moving a timer with each piece would cost more than the piece: it looks when it fires.
void UpstreamExchange::watch() {
  is_watching_ = true;
  timer_.expires_at(deadline_);
  timer_.async_wait([weak = weak_from_this()](const error_code& error) {
    const auto self = weak.lock();
    if (error || !self) return;
    self->is_watching_ = false;
    const auto now = std::chrono::steady_clock::now();
    if (self->owed_ == 0) return;  // the next wait begins another watch
    // Its answer is not owed while the client has not sent all of the request.
    if (!self->is_sent_ && self->taking_ == 0) self->renew();
    if (now < self->deadline_) return self->watch();
    self->is_late_ = true;
    if (self->wire_) self->wire_->close();
  });
}

UpstreamExchange::Fault UpstreamExchange::fault_of(const error_code& error) const {
  if (is_late_) {
    return UpstreamFault{
        .is_late = true,
        .reason = "it did not answer within " + std::to_string(setup_.timeout.count()) + " ms"};
  }
  if (is_cancelled_) return UpstreamFault{.reason = "cancelled"};
  if (!error) return std::nullopt;
  if (error == net::error::eof) return UpstreamFault{.reason = "it has closed the connection"};
  return UpstreamFault{.reason = error.message()};
}

std::string UpstreamExchange::endpoint() const {
  return (setup_.url.is_secure ? "https " : "http ") + setup_.url.host + " " + setup_.url.port;
}

}  // namespace presso::server
