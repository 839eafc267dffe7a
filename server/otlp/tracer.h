// Tracer: what turns have brought → spans. A span is told of when it is over: of an execution, each
// of its states, each attempt of a task and each Map Run, of a rule that matched an event, and of
// each attempt to deliver it, to another bus as well.
//
// A trace goes on as far as is known: from the request's own context (traceparent, X-Amzn-Trace-Id)
// or the execution's traceHeader to all that comes of it; from an event to what its rules start;
// from an execution to what it starts or puts. What comes from nothing known begins a trace.
//
// What of an execution is open is in memory, of those in use last; of any other, and of all after a
// restart, it is folded from the history that is stored.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "engine/core/store.h"
#include "server/otlp/open_spans.h"
#include "server/otlp/recent.h"
#include "server/otlp/span.h"
#include "server/otlp/trace_tap.h"

namespace presso::server {

class Tracer {
 public:
  struct Setup {
    std::function<Result<core::Reader*>()> reader;
    std::function<void(std::vector<Span>)> emit;
  };
  explicit Tracer(Setup setup) : setup_(std::move(setup)) {}

  // In the order of the turns, on one thread.
  void turn(const TurnFacts&);

 private:
  using Rows = std::map<ExecutionNumber, const core::ExecutionRow*>;

  void pass(const TurnFacts::Passed&);
  void send_on(const TurnFacts::Passed&);
  void step(const core::HistoryRow&, const Rows&);
  void step(const core::ExpressStep&);
  // Null: nothing is known of it.
  [[nodiscard]] OpenSpans* find(const core::HistoryRow&, const Rows&);
  [[nodiscard]] bool catch_up(OpenSpans&, const core::HistoryRow&);
  void begin(const TurnFacts::Attempt&, Time now);
  void end(const core::DeliveryAnswered&, Time now);

  // `depth`: executions that came from one another.
  [[nodiscard]] TraceContext context_of(const core::ExecutionRow&, const std::string& arn,
                                        int depth);
  [[nodiscard]] TraceContext context_of_event(const std::string& id);
  [[nodiscard]] std::string trace_of_execution(const std::string& arn, int depth);
  // The span of the rule's match, made at the first look.
  [[nodiscard]] TraceContext below_match(const std::string& event_id, const std::string& rule_arn,
                                         const TraceContext& of_event);

  struct Delivery {
    TurnFacts::Attempt attempt;
    TraceContext context;
    Time start{};
  };
  struct Kind {
    std::string source;
    std::string detail_type;
  };

  Setup setup_;
  Time now_{};
  std::vector<Span> spans_;
  Recent<ExecutionNumber, OpenSpans> open_{10'000};
  Recent<std::string, TraceContext> given_{50'000};  // of events and executions
  Recent<std::string, Kind> kinds_{10'000};          // of events
  Recent<std::string, bool> matches_{10'000};        // span ids that were told
  Recent<DeliveryId, Delivery> deliveries_{10'000};  // in flight
};

}  // namespace presso::server
