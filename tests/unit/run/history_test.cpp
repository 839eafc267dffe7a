#include "engine/run/history.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "base/json.h"

namespace presso::run {
namespace {

SharedJson json(const char* text) { return SharedJson::trusted(text); }

Json shown(Detail detail, bool include_data = true) {
  const Event event{7, 6, time_of_epoch_ms(1'700'000'000'250), FrameId{1}, std::move(detail)};
  return to_public(event, include_data);
}
// What a type adds to timestamp, type, id and previousEventId.
std::string details(Detail detail, bool include_data = true) {
  Json event = shown(std::move(detail), include_data);
  for (const char* member : {"timestamp", "id", "previousEventId"}) event.erase(member);
  return dump_json(event);
}

}  // namespace

TEST_CASE("every public event has its time, type, id and predecessor") {
  CHECK(dump_json(shown(StateAborted{asl::StateType::Task})) ==
        R"({"timestamp":1700000000.25,"type":"TaskStateAborted","id":7,"previousEventId":6})");
}

TEST_CASE("an event without an id is private") {
  CHECK(is_public(Event{1, 0, {}, {}, ExecutionSucceeded{}}));
  CHECK_FALSE(is_public(Event{0, 0, {}, {}, WaitScheduled{}}));
}

TEST_CASE("an execution's start names its role, version and alias") {
  ExecutionStarted started;
  started.input = json(R"({"a": 1})");
  started.role_arn = "role";
  started.deadline = time_of_epoch_ms(1);
  CHECK(details(started) ==
        R"({"type":"ExecutionStarted","executionStartedEventDetails":{"input":"{\"a\": 1}",)"
        R"("inputDetails":{"truncated":false},"roleArn":"role"}})");
  started.alias_arn = "alias";
  started.version_arn = "version";
  CHECK(details(started, false) ==
        R"({"type":"ExecutionStarted","executionStartedEventDetails":{"roleArn":"role",)"
        R"("stateMachineAliasArn":"alias","stateMachineVersionArn":"version"}})");
}

TEST_CASE("an execution's end has its output, or what it has of error and cause") {
  CHECK(details(ExecutionSucceeded{json("[1]")}) ==
        R"({"type":"ExecutionSucceeded","executionSucceededEventDetails":{"output":"[1]",)"
        R"("outputDetails":{"truncated":false}}})");
  CHECK(details(ExecutionSucceeded{json("[1]")}, false) ==
        R"({"type":"ExecutionSucceeded","executionSucceededEventDetails":{}})");
  using How = ExecutionEnded::How;
  CHECK(details(ExecutionEnded{How::Failed, "E", "because"}, false) ==
        R"({"type":"ExecutionFailed","executionFailedEventDetails":{"error":"E",)"
        R"("cause":"because"}})");
  CHECK(details(ExecutionEnded{How::Failed, {}, {}}) ==
        R"({"type":"ExecutionFailed","executionFailedEventDetails":{}})");
  CHECK(details(ExecutionEnded{How::TimedOut, "States.Timeout", {}}) ==
        R"({"type":"ExecutionTimedOut","executionTimedOutEventDetails":)"
        R"({"error":"States.Timeout"}})");
  CHECK(details(ExecutionEnded{How::Aborted, {}, {}}) ==
        R"({"type":"ExecutionAborted","executionAbortedEventDetails":{}})");
}

TEST_CASE("a state is entered and left under its type's name") {
  using asl::StateType;
  const std::pair<StateType, std::string> types[] = {
      {StateType::Pass, "Pass"}, {StateType::Task, "Task"},       {StateType::Choice, "Choice"},
      {StateType::Wait, "Wait"}, {StateType::Succeed, "Succeed"}, {StateType::Parallel, "Parallel"},
      {StateType::Map, "Map"}};
  for (const auto& [type, name] : types) {
    CHECK(details(StateEntered{type, "S", json("{}")}) ==
          R"({"type":")" + name +
              R"(StateEntered","stateEnteredEventDetails":{"name":"S","input":"{}",)"
              R"("inputDetails":{"truncated":false}}})");
    StateExited exited;
    exited.type = type;
    exited.name = "S";
    exited.output = json("{}");
    CHECK(details(exited) ==
          R"({"type":")" + name +
              R"(StateExited","stateExitedEventDetails":{"name":"S","output":"{}",)"
              R"("outputDetails":{"truncated":false}}})");
  }
  CHECK(details(StateEntered{StateType::Fail, "S", json("{}")}, false) ==
        R"({"type":"FailStateEntered","stateEnteredEventDetails":{"name":"S"}})");
}

