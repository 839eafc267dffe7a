// State machines through the whole of presso: dispatch, core, store.
#include <doctest/doctest.h>

#include <string>

#include "tests/unit/api/world.h"

namespace presso::test {
namespace {

const std::string kOrders = "arn:aws:states:us-east-1:000000000000:stateMachine:Orders";

std::string by_arn(const std::string& arn, const std::string& more = "") {
  return R"({"stateMachineArn":")" + arn + "\"" + more + "}";
}

}  // namespace

TEST_CASE("a machine is described as AWS describes it") {
  World world;
  CHECK(world.create_machine("Orders", pass_machine()) == kOrders);
  const Json described = world.states("DescribeStateMachine", by_arn(kOrders));
  CHECK(dump_json(described) ==
        R"({"stateMachineArn":")" + kOrders + R"(","name":"Orders","status":"ACTIVE",)" +
            R"("definition":)" + dump_json(Json(dump_json(pass_machine()))) +
            R"(,"roleArn":"arn:aws:iam::000000000000:role/r","type":"STANDARD",)"
            R"("creationDate":1767225600.0,)"
            R"("loggingConfiguration":{"level":"OFF","includeExecutionData":false},)"
            R"("tracingConfiguration":{"enabled":false},)"
            R"("encryptionConfiguration":{"type":"AWS_OWNED_KEY"}})");
}

TEST_CASE("CreateStateMachine answers an ARN and a date, and is idempotent") {
  World world;
  Json request = Json::object();
  request["name"] = "Orders";
  request["definition"] = dump_json(pass_machine());
  request["roleArn"] = "arn:aws:iam::000000000000:role/r";
  const std::string expected =
      R"({"stateMachineArn":")" + kOrders + R"(","creationDate":1767225600.0})";
  CHECK(dump_json(world.call("AWSStepFunctions.CreateStateMachine", request)) == expected);
  world.advance(seconds(60));
  request["roleArn"] = "arn:aws:iam::000000000000:role/other";
  request["loggingConfiguration"] = json(R"({"level":"OFF"})");
  CHECK(dump_json(world.call("AWSStepFunctions.CreateStateMachine", request)) == expected);
  request["definition"] = dump_json(wait_for_token_machine());
  CHECK(error_of(world.call("AWSStepFunctions.CreateStateMachine", request)) ==
        "StateMachineAlreadyExists: State Machine Already Exists: '" + kOrders + "'");
}

TEST_CASE("what CreateStateMachine refuses") {
  World world;
  const auto refusal = [&](std::string_view changes) {
    Json request = json(R"({"name":"Orders","roleArn":"arn:aws:iam::1:role/r"})");
    request["definition"] = dump_json(pass_machine());
    const Json changed = json(changes);
    for (const auto& [name, value] : changed.items()) request[name] = value;
    return error_of(world.call("AWSStepFunctions.CreateStateMachine", request));
  };
  CHECK(refusal(R"({"name":"a b"})") == "InvalidName: Invalid Name: 'a b'");
  CHECK(refusal(R"({"definition":"{}"})")
            .starts_with("InvalidDefinition: Invalid State Machine Definition: '"));
  CHECK(refusal(R"({"loggingConfiguration":{"level":"ALL"}})") ==
        "InvalidLoggingConfiguration: Invalid Logging Configuration: Must specify exactly one Log "
        "Destination.");
  CHECK(refusal(R"({"loggingConfiguration":{"destinations":[{},{}]}})") ==
        "InvalidLoggingConfiguration: Invalid Logging Configuration: Must specify exactly one Log "
        "Destination.");
  CHECK(refusal(R"({"versionDescription":"v"})") ==
        "ValidationException: Version description can only be set when publish is true");
  CHECK(refusal(R"({"type":"FAST"})") ==
        "ValidationException: 1 validation error detected: Value 'FAST' at 'type' failed to "
        "satisfy constraint: Member must satisfy enum value set: [STANDARD, EXPRESS]");
  CHECK(world.states("ListStateMachines", "{}")["stateMachines"].empty());
}

