#include "engine/run/step.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/asl/parse.h"
#include "engine/run/event_codec.h"
#include "engine/run/evolve.h"
#include "engine/run/history.h"
#include "engine/run/limits.h"

namespace presso::run {
namespace {

// What happens to one execution in most ways is in tests/scenarios; here is what is too long for
// them.
class Run {
 public:
  explicit Run(std::string_view definition)
      : definition_{asl::parse(definition, asl::MachineType::Standard).definition},
        live_{make_execution({}, definition_)} {}

  const Outcome& feed(const Input& input) {
    outcome_ = step(live_, input, Env{.now = time_of_epoch_ms(0), .entropy = &entropy_});
    events_.insert(events_.end(), outcome_.events.begin(), outcome_.events.end());
    return outcome_;
  }
  const Outcome& start(std::string input) {
    return feed(Start{SharedJson::trusted(std::move(input)), {}, {}});
  }

  bool wants_more() const {
    return std::any_of(outcome_.commands.begin(), outcome_.commands.end(),
                       [](const auto& it) { return std::holds_alternative<ContinueLater>(it); });
  }
  bool is_same_when_folded() const {
    Execution folded = make_execution({}, definition_);
    for (const Event& event : events_) evolve(folded, event);
    return is_same(live_, folded);
  }
  const Execution& live() const { return live_; }
  const std::vector<Event>& events() const { return events_; }

 private:
  std::shared_ptr<const asl::Definition> definition_;
  Execution live_;
  SeededEntropy entropy_{1};
  Outcome outcome_;
  std::vector<Event> events_;
};

constexpr const char* kLoop = R"({"StartAt": "A", "States": {
  "A": {"Type": "Pass", "Next": "B"},
  "B": {"Type": "Choice", "Default": "A", "Choices": [
    {"Variable": "$.stop", "IsPresent": true, "Next": "S"}]},
  "S": {"Type": "Succeed"}}})";

}  // namespace

TEST_CASE("a step stops at its bound and says that there is more") {
  Run run{kLoop};
  run.start("{}");
  CHECK(run.wants_more());
  CHECK(run.events().size() <= 2 * kTransitionsPerStep + 1);
  CHECK(run.live().status == Status::Running);
  CHECK(run.is_same_when_folded());
  CHECK(resume(run.live()).size() == 1);
  const std::size_t before = run.events().size();
  run.feed(Continue{});
  CHECK(run.wants_more());
  CHECK(run.events().size() > before);
}

TEST_CASE("a machine that loops for ever fails at the end of its history") {
  Run run{kLoop};
  run.start("{}");
  while (run.wants_more()) run.feed(Continue{});
  CHECK(run.live().status == Status::Failed);
  CHECK(run.live().failure.error == "States.Runtime");
  CHECK(run.live().failure.cause ==
        "The execution reached the maximum number of history events (25000).");
  CHECK(run.live().last_event_id <= kHistoryEvents);
  CHECK(run.live().last_event_id > kHistoryEvents - 10);
  CHECK(public_type(run.events().back()) == "ExecutionFailed");
  CHECK(run.is_same_when_folded());
}

TEST_CASE("a state that passes a large input on stores it once") {
  Run run{R"({"StartAt": "A", "States": {
    "A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "C"},
    "C": {"Type": "Succeed"}}})"};
  const std::string input = "\"" + std::string(100'000, 'x') + "\"";
  const Outcome& outcome = run.start(input);
  CHECK(outcome.events.size() == 8);
  CHECK(encode(outcome.events).size() < input.size() + 300);
}

TEST_CASE("a result beyond 262,144 bytes is States.DataLimitExceeded") {
  Run run{R"({"StartAt": "F", "States": {
    "F": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
      "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "P"}], "End": true},
    "P": {"Type": "Pass", "End": true}}})"};
  run.start("{}");
  run.feed(CallSucceeded{TaskId{ExecutionNumber{}, 3},
                         SharedJson::trusted("\"" + std::string(kStateDataBytes - 1, 'x') + "\"")});
  CHECK(run.live().status == Status::Succeeded);
  const auto& failed = std::get<TaskFailed>(run.events().at(4).detail);
  CHECK(failed.error == "States.DataLimitExceeded");
  CHECK(failed.cause ==
        "The state/task 'arn:aws:lambda:us-east-1:123456789012:function:f' returned a result with "
        "a size exceeding the maximum number of bytes service limit.");
}

TEST_CASE("an execution that has ended takes no further input") {
  Run run{R"({"StartAt": "S", "States": {"S": {"Type": "Succeed"}}})"};
  run.start("{}");
  CHECK(run.feed(Stop{}).events.empty());
  CHECK(run.feed(DeadlineReached{}).commands.empty());
  CHECK(run.feed(Continue{}).events.empty());
  CHECK_FALSE(next_deadline(run.live()).has_value());
}

}  // namespace presso::run