TEST_CASE("assigned variables are shown as JSON texts") {
  StateExited exited;
  exited.name = "S";
  exited.output = json("{}");
  exited.assignments = {{"x", json("42")}, {"greeting", json("\"Hello\"")}};
  exited.next = "Next";
  CHECK(dump_json(shown(exited)["stateExitedEventDetails"]["assignedVariables"]) ==
        R"({"x":"42","greeting":"\"Hello\""})");
  CHECK(dump_json(shown(exited)["stateExitedEventDetails"]["assignedVariablesDetails"]) ==
        R"({"truncated":false})");
  CHECK(details(exited, false) ==
        R"({"type":"PassStateExited","stateExitedEventDetails":{"name":"S"}})");
}

TEST_CASE("an integration's task names its resource in each of its events") {
  TaskScheduled scheduled;
  scheduled.resource_type = "sqs";
  scheduled.resource = "sendMessage.waitForTaskToken";
  scheduled.region = "us-east-1";
  scheduled.parameters = json("{}");
  scheduled.deadline = time_of_epoch_ms(1);
  scheduled.token = "secret";
  const std::string resource = R"("resourceType":"sqs","resource":"sendMessage.waitForTaskToken")";
  CHECK(details(scheduled) == R"({"type":"TaskScheduled","taskScheduledEventDetails":{)" +
                                  resource + R"(,"region":"us-east-1","parameters":"{}"}})");
  scheduled.timeout_seconds = 600;
  scheduled.heartbeat_seconds = 120;
  scheduled.credentials = json(R"({"RoleArn":"other"})");
  CHECK(details(scheduled, false) ==
        R"({"type":"TaskScheduled","taskScheduledEventDetails":{)" + resource +
            R"(,"region":"us-east-1","timeoutInSeconds":600,"heartbeatInSeconds":120,)"
            R"("taskCredentials":{"roleArn":"other"}}})");
  const auto type_of = &scheduled.resource_type;
  CHECK(details(TaskStarted{TaskKind::Integration, *type_of, scheduled.resource, {}, {}}) ==
        R"({"type":"TaskStarted","taskStartedEventDetails":{)" + resource + "}}");
  CHECK(details(TaskSubmitted{*type_of, scheduled.resource, json("1")}) ==
        R"({"type":"TaskSubmitted","taskSubmittedEventDetails":{)" + resource +
            R"(,"output":"1","outputDetails":{"truncated":false}}})");
  CHECK(details(TaskSucceeded{TaskKind::Integration, *type_of, scheduled.resource, json("1")}) ==
        R"({"type":"TaskSucceeded","taskSucceededEventDetails":{)" + resource +
            R"(,"output":"1","outputDetails":{"truncated":false}}})");
}

TEST_CASE("a Lambda function's events do not name it again") {
  TaskScheduled scheduled;
  scheduled.kind = TaskKind::Lambda;
  scheduled.resource = "function-arn";
  scheduled.parameters = json("{}");
  scheduled.timeout_seconds = 5;
  scheduled.heartbeat_seconds = 1;
  scheduled.credentials = json(R"({"RoleArn":"other"})");
  CHECK(details(scheduled) ==
        R"({"type":"LambdaFunctionScheduled","lambdaFunctionScheduledEventDetails":)"
        R"({"resource":"function-arn","input":"{}","inputDetails":{"truncated":false},)"
        R"("timeoutInSeconds":5,"taskCredentials":{"roleArn":"other"}}})");
  CHECK(details(TaskStarted{TaskKind::Lambda, {}, "function-arn", {}, {}}) ==
        R"({"type":"LambdaFunctionStarted"})");
  CHECK(details(TaskSucceeded{TaskKind::Lambda, {}, "function-arn", json("1")}) ==
        R"({"type":"LambdaFunctionSucceeded","lambdaFunctionSucceededEventDetails":)"
        R"({"output":"1","outputDetails":{"truncated":false}}})");
}

TEST_CASE("an activity's start names its worker") {
  TaskScheduled scheduled;
  scheduled.kind = TaskKind::Activity;
  scheduled.resource = "activity-arn";
  scheduled.parameters = json("{}");
  scheduled.timeout_seconds = 60;
  scheduled.heartbeat_seconds = 10;
  CHECK(details(scheduled) ==
        R"({"type":"ActivityScheduled","activityScheduledEventDetails":)"
        R"({"resource":"activity-arn","input":"{}","inputDetails":{"truncated":false},)"
        R"("timeoutInSeconds":60,"heartbeatInSeconds":10}})");
  CHECK(details(TaskStarted{TaskKind::Activity, {}, "activity-arn", "worker", {}}) ==
        R"({"type":"ActivityStarted","activityStartedEventDetails":{"workerName":"worker"}})");
  CHECK(details(TaskStarted{TaskKind::Activity, {}, "activity-arn", {}, {}}) ==
        R"({"type":"ActivityStarted","activityStartedEventDetails":{}})");
}

