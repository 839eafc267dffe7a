#include <doctest/doctest.h>

#include "base/json.h"
#include "base/json_members.h"
#include "engine/core/redrive.h"
#include "tests/unit/core/map_runs_of_tests.h"

using namespace presso;
using namespace presso::core;
using namespace presso::test;

namespace {

constexpr const char* kRedriven =
    "ExecutionStarted MapStateEntered MapStateStarted MapRunStarted MapRunFailed MapStateFailed "
    "ExecutionFailed ExecutionRedriven MapRunRedriven MapRunSucceeded MapStateSucceeded "
    "MapStateExited ExecutionSucceeded";

bool redrive(World& world, const std::string& arn) {
  return world.ask(keys_of_execution(arn), [&](Core& core) {
    return core.executions().redrive(arn, std::nullopt).has_value();
  });
}

// "SUCCEEDED:1" for each child in the order of their start: its status and redrives.
std::string children_of(World& world, const std::string& arn) {
  std::string shown;
  auto rows = children(world, only_run(world, arn));
  std::sort(rows.begin(), rows.end(),
            [](const auto& left, const auto& right) { return left.number < right.number; });
  for (const auto& row : rows) {
    const auto details = parse_json(row.details);
    REQUIRE(details);
    shown += std::string{run::to_string(row.status)} + ":" +
             std::to_string(redrives_of(*details).count) + " ";
  }
  return shown;
}

}  // namespace

TEST_CASE("a redriven parent redrives the children that did not succeed, in the same Map Run") {
  for (const bool crashes : {false, true}) {
    CAPTURE(crashes);
    World world;
    echo(world, seconds(1), true);
    const std::string arn =
        world.start(world.create("m", machine(kCall, R"("MaxConcurrency":2,)")), "[1,2,3,4]");
    world.advance(seconds(1));
    const std::string run_arn = only_run(world, arn).summary.arn;
    CHECK(children_of(world, arn) == "SUCCEEDED:0 FAILED:0 ");
    echo(world, seconds(1));
    REQUIRE(redrive(world, arn));
    world.turn();
    if (crashes) world.crash();
    world.settle();
    const MapRun open = only_run(world, arn);
    CHECK(open.summary.status == run::MapRunStatus::Running);
    CHECK(open.summary.executions.running == 2);
    CHECK(open.summary.executions.pending == 1);
    CHECK(open.summary.redrive_count == 1);
    CHECK_FALSE(open.summary.stop_time);
    world.advance(seconds(5));
    CHECK(world.history(arn) == kRedriven);
    CHECK(world.output(arn) == "[1,2,3,4]");
    CHECK(children_of(world, arn) == "SUCCEEDED:0 SUCCEEDED:1 SUCCEEDED:0 SUCCEEDED:0 ");
    const MapRun closed = only_run(world, arn);
    CHECK(closed.summary.arn == run_arn);
    CHECK(closed.summary.redrive_count == 1);
    CHECK(closed.summary.redrive_time.has_value());
    CHECK(closed.summary.executions.succeeded == 4);
  }
}

TEST_CASE("a child that fails again is redriven again; those that wait are counted") {
  World world;
  const auto fail_all = [&] {
    world.services.on_task("lambda", "invoke", [](const TaskCall&) {
      return std::optional{FakeAnswer{run::Failure{.error = "No", .cause = {}}, seconds(1)}};
    });
  };
  fail_all();
  const std::string machine_text =
      machine(kCall, R"("MaxConcurrency":1,"ToleratedFailureCount":2,)");
  const std::string arn = world.start(world.create("m", machine_text), "[1,2,3]");
  world.advance(seconds(3));
  CHECK(children_of(world, arn) == "FAILED:0 FAILED:0 FAILED:0 ");
  REQUIRE(redrive(world, arn));
  world.settle();
  CHECK(only_run(world, arn).summary.executions.pending_redrive == 2);
  CHECK(only_run(world, arn).summary.executions.running == 1);
  world.crash();
  world.advance(seconds(3));
  CHECK(world.row(arn).status == run::Status::Failed);
  CHECK(only_run(world, arn).summary.executions.failed == 3);
  echo(world, seconds(1));
  REQUIRE(redrive(world, arn));
  world.advance(seconds(3));
  CHECK(world.output(arn) == "[1,2,3]");
  CHECK(children_of(world, arn) == "SUCCEEDED:2 SUCCEEDED:2 SUCCEEDED:2 ");
}

