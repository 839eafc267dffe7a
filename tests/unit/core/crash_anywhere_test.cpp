#include <doctest/doctest.h>

#include <algorithm>

#include "base/json.h"
#include "engine/core/redrive.h"
#include "tests/unit/core/map_runs_of_tests.h"

using namespace presso;
using namespace presso::core;
using namespace presso::test;

// Branches, iterations, a retry, children of their own and a redrive, with the process dying after
// each of the first turns: what is told of it all afterwards is what is told without a crash.

namespace {

constexpr const char* kTask = R"({"StartAt":"T#","States":{"T#":{"Type":"Task","End":true,
    "Resource":"arn:aws:lambda:us-east-1:123456789012:function:f"}}})";

std::string task_named(const std::string& suffix, const std::string& fields = "") {
  std::string text = kTask;
  for (std::size_t at = text.find('#'); at != std::string::npos; at = text.find('#')) {
    text.replace(at, 1, suffix);
  }
  const std::string end = "\"End\":true,";
  return text.replace(text.find(end), end.size(), end + fields);
}

std::string definition() {
  const std::string flaky = task_named("1", R"("Parameters":{"who":"flaky"},
      "Retry":[{"ErrorEquals":["Oops"],"IntervalSeconds":1}],)");
  std::string children = task_named("3");
  children.insert(1, R"("ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},)");
  return R"({"StartAt":"Both","States":{"Both":{"Type":"Parallel","Next":"Each","ResultPath":null,
      "Branches":[)" +
         flaky + R"(,{"StartAt":"Inside","States":{"Inside":{"Type":"Map","MaxConcurrency":2,
      "End":true,"ItemProcessor":)" +
         task_named("2") + R"(}}}]},"Each":{"Type":"Map","Label":"Each","MaxConcurrency":2,
      "ToleratedFailureCount":1,"End":true,"ItemProcessor":)" +
         children + "}}}";
}

// Of the distributed Map's children the third and the fifth fail until the service is repaired, and
// of "flaky" the first attempt; by what was asked for, so that a call made again is answered alike.
struct Service {
  bool is_repaired = false;
  std::optional<TaskId> first_flaky;

  void serve(World& world) {
    world.services.on_task("lambda", "invoke", [this](const TaskCall& call) {
      FakeAnswer answer{call.parameters, seconds(1)};
      const run::Failure oops{.error = "Oops", .cause = "by order"};
      if (call.parameters == R"({"who":"flaky"})") {
        if (!first_flaky) first_flaky = call.task;
        if (*first_flaky == call.task) answer.result = oops;
      }
      const bool is_bad = call.parameters == "30" || call.parameters == "50";
      // The inline Map's items are the same: its calls are the execution's own.
      if (is_bad && !is_repaired && call.task.execution != first_flaky->execution) {
        answer.result = oops;
      }
      return std::optional{answer};
    });
  }
};

struct Told {
  std::string failed;
  std::string history;
  std::string output;
  std::string children;

  friend bool operator==(const Told&, const Told&) = default;
};

void turns_and_a_crash(World& world, int turns, int crash_after) {
  for (int turn = 0; turn < turns; ++turn) {
    if (turn == crash_after) world.crash();
    world.turn();
    if (turn % 3 == 2) world.advance(seconds(1));
  }
  world.advance(seconds(30));
}

Told told(int first_crash, int second_crash) {
  World world;
  Service service;
  service.serve(world);
  const std::string arn = world.start(world.create("m", definition()), "[10,20,30,40,50,60]");
  turns_and_a_crash(world, 40, first_crash);
  REQUIRE(world.row(arn).status == run::Status::Failed);
  Told told;
  told.failed = world.history(arn);
  service.is_repaired = true;
  REQUIRE(world.ask(keys_of_execution(arn), [&](Core& core) {
    return core.executions().redrive(arn, std::nullopt).has_value();
  }));
  turns_and_a_crash(world, 20, second_crash);
  REQUIRE(world.row(arn).status == run::Status::Succeeded);
  told.history = world.history(arn);
  told.output = world.output(arn);
  auto rows = children(world, only_run(world, arn));
  std::sort(rows.begin(), rows.end(),
            [](const auto& left, const auto& right) { return left.number < right.number; });
  for (const auto& row : rows) {
    told.children += world.history(execution_arn(row.machine_arn, row.name)) + "; ";
  }
  return told;
}

}  // namespace

TEST_CASE("a crash after any turn, before a redrive or after it, changes nothing that is told") {
  constexpr int kNever = -1;
  const Told without = told(kNever, kNever);
  CHECK(without.output == "[10,20,30,40,50,60]");
  CHECK(without.history.starts_with(without.failed + " ExecutionRedriven MapRunRedriven "));
  for (int crash_after = 0; crash_after < 40; ++crash_after) {
    CAPTURE(crash_after);
    const Told with = told(crash_after, kNever);
    CHECK(with.failed == without.failed);
    CHECK(with.history == without.history);
    CHECK(with.output == without.output);
    CHECK(with.children == without.children);
  }
  for (int crash_after = 0; crash_after < 20; ++crash_after) {
    CAPTURE(crash_after);
    CHECK(told(kNever, crash_after) == without);
  }
}