TEST_CASE("an update gives a revision its id, and keeps what it does not name") {
  World world;
  world.create_machine("Orders", pass_machine());
  CHECK(error_of(world.states("UpdateStateMachine", by_arn(kOrders))) ==
        "MissingRequiredParameter: Either the definition, the role ARN, the LoggingConfiguration, "
        "or the TracingConfiguration must be specified");
  world.advance(seconds(5));
  const Json updated = world.states("UpdateStateMachine",
                                    by_arn(kOrders, R"(,"tracingConfiguration":{"enabled":true})"));
  CHECK(updated["updateDate"] == Json(1767225605.0));
  const std::string& revision = text_at(updated, "revisionId");
  CHECK(revision.size() == 36);
  const Json described = world.states("DescribeStateMachine", by_arn(kOrders));
  CHECK(text_at(described, "revisionId") == revision);
  CHECK(text_at(described, "definition") == dump_json(pass_machine()));
  CHECK(dump_json(described["tracingConfiguration"]) == R"({"enabled":true})");
  CHECK(dump_json(described["loggingConfiguration"]) ==
        R"({"level":"OFF","includeExecutionData":false})");
  CHECK(described["creationDate"] == Json(1767225600.0));
}

TEST_CASE("recorded: an update to what already is makes no revision") {
  World world;
  world.create_machine("Orders", pass_machine());
  const std::string same = by_arn(kOrders, R"(,"loggingConfiguration":{"level":"OFF"},"roleArn":)"
                                           R"("arn:aws:iam::000000000000:role/r")");
  CHECK(dump_json(world.states("UpdateStateMachine", same)) == R"({"updateDate":1767225600.0})");
  const std::string other = by_arn(kOrders, R"(,"roleArn":"arn:aws:iam::000000000000:role/s")");
  const std::string revision = text_at(world.states("UpdateStateMachine", other), "revisionId");
  CHECK(text_at(world.states("UpdateStateMachine", other), "revisionId") == revision);
  CHECK(text_at(world.states("DescribeStateMachine", by_arn(kOrders)), "revisionId") == revision);
}

TEST_CASE("recorded: the variables that each state reads are told, in inner states too") {
  World world;
  world.create_machine("Orders", json(R"({"StartAt":"A","States":{
      "A":{"Type":"Pass","Assign":{"guess":"g","answer":"a"},"Next":"B"},
      "B":{"Type":"Choice","Choices":[{"Variable":"$guess","StringEqualsPath":"$answer",
           "Next":"C"}],"Default":"C"},
      "C":{"Type":"Map","ItemsPath":"$.items","ItemProcessor":{"StartAt":"D","States":{
           "D":{"Type":"Pass","Parameters":{"x.$":"$guess"},"End":true}}},"End":true}}})"));
  CHECK(dump_json(world.states("DescribeStateMachine", by_arn(kOrders))["variableReferences"]) ==
        R"({"B":["answer","guess"],"D":["guess"]})");
}

TEST_CASE("machines that are not there, and ARNs that are none") {
  World world;
  for (const char* operation : {"DescribeStateMachine", "ListExecutions", "StartExecution"}) {
    CAPTURE(operation);
    CHECK(error_of(world.states(operation, by_arn(kOrders))) ==
          "StateMachineDoesNotExist: State Machine Does Not Exist: '" + kOrders + "'");
    CHECK(error_of(world.states(operation, by_arn("not_a_valid_arn"))) ==
          "InvalidArn: Invalid Arn: 'Invalid ARN prefix: not_a_valid_arn'");
    CHECK(error_of(world.states(
              operation, by_arn("arn:aws:states:us-east-1:000000000000:execution:Orders:1"))) ==
          "InvalidArn: Invalid Arn: 'Resource type not valid in this context: execution'");
  }
  CHECK(dump_json(world.states("DeleteStateMachine", by_arn(kOrders))) == "{}");
}

TEST_CASE("machines of other accounts and regions do not exist") {
  World world;
  world.create_machine("Orders", pass_machine());
  const Json request = json(by_arn(kOrders));
  const core::Caller others[] = {{"111111111111", "us-east-1"}, {"000000000000", "eu-west-1"}};
  for (const core::Caller& other : others) {
    for (const char* operation : {"DescribeStateMachine", "ListExecutions", "StartExecution"}) {
      CAPTURE(operation);
      const std::string target = "AWSStepFunctions." + std::string{operation};
      CHECK(error_of(world.call(target, request, other)).starts_with("StateMachineDoesNotExist: "));
    }
    CHECK(dump_json(world.call("AWSStepFunctions.ListStateMachines", Json::object(), other)) ==
          R"({"stateMachines":[]})");
    world.call("AWSStepFunctions.DeleteStateMachine", request, other);
  }
  CHECK(error_of(world.states("DescribeStateMachine", by_arn(kOrders))).empty());
}