TEST_CASE("a task's failure is named by its kind and how it failed") {
  using How = TaskFailed::How;
  const auto failed = [](TaskKind kind, How how) {
    return shown(TaskFailed{kind, how, "sqs", "sendMessage", "E", {}})["type"].get<std::string>();
  };
  CHECK(failed(TaskKind::Integration, How::Failed) == "TaskFailed");
  CHECK(failed(TaskKind::Integration, How::StartFailed) == "TaskStartFailed");
  CHECK(failed(TaskKind::Integration, How::SubmitFailed) == "TaskSubmitFailed");
  CHECK(failed(TaskKind::Integration, How::TimedOut) == "TaskTimedOut");
  CHECK(failed(TaskKind::Lambda, How::Failed) == "LambdaFunctionFailed");
  CHECK(failed(TaskKind::Lambda, How::ScheduleFailed) == "LambdaFunctionScheduleFailed");
  CHECK(failed(TaskKind::Lambda, How::StartFailed) == "LambdaFunctionStartFailed");
  CHECK(failed(TaskKind::Lambda, How::TimedOut) == "LambdaFunctionTimedOut");
  CHECK(failed(TaskKind::Activity, How::Failed) == "ActivityFailed");
  CHECK(failed(TaskKind::Activity, How::ScheduleFailed) == "ActivityScheduleFailed");
  CHECK(failed(TaskKind::Activity, How::TimedOut) == "ActivityTimedOut");
  CHECK(details(TaskFailed{
            TaskKind::Integration, How::TimedOut, "lambda", "invoke", "States.Timeout", {}}) ==
        R"({"type":"TaskTimedOut","taskTimedOutEventDetails":{"resourceType":"lambda",)"
        R"("resource":"invoke","error":"States.Timeout"}})");
  CHECK(details(TaskFailed{TaskKind::Lambda, How::Failed, {}, {}, "E", "because"}) ==
        R"({"type":"LambdaFunctionFailed","lambdaFunctionFailedEventDetails":{"error":"E",)"
        R"("cause":"because"}})");
}

TEST_CASE("a Map shows its length and its iterations, a Parallel nothing of either") {
  using asl::StateType;
  BranchesStarted started;
  started.length = 2;
  CHECK(details(started) == R"({"type":"ParallelStateStarted"})");
  started.type = StateType::Map;
  CHECK(details(started) ==
        R"({"type":"MapStateStarted","mapStateStartedEventDetails":{"length":2}})");
  CHECK(details(ChildStarted{"M", 3, FrameId{1}}) ==
        R"({"type":"MapIterationStarted","mapIterationStartedEventDetails":)"
        R"({"name":"M","index":3}})");
  using How = ChildEnded::How;
  CHECK(details(ChildEnded{How::Succeeded, "M", 3, json("1")}) ==
        R"({"type":"MapIterationSucceeded","mapIterationSucceededEventDetails":)"
        R"({"name":"M","index":3}})");
  CHECK(shown(ChildEnded{How::Failed, "M", 3, {}}).contains("mapIterationFailedEventDetails"));
  CHECK(shown(ChildEnded{How::Aborted, "M", 3, {}}).contains("mapIterationAbortedEventDetails"));
  CHECK(details(BranchesEnded{StateType::Map, true, {}, {}}) == R"({"type":"MapStateSucceeded"})");
  CHECK(details(BranchesEnded{StateType::Map, false, "E", "because"}) ==
        R"({"type":"MapStateFailed"})");
  CHECK(details(BranchesEnded{StateType::Parallel, true, {}, {}}) ==
        R"({"type":"ParallelStateSucceeded"})");
  CHECK(details(BranchesEnded{StateType::Parallel, false, {}, {}}) ==
        R"({"type":"ParallelStateFailed"})");
}

TEST_CASE("a failed query says where it stands") {
  CHECK(details(EvaluationFailed{"States.QueryEvaluationError", "because", "Output", "S"}) ==
        R"({"type":"EvaluationFailed","evaluationFailedEventDetails":)"
        R"({"error":"States.QueryEvaluationError","cause":"because","location":"Output",)"
        R"("state":"S"}})");
}

}  // namespace presso::run
