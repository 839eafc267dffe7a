#include <doctest/doctest.h>

#include "engine/asl/parse.h"
#include "tests/unit/asl/asl_test.h"

namespace presso::asl {
namespace {

const std::string kLambda = R"("Resource":"arn:aws:lambda:us-east-1:123456789012:function:f")";
const std::string kFault = "SCHEMA_VALIDATION_FAILED: ";

// A Task that calls a function, with more fields.
std::string task(std::string_view fields) {
  return R"({"Type":"Task",)" + kLambda + R"(,"End":true)" +
         (fields.empty() ? "" : "," + std::string{fields}) + "}";
}

std::string call(std::string_view resource, std::string_view parameters) {
  return R"({"Type":"Task","End":true,"Resource":"arn:aws:states:::)" + std::string{resource} +
         R"(","Parameters":)" + std::string{parameters} + "}";
}

struct Case {
  std::string_view fields;
  std::string_view expected;
};

void check_all(const std::vector<Case>& cases) {
  for (const auto& it : cases) {
    CAPTURE(it.fields);
    CHECK(joined(faults_of(task(it.fields))) == kFault + std::string{it.expected});
  }
}

TEST_CASE("a Task needs a resource of a known form") {
  CHECK(joined(faults_of(R"({"Type":"Task","End":true})")) ==
        kFault + "These fields are required: [Resource] at /States/A");
  CHECK(joined(faults_of(R"({"Type":"Task","End":true,"Resource":""})")) ==
        kFault + "Value cannot be empty at /States/A/Resource");
  CHECK(joined(faults_of(R"({"Type":"Task","End":true,"Resource":"createToken"})")) ==
        kFault + "Value is not a valid resource ARN at /States/A/Resource");
  CHECK(joined(faults_of(call("lambda:listFunctions", "{}"))) ==
        kFault +
            "The resource provided arn:aws:states:::lambda:listFunctions is not recognized. The "
            "value is not a valid resource ARN, or the resource is not available in this region. "
            "at /States/A/Resource");
}

TEST_CASE("an integration needs Parameters and in them what its call requires") {
  CHECK(joined(faults_of(R"({"Type":"Task","End":true,
                             "Resource":"arn:aws:states:::aws-sdk:sfn:listExecutions"})")) ==
        kFault +
            "Parameters field is required for resource ARN: "
            "arn:aws:states:::aws-sdk:sfn:listExecutions at /States/A");
  CHECK(joined(faults_of(call("dynamodb:getItem", R"({"TableName.$":"$.t"})"))) ==
        kFault + "The field 'Key' is required but was missing at /States/A/Parameters");
  CHECK(faults_of(call("sqs:sendMessage.waitForTaskToken", "{}")).size() == 2);
  CHECK(faults_of(call("lambda:invoke", R"({"FunctionName.$":"$.f"})")).empty());
  CHECK(faults_of(call("aws-sdk:secretsmanager:listSecrets", "{}")).empty());
  CHECK(joined(faults_of(R"({"Type":"Task","End":true,"Parameters":"$",
                             "Resource":"arn:aws:states:::lambda:invoke"})")) ==
        kFault + "Expected value of type Object at /States/A/Parameters");
}

TEST_CASE("payload templates name the field whose value cannot be computed") {
  check_all({
      {R"("Parameters":{"foo":"bar","lorem.$":"ipsum","dolor.$":"$.sit.amet"})",
       "The value for the field 'lorem.$' must be a valid JSONPath or a valid intrinsic function "
       "call at /States/A/Parameters"},
      {R"("Parameters":{"a":{"b":[{"c.$":1}]}})",
       "The value for the field 'c.$' must be a valid JSONPath or a valid intrinsic function call "
       "at /States/A/Parameters/a/b[0]"},
      {R"j("ResultSelector":{"abc.$":"States.Xyz($.result)"})j",
       "The value for the field 'abc.$' must be a valid JSONPath or a valid intrinsic function "
       "call at /States/A/ResultSelector"},
      {R"("ResultSelector":[1])", "Expected value of type Object at /States/A/ResultSelector"},
  });
  CHECK(joined(diagnose(machine_of(task(R"("Parameters":{"a":"$.b"})")), MachineType::Standard,
                        Severity::Warning)) ==
        "NO_DOLLAR: No .$ on a field that appears to be a JSONPath or Intrinsic Function. at "
        "/States/A/Parameters");
}

