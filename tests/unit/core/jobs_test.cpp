#include "engine/core/jobs.h"

#include <doctest/doctest.h>

#include "base/json.h"
#include "tests/unit/core/world.h"

using namespace presso;
using namespace presso::core;
using namespace presso::test;

namespace {

constexpr const char* kGlue = R"({"StartAt": "S", "States": {"S": {
  "Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun.sync",
  "Parameters": {"JobName": "roast"}, "End": true}}})";
constexpr const char* kEcs = R"({"StartAt": "S", "States": {"S": {
  "Type": "Task", "Resource": "arn:aws:states:::ecs:runTask.sync",
  "Parameters": {"TaskDefinition": "roast"}, "End": true}}})";
constexpr const char* kDeleteCluster = R"({"StartAt": "S", "States": {"S": {
  "Type": "Task", "Resource": "arn:aws:states:::eks:deleteCluster.sync",
  "Parameters": {"Name": "old"}, "End": true}}})";

constexpr const char* kSyncHistory =
    "ExecutionStarted TaskStateEntered TaskScheduled TaskStarted TaskSubmitted TaskSucceeded "
    "TaskStateExited ExecutionSucceeded";
constexpr const char* kFailedHistory =
    "ExecutionStarted TaskStateEntered TaskScheduled TaskStarted TaskSubmitted TaskFailed "
    "ExecutionFailed";

// A Glue whose job run is in the state `state`, and which counts the questions.
struct Glue : World {
  explicit Glue(core::Settings with = {}) : World{std::move(with)} {
    services.on_task("glue", "startJobRun",
                     [](const TaskCall&) { return FakeAnswer{R"({"JobRunId":"jr_1"})"}; });
    services.on_task("glue", "getJobRun", [this](const TaskCall& call) {
      ++asked;
      parameters = call.parameters;
      if (failure) return FakeAnswer{*failure};
      return FakeAnswer{R"({"JobRun":{"Id":"jr_1","JobRunState":")" + state + R"("}})"};
    });
    services.on_task("glue", "batchStopJobRun", [](const TaskCall&) { return FakeAnswer{"{}"}; });
  }

  std::string state = "RUNNING";
  std::optional<run::Failure> failure;
  std::string parameters;
  int asked = 0;
};

run::Failure failure_of(const World& world, const std::string& execution) {
  const auto events = world.events(execution);
  const auto* ended = std::get_if<run::ExecutionEnded>(&events.back().detail);
  REQUIRE(ended != nullptr);
  return {ended->error, ended->cause};
}

}  // namespace

TEST_CASE("a job is asked about until it has ended, and what it became is the result") {
  Glue world;
  const std::string arn = world.start(world.create("M", kGlue));
  world.settle();
  CHECK(world.asked == 0);
  CHECK(world.store.disk().deliveries.size() == 1);
  world.advance(seconds(60));
  CHECK(world.row(arn).status == run::Status::Running);
  CHECK(world.parameters == R"({"JobName":"roast","RunId":"jr_1"})");
  const int in_a_minute = world.asked;
  CHECK(in_a_minute >= 6);
  world.advance(seconds(60));
  CHECK(world.asked - in_a_minute <= 7);
  world.state = "SUCCEEDED";
  world.advance(kLastJobPoll);
  CHECK(world.history(arn) == kSyncHistory);
  CHECK(world.output(arn) == R"({"Id":"jr_1","JobRunState":"SUCCEEDED"})");
  CHECK(world.store.disk().deliveries.empty());
  CHECK_FALSE(world.core().jobs().has_any());
  CHECK(world.services.cancelled.empty());
}

TEST_CASE("a job that ends badly fails its task with its description") {
  for (const char* state : {"FAILED", "STOPPED", "TIMEOUT", "ERROR"}) {
    Glue world;
    world.state = state;
    const std::string arn = world.start(world.create("M", kGlue));
    world.advance(seconds(1));
    CHECK(world.history(arn) == kFailedHistory);
    const run::Failure failure = failure_of(world, arn);
    CHECK(failure.error == "States.TaskFailed");
    CHECK(failure.cause == R"({"Id":"jr_1","JobRunState":")" + std::string{state} + R"("})");
    CHECK(world.store.disk().deliveries.empty());
  }
}

TEST_CASE("a job is awaited after a crash, its execution not in memory") {
  Glue world{{.seed = 1, .buses = {}, .executions_in_memory = 0}};
  const std::string arn = world.start(world.create("M", kGlue));
  world.settle();
  world.crash();
  CHECK(world.core().executions().in_memory() == 0);
  world.settle();
  CHECK(world.asked == 1);
  world.crash();
  world.state = "SUCCEEDED";
  world.settle();
  CHECK(world.history(arn) == kSyncHistory);
  CHECK(world.store.disk().deliveries.empty());
  CHECK(world.services.calls.front().resource.action == "startJobRun");
  const auto starts =
      std::count_if(world.services.calls.begin(), world.services.calls.end(),
                    [](const TaskCall& call) { return call.resource.action == "startJobRun"; });
  CHECK(starts == 1);
}

