#include "engine/core/executions.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "tests/unit/core/machines_of_tests.h"
#include "tests/unit/core/world.h"

using namespace presso;
using namespace presso::core;
using namespace presso::test;

namespace {

StartExecution named(const std::string& machine, const std::string& name,
                     const std::string& input = "{}") {
  return {.machine_arn = machine, .name = name, .input = input, .trace_header = std::nullopt};
}

void check_error(const Result<StartedExecution>& started, const std::string& code,
                 const std::string& message) {
  REQUIRE_FALSE(started);
  CHECK(started.error().code == code);
  CHECK(started.error().message == message);
}

}  // namespace

TEST_CASE("an execution without a name gets a UUID for one") {
  World world;
  const std::string machine = world.create("M", kPass);
  const std::string arn = world.start(machine, R"({"a": 1})");
  const std::string prefix = "arn:aws:states:us-east-1:000000000000:execution:M:";
  CHECK(arn.starts_with(prefix));
  CHECK(arn.size() == prefix.size() + 36);
  CHECK(world.history(arn) ==
        "ExecutionStarted PassStateEntered PassStateExited ExecutionSucceeded");
  CHECK(world.output(arn) == R"({"a": 1})");
  CHECK(world.row(arn).status == run::Status::Succeeded);
  CHECK(world.row(arn).start_time == kStart);
  CHECK(world.row(arn).stop_time == kStart);
}

