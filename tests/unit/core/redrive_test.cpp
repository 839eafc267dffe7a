#include "engine/core/redrive.h"

#include <doctest/doctest.h>

#include "base/json.h"
#include "tests/unit/core/machines_of_tests.h"
#include "tests/unit/core/world.h"

using namespace presso;
using namespace presso::core;
using namespace presso::test;

namespace {

constexpr std::string_view kTwoCalls = R"({
  "StartAt": "All", "States": {"All": {"Type": "Parallel", "End": true, "Branches": [
    {"StartAt": "Get", "States": {"Get": {
      "Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem",
      "Parameters": {"TableName": "t", "Key": {"id": {"S": "1"}}}, "End": true}}},
    {"StartAt": "Put", "States": {"Put": {
      "Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem",
      "Parameters": {"TableName": "t", "Item": {"id": {"S": "1"}}}, "End": true}}}]}}})";

Result<Time> redrive(World& world, const std::string& arn,
                     const std::optional<std::string>& token = std::nullopt) {
  return world.ask(keys_of_execution(arn),
                   [&](Core& core) { return core.executions().redrive(arn, token); });
}

void stop(World& world, const std::string& arn) {
  CHECK(world.ask(keys_of_execution(arn), [&](Core& core) {
    return core.executions().stop(arn, {.error = "Enough", .cause = {}}).has_value();
  }));
}

// One whose only call has failed.
std::string failed(World& world, const std::string& machine) {
  const std::string arn = world.start(machine);
  world.turn(
      {CallAnswered{world.services.calls.back().task, run::Failure{.error = "Oops", .cause = {}}}});
  CHECK(world.row(arn).status == run::Status::Failed);
  return arn;
}

Json details_of_last_event(const World& world) {
  const auto envelope = parse_json(world.published.back().envelope());
  REQUIRE(envelope);
  return envelope->at("detail");
}

}  // namespace

TEST_CASE("a redriven execution runs again, though nothing of it was in memory") {
  World world;
  const std::string arn = failed(world, world.create("M", kGetItem));
  CHECK(world.core().executions().in_memory() == 0);
  world.advance(seconds(60));
  const auto redriven = redrive(world, arn);
  REQUIRE(redriven);
  CHECK(*redriven == kStart + seconds(60));
  const ExecutionRow row = world.row(arn);
  CHECK(row.status == run::Status::Running);
  CHECK(row.start_time == kStart);
  CHECK_FALSE(row.stop_time);
  CHECK(row.is_outstanding);
  CHECK(world.core().executions().running() == 1);
  REQUIRE(world.services.calls.size() == 2);
  world.turn({CallAnswered{world.services.calls[0].task, std::string{"1"}}});  // of the first try
  CHECK(world.row(arn).status == run::Status::Running);
  world.turn({CallAnswered{world.services.calls[1].task, std::string{"2"}}});
  CHECK(world.output(arn) == "2");
  CHECK(world.core().executions().running() == 0);
  CHECK(world.history(arn) ==
        "ExecutionStarted TaskStateEntered TaskScheduled TaskStarted TaskFailed ExecutionFailed "
        "ExecutionRedriven TaskScheduled TaskStarted TaskSucceeded TaskStateExited "
        "ExecutionSucceeded");
}

TEST_CASE("after a crash a redriven execution goes on, with the calls that were asked for again") {
  World world;
  const std::string arn = world.start(world.create("M", kTwoCalls));
  REQUIRE(world.services.calls.size() == 2);
  world.turn({CallAnswered{world.services.calls[0].task, std::string{R"("got")"}}});
  world.turn(
      {CallAnswered{world.services.calls[1].task, run::Failure{.error = "Oops", .cause = {}}}});
  world.crash();
  CHECK(world.core().executions().running() == 0);
  REQUIRE(redrive(world, arn));
  REQUIRE(world.services.calls.size() == 3);
  world.crash();
  CHECK(world.core().executions().running() == 1);
  world.settle();
  REQUIRE(world.services.calls.size() == 4);
  CHECK(world.services.calls[3].task == world.services.calls[2].task);
  CHECK(world.services.calls[3].resource.action == "putItem");
  world.turn({CallAnswered{world.services.calls[3].task, std::string{R"("put")"}}});
  CHECK(world.output(arn) == R"(["got","put"])");
}

