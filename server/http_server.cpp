#include "server/http_server.h"

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <list>
#include <optional>
#include <thread>
#include <utility>

#include "server/http_session.h"
#include "server/http_stream.h"

namespace presso::server {
namespace {

namespace net = boost::asio;
using boost::system::error_code;
using net::ip::tcp;
using Moment = std::chrono::steady_clock::time_point;

constexpr auto kAwait = net::as_tuple(net::use_awaitable);
constexpr std::size_t kDiscardBytes = 32 * 1024 * 1024;
constexpr auto kSweepEvery = std::chrono::seconds(1);
constexpr auto kAcceptPause = std::chrono::milliseconds(100);

Moment from_now(Duration duration) { return std::chrono::steady_clock::now() + duration; }

}  // namespace

class HttpServer::Impl {
 public:
  explicit Impl(Setup setup) : setup_(std::move(setup)), acceptor_(setup_.workers.front()->io()) {
    for (Worker* worker : setup_.workers) desks_.push_back(std::make_unique<Desk>(*worker));
  }

  Result<void> open();
  void start();
  bool stop(Duration patience);
  std::uint16_t port() const { return port_; }
  std::size_t connections() const { return connections_; }

 private:
  using Place = std::list<Session>::iterator;

  net::awaitable<void> accept();
  void take_over(Desk&, tcp::socket);
  bool make_room(Desk&);
  net::awaitable<void> run(Desk&, Place);
  net::awaitable<bool> serve_one(Desk&, Session&, RequestParser&);
  net::awaitable<bool> receive(Desk&, Session&, RequestParser&);
  net::awaitable<bool> read_some(Desk&, Session&, RequestParser&);
  net::awaitable<bool> reply(Desk&, Session&, RequestParser&, HttpRequest);
  net::awaitable<void> refuse(Desk&, Session&, int status);
  net::awaitable<void> linger(Desk&, Session&);
  net::awaitable<StreamEnd> stream(Desk&, Session&, std::unique_ptr<HttpStream>, bool is_chunked);
  std::shared_ptr<Sender> sender_of(Desk&, Session&, RequestParser&);
  net::awaitable<bool> write(Desk&, Session&, std::string);
  void sweep(Desk&);
  void expect(Desk&, Session&, Duration);