TEST_CASE("an input that is no JSON is InvalidExecutionInput with the parser's words") {
  World world;
  const std::string machine = world.create("M", kPass);
  const std::pair<const char*, const char*> cases[] = {
      {"not some json",
       "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token "
       "'null', 'true' or 'false')"},
      {"{'not': 'json'",
       "Unexpected character (''' (code 39)): was expecting double-quote to start field name"},
      {"", "Invalid execution input."}};
  for (const auto& [input, words] : cases) {
    check_error(world.try_start(named(machine, "E", input)), "InvalidExecutionInput",
                "Invalid State Machine Execution Input: '" + std::string{words} + "'");
  }
  for (const char* input : {"2", "\"some text\"", "null"}) {
    CHECK(world.output(world.start(machine, input)) == input);
  }
  const std::string huge = "\"" + std::string(262'144, 'a') + "\"";
  CHECK(world.try_start(named(machine, "E", huge)).error().code == "InvalidExecutionInput");
  CHECK(world.core().executions().running() == 0);
}

TEST_CASE("a start names what is wrong with its ARN or its name") {
  World world;
  const std::string machine = world.create("M", kPass);
  check_error(world.try_start(named("nonsense", "E")), "InvalidArn",
              "Invalid Arn: 'Invalid ARN prefix: nonsense'");
  check_error(world.try_start(named(machine + "x", "E")), "StateMachineDoesNotExist",
              "State Machine Does Not Exist: '" + machine + "x'");
  check_error(world.try_start(named(machine, "a b")), "InvalidName", "Invalid Name: 'a b'");
}

TEST_CASE("the same start again is the running execution, another input or a closed one is not") {
  World world;
  const std::string machine = world.create("M", kWaitTenSeconds);
  const auto first = world.try_start(named(machine, "E", R"({"a":1})"));
  REQUIRE(first);
  world.advance(seconds(5));
  const auto again = world.try_start(named(machine, "E", R"({"a":1})"));
  REQUIRE(again);
  CHECK(again->arn == first->arn);
  CHECK(again->start_time == first->start_time);
  CHECK(world.core().executions().running() == 1);
  const std::string exists = "Execution Already Exists: '" + first->arn + "'";
  check_error(world.try_start(named(machine, "E", R"({"a":2})")), "ExecutionAlreadyExists", exists);
  world.advance(seconds(5));
  CHECK(world.row(first->arn).status == run::Status::Succeeded);
  check_error(world.try_start(named(machine, "E", R"({"a":1})")), "ExecutionAlreadyExists", exists);
  CHECK(world.core().executions().running() == 0);
}

TEST_CASE("two starts of one name in one turn are one execution") {
  World world;
  const std::string machine = world.create("M", kWaitTenSeconds);
  const auto both = world.ask([&](Core& core) {
    const auto first = core.executions().start(world.caller, named(machine, "E"));
    const auto second = core.executions().start(world.caller, named(machine, "E"));
    REQUIRE(first);
    REQUIRE(second);
    return std::pair{first->number, second->number};
  });
  CHECK(both.first == both.second);
}

TEST_CASE("a wait ends at its moment, and the row says when to wake") {
  World world;
  const std::string arn = world.start(world.create("M", kWaitTenSeconds));
  CHECK(world.row(arn).wake_at == kStart + seconds(10));
  CHECK_FALSE(world.row(arn).is_outstanding);
  CHECK(world.core().next_deadline() == kStart + seconds(10));
  world.advance(Duration{9'999});
  CHECK(world.row(arn).status == run::Status::Running);
  world.advance(Duration{1});
  CHECK(world.row(arn).status == run::Status::Succeeded);
  CHECK(world.row(arn).stop_time == kStart + seconds(10));
  CHECK_FALSE(world.row(arn).wake_at);
  CHECK_FALSE(world.core().next_deadline());
}

TEST_CASE("a stopped execution is ABORTED, and stopping it again changes nothing") {
  World world;
  const std::string arn = world.start(world.create("M", kWaitTenSeconds));
  const auto stop = [&](const std::string& which) {
    return world.ask(keys_of_execution(which), [&](Core& core) {
      return core.executions().stop(which, {.error = "Enough", .cause = "of it"});
    });
  };
  world.advance(seconds(1));
  const auto stopped = stop(arn);
  REQUIRE(stopped);
  CHECK(*stopped == kStart + seconds(1));
  CHECK(world.row(arn).status == run::Status::Aborted);
  CHECK(world.output(arn) == "Enough: of it");
  world.advance(seconds(60));
  const std::string history = world.history(arn);
  const auto again = stop(arn);
  REQUIRE(again);
  CHECK(*again == kStart + seconds(1));
  CHECK(world.history(arn) == history);
  const auto unknown = stop(arn + "x");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error() ==
        Error{"ExecutionDoesNotExist", "Execution Does Not Exist: '" + arn + "x'"});
  CHECK(stop("nonsense").error().code == "InvalidArn");
}

TEST_CASE("stopping an execution cancels its call, and the late answer changes nothing") {
  World world;
  world.services.on_task("dynamodb", "getItem", [](const TaskCall&) {
    return FakeAnswer{"{}", seconds(5)};
  });
  const std::string arn = world.start(world.create("M", kGetItem));
  REQUIRE(world.services.calls.size() == 1);
  const TaskId task = world.services.calls[0].task;
  world.ask(keys_of_execution(arn),
            [&](Core& core) { return core.executions().stop(arn, {}).has_value(); });
  REQUIRE(world.services.cancelled.size() == 1);
  CHECK(world.services.cancelled[0].task == task);
  const std::string history = world.history(arn);
  world.turn({CallAnswered{task, std::string{"{}"}}});
  CHECK(world.history(arn) == history);
  CHECK(world.batches.back().empty());
}

TEST_CASE("a call's answer goes on with the execution, and only once") {
  World world;
  const std::string arn = world.start(world.create("M", kGetItem));
  REQUIRE(world.services.calls.size() == 1);
  const TaskCall& call = world.services.calls[0];
  CHECK(call.execution_arn == arn);
  CHECK(call.resource.service == "dynamodb");
  CHECK(call.caller == world.caller);
  CHECK(world.row(arn).is_outstanding);
  world.turn({CallAnswered{call.task, std::string{R"({"Item":1})"}},
              CallAnswered{call.task, std::string{R"({"Item":2})"}}});
  CHECK(world.output(arn) == R"({"Item":1})");
  CHECK(world.history(arn) ==
        "ExecutionStarted TaskStateEntered TaskScheduled TaskStarted TaskSucceeded TaskStateExited "
        "ExecutionSucceeded");
}

TEST_CASE("a call's failure fails the task") {
  World world;
  const std::string arn = world.start(world.create("M", kGetItem));
  world.turn({CallAnswered{world.services.calls.at(0).task,
                           run::Failure{.error = "DynamoDB.Oops", .cause = "why"}}});
  CHECK(world.row(arn).status == run::Status::Failed);
  CHECK(world.output(arn) == "DynamoDB.Oops: why");
}

TEST_CASE("a task token ends its task once; later it is TaskTimedOut") {
  World world;
  const std::string arn = world.start(world.create("M", kAsk));
  const std::string token = world.token(arn);
  REQUIRE_FALSE(token.empty());
  CHECK(world.row(arn).wake_at == kStart + seconds(300));
  CHECK(world.succeed(token, R"("yes")"));
  CHECK(world.output(arn) == R"("yes")");
  const auto late = world.succeed(token, R"("yes")");
  REQUIRE_FALSE(late);
  CHECK(late.error() ==
        Error{"TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'"});
}

TEST_CASE("garbage is no token, and an output that is no JSON ends no task") {
  World world;
  const std::string arn = world.start(world.create("M", kAsk));
  const std::string token = world.token(arn);
  const Error invalid{"InvalidToken", "Invalid Token: 'Invalid token'"};
  std::string other = token;  // another nonce
  other[other.size() - 3] = other[other.size() - 3] == 'A' ? 'B' : 'A';
  CHECK(world.succeed("NoSuchTaskToken", "{}").error() == invalid);
  CHECK(world.succeed("", "{}").error() == invalid);
  CHECK(world.succeed(base64_encode("\x01" + std::string(32, '\x7f')), "{}").error() == invalid);
  CHECK(world.succeed(other, "{}").error().code == "TaskTimedOut");
  const auto bad = world.succeed(token, "yes");
  REQUIRE_FALSE(bad);
  CHECK(bad.error().code == "InvalidOutput");
  CHECK(bad.error().message.starts_with("Invalid Output: 'Unrecognized token 'yes'"));
  CHECK(world.row(arn).status == run::Status::Running);
  CHECK(world.succeed(token, "1"));
}

TEST_CASE("a heartbeat moves the deadline, and without one the catcher is taken") {
  World world;
  const std::string arn = world.start(world.create("M", kAsk));
  const std::string token = world.token(arn);
  world.advance(seconds(200));
  CHECK(world.ask(keys_of_token(token),
                  [&](Core& core) { return core.executions().heartbeat(token).has_value(); }));
  CHECK(world.row(arn).wake_at == kStart + seconds(500));
  world.advance(seconds(299));
  CHECK(world.row(arn).status == run::Status::Running);
  world.advance(seconds(1));
  CHECK(world.output(arn) == R"("late")");
  CHECK(world.row(arn).stop_time == kStart + seconds(500));
  CHECK(world.succeed(token, "1").error().code == "TaskTimedOut");
}

TEST_CASE("SendTaskFailure fails the task with the given words") {
  World world;
  const std::string arn = world.start(world.create("M", kAsk));
  const std::string token = world.token(arn);
  CHECK(world.ask(keys_of_token(token), [&](Core& core) {
    return core.executions().fail_task(token, {.error = "No", .cause = "time"}).has_value();
  }));
  CHECK(world.output(arn) == "No: time");
}

TEST_CASE("accounts and regions do not see each other's machines") {
  World world;
  const std::string machine = world.create("M", kPass);
  world.caller = {"111111111111", "us-east-1"};
  CHECK(world.try_start(named(machine, "E")).error().code == "StateMachineDoesNotExist");
  const std::string own = world.create("M", kWaitTenSeconds);
  CHECK(own == "arn:aws:states:us-east-1:111111111111:stateMachine:M");
  CHECK(world.row(world.start(own)).status == run::Status::Running);
  world.caller = {"000000000000", "eu-west-1"};
  CHECK(world.try_start(named(machine, "E")).error().code == "StateMachineDoesNotExist");
}

TEST_CASE("a machine that is being deleted starts nothing, and what waits goes on waiting") {
  World world;
  const std::string machine = world.create("M", kWaitTenSeconds);
  const std::string arn = world.start(machine);
  world.ask([&](Core& core) {
    core.machines().remove(machine);
    return true;
  });
  CHECK(world.try_start(named(machine, "E")).error().code == "StateMachineDeleting");
  world.crash();
  world.advance(seconds(10));
  CHECK(world.row(arn).status == run::Status::Succeeded);
}

TEST_CASE("a trace header is kept with the row") {
  World world;
  const auto started = world.try_start({.machine_arn = world.create("M", kPass),
                                        .name = "E",
                                        .input = "{}",
                                        .trace_header = "Root=1-5"});
  REQUIRE(started);
  CHECK(world.row(started->arn).details == R"({"traceHeader":"Root=1-5"})");
}
