#include "engine/core/mocks.h"

#include <doctest/doctest.h>

#include "base/json.h"
#include "tests/unit/core/map_runs_of_tests.h"

using namespace presso;
using namespace presso::core;
using namespace presso::test;

namespace {

constexpr const char* kConfiguration = R"({
  "StateMachines": {
    "m": {
      "TestCases": {
        "Happy": {"T": "Served"},
        "Retried": {"T": "Third"},
        "Failed": {"T": "Thrown"}
      }
    }
  },
  "MockedResponses": {
    "Served": {"0-9": {"Return": {"StatusCode": 200, "Payload": {"cup": 1}}}},
    "Third": {
      "0-1": {"Throw": {"Error": "Busy", "Cause": "try again"}},
      "2": {"Return": {"n": 3}}
    },
    "Thrown": {"0": {"Throw": {"Error": "Broken"}}}
  }
})";

std::string fault_of(std::string_view text) {
  const auto mocks = Mocks::parse(text);
  REQUIRE_FALSE(mocks);
  return mocks.error().message;
}

Settings mocked() {
  auto mocks = Mocks::parse(kConfiguration);
  REQUIRE(mocks);
  Settings settings;
  settings.mocks = std::make_shared<const Mocks>(*std::move(mocks));
  return settings;
}

// A machine with one task, other fields of it each with a comma behind.
std::string task(const std::string& resource, const std::string& fields = "") {
  return R"({"StartAt":"T","States":{"T":{"Type":"Task",)" + fields + R"("Resource":")" + resource +
         R"(","End":true}}})";
}

Result<StartedExecution> start(World& world, const std::string& machine,
                               const std::string& test_case, const std::string& input = "{}") {
  return world.ask([&](Core& core) {
    return core.executions().start(world.caller, {.machine_arn = machine,
                                                  .name = std::nullopt,
                                                  .input = input,
                                                  .trace_header = std::nullopt,
                                                  .test_case = test_case});
  });
}

constexpr const char* kInvoke = "arn:aws:states:::lambda:invoke";
constexpr const char* kParameters = R"("Parameters":{"FunctionName":"f"},)";
constexpr const char* kRetry =
    R"("Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":1,"MaxAttempts":3}],)";

}  // namespace

TEST_CASE("a mocked task calls nothing, and is answered with what its test case says") {
  World world{mocked()};
  const std::string machine = world.create("m", task(kInvoke, kParameters));
  const auto started = start(world, machine, "Happy");
  REQUIRE(started);
  world.settle();
  CHECK(world.output(started->arn) == R"({"StatusCode":200,"Payload":{"cup":1}})");
  CHECK(world.services.calls.empty());
  CHECK(world.history(started->arn) ==
        "ExecutionStarted TaskStateEntered TaskScheduled TaskStarted TaskSucceeded TaskStateExited "
        "ExecutionSucceeded");
}

TEST_CASE("a function called by its ARN gives the payload alone") {
  World world{mocked()};
  const std::string machine =
      world.create("m", task("arn:aws:lambda:us-east-1:123456789012:function:f"));
  const auto started = start(world, machine, "Happy");
  REQUIRE(started);
  world.settle();
  CHECK(world.output(started->arn) == R"({"cup":1})");
}

TEST_CASE("attempts are counted, through a crash too") {
  for (const bool crashes : {false, true}) {
    CAPTURE(crashes);
    World world{mocked()};
    const std::string machine = world.create("m", task(kInvoke, std::string{kParameters} + kRetry));
    const auto started = start(world, machine, "Retried");
    REQUIRE(started);
    for (int second = 0; second < 5; ++second) {
      if (crashes) world.crash();
      world.advance(seconds(1));
    }
    CHECK(world.output(started->arn) == R"({"n":3})");
  }
}

