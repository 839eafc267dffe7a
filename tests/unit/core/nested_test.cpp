#include "engine/core/nested.h"

#include <doctest/doctest.h>

#include "base/json.h"
#include "tests/unit/core/machines_of_tests.h"
#include "tests/unit/core/world.h"

using namespace presso;
using namespace presso::core;
using namespace presso::test;

namespace {

std::string starter(const std::string& pattern) {
  return R"({"StartAt": "S", "States": {"S": {
    "Type": "Task", "Resource": "arn:aws:states:::states:startExecution)" +
         pattern + R"(",
    "Parameters": {"StateMachineArn.$": "$.machine", "Input.$": "$.input"}, "End": true}}})";
}
std::string input_for(const std::string& machine) {
  return R"({"machine":")" + machine + R"(","input":{"n":1}})";
}

Json parsed(const std::string& text) {
  auto value = parse_json(text);
  REQUIRE(value);
  return *std::move(value);
}

// The one execution of a machine.
std::string only(const World& world, const std::string& machine) {
  const auto rows = world.store.reader()->list(
      {.machine_arn = machine, .status = std::nullopt, .before = std::nullopt, .limit = 2});
  REQUIRE(rows);
  REQUIRE(rows->size() == 1);
  return execution_arn(machine, rows->front().name);
}

constexpr const char* kSyncHistory =
    "ExecutionStarted TaskStateEntered TaskScheduled TaskStarted TaskSubmitted TaskSucceeded "
    "TaskStateExited ExecutionSucceeded";

}  // namespace

TEST_CASE(".sync ends with its execution and shows data as text, .sync:2 as JSON") {
  for (const bool is_parsed : {false, true}) {
    World world;
    const std::string child_machine = world.create("Child", kWaitTenSeconds);
    const std::string parent = world.start(
        world.create("Parent", starter(is_parsed ? ".sync:2" : ".sync")), input_for(child_machine));
    const std::string child = only(world, child_machine);
    CHECK(world.row(parent).status == run::Status::Running);
    CHECK(world.store.disk().deliveries.size() == 1);
    world.advance(seconds(10));
    CHECK(world.history(parent) == kSyncHistory);
    CHECK(world.store.disk().deliveries.empty());
    const std::string data = is_parsed ? R"({"n":1})" : R"("{\"n\":1}")";
    CHECK(world.output(parent) == R"({"ExecutionArn":")" + child + R"(","Input":)" + data +
                                      R"(,"InputDetails":{"Included":true},"Name":")" +
                                      child.substr(child.rfind(':') + 1) + R"(","Output":)" + data +
                                      R"(,"OutputDetails":{"Included":true},"StartDate":)" +
                                      std::to_string(epoch_ms(kStart)) + R"(,"StateMachineArn":")" +
                                      child_machine + R"(","Status":"SUCCEEDED","StopDate":)" +
                                      std::to_string(epoch_ms(kStart + seconds(10))) + "}");
  }
}

TEST_CASE("a .sync task has a token that ends it before its execution does") {
  World world;
  const std::string child_machine = world.create("Child", kWaitTenSeconds);
  const std::string parent = world.start(
      world.create("Parent", R"({"StartAt": "S", "States": {"S": {"Type": "Task", "End": true,
          "Resource": "arn:aws:states:::states:startExecution.sync", "Parameters": {
          "StateMachineArn.$": "$.machine", "Input": {"token.$": "$$.Task.Token"}}}}})"),
      input_for(child_machine));
  const std::string token = world.token(parent);
  CHECK(world.ask(keys_of_token(token), [&](Core& core) {
    return core.executions().succeed_task(token, R"("done")").has_value();
  }));
  world.settle();
  CHECK(world.history(parent) == kSyncHistory);
  CHECK(world.output(parent) == R"("done")");
  CHECK(world.row(only(world, child_machine)).status == run::Status::Running);
  world.advance(seconds(10));
  CHECK(world.row(only(world, child_machine)).status == run::Status::Succeeded);
}

TEST_CASE("an execution that ends in the turn of its start is awaited all the same") {
  World world;
  const std::string child = world.create("Child", kPass);
  const std::string parent =
      world.start(world.create("Parent", starter(".sync:2")), input_for(child));
  CHECK(world.history(parent) == kSyncHistory);
  CHECK(parsed(world.output(parent))["Output"]["n"] == 1);
}

TEST_CASE("a failed execution fails its .sync task with States.TaskFailed") {
  World world;
  const std::string child = world.create("Child", R"({"StartAt": "F", "States": {
    "F": {"Type": "Fail", "Error": "Bad", "Cause": "luck"}}})");
  const std::string parent =
      world.start(world.create("Parent", starter(".sync")), input_for(child));
  CHECK(world.row(parent).status == run::Status::Failed);
  const std::string output = world.output(parent);
  REQUIRE(output.starts_with("States.TaskFailed: "));
  const Json cause = parsed(output.substr(output.find(' ') + 1));
  CHECK(cause["Error"] == "Bad");
  CHECK(cause["Cause"] == "luck");
  CHECK(cause["Status"] == "FAILED");
  CHECK(cause.find("Output") == cause.end());
}

TEST_CASE("the end of an execution reaches who awaits it, neither in memory, after a crash") {
  World world{{.seed = 1, .buses = {}, .executions_in_memory = 0}};
  const std::string child_machine = world.create("Child", kWaitTenSeconds);
  const std::string parent =
      world.start(world.create("Parent", starter(".sync:2")), input_for(child_machine));
  CHECK(world.core().executions().in_memory() == 0);
  world.crash();
  world.advance(seconds(9));
  CHECK(world.row(parent).status == run::Status::Running);
  world.set_now(kStart + seconds(10));
  world.turn();
  // The child ended in this turn; its parent has to be loaded, and the end is kept meanwhile.
  CHECK(world.row(only(world, child_machine)).status == run::Status::Succeeded);
  CHECK(world.row(parent).status == run::Status::Running);
  CHECK(world.core().has_work_left());
  world.crash();
  world.settle();
  CHECK(world.row(parent).status == run::Status::Succeeded);
  CHECK(world.store.disk().deliveries.empty());
}

TEST_CASE("stopping who awaits an execution stops it") {
  World world{{.seed = 1, .buses = {}, .executions_in_memory = 0}};
  const std::string child = world.create("Child", kWaitTenSeconds);
  const std::string parent =
      world.start(world.create("Parent", starter(".sync")), input_for(child));
  world.ask(keys_of_execution(parent),
            [&](Core& core) { return core.executions().stop(parent, {}).has_value(); });
  world.settle();
  CHECK(world.row(parent).status == run::Status::Aborted);
  CHECK(world.row(only(world, child)).status == run::Status::Aborted);
  CHECK(world.store.disk().deliveries.empty());
  CHECK(world.services.cancelled.empty());
}

TEST_CASE("two tasks may await one execution") {
  World world;
  const std::string child = world.create("Child", kWaitTenSeconds);
  const std::string machine = world.create("Parent", R"({"StartAt": "S", "States": {"S": {
    "Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync",
    "Parameters": {"StateMachineArn": ")" + child + R"(", "Name": "same"}, "End": true}}})");
  const std::string first = world.start(machine);
  const std::string second = world.start(machine);
  world.settle();
  CHECK(world.store.disk().deliveries.size() == 2);
  world.advance(seconds(10));
  CHECK(world.row(first).status == run::Status::Succeeded);
  CHECK(world.row(second).status == run::Status::Succeeded);
  CHECK(world.store.disk().deliveries.empty());
}
