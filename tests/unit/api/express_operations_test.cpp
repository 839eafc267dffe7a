// Express executions through the whole of presso: dispatch, core, store.
#include <doctest/doctest.h>

#include <string>

#include "tests/unit/api/world.h"

namespace presso::test {
namespace {

std::string create(World& world, const std::string& states) {
  Json request = json(R"({"name":"Quick","type":"EXPRESS",
                          "roleArn":"arn:aws:iam::000000000000:role/r"})");
  request["definition"] = R"({"StartAt":"A","States":{)" + states + "}}";
  return text_at(world.call("AWSStepFunctions.CreateStateMachine", request), "stateMachineArn");
}
std::string by_arn(const std::string& arn, const std::string& more = "") {
  return R"({"stateMachineArn":")" + arn + "\"" + more + "}";
}

constexpr const char* kPass = R"("A":{"Type":"Pass","Result":7,"End":true})";
constexpr const char* kWait = R"("A":{"Type":"Wait","Seconds":2,"End":true})";
constexpr const char* kLongWait = R"("A":{"Type":"Wait","Seconds":301,"End":true})";
constexpr const char* kFail = R"("A":{"Type":"Fail","Error":"E","Cause":"C"})";

}  // namespace

TEST_CASE("StartSyncExecution answers with the end of the execution") {
  World world;
  const std::string quick = create(world, kPass);
  const Json answer = world.states(
      "StartSyncExecution", by_arn(quick, R"(,"name":"n","input":"{\"a\": 1}","traceHeader":"t")"));
  const std::string& arn = text_at(answer, "executionArn");
  CHECK(arn.starts_with("arn:aws:states:us-east-1:000000000000:express:Quick:n:"));
  CHECK(arn.size() ==
        std::string{"arn:aws:states:us-east-1:000000000000:express:Quick:n:"}.size() + 36);
  CHECK(dump_json(answer) ==
        R"({"executionArn":")" + arn + R"(","stateMachineArn":")" + quick +
            R"(","name":"n","startDate":1767225600.0,"stopDate":1767225600.0,)"
            R"("status":"SUCCEEDED","input":"{\"a\": 1}","inputDetails":{"included":true},)"
            R"("output":"7","outputDetails":{"included":true},"traceHeader":"t",)"
            R"("billingDetails":{"billedMemoryUsedInMB":64,"billedDurationInMilliseconds":100}})");
}

TEST_CASE("StartSyncExecution waits, and bills what it waited") {
  World world;
  const RequestId request = world.send("StartSyncExecution", by_arn(create(world, kWait)));
  CHECK_FALSE(world.answer_to(request));
  world.advance(seconds(2));
  REQUIRE(world.answer_to(request));
  CHECK(dump_json((*world.answer_to(request))["billingDetails"]) ==
        R"({"billedMemoryUsedInMB":64,"billedDurationInMilliseconds":2000})");
}

TEST_CASE("the bound of a history is not one of Express executions") {
  World world;
  Json request = json(R"({"name":"Many","type":"EXPRESS",
                          "roleArn":"arn:aws:iam::000000000000:role/r"})");
  request["definition"] = R"({"StartAt":"M","QueryLanguage":"JSONata","States":{"M":{"Type":"Map",
      "Items":"{% [1..7000] %}","Output":"{% $count($states.result) %}","End":true,
      "ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}}})";
  const Json made = world.call("AWSStepFunctions.CreateStateMachine", request);
  const RequestId asked =
      world.send("StartSyncExecution", by_arn(text_at(made, "stateMachineArn")));
  for (int i = 0; i < 100 && !world.answer_to(asked); ++i) world.advance(seconds(1));
  REQUIRE(world.answer_to(asked));
  CHECK(text_at(*world.answer_to(asked), "status") == "SUCCEEDED");
  CHECK(text_at(*world.answer_to(asked), "output") == "7000");
}

TEST_CASE("an Express execution lasts five minutes at most") {
  World world;
  const RequestId request = world.send("StartSyncExecution", by_arn(create(world, kLongWait)));
  world.advance(seconds(300));
  REQUIRE(world.answer_to(request));
  const Json answer = *world.answer_to(request);
  CHECK(text_at(answer, "status") == "TIMED_OUT");
  CHECK(text_at(answer, "error") == "States.Timeout");
  CHECK(find_member(answer, "output") == nullptr);
}

TEST_CASE("a failure is an answer, and data can be left out of it") {
  World world;
  const Json answer = world.states(
      "StartSyncExecution", by_arn(create(world, kFail), R"(,"includedData":"METADATA_ONLY")"));
  CHECK(text_at(answer, "status") == "FAILED");
  CHECK(text_at(answer, "error") == "E");
  CHECK(text_at(answer, "cause") == "C");
  CHECK(find_member(answer, "input") == nullptr);
  CHECK(dump_json(answer["inputDetails"]) == R"({"included":false})");
}

TEST_CASE("an Express execution's name is nobody's, and no operation knows its ARN") {
  World world;
  const std::string quick = create(world, kWait);
  const std::string first = world.start(quick, "n");
  CHECK(first != world.start(quick, "n"));
  CHECK(first.starts_with("arn:aws:states:us-east-1:000000000000:express:Quick:n:"));
  const std::string request = R"({"executionArn":")" + first + "\"}";
  for (const char* operation : {"DescribeExecution", "GetExecutionHistory", "StopExecution",
                                "DescribeStateMachineForExecution"}) {
    CAPTURE(operation);
    CHECK(error_of(world.states(operation, request)) ==
          "InvalidArn: Invalid Arn: 'Resource type not valid in this context: express'");
  }
  CHECK(error_of(world.states("ListExecutions", by_arn(quick))) ==
        "StateMachineTypeNotSupported: This operation is not supported by this type of state "
        "machine");
}

TEST_CASE("StartSyncExecution is for Express machines") {
  World world;
  const std::string standard = world.create_machine("Orders", pass_machine());
  CHECK(error_of(world.states("StartSyncExecution", by_arn(standard))) ==
        "StateMachineTypeNotSupported: This operation is not supported by this type of state "
        "machine");
  CHECK(
      error_of(world.states("StartSyncExecution", by_arn(create(world, kPass), R"(,"input":"{")")))
          .starts_with("InvalidExecutionInput: "));
}

}  // namespace presso::test