  Setup setup_;
  tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  std::vector<std::unique_ptr<Desk>> desks_;
  std::size_t next_desk_ = 0;
  std::atomic<std::size_t> connections_ = 0;
};

// ---- the listener ----

Result<void> HttpServer::Impl::open() {
  const std::string where = setup_.host + ":" + std::to_string(setup_.port);
  error_code error;
  const std::string host = setup_.host == "localhost" ? "127.0.0.1" : setup_.host;
  const auto address = net::ip::make_address(host, error);
  if (error) return Error{"BadAddress", "cannot listen on " + where + ": no address"};
  const tcp::endpoint endpoint{address, setup_.port};
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(net::socket_base::max_listen_connections, error);
  if (error) return Error{"BadAddress", "cannot listen on " + where + ": " + error.message()};
  port_ = acceptor_.local_endpoint(error).port();
  return {};
}

void HttpServer::Impl::start() { net::co_spawn(acceptor_.get_executor(), accept(), net::detached); }

net::awaitable<void> HttpServer::Impl::accept() {
  while (acceptor_.is_open()) {
    Desk& desk = *desks_[next_desk_++ % desks_.size()];
    auto [error, socket] = co_await acceptor_.async_accept(desk.worker.io(), kAwait);
    if (!error) {
      ++connections_;
      const auto take = [this, &desk, taken = std::make_shared<tcp::socket>(std::move(socket))] {
        take_over(desk, std::move(*taken));
      };
      net::post(desk.worker.io(), take);
    } else if (acceptor_.is_open()) {
      // No file descriptor is free, or the client has gone already.
      net::steady_timer pause{acceptor_.get_executor(), kAcceptPause};
      co_await pause.async_wait(kAwait);
    }
  }
}

void HttpServer::Impl::take_over(Desk& desk, tcp::socket socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.non_blocking(true, ignored);
  if (desk.is_closing || !make_room(desk)) {
    const std::string refusal =
        to_bytes(setup_.handler.refuse(503, desk.worker), false, true, false);
    socket.write_some(net::buffer(refusal), ignored);
    --connections_;
    return;
  }
  const Place place = desk.sessions.emplace(desk.sessions.end(), std::move(socket));
  net::co_spawn(desk.worker.io(), run(desk, place), net::detached);
}

// The connection that has been idle longest goes: sessions move to the back when they become idle.
bool HttpServer::Impl::make_room(Desk& desk) {
  if (desk.sessions.size() < setup_.connections / desks_.size()) return true;
  for (Session& session : desk.sessions) {
    if (!session.is_idle) continue;
    error_code ignored;
    session.is_idle = false;
    session.socket.shutdown(tcp::socket::shutdown_both, ignored);
    return true;
  }
  return false;
}

bool HttpServer::Impl::stop(Duration patience) {
  net::post(acceptor_.get_executor(), [this] {
    error_code ignored;
    acceptor_.close(ignored);
  });
  for (const auto& desk : desks_) {
    net::post(desk->worker.io(), [&desk] {
      desk->is_closing = true;
      desk->worker.close_feeds();
      for (Session& session : desk->sessions) {
        error_code ignored;
        if (session.is_idle) session.socket.shutdown(tcp::socket::shutdown_both, ignored);
      }
    });
  }
  const Moment end = from_now(patience);
  while (connections_ > 0 && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return connections_ == 0;
}

// ---- a session ----

net::awaitable<void> HttpServer::Impl::run(Desk& desk, Place place) {
  Session& session = *place;
  RequestParser parser{{.head_bytes = kHeadBytes, .body_bytes = kBodyBytes},
                       [this](const HttpRequest& head) { return setup_.handler.plan(head); }};
  bool goes_on = true;
  while (goes_on) {
    desk.sessions.splice(desk.sessions.end(), desk.sessions, place);
    goes_on = co_await serve_one(desk, session, parser);
  }
  desk.sessions.erase(place);
  --connections_;
}

// One request and its reply. False: the connection ends.
net::awaitable<bool> HttpServer::Impl::serve_one(Desk& desk, Session& session,
                                                 RequestParser& parser) {
  const bool is_received = co_await receive(desk, session, parser);
  if (!is_received) co_return false;
  session.deadline.reset();
  const bool is_streamed = parser.state() == RequestParser::State::Streaming;
  HttpRequest request = is_streamed ? parser.take_head() : parser.take();
  request.is_client_there = [&session] { return is_open(session.socket); };
  const bool keep_alive = request.keep_alive;
  const bool is_sent = co_await reply(desk, session, parser, std::move(request));
  if (session.sender) std::exchange(session.sender, nullptr)->let_go();
  if (is_streamed && parser.state() != RequestParser::State::Complete) {
    if (is_sent) co_await linger(desk, session);
    co_return false;
  }
  if (is_streamed) parser.reset();
  co_return is_sent&& keep_alive && !desk.is_closing;
}

std::shared_ptr<Sender> HttpServer::Impl::sender_of(Desk& desk, Session& session,
                                                    RequestParser& parser) {
  if (session.sender) return session.sender;
  const auto expect_bytes = [this, &desk, &session] { expect(desk, session, setup_.receive_time); };
  const auto write_bytes = [this, &desk, &session](std::string bytes) {
    return write(desk, session, std::move(bytes));
  };
  session.sender = std::make_shared<Sender>(Sender::Lent{.desk = desk,
                                                         .session = session,
                                                         .parser = parser,
                                                         .expect = expect_bytes,
                                                         .write = write_bytes});
  return session.sender;
}

// Until a request is complete, or the head of one that is streamed. False: the client left, was too
// slow, or was refused.
net::awaitable<bool> HttpServer::Impl::receive(Desk& desk, Session& session,
                                               RequestParser& parser) {
  // A pipelined request may be there already.
  const std::string unread = std::exchange(session.unread, {});
  if (!unread.empty()) session.unread = unread.substr(parser.put(unread));
  bool is_told = false;
  while (parser.state() != RequestParser::State::Complete &&
         parser.state() != RequestParser::State::Streaming) {
    if (parser.state() == RequestParser::State::Refused) {
      co_await refuse(desk, session, parser.refusal_status());
      co_return false;
    }
    // Once: a wake-up without bytes leaves the parser where it is.
    if (parser.state() == RequestParser::State::NeedContinue && !is_told) {
      is_told = true;
      std::string go_on{kContinue};
      const bool is_sent = co_await write(desk, session, std::move(go_on));
      if (!is_sent) co_return false;
    }
    if (parser.has_begun() && !session.deadline) expect(desk, session, setup_.receive_time);
    const bool is_read = co_await read_some(desk, session, parser);
    if (!is_read) co_return false;
  }
  co_return true;
}

net::awaitable<bool> HttpServer::Impl::read_some(Desk& desk, Session& session,
                                                 RequestParser& parser) {
  session.is_idle = !parser.has_begun();
  if (session.is_idle && desk.is_closing) co_return false;
  error_code error;
  std::size_t size = session.socket.read_some(net::buffer(desk.buffer), error);
  if (would_block(error)) {
    auto [wait_error] = co_await session.socket.async_wait(tcp::socket::wait_read, kAwait);
    if (wait_error) co_return false;
    size = session.socket.read_some(net::buffer(desk.buffer), error);
  }
  session.is_idle = false;
  if (would_block(error)) co_return true;
  if (error) co_return false;
  take_in(std::string_view{desk.buffer}.substr(0, size), session, parser);
  co_return true;
}

net::awaitable<bool> HttpServer::Impl::reply(Desk& desk, Session& session, RequestParser& parser,
                                             HttpRequest request) {
  const bool keep_alive = request.keep_alive && !desk.is_closing;
  const bool can_chunk = request.can_chunk;
  const bool is_head = request.method == "HEAD";
  // It lives no longer than the session: what is kept of it is the Sender.
  request.sender = [this, &desk, &session, &parser] { return sender_of(desk, session, parser); };
  HttpReply made = co_await setup_.handler.handle(std::move(request), desk.worker);
  const bool has_end = made.length || (made.is_passed_on && can_chunk);
  const bool has_all = parser.state() != RequestParser::State::Streaming;
  const bool stays = keep_alive && has_all && (!made.stream || has_end);
  std::string bytes = to_bytes(made, stays, can_chunk, is_head);
  const bool is_sent = co_await write(desk, session, std::move(bytes));
  if (!is_sent || !made.stream) co_return is_sent;
  if (is_head) co_return false;
  const bool is_chunked = can_chunk && !made.length;
  const StreamEnd end = co_await stream(desk, session, std::move(made.stream), is_chunked);
  co_return end == StreamEnd::Keep&& has_end;
}

net::awaitable<StreamEnd> HttpServer::Impl::stream(Desk& desk, Session& session,
                                                   std::unique_ptr<HttpStream> from,
                                                   bool is_chunked) {
  for (;;) {
    std::optional<std::string> piece = co_await from->next();
    if (!piece) break;
    std::string bytes = is_chunked ? chunk(*piece) : *std::move(piece);
    const bool is_sent = co_await write(desk, session, std::move(bytes));
    if (!is_sent) co_return StreamEnd::Broken;
  }
  if (!is_chunked || from->end() == StreamEnd::Broken) co_return from->end();
  std::string end = chunk({});
  const bool is_sent = co_await write(desk, session, std::move(end));
  co_return is_sent ? from->end() : StreamEnd::Broken;
}

net::awaitable<void> HttpServer::Impl::refuse(Desk& desk, Session& session, int status) {
  session.deadline.reset();
  std::string bytes = to_bytes(setup_.handler.refuse(status, desk.worker), false, true, false);
  const bool is_sent = co_await write(desk, session, std::move(bytes));
  if (is_sent) co_await linger(desk, session);
}

// The client may still be sending. A connection that is closed with unread bytes is reset, which
// can take the reply away before it was read: so what comes is read and forgotten for a while.
net::awaitable<void> HttpServer::Impl::linger(Desk& desk, Session& session) {
  error_code error;
  session.socket.shutdown(tcp::socket::shutdown_send, error);
  expect(desk, session, setup_.linger_time);
  std::size_t discarded = 0;
  while (!error && discarded < kDiscardBytes) {
    auto [wait_error] = co_await session.socket.async_wait(tcp::socket::wait_read, kAwait);
    if (wait_error) break;
    discarded += session.socket.read_some(net::buffer(desk.buffer), error);
    if (would_block(error)) error = {};
  }
}

net::awaitable<bool> HttpServer::Impl::write(Desk& desk, Session& session, std::string bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    error_code error;
    sent += session.socket.write_some(net::buffer(bytes.data() + sent, bytes.size() - sent), error);
    if (would_block(error)) {
      expect(desk, session, setup_.send_time);
      auto [wait_error] = co_await session.socket.async_wait(tcp::socket::wait_write, kAwait);
      session.deadline.reset();
      error = wait_error;
    }
    if (error) co_return false;
  }
  co_return true;
}

// ---- deadlines ----

// One timer for all sessions of a worker, and none while nobody owes anything.
void HttpServer::Impl::expect(Desk& desk, Session& session, Duration duration) {
  session.deadline = from_now(duration);
  if (!desk.is_sweeping) {
    desk.is_sweeping = true;
    sweep(desk);
  }
}

void HttpServer::Impl::sweep(Desk& desk) {
  const Moment now = std::chrono::steady_clock::now();
  bool is_anything_due = false;
  for (Session& session : desk.sessions) {
    if (!session.deadline) continue;
    is_anything_due = true;
    error_code ignored;
    if (*session.deadline <= now) session.socket.close(ignored);
  }
  desk.is_sweeping = is_anything_due;
  if (!is_anything_due) return;
  desk.sweep_timer.expires_after(kSweepEvery);
  desk.sweep_timer.async_wait([this, &desk](error_code error) {
    if (!error) sweep(desk);
  });
}

// ---- the public face ----

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() = default;

Result<std::unique_ptr<HttpServer>> HttpServer::listen(Setup setup) {
  auto impl = std::make_unique<Impl>(std::move(setup));
  const Result<void> opened = impl->open();
  if (!opened) return opened.error();
  return std::make_unique<HttpServer>(std::move(impl));
}

std::uint16_t HttpServer::port() const { return impl_->port(); }
void HttpServer::start() { impl_->start(); }
bool HttpServer::stop(Duration patience) { return impl_->stop(patience); }
std::size_t HttpServer::connections() const { return impl_->connections(); }

}  // namespace presso::server
