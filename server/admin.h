// The server's own pages: /_presso/health, clock, reset, events, await, explain, trace, routes, and
// the health page that tools probe on other emulators.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string_view>

#include "engine/core/caller.h"
#include "server/http_message.h"
#include "server/worker.h"

namespace presso::server {

class Operations;
class RouteTable;

class Admin {
 public:
  struct Setup {
    Operations& operations;
    RouteTable& routes;
    core::Caller caller = {};  // whose region real AWS is asked in
  };
  explicit Admin(Setup setup)
      : operations_(setup.operations), routes_(setup.routes), caller_(std::move(setup.caller)) {}

  [[nodiscard]] static bool is_admin_path(std::string_view path);
  boost::asio::awaitable<HttpReply> handle(const HttpRequest&, Worker&);

 private:
  boost::asio::awaitable<HttpReply> health(const HttpRequest&, Worker&);
  boost::asio::awaitable<HttpReply> clock(const HttpRequest&, Worker&);
  boost::asio::awaitable<HttpReply> reset(const HttpRequest&, Worker&);
  boost::asio::awaitable<HttpReply> events(const HttpRequest&, Worker&);
  boost::asio::awaitable<HttpReply> logs(const HttpRequest&, Worker&);
  boost::asio::awaitable<HttpReply> await(const HttpRequest&, Worker&);
  boost::asio::awaitable<HttpReply> explain(const HttpRequest&, Worker&);  // admin_explain.cpp
  boost::asio::awaitable<HttpReply> trace(const HttpRequest&, Worker&);    // admin_trace.cpp
  boost::asio::awaitable<HttpReply> trace_onward(std::string id, Worker&);
  boost::asio::awaitable<HttpReply> routes(const HttpRequest&, Worker&);  // admin_routes.cpp
  boost::asio::awaitable<HttpReply> await_execution(std::string arn, EventFeed::Moment, Worker&);
  boost::asio::awaitable<HttpReply> await_event(const HttpRequest&, EventFeed::Moment, Worker&);

  struct Page;
  Operations& operations_;
  RouteTable& routes_;
  core::Caller caller_;
};

}  // namespace presso::server