TEST_CASE("a job whose execution is stopped is stopped") {
  Glue world;
  const std::string arn = world.start(world.create("M", kGlue));
  world.settle();
  world.ask(keys_of_execution(arn),
            [&](Core& core) { return core.executions().stop(arn, {}).has_value(); });
  world.settle();
  CHECK(world.row(arn).status == run::Status::Aborted);
  CHECK(world.services.calls.back().resource.action == "batchStopJobRun");
  CHECK(world.services.calls.back().parameters == R"({"JobName":"roast","JobRunIds":["jr_1"]})");
  CHECK(world.store.disk().deliveries.empty());
  CHECK_FALSE(world.core().next_deadline());
}

TEST_CASE("a task that ended by its token awaits its job no more") {
  Glue world;
  const std::string arn = world.start(world.create("M", kGlue));
  world.settle();
  CHECK(world.succeed(world.token(arn), R"("enough")").has_value());
  CHECK(world.output(arn) == R"("enough")");
  world.advance(seconds(1));
  CHECK(world.store.disk().deliveries.empty());
  CHECK_FALSE(world.core().next_deadline());
}

TEST_CASE("a service that does not answer for a while is asked again, not for ever") {
  Glue world;
  world.failure = run::Failure{.error = "Glue.ThrottlingException", .cause = "slow"};
  const std::string arn = world.start(world.create("M", kGlue));
  world.advance(seconds(5));
  CHECK(world.row(arn).status == run::Status::Running);
  const auto failure = std::exchange(world.failure, std::nullopt);
  world.advance(seconds(30));
  CHECK(world.row(arn).status == run::Status::Running);
  world.failure = failure;
  world.advance(seconds(200));
  CHECK(failure_of(world, arn).error == "Glue.ThrottlingException");
}

TEST_CASE("a container's exit code decides about an ECS task") {
  for (const bool is_well : {true, false}) {
    World world;
    world.services.on_task("ecs", "runTask", [](const TaskCall&) {
      return FakeAnswer{R"({"Failures":[],"Tasks":[{"ClusterArn":"c","TaskArn":"t"}]})"};
    });
    const std::string described = R"({"Containers":[{"ExitCode":0},{"ExitCode":)" +
                                  std::string{is_well ? "0" : "1"} +
                                  R"(}],"LastStatus":"STOPPED","TaskArn":"t"})";
    world.services.on_task("ecs", "describeTasks", [&](const TaskCall& call) {
      CHECK(call.parameters == R"({"Cluster":"c","Tasks":["t"]})");
      return FakeAnswer{R"({"Failures":[],"Tasks":[)" + described + "]}"};
    });
    const std::string arn = world.start(world.create("M", kEcs));
    world.advance(seconds(1));
    CHECK(world.history(arn) == (is_well ? kSyncHistory : kFailedHistory));
    if (is_well) {
      CHECK(world.output(arn) == described);
    } else {
      CHECK(failure_of(world, arn).cause == described);
    }
  }
}

TEST_CASE("an answer that started nothing fails the task") {
  for (const bool has_failures : {true, false}) {
    World world;
    const std::string answer =
        has_failures ? R"({"Failures":[{"Reason":"RESOURCE:MEMORY"}],"Tasks":[]})" : "{}";
    world.services.on_task("ecs", "runTask", [&](const TaskCall&) { return FakeAnswer{answer}; });
    const std::string arn = world.start(world.create("M", kEcs));
    world.settle();
    CHECK(world.history(arn) ==
          "ExecutionStarted TaskStateEntered TaskScheduled TaskStarted TaskSubmitFailed "
          "ExecutionFailed");
    const run::Failure failure = failure_of(world, arn);
    CHECK(failure.error == (has_failures ? "AmazonECS.Unknown" : "States.TaskFailed"));
    CHECK(failure.cause == (has_failures ? answer
                                         : "ecs:runTask has answered without /Tasks/0/ClusterArn, "
                                           "by which its job would be awaited"));
    CHECK(world.store.disk().deliveries.empty());
  }
}

TEST_CASE("what deletes itself has ended when it is not found") {
  World world;
  world.services.on_task("eks", "deleteCluster", [](const TaskCall&) {
    return FakeAnswer{R"({"Cluster":{"Status":"DELETING"}})"};
  });
  int asked = 0;
  world.services.on_task("eks", "describeCluster", [&](const TaskCall&) {
    if (++asked < 3) return FakeAnswer{R"({"Cluster":{"Status":"DELETING"}})"};
    return FakeAnswer{run::Failure{.error = "EKS.ResourceNotFoundException", .cause = "gone"}};
  });
  const std::string arn = world.start(world.create("M", kDeleteCluster));
  world.advance(seconds(5));
  CHECK(asked == 3);
  CHECK(world.history(arn) == kSyncHistory);
}
