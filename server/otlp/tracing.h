// OTLP traces: from the turns of the core to a collector. What is not on the core's thread is on a
// worker's.
#pragma once

#include <atomic>
#include <memory>

#include "server/http_message.h"
#include "server/log.h"
#include "server/otlp/exporter.h"
#include "server/otlp/settings.h"
#include "server/otlp/trace_tap.h"
#include "server/otlp/tracer.h"
#include "server/worker.h"

namespace presso::server {

// The context that a request came with: traceparent, or X-Amzn-Trace-Id.
[[nodiscard]] std::optional<TraceContext> context_of(const HttpRequest&);

class Tracing {
 public:
  Tracing(Worker&, OtlpSettings, std::shared_ptr<TlsTrust>, const Log&);

  [[nodiscard]] TraceTap& tap() { return tap_; }
  // At the end, from the starting thread: what was told is sent, or the time is over.
  void drain(Duration patience) { exporter_.drain(patience); }

 private:
  void take(TurnFacts);

  Worker& worker_;
  const Log& log_;
  OtlpExporter exporter_;
  Tracer tracer_;
  std::atomic<std::size_t> turns_waiting_{0};
  std::atomic<bool> is_behind_{false};
  TraceTap tap_;
};

}  // namespace presso::server
