#include "server/http_routes.h"

#include <algorithm>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "api/dispatch.h"
#include "api/scheduler/rest.h"
#include "base/text.h"
#include "server/admin.h"
#include "server/auth/verifier.h"
#include "server/caller_of.h"
#include "server/forward/forwarder.h"
#include "server/functions/functions.h"
#include "server/http_stream.h"
#include "server/integrations/signed_client.h"
#include "server/operations.h"
#include "server/origin.h"
#include "server/otlp/tracing.h"

namespace presso::server {
namespace {

namespace net = boost::asio;

constexpr std::string_view kAllowedMethods = "GET, HEAD, POST, PUT, DELETE, OPTIONS";

HttpReply to_reply(api::Response response) {
  HttpReply reply;
  reply.status = response.status;
  reply.content_type = std::move(response.content_type);
  if (!response.error_type.empty()) {
    reply.headers.emplace_back("x-amzn-errortype", std::move(response.error_type));
  }
  reply.body = std::move(response.body);
  return reply;
}
HttpReply to_reply(const core::Answer& answer, api::Protocol protocol) {
  return to_reply(api::to_response(answer, protocol));
}

HttpReply refusal(int status, std::string code, std::string_view message) {
  return to_reply(api::error_answer(std::move(code), message, status), api::Protocol::Json10);
}

HttpReply empty_reply(int status) {
  HttpReply reply;
  reply.status = status;
  return reply;
}

HttpReply greeting() {
  HttpReply reply;
  reply.content_type = "text/plain; charset=utf-8";
  reply.body = "presso " + std::string{kVersion} +
               " speaks the AWS JSON protocol: POST / with X-Amz-Target.\n"
               "See /_presso/health, /_presso/clock and /_presso/events.\n";
  return reply;
}

HttpReply preflight(const HttpRequest& request) {
  HttpReply reply = empty_reply(204);
  reply.headers.emplace_back("Allow", kAllowedMethods);
  if (request.header("Access-Control-Request-Method").empty()) return reply;
  reply.headers.emplace_back("Access-Control-Allow-Methods", kAllowedMethods);
  reply.headers.emplace_back("Access-Control-Allow-Headers",
                             request.header("Access-Control-Request-Headers"));
  reply.headers.emplace_back("Access-Control-Max-Age", "600");
  if (!request.header("Access-Control-Request-Private-Network").empty()) {
    reply.headers.emplace_back("Access-Control-Allow-Private-Network", "true");
  }
  return reply;
}

void allow_origin(HttpReply& reply, std::string_view origin) {
  reply.headers.emplace_back("Access-Control-Allow-Origin", origin);
  reply.headers.emplace_back("Access-Control-Expose-Headers",
                             reply.is_passed_on ? "*" : "x-amzn-RequestId, x-amzn-errortype");
  reply.headers.emplace_back("Vary", "Origin");
}

bool is_read(const HttpRequest& request) {
  return request.method == "GET" || request.method == "HEAD";
}

// Prometheus asks for /metrics; who signs asks for a bucket of that name.
bool is_own_page(const HttpRequest& request) {
  if (Admin::is_admin_path(request.path())) return true;
  return request.path() == kMetricsPath && request.header("Authorization").empty() &&
         is_read(request);
}

// What a container's health check and a page before its request ask cannot be signed.
bool is_open(const HttpRequest& request) {
  return request.method == "OPTIONS" || request.path() == "/_presso/health" ||
         request.path() == "/_localstack/health";
}

HttpReply wrong_host(std::string_view host, std::string_view path) {
  return refusal(403, "AccessDeniedException",
                 "The host " + std::string{host} + " may not use " + std::string{path} +
                     ". Start presso with --allow-origin http://" + std::string{host} +
                     " to let it.");
}

bool has_header(const HttpReply& reply, std::string_view name) {
  return std::ranges::any_of(reply.headers, [&](const auto& each) {
    return to_lower_ascii(each.first) == to_lower_ascii(name);
  });
}

}  // namespace

BodyPlan HttpRoutes::plan(const HttpRequest& head) const {
  const bool is_elsewhere =
      setup_.forwarder != nullptr && head.method != "OPTIONS" && !is_own_page(head);
  if (is_elsewhere) {
    if (const auto passed = setup_.forwarder->plan(head)) return *passed;
  }
  return {.bytes = is_lambda_path(head.path()) ? kPayloadBodyBytes : kBodyBytes};
}

net::awaitable<HttpReply> HttpRoutes::handle(HttpRequest request, Worker& worker) {
  const auto begin = MetricsClock::now();
  auto label = RequestMetrics::label_of(RequestMetrics::Other::Unknown);
  const std::string origin{request.header("Origin")};
  const bool is_foreign = !origin.empty() && !is_origin_allowed(origin, setup_.allowed_origins);
  HttpReply reply;
  if (is_foreign) {
    reply =
        refusal(403, "AccessDeniedException",
                "Pages of " + origin + " may not use this server. Start it with --allow-origin " +
                    origin + " to let them.");
  } else if (auto refused = refusal_of(request)) {
    reply = *std::move(refused);
  } else {
    reply = co_await route(request, worker, label);
    if (!origin.empty() && !has_header(reply, "Access-Control-Allow-Origin")) {
      allow_origin(reply, origin);
    }
  }
  if (!reply.is_passed_on && !has_header(reply, "x-amzn-RequestId")) {
    reply.headers.emplace_back("x-amzn-RequestId", next_uuid(worker.entropy()));
  }
  if (setup_.log.is_debug()) {
    const auto context = context_of(request);
    setup_.log.debug(request.method + " " + request.target + " " +
                         std::string{request.header("X-Amz-Target")} + " " +
                         std::to_string(reply.status),
                     context ? context->trace_id : "");
  }
  setup_.metrics.add(worker.index(), label, reply.status, microseconds_since(begin));
  co_return reply;
}

std::optional<HttpReply> HttpRoutes::refusal_of(const HttpRequest& request) const {
  if (setup_.verifier == nullptr || is_open(request)) return std::nullopt;
  const bool is_body_there = !request.sender || request.sender()->is_complete();
  const auto refused = setup_.verifier->check(request, is_body_there, real_now());
  if (!refused) return std::nullopt;
  const std::string_view target = request.header("X-Amz-Target");
  const int status = target.empty() ? 403 : 400;
  return to_reply(api::error_answer(refused->code, refused->message, status),
                  api::protocol_of(target));
}

net::awaitable<HttpReply> HttpRoutes::route(const HttpRequest& request, Worker& worker,
                                            RequestMetrics::Label& label) {
  using enum RequestMetrics::Other;
  const std::string_view path = request.path();
  if (request.method == "OPTIONS") co_return preflight(request);
  if (is_own_page(request)) {
    label = RequestMetrics::label_of(Own);
    const std::string_view host = request.header("Host");
    if (!host.empty() && !is_host_allowed(host, setup_.allowed_origins)) {
      co_return wrong_host(host, path);
    }
    HttpReply reply = co_await setup_.admin.handle(request, worker);
    co_return reply;
  }
  if (setup_.forwarder != nullptr) {
    std::optional<HttpReply> passed = co_await setup_.forwarder->handle(request, worker);
    if (passed) {
      label = RequestMetrics::label_of(PassedOn);
      co_return *std::move(passed);
    }
  }
  if (setup_.functions != nullptr && is_lambda_path(path)) {
    label = RequestMetrics::label_of(Lambda);
    HttpReply reply = co_await call_function(request, worker);
    co_return reply;
  }
  if (path != "/") {
    const std::string_view host = request.header("Host");
    if (is_read(request) && may_be_rebound(host, setup_.allowed_origins)) {
      co_return wrong_host(host, path);
    }
    std::optional<HttpReply> scheduled = co_await schedule(request, worker);
    if (scheduled) {
      label = RequestMetrics::label_of(Scheduler);
      co_return *std::move(scheduled);
    }
    co_return refusal(404, "NotFoundException", "There is nothing at " + std::string{path} + ".");
  }
  if (is_read(request)) co_return greeting();
  if (request.method != "POST") {
    HttpReply reply = refusal(405, "MethodNotAllowedException",
                              request.method + " is not for " + std::string{path} + ".");
    reply.headers.emplace_back("Allow", kAllowedMethods);
    co_return reply;
  }
  label = setup_.metrics.label_of_target(request.header("X-Amz-Target"));
  HttpReply reply = co_await call(request, worker);
  co_return reply;
}

net::awaitable<std::optional<HttpReply>> HttpRoutes::schedule(const HttpRequest& request,
                                                              Worker& worker) {
  std::optional<api::Work> work = api::scheduler::dispatch(
      {.method = request.method,
       .target = request.target,
       .body = request.body,
       .caller = caller_of(request.header("Authorization"), setup_.caller)});
  if (!work) co_return std::nullopt;
  const core::Answer answer =
      co_await setup_.operations.run(*std::move(work), request.body.size(), worker);
  co_return to_reply(api::scheduler::to_response(answer));
}

net::awaitable<HttpReply> HttpRoutes::call(const HttpRequest& request, Worker& worker) {
  const std::string_view target = request.header("X-Amz-Target");
  if (setup_.before_call) setup_.before_call();
  api::Work work =
      api::dispatch({.target = target,
                     .body = request.body,
                     .caller = caller_of(request.header("Authorization"), setup_.caller)});
  if (setup_.tap != nullptr) {
    if (const auto context = context_of(request)) setup_.tap->follow(work, *context);
  }
  const core::Answer answer = co_await setup_.operations.run(std::move(work), request.body.size(),
                                                             worker, request.is_client_there);
  co_return to_reply(answer, api::protocol_of(target));
}

net::awaitable<HttpReply> HttpRoutes::call_function(HttpRequest request, Worker& worker) {
  const core::Caller caller = caller_of(request.header("Authorization"), setup_.caller);
  const auto begin = [this, &request, &caller, &worker](auto handler) {
    const auto waiting = std::make_shared<decltype(handler)>(std::move(handler));
    setup_.functions->call(std::move(request), caller,
                           [waiting, &worker](std::optional<LambdaReply> reply) {
                             net::post(worker.io(), [waiting, reply = std::move(reply)]() mutable {
                               std::move (*waiting)(std::move(reply));
                             });
                           });
  };
  std::optional<LambdaReply> made =
      co_await net::async_initiate<const net::use_awaitable_t<>, void(std::optional<LambdaReply>)>(
          begin, net::use_awaitable);
  if (!made) made = lambda_fault(503, "ServiceException", "presso is about to end.");
  HttpReply reply;
  reply.status = made->status;
  reply.headers = std::move(made->headers);
  reply.body = std::move(made->body);
  co_return reply;
}

HttpReply HttpRoutes::refuse(int status, Worker& worker) {
  HttpReply reply;
  if (status == 413) {
    reply = refusal(413, "RequestEntityTooLargeException",
                    "The request's body is larger than " + std::to_string(kBodyBytes) + " bytes.");
  } else if (status == 431) {
    reply = refusal(431, "RequestHeaderSectionTooLargeException",
                    "The request's head is larger than " + std::to_string(kHeadBytes) + " bytes.");
  } else if (status == 503) {
    reply = refusal(503, "ServiceUnavailable", "All connections are in use.");
  } else {
    reply = refusal(400, "BadRequestException", "This is no HTTP/1.1 request.");
  }
  reply.headers.emplace_back("x-amzn-RequestId", next_uuid(worker.entropy()));
  return reply;
}

}  // namespace presso::server
