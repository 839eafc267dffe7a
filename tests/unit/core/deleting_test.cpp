// A machine that is deleted while executions of it run.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/json.h"
#include "engine/core/machines.h"
#include "engine/core/names.h"
#include "engine/core/redrive.h"
#include "engine/core/running.h"
#include "tests/unit/core/map_runs_of_tests.h"
#include "tests/unit/core/world.h"

using namespace presso;
using namespace presso::core;
using namespace presso::test;

namespace {

constexpr const char* kWaitAndPass = R"({"StartAt":"Wait","States":{
  "Wait":{"Type":"Wait","Seconds":10,"Next":"Pass"},"Pass":{"Type":"Pass","End":true}}})";
constexpr const char* kWait =
    R"({"StartAt":"Wait","States":{"Wait":{"Type":"Wait","Seconds":10,"End":true}}})";

void remove(World& world, const std::string& machine) {
  world.ask([&](Core& core) {
    core.machines().remove(machine);
    return true;
  });
}

// "ACTIVE", "DELETING" or the code of the error.
std::string state_of(World& world, const std::string& machine) {
  return world.ask([&](Core& core) -> std::string {
    const auto found = core.machines().find(machine);
    if (!found) return found.error().code;
    return (*found)->is_deleting ? "DELETING" : "ACTIVE";
  });
}

Result<const StateMachine*> create(World& world, const std::string& definition,
                                   asl::MachineType type = asl::MachineType::Standard) {
  return world.ask([&](Core& core) {
    return core.machines().create(
        world.caller,
        {.name = "M",
         .type = type,
         .first = {.definition = definition, .role_arn = "r", .settings = Json::object()}});
  });
}

StartExecution start_of(const std::string& machine) {
  StartExecution request;
  request.machine_arn = machine;
  return request;
}

Error being_deleted(const std::string& machine) {
  return {"StateMachineDeleting", "State Machine is being deleted: '" + machine + "'"};
}

}  // namespace

TEST_CASE("a machine that nothing runs is gone at once") {
  World world;
  const std::string machine = world.create("M", kWait);
  const std::string execution = world.start(machine);
  world.advance(seconds(10));
  REQUIRE(world.row(execution).status == run::Status::Succeeded);
  remove(world, machine);
  CHECK(state_of(world, machine) == "StateMachineDoesNotExist");
  CHECK(world.store.disk().documents.count({"state-machine", machine}) == 0);
}

TEST_CASE("an execution of a machine that is being deleted fails where its next state begins") {
  World world;
  const std::string machine = world.create("Shop", kWaitAndPass);
  const std::string execution = world.start(machine);
  const std::string last = world.start(world.create("Other", kWaitAndPass));
  remove(world, machine);
  CHECK(state_of(world, machine) == "DELETING");
  CHECK(world.row(execution).status == run::Status::Running);
  SUBCASE("without a crash") {}
  SUBCASE("after a crash") { world.crash(); }
  CHECK(state_of(world, machine) == "DELETING");
  world.advance(seconds(10));
  CHECK(world.history(execution) ==
        "ExecutionStarted WaitStateEntered WaitStateExited ExecutionFailed");
  const run::Event end = world.events(execution).back();
  const auto& ended = std::get<run::ExecutionEnded>(end.detail);
  CHECK(ended.error == "States.Runtime");
  CHECK(ended.cause == "State machine Shop has been deleted.");
  CHECK(end.previous == end.id - 1);
  CHECK(state_of(world, machine) == "StateMachineDoesNotExist");
  CHECK(world.row(last).status == run::Status::Succeeded);
  // Nothing of it comes back.
  world.crash();
  CHECK(state_of(world, machine) == "StateMachineDoesNotExist");
  CHECK(world.store.disk().documents.count({"state-machine-deleted", machine}) == 0);
}

TEST_CASE("an execution that has no next state succeeds though its machine is being deleted") {
  World world;
  const std::string machine = world.create("M", kWait);
  const std::string execution = world.start(machine);
  remove(world, machine);
  remove(world, machine);
  world.advance(seconds(10));
  CHECK(world.row(execution).status == run::Status::Succeeded);
  CHECK(state_of(world, machine) == "StateMachineDoesNotExist");
}