TEST_CASE("machines are listed by name, in pages") {
  World world;
  for (const char* name : {"m_2_", "m_1_", "m_10_", "m_0_"}) {
    world.create_machine(name, pass_machine());
  }
  const Json first = world.states("ListStateMachines", R"({"maxResults":3})");
  REQUIRE(first["stateMachines"].size() == 3);
  CHECK(text_at(first["stateMachines"][0], "name") == "m_0_");
  CHECK(text_at(first["stateMachines"][1], "name") == "m_10_");
  CHECK(dump_json(first["stateMachines"][2]) ==
        R"({"stateMachineArn":"arn:aws:states:us-east-1:000000000000:stateMachine:m_1_",)"
        R"("name":"m_1_","type":"STANDARD","creationDate":1767225600.0})");
  const Json second = world.states("ListStateMachines",
                                   R"({"nextToken":")" + text_at(first, "nextToken") + R"("})");
  REQUIRE(second["stateMachines"].size() == 1);
  CHECK(find_member(second, "nextToken") == nullptr);
  CHECK(error_of(world.states("ListStateMachines", R"({"nextToken":"garbage"})")) ==
        "InvalidToken: Invalid Token: 'Invalid token'");
}

TEST_CASE("a deleted machine is gone") {
  World world;
  world.create_machine("Orders", pass_machine());
  CHECK(dump_json(world.states("DeleteStateMachine", by_arn(kOrders))) == "{}");
  CHECK(error_of(world.states("DescribeStateMachine", by_arn(kOrders)))
            .starts_with("StateMachineDoesNotExist"));
}

TEST_CASE("a machine that is deleted while it runs is DELETING until its last execution ended") {
  World world;
  world.create_machine("Orders", json(R"({"StartAt":"Wait","States":{
    "Wait":{"Type":"Wait","Seconds":600,"End":true}}})"));
  const Json started = world.states("StartExecution", by_arn(kOrders));
  CHECK(dump_json(world.states("DeleteStateMachine", by_arn(kOrders))) == "{}");
  CHECK(dump_json(world.states("DeleteStateMachine", by_arn(kOrders))) == "{}");
  CHECK(text_at(world.states("DescribeStateMachine", by_arn(kOrders)), "status") == "DELETING");
  CHECK(world.states("ListStateMachines", "{}")["stateMachines"].size() == 1);
  const std::string refused =
      "StateMachineDeleting: State Machine is being deleted: '" + kOrders + "'";
  CHECK(error_of(world.states("StartExecution", by_arn(kOrders))) == refused);
  CHECK(error_of(world.states("PublishStateMachineVersion", by_arn(kOrders))) == refused);
  CHECK(error_of(world.states("UpdateStateMachine", R"({"roleArn":"arn:aws:iam::1:role/r",)"
                                                    R"("stateMachineArn":")" +
                                                        kOrders + R"("})")) == refused);
  const std::string execution = R"({"executionArn":")" + text_at(started, "executionArn") + R"("})";
  world.states("StopExecution", execution);
  CHECK(error_of(world.states("DescribeStateMachine", by_arn(kOrders)))
            .starts_with("StateMachineDoesNotExist"));
  const Json ended = world.states("DescribeExecution", execution);
  CHECK(text_at(ended, "redriveStatus") == "NOT_REDRIVABLE");
  CHECK(text_at(ended, "redriveStatusReason") == "State machine is in DELETING status");
}

TEST_CASE("a definition is validated without being kept") {
  World world;
  Json request = Json::object();
  request["definition"] = dump_json(pass_machine());
  const auto validate = [&] {
    return world.call("AWSStepFunctions.ValidateStateMachineDefinition", request);
  };
  CHECK(dump_json(validate()) == R"({"result":"OK","diagnostics":[],"truncated":false})");
  request["definition"] = R"({"States":{"A":{"Type":"Pass","End":true}}})";
  CHECK(dump_json(validate()) ==
        R"({"result":"FAIL","diagnostics":[{"severity":"ERROR","code":"SCHEMA_VALIDATION_FAILED",)"
        R"("message":"These fields are required: [StartAt]","location":"/"}],"truncated":false})");
  request["definition"] = R"({"StartAt":"A","States":{"A":{"Type":"Nope"},"B":{"Type":"Nope"}}})";
  request["maxResults"] = 1;
  const Json truncated = validate();
  CHECK(truncated["diagnostics"].size() == 1);
  CHECK(truncated["truncated"] == Json(true));
}

}  // namespace presso::test
