// The server's own pages: /_presso/health, metrics, clock, reset, events, await, explain, trace,
// routes, mocks, and the health page that tools probe on other emulators.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "engine/core/caller.h"
#include "engine/core/effect.h"
#include "engine/core/mock_rules.h"
#include "server/http_message.h"
#include "server/worker.h"

namespace presso::server {

inline constexpr std::string_view kMetricsPath = "/metrics";

class Operations;
class RouteTable;

class Admin {
 public:
  struct Setup {
    Operations& operations;
    RouteTable& routes;
    core::Caller caller = {};                   // whose region real AWS is asked in
    std::function<std::string()> metrics = {};  // the page for Prometheus
    std::function<void()> refresh = {};         // reads the mocks' files again if they have changed
  };
  explicit Admin(Setup setup)
      : operations_(setup.operations),
        routes_(setup.routes),
        caller_(std::move(setup.caller)),
        metrics_(std::move(setup.metrics)),
        refresh_(std::move(setup.refresh)) {}

  [[nodiscard]] static bool is_admin_path(std::string_view path);
  boost::asio::awaitable<HttpReply> handle(const HttpRequest&, Worker&);

 private:
  boost::asio::awaitable<HttpReply> health(const HttpRequest&, Worker&);
  boost::asio::awaitable<HttpReply> metrics(const HttpRequest&, Worker&);
  boost::asio::awaitable<HttpReply> clock(const HttpRequest&, Worker&);
  boost::asio::awaitable<HttpReply> reset(const HttpRequest&, Worker&);
  boost::asio::awaitable<HttpReply> events(const HttpRequest&, Worker&);
  boost::asio::awaitable<HttpReply> logs(const HttpRequest&, Worker&);
  boost::asio::awaitable<HttpReply> await(const HttpRequest&, Worker&);
  boost::asio::awaitable<HttpReply> explain(const HttpRequest&, Worker&);  // admin_explain.cpp
  boost::asio::awaitable<HttpReply> trace(const HttpRequest&, Worker&);    // admin_trace.cpp
  boost::asio::awaitable<HttpReply> trace_onward(std::string id, Worker&);
  boost::asio::awaitable<HttpReply> routes(const HttpRequest&, Worker&);  // admin_routes.cpp
  boost::asio::awaitable<HttpReply> mocks(const HttpRequest&, Worker&);   // admin_mocks.cpp
  // Changes the mocks, or does not; {"mocks": as they are then}.
  boost::asio::awaitable<core::Answer> list_mocks(std::function<Result<void>(core::MockRules&)>,
                                                  std::size_t size_bytes, Worker&);
  boost::asio::awaitable<HttpReply> await_execution(std::string arn, EventFeed::Moment, Worker&);
  boost::asio::awaitable<HttpReply> await_event(const HttpRequest&, EventFeed::Moment, Worker&);

  struct Page;
  Operations& operations_;
  RouteTable& routes_;
  core::Caller caller_;
  std::function<std::string()> metrics_;
  std::function<void()> refresh_;
};

}  // namespace presso::server
