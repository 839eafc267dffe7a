// A connection of the server's, and what it lends to who hands its request on. For http_server.cpp
// alone; everything is touched on the session's worker only.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "server/http_message.h"
#include "server/http_stream.h"
#include "server/worker.h"

namespace presso::server {

class Sender;

// One connection. `deadline` is what the client has to keep; none while it owes us nothing.
struct Session {
  explicit Session(boost::asio::ip::tcp::socket from) : socket(std::move(from)) {}

  boost::asio::ip::tcp::socket socket;
  std::shared_ptr<Sender> sender;  // of the request under way, when somebody asked for it
  std::optional<std::chrono::steady_clock::time_point> deadline;
  bool is_idle = false;  // between requests
  std::string unread;    // bytes that belong to what comes next
};

inline constexpr std::size_t kReadBytes = 64 * 1024;

// The sessions of one worker, touched on its thread only.
struct Desk {
  explicit Desk(Worker& own) : worker(own), sweep_timer(own.io()), buffer(kReadBytes, '\0') {}

  Worker& worker;
  std::list<Session> sessions;
  boost::asio::steady_timer sweep_timer;
  bool is_sweeping = false;
  bool is_closing = false;
  std::string buffer;  // what is read next lands here; a session keeps only what it cannot use yet
};

[[nodiscard]] bool would_block(const boost::system::error_code&);
// What has come in without being asked for stays where it is.
[[nodiscard]] bool is_open(boost::asio::ip::tcp::socket&);
void take_in(std::string_view arrived, Session&, RequestParser&);

// What a session lends while it has a request: it may end before whoever has borrowed it.
class Sender final : public HttpSender {
 public:
  struct Lent {
    Desk& desk;
    Session& session;
    RequestParser& parser;
    std::function<void()> expect;  // the client owes bytes
    std::function<boost::asio::awaitable<bool>(std::string)> write;
  };

  explicit Sender(Lent lent) : lent_(std::move(lent)) {}
  // The session goes on without it.
  void let_go();

  boost::asio::awaitable<std::optional<std::string>> next() override;
  [[nodiscard]] bool is_complete() const override;
  boost::asio::awaitable<bool> say_continue() override;
  boost::asio::awaitable<bool> goes() override;

 private:
  boost::asio::awaitable<boost::system::error_code> arrival();

  std::optional<Lent> lent_;
  int waits_ = 0;
  bool is_complete_ = false;
};

inline constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace presso::server