TEST_CASE("time-outs and heartbeats are whole seconds or paths") {
  check_all({
      {R"("TimeoutSeconds":0)", "Minimum value is 1 at /States/A/TimeoutSeconds"},
      {R"("TimeoutSeconds":100000000)", "Maximum value is 99999999 at /States/A/TimeoutSeconds"},
      {R"("TimeoutSeconds":"5")", "Expected value of type Integer at /States/A/TimeoutSeconds"},
      {R"("HeartbeatSeconds":0)", "Minimum value is 1 at /States/A/HeartbeatSeconds"},
      {R"("TimeoutSeconds":5,"TimeoutSecondsPath":"$.t")",
       "There should only be one of the following fields: [TimeoutSeconds, TimeoutSecondsPath] at "
       "/States/A"},
      {R"("HeartbeatSeconds":5,"HeartbeatSecondsPath":"$.t")",
       "There should only be one of the following fields: [HeartbeatSeconds, "
       "HeartbeatSecondsPath] at /States/A"},
      {R"("TimeoutSeconds":5,"HeartbeatSeconds":5)",
       "HeartbeatSeconds must be smaller than TimeoutSeconds at /States/A/HeartbeatSeconds"},
      {R"("TimeoutSecondsPath":"t")",
       "Value must be a valid JSONPath. at /States/A/TimeoutSecondsPath"},
  });
  const auto state = state_of(task(R"("TimeoutSeconds":9,"HeartbeatSecondsPath":"$.h")"));
  const auto& detail = std::get<TaskState>(state.detail);
  CHECK(detail.timeout_seconds->literal == 9);
  CHECK_FALSE(detail.timeout_seconds->path.has_value());
  CHECK(detail.heartbeat_seconds->path->text() == "$.h");
}

TEST_CASE("Credentials hold a role and nothing else, and are not for activities") {
  check_all({
      {R"("Credentials":{})",
       "The field 'RoleArn' is required but was missing at /States/A/Credentials"},
      {R"("Credentials":{"InvalidField":"x"})",
       "The field 'RoleArn' is required but was missing at /States/A/Credentials"},
      {R"("Credentials":{"RoleArn.$":"$.r","More":1})",
       "Field 'More' is not supported at /States/A/Credentials"},
      {R"("Credentials":1)", "Expected value of type Object at /States/A/Credentials"},
  });
  CHECK(joined(faults_of(R"({"Type":"Task","End":true,"Credentials":{"RoleArn":"r"},
          "Resource":"arn:aws:states:us-east-1:123456789012:activity:a"})")) ==
        kFault +
            "The field 'Credentials' is not supported for activities at /States/A/Credentials");
  const auto state = state_of(task(R"("Credentials":{"RoleArn":"r"})"));
  CHECK(std::get<TaskState>(state.detail).credentials.has_value());
}

TEST_CASE("retriers and catchers have errors to match") {
  check_all({
      {R"("Retry":{})", "Expected value of type Array at /States/A/Retry"},
      {R"("Retry":[1])", "Expected value of type Object at /States/A/Retry[0]"},
      {R"("Retry":[{}])", "These fields are required: [ErrorEquals] at /States/A/Retry[0]"},
      {R"("Retry":[{"ErrorEquals":[]}])",
       "Value cannot be empty at /States/A/Retry[0]/ErrorEquals"},
      {R"("Retry":[{"ErrorEquals":["a",true]}])",
       "Expected value of type String at /States/A/Retry[0]/ErrorEquals[1]"},
      {R"("Catch":[{"ErrorEquals":["a"]}])",
       "These fields are required: [Next] at /States/A/Catch[0]"},
      {R"("Catch":[{"ErrorEquals":[],"Next":"A"}])",
       "Value cannot be empty at /States/A/Catch[0]/ErrorEquals"},
      {R"("Catch":[{"ErrorEquals":["a"],"Next":"A","ResultPath":"$.*"}])",
       "Value is not a Reference Path at /States/A/Catch[0]/ResultPath"},
      {R"("Catch":[{"ErrorEquals":["a"],"Next":"A","Output":1}])",
       "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the "
       "'JSONata' QueryLanguage at /States/A/Catch[0]"},
  });
}

TEST_CASE("States.ALL stands alone and last") {
  check_all({
      {R"("Retry":[{"ErrorEquals":["a","States.ALL"]}])",
       "States.ALL must appear alone and at end of list at /States/A/Retry[0]/ErrorEquals"},
      {R"("Retry":[{"ErrorEquals":["States.ALL"]},{"ErrorEquals":["a"]}])",
       "States.ALL must appear alone and at end of list at /States/A/Retry[0]/ErrorEquals"},
      {R"("Catch":[{"ErrorEquals":["States.ALL"],"Next":"A"},{"ErrorEquals":["a"],"Next":"A"}])",
       "States.ALL must appear alone and at end of list at /States/A/Catch[0]/ErrorEquals"},
  });
  CHECK(
      faults_of(task(R"("Retry":[{"ErrorEquals":["a"]},{"ErrorEquals":["States.ALL"]}])")).empty());
}