TEST_CASE("a redriven execution that waits is parked, and wakes by its deadline or its token") {
  World world;
  const std::string waits = world.start(world.create("W", kWaitTenSeconds));
  const std::string asks = world.start(world.create("A", kAsk));
  const std::string old_token = world.token(asks);
  stop(world, waits);
  stop(world, asks);
  CHECK_FALSE(world.core().next_deadline());
  world.advance(seconds(5));
  REQUIRE(redrive(world, waits));
  REQUIRE(redrive(world, asks));
  CHECK(world.row(waits).wake_at == kStart + seconds(15));
  CHECK(world.core().next_deadline() == kStart + seconds(15));
  world.crash();
  CHECK(world.core().executions().running() == 2);
  CHECK(world.succeed(old_token, "1").error().code == "TaskTimedOut");
  CHECK(world.succeed(world.token(asks), "2"));
  CHECK(world.output(asks) == "2");
  world.advance(seconds(10));
  CHECK(world.row(waits).stop_time == kStart + seconds(15));
  CHECK(world.core().executions().running() == 0);
}

TEST_CASE("one that ended in the same turn can be redriven, and end again in that turn") {
  World world;
  const std::string arn = world.start(world.create("M", kWaitTenSeconds));
  CHECK(world.ask(keys_of_execution(arn), [&](Core& core) {
    auto& executions = core.executions();
    return executions.stop(arn, {}) && executions.redrive(arn, {}) && executions.stop(arn, {});
  }));
  CHECK(world.history(arn) ==
        "ExecutionStarted WaitStateEntered ExecutionAborted ExecutionRedriven ExecutionAborted");
  CHECK(world.core().executions().running() == 0);
  CHECK_FALSE(world.core().next_deadline());
}

TEST_CASE("a client token is a redrive's for 15 minutes, for the last ten of them") {
  World world;
  const std::string arn = failed(world, world.create("M", kGetItem));
  const auto first = redrive(world, arn, "token");
  REQUIRE(first);
  world.advance(seconds(1));
  CHECK(*redrive(world, arn, "token") == *first);
  CHECK(redrive(world, arn, "other").error() ==
        Error{"ExecutionNotRedrivable", "Execution is RUNNING and cannot be redriven"});
  stop(world, arn);
  world.crash();
  CHECK(*redrive(world, arn, "token") == *first);
  CHECK(world.row(arn).status == run::Status::Aborted);
  for (int i = 0; i < 9; ++i) {
    REQUIRE(redrive(world, arn, std::to_string(i)));
    stop(world, arn);
  }
  CHECK(*redrive(world, arn, "token") == *first);
  REQUIRE(redrive(world, arn, "9"));
  stop(world, arn);
  const auto forgotten = redrive(world, arn, "token");
  REQUIRE(forgotten);
  CHECK(*forgotten == world.now());
  stop(world, arn);
  world.advance(seconds(15 * 60));
  const auto later = redrive(world, arn, "token");
  REQUIRE(later);
  CHECK(*later == world.now());
}

