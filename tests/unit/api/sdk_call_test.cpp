#include "api/sdk_call.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/unit/api/world.h"

namespace presso::test {
namespace {

std::string result_of(const api::SdkResult& result) {
  const auto* text = std::get_if<std::string>(&result);
  return text == nullptr ? "failed" : *text;
}
std::string failure_of(const api::SdkResult& result) {
  const auto* failure = std::get_if<run::Failure>(&result);
  if (failure == nullptr) return "succeeded";
  return failure->error.value_or("") + ": " + failure->cause.value_or("");
}

}  // namespace

TEST_CASE("a task's members are written and read in PascalCase, its times are texts") {
  World world;
  const std::string machine = world.create_machine("Orders", pass_machine());
  CHECK(result_of(
            world.task("sfn", "startExecution",
                       R"({"StateMachineArn":")" + machine + R"(","Name":"one","Input":null})")) ==
        R"({"ExecutionArn":"arn:aws:states:us-east-1:000000000000:execution:Orders:one",)"
        R"("StartDate":"2026-01-01T00:00:00.000Z"})");
  CHECK(result_of(
            world.task("sfn", "listExecutions",
                       R"({"StateMachineArn":")" + machine + R"(","StatusFilter":"SUCCEEDED"})")) ==
        R"({"Executions":[{)"
        R"("ExecutionArn":"arn:aws:states:us-east-1:000000000000:execution:Orders:one",)"
        R"("StateMachineArn":")" +
            machine +
            R"(","Name":"one","Status":"SUCCEEDED","StartDate":"2026-01-01T00:00:00.000Z",)"
            R"("StopDate":"2026-01-01T00:00:00.000Z","RedriveCount":0}]})");
}

TEST_CASE("a history's events are converted too, but not the names of variables") {
  World world;
  const std::string machine = world.create_machine(
      "Orders", json(R"({"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"myVar":1},
                                                      "End":true}}})"));
  world.start(machine, "one");
  const Json history = json(result_of(world.task(
      "sfn", "getExecutionHistory",
      R"({"ExecutionArn":"arn:aws:states:us-east-1:000000000000:execution:Orders:one"})")));
  const Json& exited = history["Events"][2];
  CHECK(text_at(exited, "Type") == "PassStateExited");
  CHECK(text_at(exited, "Timestamp") == "2026-01-01T00:00:00.000Z");
  CHECK(find_member(exited["StateExitedEventDetails"]["AssignedVariables"], "myVar") != nullptr);
}

TEST_CASE("events are put from a task, with times as texts") {
  World world;
  const Json result =
      json(result_of(world.task("eventbridge", "putEvents",
                                R"({"Entries":[{"Source":"s","DetailType":"t","Detail":"{}",)"
                                R"("Time":"2026-01-01T00:00:00Z"}]})")));
  CHECK(result["FailedEntryCount"] == Json(0));
  CHECK(result["Entries"].size() == 1);
}

TEST_CASE("recorded: an error is named as the SDK for Java names it") {
  World world;
  for (const char* action : {"sendTaskFailure", "sendTaskHeartbeat"}) {
    CHECK(failure_of(world.task("sfn", action, R"({"TaskToken":"NoSuchTaskToken"})")) ==
          "Sfn.InvalidTokenException: Invalid Token: 'Invalid token' (Service: Sfn, Status Code: "
          "400, Request ID: R) (SDK Attempt Count: 1)");
  }
  CHECK(failure_of(world.task("eventbridge", "describeRule", R"({"Name":"none"})")) ==
        "EventBridge.ResourceNotFoundException: Rule none does not exist on EventBus default. "
        "(Service: EventBridge, Status Code: 400, Request ID: R) (SDK Attempt Count: 1)");
  CHECK(failure_of(world.task("eventbridge", "deleteEventBus", R"({"Name":"default"})"))
            .starts_with("EventBridge.EventBridgeException: Cannot delete event bus default."));
}

TEST_CASE("parameters that the operation does not have fail the task before it runs") {
  World world;
  CHECK(failure_of(world.task("sfn", "describeExecution", R"({"executionArn":"a"})")) ==
        "States.Runtime: The Parameters '{\"executionArn\":\"a\"}' could not be used to start the "
        "Task: [The field \"executionArn\" is not supported by Step Functions]");
  CHECK(failure_of(world.task("sfn", "describeExecution", "[]"))
            .starts_with("States.Runtime: The Parameters '[]' could not be used"));
  CHECK(failure_of(world.task("sfn", "nothing", "{}")) ==
        "States.Runtime: presso does not serve the operation Nothing yet");
}

TEST_CASE("other services are not ours") {
  CHECK_FALSE(api::prepare({.service = "sqs",
                            .action = "sendMessage",
                            .parameters = "{}",
                            .caller = {},
                            .request_id = ""}));
}

}  // namespace presso::test