TEST_CASE("a retrier's numbers have their ranges") {
  const auto retrier = [](std::string_view field) {
    return task(R"("Retry":[{"ErrorEquals":["a"],)" + std::string{field} + "}]");
  };
  const std::vector<Case> cases{
      {R"("IntervalSeconds":-1)", "Minimum value is 0 at /States/A/Retry[0]/IntervalSeconds"},
      {R"("MaxAttempts":-1)", "Minimum value is 0 at /States/A/Retry[0]/MaxAttempts"},
      {R"("MaxAttempts":100000000)", "Maximum value is 99999999 at /States/A/Retry[0]/MaxAttempts"},
      {R"("MaxAttempts":1.5)", "Expected value of type Integer at /States/A/Retry[0]/MaxAttempts"},
      {R"("BackoffRate":0.5)", "Minimum value is 1 at /States/A/Retry[0]/BackoffRate"},
      {R"("BackoffRate":"2")", "Expected value of type Number at /States/A/Retry[0]/BackoffRate"},
      {R"("MaxDelaySeconds":0)",
       "Minimum value is 1 at /States/A/Retry[0]/MaxDelaySeconds\n"
       "SCHEMA_VALIDATION_FAILED: MaxDelaySeconds must be greater than "
       "IntervalSeconds at /States/A/Retry[0]/MaxDelaySeconds"},
      {R"("MaxDelaySeconds":31622401)",
       "Maximum value is 31622400 at /States/A/Retry[0]/MaxDelaySeconds"},
      {R"("MaxDelaySeconds":5,"IntervalSeconds":5)",
       "MaxDelaySeconds must be greater than IntervalSeconds at "
       "/States/A/Retry[0]/MaxDelaySeconds"},
      {R"("JitterStrategy":"SOME")",
       "Value should be one of the following: [NONE, FULL] at /States/A/Retry[0]/JitterStrategy"},
      {R"("Interval":1)", "Field 'Interval' is not supported at /States/A/Retry[0]"},
  };
  for (const auto& it : cases) {
    CHECK(joined(faults_of(retrier(it.fields))) == kFault + std::string{it.expected});
  }
}

TEST_CASE("retriers and catchers are read with their defaults") {
  const auto parsed = parse(R"({"StartAt":"A","States":{"B":{"Type":"Succeed"},"A":)" + task(R"(
      "Retry":[{"ErrorEquals":["x","y"]},
               {"ErrorEquals":["States.ALL"],"IntervalSeconds":4,"MaxAttempts":0,
                "BackoffRate":1.5,"MaxDelaySeconds":7,"JitterStrategy":"FULL"}],
      "Catch":[{"ErrorEquals":["x"],"Next":"B","ResultPath":"$.e","Assign":{"v.$":"$.Cause"}}])") +
                                "}}",
                            MachineType::Standard);
  REQUIRE(parsed.definition != nullptr);
  const auto& state = *parsed.definition->find("A");
  REQUIRE(state.retry.size() == 2);
  CHECK(state.retry[0].error_equals == std::vector<std::string>{"x", "y"});
  CHECK(state.retry[0].interval_seconds == 1);
  CHECK(state.retry[0].max_attempts == 3);
  CHECK(state.retry[0].backoff_rate == 2.0);
  CHECK_FALSE(state.retry[0].max_delay_seconds.has_value());
  CHECK_FALSE(state.retry[0].has_full_jitter);
  CHECK(state.retry[1].interval_seconds == 4);
  CHECK(state.retry[1].max_attempts == 0);
  CHECK(state.retry[1].backoff_rate == 1.5);
  CHECK(state.retry[1].max_delay_seconds == 7);
  CHECK(state.retry[1].has_full_jitter);
  REQUIRE(state.catchers.size() == 1);
  CHECK(state.catchers[0].next == "B");
  CHECK(state.catchers[0].result_path.path->text() == "$.e");
  CHECK(state.catchers[0].assign.has_value());
}

TEST_CASE("express machines wait for nothing outside") {
  const auto express = [](const std::string& state) {
    return joined(faults_of(state, MachineType::Express));
  };
  CHECK(express(R"({"Type":"Task","End":true,
          "Resource":"arn:aws:states:us-east-1:123456789012:activity:a"})") ==
        kFault + "Express state machine does not support Activity ARN at /States/A/Resource");
  CHECK(express(call("sqs:sendMessage.waitForTaskToken",
                     R"({"QueueUrl":"q","MessageBody.$":"$$.Task.Token"})")) ==
        kFault +
            "Express state machine does not support '.waitForTaskToken' service integration  at "
            "/States/A/Resource");
  CHECK(express(call("states:startExecution.sync:2", R"({"StateMachineArn":"m"})")) ==
        kFault +
            "Express state machine does not support '.sync:2' service integration  at "
            "/States/A/Resource");
  CHECK(express(call("sqs:sendMessage", R"({"QueueUrl":"q","MessageBody":"b"})")).empty());
}

}  // namespace
}  // namespace presso::asl
