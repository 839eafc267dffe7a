#include "engine/core/express_traces.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

namespace presso::core {
namespace {

run::Event entered(const std::string& name) {
  run::Event event;
  event.detail = run::StateEntered{asl::StateType::Pass, name, {}};
  return event;
}

struct Told {
  ExpressTraces traces;

  void step(std::uint64_t number, run::Status status, const std::vector<run::Event>& events) {
    ExecutionRow row;
    row.number = {number};
    run::Execution execution;
    execution.identity.arn = "arn-" + std::to_string(number);
    execution.status = status;
    traces.add(row, execution, events);
  }
};

}  // namespace

TEST_CASE("what an Express execution told is known while it runs and after its end") {
  Told told;
  told.step(1, run::Status::Running, {entered("A")});
  const auto running = told.traces.all();
  told.step(1, run::Status::Succeeded, {entered("B")});
  REQUIRE(running.size() == 1);
  CHECK(running[0]->told.states.size() == 1);  // as it was when it was asked for
  const auto ended = told.traces.all();
  REQUIRE(ended.size() == 1);
  CHECK(ended[0]->arn == "arn-1");
  CHECK(ended[0]->row.status == run::Status::Succeeded);
  REQUIRE(ended[0]->told.states.size() == 2);
  CHECK(ended[0]->told.states[1].name == "B");
  CHECK(ended[0]->told.states[1].type == "Pass");
  CHECK(ended[0]->is_whole);
}

TEST_CASE("of many states the first are kept, and the last") {
  Told told;
  for (int i = 0; i < 150; ++i) {
    told.step(1, run::Status::Running, {entered("S" + std::to_string(i))});
  }
  told.step(1, run::Status::Failed, {entered("X"), entered("Last")});
  const auto all = told.traces.all();
  const auto& states = all.at(0)->told.states;
  REQUIRE(states.size() == kToldOfExpress);
  CHECK(states[98].name == "S98");
  CHECK(states.back().name == "Last");
  CHECK_FALSE(all[0]->is_whole);
}

TEST_CASE("those that ended first are forgotten first") {
  Told told;
  for (std::uint64_t i = 1; i <= kEndedExpress + 2; ++i) {
    told.step(i, run::Status::Succeeded, {});
  }
  told.step(9'999, run::Status::Running, {});
  const auto all = told.traces.all();
  REQUIRE(all.size() == kEndedExpress + 1);
  CHECK(all.front()->arn == "arn-3");
  CHECK(all.back()->arn == "arn-9999");
}

}  // namespace presso::core
