#include "server/otlp/tracing.h"

#include <boost/asio/post.hpp>
#include <utility>

namespace presso::server {
namespace {

// Turns that the worker has not looked at yet. Beyond it they are left out: what of an execution is
// missed is found in its history later.
constexpr std::size_t kTurnsWaiting = 1'000;

}  // namespace

std::optional<TraceContext> context_of(const HttpRequest& request) {
  if (auto context = parse_traceparent(request.header("traceparent"))) return context;
  return parse_amazon_trace(request.header("X-Amzn-Trace-Id"));
}

Tracing::Tracing(Worker& worker, OtlpSettings settings, std::shared_ptr<TlsTrust> trust,
                 const Log& log)
    : worker_(worker),
      log_(log),
      exporter_(worker.io(), std::move(settings), std::move(trust), log),
      tracer_({.reader = [&worker] { return worker.reader(); },
               .emit = [this](std::vector<Span> spans) { exporter_.add(std::move(spans)); }}),
      tap_([this](TurnFacts facts) { take(std::move(facts)); }) {}

void Tracing::take(TurnFacts facts) {
  if (turns_waiting_ >= kTurnsWaiting) {
    if (!is_behind_.exchange(true)) log_.warning("spans fall behind, and some are left out");
    return;
  }
  ++turns_waiting_;
  boost::asio::post(worker_.io(), [this, facts = std::move(facts)] {
    tracer_.turn(facts);
    if (--turns_waiting_ == 0) is_behind_ = false;
  });
}

}  // namespace presso::server
