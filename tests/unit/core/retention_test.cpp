#include "engine/core/retention.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/json.h"
#include "engine/core/limits.h"
#include "tests/unit/core/map_runs_of_tests.h"

using namespace presso;
using namespace presso::core;
using namespace presso::test;

// What the disk holds when the retention has passed, with the process dying after any turn.

namespace {

constexpr const char* kPassOnly = R"({"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}})";
constexpr Duration kDay = seconds(86'400);

Settings kept_for(Duration retention) {
  Settings settings;
  settings.retention = retention;
  return settings;
}

std::string wait_of_days(int days) {
  return R"({"StartAt":"W","States":{"W":{"Type":"Wait","End":true,"Seconds":)" +
         std::to_string(days * 86'400) + "}}}";
}

// Turns at this moment until a look at what is stored is over. How many rows each turn erased.
std::vector<std::size_t> sweep(World& world, int crash_after = -1) {
  std::vector<std::size_t> erased;
  for (int turn = 0; world.core().retention_due() <= world.now(); ++turn) {
    REQUIRE(turn < 100);
    erased.push_back(world.turn().batch.erased_executions.size());
    if (turn == crash_after) world.crash();
  }
  return erased;
}

bool exists(World& world, const std::string& arn) {
  return world.ask(keys_of_execution(arn),
                   [&](Core& core) { return core.executions().find(arn).has_value(); });
}

}  // namespace

TEST_CASE("a closed execution is kept for ninety days after its end, a running one for ever") {
  World world;
  const std::string closed = world.start(world.create("pass", kPassOnly));
  const std::string late = world.start(world.create("late", wait_of_days(5)));
  const std::string open = world.start(world.create("open", wait_of_days(300)));
  sweep(world);
  CHECK(world.core().retention_due() == kStart + 90 * kDay);
  world.advance(90 * kDay - seconds(1));
  sweep(world);
  CHECK(exists(world, closed));
  world.advance(seconds(1));
  CHECK(sweep(world) == std::vector<std::size_t>{1});
  CHECK_FALSE(exists(world, closed));
  CHECK(exists(world, late));
  CHECK(world.core().retention_due() == kStart + 95 * kDay);
  world.advance(5 * kDay);
  sweep(world);
  CHECK_FALSE(exists(world, late));
  CHECK(exists(world, open));
  CHECK(world.store.disk().executions.size() == 1);
  CHECK(world.store.disk().history.size() == 1);
  world.advance(300 * kDay);
  sweep(world);
  CHECK(world.store.disk().executions.empty());
  CHECK(world.store.disk().names.empty());
  CHECK(world.store.disk().history.empty());
}

TEST_CASE("no clock skips to the time at which an execution goes") {
  World world;
  world.start(world.create("pass", kPassOnly));
  world.settle();
  CHECK_FALSE(world.core().next_deadline());
}

TEST_CASE("a name is free again in the very turn that its execution goes in") {
  World world(kept_for(seconds(60)));
  const StartExecution request{.machine_arn = world.create("pass", kPassOnly),
                               .name = "order",
                               .trace_header = std::nullopt};
  REQUIRE(world.try_start(request));
  sweep(world);
  world.set_now(world.now() + seconds(59));
  CHECK(world.try_start(request).error().code == "ExecutionAlreadyExists");
  world.set_now(world.now() + seconds(1));
  const auto again = world.try_start(request);
  REQUIRE(again);
  CHECK(world.batches.back().erased_executions == std::vector{ExecutionNumber{1}});
  CHECK(again->number == ExecutionNumber{2});
  CHECK(world.row(again->arn).status == run::Status::Succeeded);
}

TEST_CASE("a redrive in the turn that an execution goes in finds none") {
  World world(kept_for(seconds(60)));
  const std::string arn = world.start(
      world.create("fail", R"({"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E"}}})"));
  sweep(world);
  world.set_now(world.now() + seconds(60));
  const auto redriven = world.ask(keys_of_execution(arn), [&](Core& core) {
    return core.executions().redrive(arn, std::nullopt);
  });
  CHECK(redriven.error().code == "ExecutionDoesNotExist");
  CHECK(world.store.disk().executions.empty());
  world.crash();
  CHECK_FALSE(exists(world, arn));
}

TEST_CASE("many go a few in each turn, and what comes in between is served") {
  World world(kept_for(seconds(3'600)));
  const std::string passes = world.create("pass", kPassOnly);
  for (int i = 0; i < 600; ++i) world.start(passes);
  const std::string open = world.start(world.create("open", wait_of_days(1)));
  sweep(world);
  world.set_now(world.now() + seconds(3'601));
  const auto erased = sweep(world);
  CHECK(erased == std::vector<std::size_t>{256, 256, 88});
  CHECK(world.store.disk().executions.size() == 1);
  CHECK(world.core().retention_due() > world.now());
}

TEST_CASE("those who run are not looked at again and again") {
  World world;
  for (int i = 0; i < 10; ++i) world.start(world.create("m" + std::to_string(i), wait_of_days(99)));
  world.set_now(kStart + 95 * kDay);
  sweep(world);
  CHECK(world.core().retention_due() == world.now() + 90 * kDay);
  world.start(world.create("pass", kPassOnly));
  CHECK(world.core().retention_due() == world.now() + 90 * kDay);
}

TEST_CASE("a Map Run goes with its execution, its children by their own time") {
  World world(kept_for(2 * kDay));
  echo(world, seconds(1));
  const std::string arn = world.start(world.create("m", machine(kCall)), "[1,2,3]");
  world.advance(seconds(30));
  const MapRun map_run = only_run(world, arn);
  REQUIRE(children(world, map_run).size() == 3);
  world.advance(3 * kDay);
  sweep(world);
  CHECK(children(world, map_run).empty());
  CHECK(world.store.disk().executions.empty());
  CHECK(world.store.disk().history.empty());
  const auto kinds = world.store.disk().documents;
  CHECK(std::none_of(kinds.begin(), kinds.end(),
                     [](const auto& document) { return document.first.first == "map-run"; }));
  const auto gone = world.ask(
      [&](Core& core) { return core.map_runs().describe(world.caller, map_run.summary.arn); });
  CHECK(gone.error().code == "ResourceNotFound");
  CHECK(world.ask([&](Core& core) { return core.map_runs().list(arn).empty(); }));
}

TEST_CASE("a crash after any of the turns leaves whole executions, and the rest goes after it") {
  for (int crash_after = 0; crash_after < 4; ++crash_after) {
    CAPTURE(crash_after);
    World world(kept_for(2 * kDay));
    echo(world, seconds(1));
    const std::string machine_arn = world.create("pass", kPassOnly);
    const std::string arn = world.start(world.create("m", machine(kCall)), "[1,2,3]");
    for (int i = 0; i < 500; ++i) world.start(machine_arn);
    world.advance(seconds(30));
    world.set_now(world.now() + 3 * kDay);
    const std::string young = world.start(machine_arn);
    sweep(world, crash_after);
    const MemoryDisk disk = world.store.disk();
    CHECK(disk.executions.size() == 1);
    CHECK(disk.history.size() == 1);
    CHECK(disk.last_number == world.row(young).number);
    world.crash();
    CHECK(world.start(machine_arn) != young);
    CHECK(world.row(young).status == run::Status::Succeeded);
  }
}
