// The outside, under virtual time: calls and deliveries are answered by rules that a test writes,
// after the delay it names, or never.
//
//   FakeServices services;
//   services.on_task("dynamodb", "getItem", [](const core::TaskCall&) {
//     return FakeAnswer{R"({"Item":{}})"};
//   });
//   services.perform(effect, now);            // an effect of a turn, after its commit
//   inputs = services.take_due(now);          // what has come back by now
//
// A call that no rule names stays unanswered. A crash of the process loses what is on its way:
// `forget`.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.h"
#include "engine/core/effect.h"
#include "engine/core/input.h"

namespace presso::test {

struct FakeAnswer {
  std::variant<std::string, run::Failure> result;
  Duration delay{0};
};
struct FakeDelivery {
  std::optional<core::DeliveryFailure> failure;
  Duration delay{0};
};

class FakeServices {
 public:
  // Nothing: never answered.
  using TaskRule = std::function<std::optional<FakeAnswer>(const core::TaskCall&)>;
  using DeliveryRule = std::function<std::optional<FakeDelivery>(const core::DeliveryCall&)>;

  // Replaces the rule of the same service and action. Lambda functions by ARN have the service
  // "lambda" and the action "invoke".
  void on_task(std::string service, std::string action, TaskRule);
  void on_delivery(DeliveryRule rule) { delivery_rule_ = std::move(rule); }

  // TaskCall, CancelCall and DeliveryCall; others are of no concern here.
  void perform(const core::Effect&, Time now);
  [[nodiscard]] std::vector<core::Input> take_due(Time now);
  [[nodiscard]] std::optional<Time> next() const;
  [[nodiscard]] std::size_t in_flight() const { return on_the_way_.size(); }
  void forget() { on_the_way_.clear(); }

  // All that were ever asked for, in order.
  std::vector<core::TaskCall> calls;
  std::vector<core::CancelCall> cancelled;
  std::vector<core::DeliveryCall> deliveries;

 private:
  using Answer = std::variant<core::CallAnswered, core::DeliveryAnswered>;

  void start(const core::TaskCall&, Time now);
  void start(const core::DeliveryCall&, Time now);

  std::map<std::pair<std::string, std::string>, TaskRule> task_rules_;
  DeliveryRule delivery_rule_;
  std::multimap<Time, Answer> on_the_way_;  // those of one moment in the order asked
};

}  // namespace presso::test