TEST_CASE("nothing new is done with a machine that is being deleted, until it is gone") {
  World world;
  const std::string machine = world.create("M", kWait);
  const std::string execution = world.start(machine);
  remove(world, machine);
  const auto started = world.try_start(start_of(machine));
  REQUIRE_FALSE(started);
  CHECK(started.error() == being_deleted(machine));
  const auto created = create(world, kWait);
  REQUIRE_FALSE(created);
  CHECK(created.error() == being_deleted(machine));
  const auto updated = world.ask([&](Core& core) {
    return core.machines().update(
        {.arn = machine, .definition = {}, .role_arn = "other", .settings = Json::object()});
  });
  REQUIRE_FALSE(updated);
  CHECK(updated.error() == being_deleted(machine));
  const auto alias = world.ask([&](Core& core) {
    return core.versions().create_alias(
        {.name = "A", .description = {}, .routes = {{machine + ":1", 100}}});
  });
  REQUIRE_FALSE(alias);
  CHECK(alias.error() == being_deleted(machine));
  world.ask([&](Core& core) { return core.executions().stop({1}), true; });
  CHECK(world.row(execution).status == run::Status::Aborted);
  const auto redriven = world.ask(keys_of_execution(execution), [&](Core& core) {
    return core.executions().redrive(execution, {});
  });
  REQUIRE_FALSE(redriven);
  CHECK(redriven.error().message == "State machine is in DELETING status");
  CHECK(create(world, kWait).has_value());
  CHECK(state_of(world, machine) == "ACTIVE");
}

TEST_CASE("an Express machine is gone with its last execution, or with the process") {
  World world;
  REQUIRE(create(world, kWaitAndPass, asl::MachineType::Express));
  const std::string machine = machine_arn(world.caller, "M");
  REQUIRE(world.try_start(start_of(machine)));
  remove(world, machine);
  CHECK(state_of(world, machine) == "DELETING");
  SUBCASE("its execution ends") { world.advance(seconds(10)); }
  SUBCASE("its execution is lost") {
    world.crash();
    world.settle();
    world.crash();
  }
  CHECK(state_of(world, machine) == "StateMachineDoesNotExist");
  CHECK(world.store.disk().documents.count({"state-machine-deleted", machine}) == 0);
}

TEST_CASE("children of a Map Run count for its machine, and end like it") {
  World world;
  const std::string definition = test::machine(
      R"("StartAt":"Wait","States":{"Wait":{"Type":"Wait","Seconds":10,"Next":"Pass"},
         "Pass":{"Type":"Pass","End":true}})");
  const std::string machine = world.create("M", definition);
  const std::string execution = world.start(machine, "[1,2,3]");
  world.settle();
  const auto run = only_run(world, execution);
  remove(world, machine);
  CHECK(state_of(world, machine) == "DELETING");
  world.advance(seconds(10));
  world.settle();
  CHECK(world.row(execution).status == run::Status::Failed);
  std::size_t failed = 0;
  for (const ExecutionRow& child : children(world, run)) {
    CHECK(run::is_terminal(child.status));
    if (child.status == run::Status::Failed) ++failed;
  }
  CHECK(failed >= 1);
  CHECK(state_of(world, machine) == "StateMachineDoesNotExist");
  CHECK(world.core().executions().running() == 0);
}

TEST_CASE("what runs is counted for each machine, without labels") {
  Running running;
  running.add("a:stateMachine:M");
  running.add("a:stateMachine:M/Map", 2);
  running.add("a:stateMachine:N");
  CHECK(running.count() == 4);
  CHECK_FALSE(running.remove("a:stateMachine:M/Map"));
  CHECK_FALSE(running.remove("a:stateMachine:M"));
  CHECK(running.has("a:stateMachine:M"));
  CHECK(running.remove("a:stateMachine:M/Map"));
  CHECK_FALSE(running.has("a:stateMachine:M"));
  CHECK(running.has("a:stateMachine:N"));
  CHECK_FALSE(running.has("a:stateMachine:O"));
  CHECK(running.count() == 1);
}
