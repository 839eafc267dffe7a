// What a request is for: the AWS JSON protocol on `POST /`, EventBridge Scheduler's paths, the
// server's own pages under /_presso/, other services' requests, which are passed on, and clear
// answers for everything else.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/caller.h"
#include "server/http_server.h"
#include "server/metrics/request_metrics.h"

namespace presso::server {

class Admin;
class Forwarder;
class Functions;
class Operations;
class TraceTap;
class Verifier;

class HttpRoutes final : public HttpHandler {
 public:
  struct Setup {
    core::Caller caller;  // of requests that say nothing about it
    std::vector<std::string> allowed_origins;
    Operations& operations;
    Admin& admin;
    const Log& log;
    RequestMetrics& metrics;
    Functions* functions = nullptr;          // null: nobody answers for Lambda
    Forwarder* forwarder = nullptr;          // null: nothing is passed on
    const Verifier* verifier = nullptr;      // null: signatures are not checked
    std::function<void()> before_call = {};  // an operation is about to be called
    TraceTap* tap = nullptr;                 // null: nobody traces
  };

  explicit HttpRoutes(Setup setup) : setup_(std::move(setup)) {}

  [[nodiscard]] BodyPlan plan(const HttpRequest&) const override;
  boost::asio::awaitable<HttpReply> handle(HttpRequest, Worker&) override;
  [[nodiscard]] HttpReply refuse(int status, Worker&) override;

 private:
  // `label`: what kind of request it turned out to be.
  boost::asio::awaitable<HttpReply> route(const HttpRequest&, Worker&,
                                          RequestMetrics::Label& label);
  boost::asio::awaitable<HttpReply> call(const HttpRequest&, Worker&);
  // Nothing: it may pass.
  [[nodiscard]] std::optional<HttpReply> refusal_of(const HttpRequest&) const;
  // EventBridge Scheduler; nothing for a path that is not its own.
  boost::asio::awaitable<std::optional<HttpReply>> schedule(const HttpRequest&, Worker&);

  // Lambda, of the functions that presso runs itself.
  boost::asio::awaitable<HttpReply> call_function(HttpRequest, Worker&);

  Setup setup_;
};

}  // namespace presso::server