TEST_CASE("what cannot be redriven says why") {
  World world;
  const std::string machine = world.create("M", kGetItem);
  const auto refusal = [&](const std::string& arn) {
    const auto redriven = redrive(world, arn);
    REQUIRE_FALSE(redriven);
    return redriven.error().code + ": " + redriven.error().message;
  };
  CHECK(refusal("nonsense") == "InvalidArn: Invalid Arn: 'Invalid ARN prefix: nonsense'");
  const std::string done = world.start(world.create("P", kPass));
  CHECK(refusal(done) == "ExecutionNotRedrivable: Execution is SUCCEEDED and cannot be redriven");
  CHECK(refusal(done + "x") == "ExecutionDoesNotExist: Execution Does Not Exist: '" + done + "x'");
  const std::string late = failed(world, machine);
  world.advance(seconds(14 * 86'400) + Duration{1});
  CHECK(refusal(late) == "ExecutionNotRedrivable: Execution redrivable period exceeded");
  const std::string deleted = failed(world, machine);
  world.ask([&](Core& core) {
    core.machines().remove(machine);
    return true;
  });
  CHECK(refusal(deleted) == "ExecutionNotRedrivable: State machine is in DELETING status");
}

TEST_CASE("history, age and time since the end bound a redrive") {
  const auto reason = [](std::uint64_t events, Duration age, Duration since_end) {
    const Time now = kStart + age;
    return why_not_redrivable({.status = run::Status::TimedOut,
                               .start_time = kStart,
                               .stop_time = now - since_end,
                               .events = events},
                              now)
        .value_or("");
  };
  const Duration day = seconds(86'400);
  CHECK(reason(24'994, day, Duration{0}).empty());
  CHECK(reason(24'995, day, Duration{0}) == "Execution history event limit exceeded");
  CHECK(reason(5, 365 * day, 14 * day).empty());
  CHECK(reason(5, 365 * day + Duration{1}, day) == "Execution has exceeded the max execution time");
  CHECK(reason(5, 100 * day, 14 * day + Duration{1}) == "Execution redrivable period exceeded");
}

TEST_CASE("the bus hears of a redrive as RUNNING, with its count and date") {
  World world;
  const std::string machine = world.create("M", R"({"StartAt": "F", "States": {
      "F": {"Type": "Fail", "Error": "E"}}})");
  const std::string arn = world.start(machine);
  CHECK(dump_json(details_of_last_event(world)["redriveStatus"]) == R"("REDRIVABLE")");
  world.advance(seconds(60));
  const std::size_t before = world.published.size();
  REQUIRE(redrive(world, arn));
  REQUIRE(world.published.size() == before + 2);
  const Json failed_again = details_of_last_event(world);
  world.published.pop_back();
  const Json running = details_of_last_event(world);
  CHECK(dump_json(running["status"]) == R"("RUNNING")");
  CHECK(running["stopDate"].is_null());
  CHECK(running["error"].is_null());
  CHECK(running["redriveStatusReason"] == Json("Execution is RUNNING and cannot be redriven"));
  CHECK(failed_again["status"] == Json("FAILED"));
  CHECK(failed_again["redriveStatus"] == Json("REDRIVABLE"));
  for (const Json& told : {running, failed_again}) {
    CHECK(told["redriveCount"] == Json(1));
    CHECK(told["redriveDate"] == Json(epoch_ms(kStart + seconds(60))));
    CHECK(told["startDate"] == Json(epoch_ms(kStart)));
  }
}

TEST_CASE("a redriven task starts its .sync child anew; the parent of a redriven child has ended") {
  World world;
  const std::string child_machine = world.create("Child", kGetItem);
  const std::string parent = world.start(world.create("Parent", R"({"StartAt": "S", "States": {
    "S": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
      "Parameters": {"StateMachineArn.$": "$.machine"}, "End": true}}})"),
                                         R"({"machine":")" + child_machine + R"("})");
  REQUIRE(world.services.calls.size() == 1);
  world.turn(
      {CallAnswered{world.services.calls[0].task, run::Failure{.error = "Oops", .cause = {}}}});
  world.settle();
  CHECK(world.row(parent).status == run::Status::Failed);
  REQUIRE(redrive(world, parent));
  world.settle();
  REQUIRE(world.services.calls.size() == 2);
  CHECK(world.services.calls[1].task.execution != world.services.calls[0].task.execution);
  REQUIRE(redrive(world, world.services.calls[0].execution_arn));
  REQUIRE(world.services.calls.size() == 3);
  world.turn({CallAnswered{world.services.calls[2].task, std::string{"3"}}});
  world.settle();
  CHECK(world.row(parent).status == run::Status::Running);
  world.turn({CallAnswered{world.services.calls[1].task, std::string{"2"}}});
  world.settle();
  CHECK(world.row(parent).status == run::Status::Succeeded);
}