TEST_CASE("what outlives its call is submitted and then ends as mocked") {
  constexpr std::pair<const char*, const char*> kTasks[] = {
      {"arn:aws:states:::states:startExecution.sync:2", R"("Parameters":{"StateMachineArn":"a"},)"},
      {"arn:aws:states:::sqs:sendMessage.waitForTaskToken",
       R"("Parameters":{"QueueUrl":"u","MessageBody.$":"$$.Task.Token"},)"}};
  for (const auto& [resource, parameters] : kTasks) {
    World world{mocked()};
    const std::string machine = world.create("m", task(resource, parameters));
    const auto happy = start(world, machine, "Happy");
    const auto failed = start(world, machine, "Failed");
    REQUIRE(happy);
    REQUIRE(failed);
    world.settle();
    CHECK(world.history(happy->arn) ==
          "ExecutionStarted TaskStateEntered TaskScheduled TaskStarted TaskSubmitted TaskSucceeded "
          "TaskStateExited ExecutionSucceeded");
    CHECK(world.history(failed->arn) ==
          "ExecutionStarted TaskStateEntered TaskScheduled TaskStarted TaskSubmitted TaskFailed "
          "ExecutionFailed");
  }
}

TEST_CASE("an attempt that has no response fails its task, and says so") {
  World world{mocked()};
  const std::string machine = world.create(
      "m", task(kInvoke, std::string{kParameters} +
                             R"("Retry":[{"ErrorEquals":["Broken"],"IntervalSeconds":1}],)"));
  const auto started = start(world, machine, "Failed");
  REQUIRE(started);
  world.advance(seconds(5));
  const auto ended = std::get<run::ExecutionEnded>(world.events(started->arn).back().detail);
  CHECK(ended.error.value_or("") == "States.Runtime");
  CHECK(ended.cause.value_or("") ==
        "The mock configuration has no response for attempt 1 of the state 'T'");
}

TEST_CASE("the children of a Map Run are under the test case of their parent") {
  World world{mocked()};
  const auto started = start(world, world.create("m", machine(kCall)), "Happy", "[1,2]");
  REQUIRE(started);
  world.settle();
  CHECK(world.output(started->arn) == R"([{"cup":1},{"cup":1}])");
}

TEST_CASE("only what is started under a test case is mocked, and only one that there is") {
  World world{mocked()};
  const std::string machine = world.create("m", task(kInvoke, kParameters));
  const std::string plain = world.start(machine);
  world.settle();
  CHECK(world.services.calls.size() == 1);
  const auto unknown = start(world, machine, "Sad");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().code == "InvalidArn");
  CHECK(unknown.error().message ==
        "Invalid Arn: 'The mock configuration has no test case Sad of the state machine m'");
}

TEST_CASE("what is wrong with a configuration is said with its line") {
  CHECK(fault_of("{\n\"StateMachines\": {}\n").starts_with("line 3: "));
  CHECK(fault_of("[]") == "line 1: the configuration must have the object MockedResponses");
  CHECK(fault_of(R"({"MockedResponses":{},
"StateMachines":{
"m":{}}})") == "line 3: /StateMachines/m must have the object TestCases");
  CHECK(fault_of(R"({"MockedResponses":{},
"StateMachines":{"m":{"TestCases":{
"Happy":{
"T":"None"}}}}})") ==
        "line 4: /StateMachines/m/TestCases/Happy/T must name one of the MockedResponses");
  CHECK(fault_of(R"({"StateMachines":{},"MockedResponses":{"R":{
"2-1":{"Return":{}}}}})") ==
        R"(line 2: /MockedResponses/R/2-1 must be named after attempts, as in "0" or "1-2")");
  CHECK(fault_of(R"({"StateMachines":{},"MockedResponses":{"R":{"0":{}}}})") ==
        "line 1: /MockedResponses/R/0 must have either Return or Throw");
  CHECK(fault_of(R"({"StateMachines":{},"MockedResponses":{"R":{"0":{"Throw":{}}}}})") ==
        "line 1: /MockedResponses/R/0 throws without an Error, a text");
}
