// What a turn has brought, as far as spans tell of it: gathered on the core's thread, after the
// commit, and handed on. All that is told is stored or was answered.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "api/dispatch.h"
#include "base/time.h"
#include "engine/core/core.h"
#include "server/otlp/span.h"

namespace presso::server {

struct TurnFacts {
  struct Attempt {
    DeliveryId delivery;
    std::string target_arn;
    std::string rule_arn;
    std::string event_id;
    bool is_dead_letter = false;
  };
  struct Passed {
    std::string bus;
    bus::SharedEvent event;
    std::string sent_by;  // the ARN of the rule that sent it on from another bus
  };

  Time now{};
  std::vector<core::ExecutionRow> rows;
  std::vector<core::HistoryRow> history;
  std::vector<core::ExpressStep> express;
  std::vector<Passed> events;
  std::vector<Attempt> attempts;
  std::vector<core::DeliveryAnswered> ends;
  // Events that requests with a context of their own have put. An execution that such a request
  // has started says so itself.
  std::vector<std::pair<std::string, TraceContext>> put;

  [[nodiscard]] bool empty() const {
    return history.empty() && express.empty() && events.empty() && attempts.empty() &&
           ends.empty() && put.empty();
  }
};

class TraceTap {
 public:
  explicit TraceTap(std::function<void(TurnFacts)> tell) : tell_(std::move(tell)) {}

  // Any thread: what the request makes belongs to this trace.
  void follow(api::Work&, const TraceContext&);

  // ---- on the core's thread ----
  void answered(const core::DeliveryAnswered& answer) { facts_.ends.push_back(answer); }
  void turn(const core::TurnResult&, Time now);

 private:
  void take(const core::Effect&);
  void take(const core::Reply&);

  std::function<void(TurnFacts)> tell_;
  TurnFacts facts_;
  std::map<RequestId, TraceContext> followed_;  // requests of this turn
};

}  // namespace presso::server