TEST_CASE("children of the type EXPRESS are started anew") {
  World world;
  echo(world, seconds(1), true);
  const std::string arn = world.start(world.create("m", machine(kCall, "", "EXPRESS")), "[1,2,3]");
  world.advance(seconds(1));
  REQUIRE(world.row(arn).status == run::Status::Failed);
  echo(world, seconds(1));
  REQUIRE(redrive(world, arn));
  world.turn();
  world.crash();
  world.advance(seconds(2));
  CHECK(world.history(arn) == kRedriven);
  CHECK(world.output(arn) == "[1,2,3]");
}

TEST_CASE("a run whose items could not be read reads them when it is redriven") {
  World world;
  constexpr const char* kReader = R"("ItemReader":{"Resource":"arn:aws:states:::s3:getObject",
      "ReaderConfig":{"InputType":"JSON"},"Parameters":{"Bucket":"b","Key":"k"}},)";
  world.services.on_task("s3", "getObject", [](const TaskCall&) {
    return std::optional{FakeAnswer{run::Failure{.error = "S3.NoSuchKey", .cause = "none"}}};
  });
  echo(world, seconds(1));
  const std::string arn = world.start(world.create("m", machine(kCall, kReader)));
  world.settle();
  REQUIRE(world.row(arn).status == run::Status::Failed);
  world.services.on_task("s3", "getObject", [](const TaskCall&) {
    return std::optional{FakeAnswer{R"({"Body":"[7]"})"}};
  });
  REQUIRE(redrive(world, arn));
  world.advance(seconds(2));
  CHECK(world.history(arn) == kRedriven);
  CHECK(world.output(arn) == "[7]");
}

TEST_CASE("a child that ended too long ago keeps its failure") {
  World world;
  world.services.on_task("lambda", "invoke", [](const TaskCall& call) {
    const auto delay = call.parameters == "1" ? seconds(1) : seconds(15 * 24 * 3'600);
    return std::optional{FakeAnswer{run::Failure{.error = "No", .cause = {}}, delay}};
  });
  const std::string arn =
      world.start(world.create("m", machine(kCall, R"("ToleratedFailureCount":1,)")), "[1,2]");
  world.advance(seconds(15 * 24 * 3'600));
  REQUIRE(world.row(arn).status == run::Status::Failed);
  echo(world, seconds(1));
  REQUIRE(redrive(world, arn));
  world.advance(seconds(2));
  CHECK(world.row(arn).status == run::Status::Succeeded);
  const MapRun map_run = only_run(world, arn);
  CHECK(map_run.summary.executions.succeeded == 1);
  CHECK(map_run.summary.executions.failed == 1);
  CHECK(map_run.summary.executions.failures_not_redrivable == 1);
  CHECK(children_of(world, arn) == "FAILED:0 SUCCEEDED:1 ");
}

TEST_CASE("a run that failed for its data begins anew") {
  World world;
  echo(world, seconds(1));
  const std::string arn = world.start(
      world.create("m", machine(kCall, R"("ItemSelector":{"n.$":"$$.Map.Item.Value.n"},)")),
      R"([{"n":1},{}])");
  world.settle();
  REQUIRE(world.row(arn).status == run::Status::Failed);
  REQUIRE(redrive(world, arn));
  world.settle();
  CHECK(world.ask([&](Core& core) { return core.map_runs().list(arn).size(); }) == 2);
}

TEST_CASE("a redriven Map Run that is crashed at any moment comes to the same") {
  for (int crash_after = 0; crash_after < 8; ++crash_after) {
    CAPTURE(crash_after);
    World world;
    echo(world, seconds(1), true);
    const std::string arn =
        world.start(world.create("m", machine(kCall, R"("MaxConcurrency":2,)")), "[1,2,3]");
    world.advance(seconds(1));
    echo(world, seconds(1));
    REQUIRE(redrive(world, arn));
    for (int turns = 0; turns < crash_after; ++turns) {
      world.turn();
      if (turns % 3 == 2) world.advance(seconds(1));
    }
    world.crash();
    world.advance(seconds(10));
    CHECK(world.history(arn) == kRedriven);
    CHECK(world.output(arn) == "[1,2,3]");
  }
}
