// Executions through the whole of presso: dispatch, core, store, reader.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/unit/api/world.h"

namespace presso::test {
namespace {

const std::string kOrders = "arn:aws:states:us-east-1:000000000000:stateMachine:Orders";
const std::string kOne = "arn:aws:states:us-east-1:000000000000:execution:Orders:one";

std::string by_execution(const std::string& more = "", const std::string& arn = kOne) {
  return R"({"executionArn":")" + arn + "\"" + more + "}";
}

std::vector<int> ids_of(const Json& history) {
  std::vector<int> ids;
  for (const Json& event : history["events"]) ids.push_back(event["id"].get<int>());
  return ids;
}

// The token of a task that waits, as its history shows it.
std::string token_of(World& world) {
  const Json history = world.states("GetExecutionHistory", by_execution());
  for (const Json& event : history["events"]) {
    if (event["type"] != Json("TaskScheduled")) continue;
    const Json parameters = json(text_at(event["taskScheduledEventDetails"], "parameters"));
    return text_at(parameters["Entries"][0]["Detail"], "token");
  }
  FAIL("nothing was scheduled");
  return {};
}

std::string by_token(const std::string& token, const std::string& more = "") {
  return R"({"taskToken":")" + token + "\"" + more + "}";
}

}  // namespace

TEST_CASE("an execution is described as AWS describes it") {
  World world;
  world.create_machine("Orders", pass_machine());
  CHECK(world.start(kOrders, "one", R"({ "b": 1.50 })") == kOne);
  CHECK(dump_json(world.states("DescribeExecution", by_execution())) ==
        R"({"executionArn":")" + kOne + R"(","stateMachineArn":")" + kOrders +
            R"(","name":"one","status":"SUCCEEDED","startDate":1767225600.0,)"
            R"("stopDate":1767225600.0,"input":"{ \"b\": 1.50 }","inputDetails":{"included":true},)"
            R"("output":"{\"a\":1}","outputDetails":{"included":true},"redriveCount":0,)"
            R"("redriveStatus":"NOT_REDRIVABLE",)"
            R"("redriveStatusReason":"Execution is SUCCEEDED and cannot be redriven"})");
  CHECK(find_member(
            world.states("DescribeExecution", by_execution(R"(,"includedData":"METADATA_ONLY")")),
            "input") == nullptr);
}

TEST_CASE("a running execution has no output, a stopped one its error and cause") {
  World world;
  world.create_machine("Orders", wait_for_token_machine());
  world.start(kOrders, "one");
  const Json running = world.states("DescribeExecution", by_execution());
  CHECK(text_at(running, "status") == "RUNNING");
  CHECK(text_at(running, "redriveStatusReason") == "Execution is RUNNING and cannot be redriven");
  CHECK(find_member(running, "stopDate") == nullptr);
  CHECK(find_member(running, "outputDetails") == nullptr);
  world.advance(seconds(7));
  CHECK(dump_json(world.states("StopExecution", by_execution(R"(,"error":"E","cause":"C")"))) ==
        R"({"stopDate":1767225607.0})");
  world.advance(seconds(7));
  CHECK(dump_json(world.states("StopExecution", by_execution())) == R"({"stopDate":1767225607.0})");
  const Json stopped = world.states("DescribeExecution", by_execution());
  CHECK(text_at(stopped, "status") == "ABORTED");
  CHECK(text_at(stopped, "error") == "E");
  CHECK(text_at(stopped, "cause") == "C");
  CHECK(text_at(stopped, "redriveStatus") == "REDRIVABLE");
  CHECK(find_member(stopped, "redriveStatusReason") == nullptr);
}

TEST_CASE("recorded: an input that is no JSON is refused in the words of AWS's parser") {
  World world;
  world.create_machine("Orders", pass_machine());
  const auto refusal = [&](std::string_view input) {
    Json request = Json::object();
    request["stateMachineArn"] = kOrders;
    request["input"] = input;
    return error_of(world.call("AWSStepFunctions.StartExecution", request));
  };
  const std::string prefix = "InvalidExecutionInput: Invalid State Machine Execution Input: '";
  CHECK(refusal("not some json") ==
        prefix +
            "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or "
            "token 'null', 'true' or 'false')'");
  CHECK(refusal("{'not': 'json'") ==
        prefix +
            "Unexpected character (''' (code 39)): was expecting double-quote to start field "
            "name'");
  CHECK(refusal("") == prefix + "Invalid execution input.'");
  for (const char* good : {"2", "\"some text\"", "null"}) CHECK(refusal(good).empty());
}

TEST_CASE("a name is taken once, but a running execution answers to it again") {
  World world;
  world.create_machine("Orders", wait_for_token_machine());
  world.start(kOrders, "one");
  world.advance(seconds(5));
  const std::string again = R"({"stateMachineArn":")" + kOrders + R"(","name":"one")";
  CHECK(dump_json(world.states("StartExecution", again + "}")) ==
        R"({"executionArn":")" + kOne + R"(","startDate":1767225600.0})");
  CHECK(error_of(world.states("StartExecution", again + R"(,"input":"1"})")) ==
        "ExecutionAlreadyExists: Execution Already Exists: '" + kOne + "'");
  world.states("StopExecution", by_execution());
  CHECK(error_of(world.states("StartExecution", again + "}")) ==
        "ExecutionAlreadyExists: Execution Already Exists: '" + kOne + "'");
}

TEST_CASE("executions that are not there, and ARNs that are none") {
  World world;
  for (const char* operation : {"DescribeExecution", "GetExecutionHistory", "StopExecution",
                                "DescribeStateMachineForExecution"}) {
    CAPTURE(operation);
    CHECK(error_of(world.states(operation, by_execution())) ==
          "ExecutionDoesNotExist: Execution Does Not Exist: '" + kOne + "'");
    CHECK(error_of(world.states(operation, by_execution("", "no_arn"))) ==
          "InvalidArn: Invalid Arn: 'Invalid ARN prefix: no_arn'");
    CHECK(error_of(world.states(operation, by_execution("", kOrders))) ==
          "InvalidArn: Invalid Arn: 'Resource type not valid in this context: stateMachine'");
  }
}

TEST_CASE("executions of other accounts do not exist") {
  World world;
  world.create_machine("Orders", wait_for_token_machine());
  world.start(kOrders, "one");
  for (const char* operation : {"DescribeExecution", "GetExecutionHistory", "StopExecution",
                                "DescribeStateMachineForExecution"}) {
    CAPTURE(operation);
    CHECK(error_of(world.call("AWSStepFunctions." + std::string{operation}, json(by_execution()),
                              {"111111111111", "us-east-1"}))
              .starts_with("ExecutionDoesNotExist"));
  }
  CHECK(text_at(world.states("DescribeExecution", by_execution()), "status") == "RUNNING");
}

TEST_CASE("executions are listed newest first, in pages, by status") {
  World world;
  world.create_machine("Orders", pass_machine());
  for (const char* name : {"one", "two", "three"}) {
    world.start(kOrders, name);
    world.advance(seconds(1));
  }
  const std::string list = R"({"stateMachineArn":")" + kOrders + "\"";
  const Json first = world.states("ListExecutions", list + R"(,"maxResults":2})");
  REQUIRE(first["executions"].size() == 2);
  CHECK(text_at(first["executions"][0], "name") == "three");
  const std::string token = R"(,"nextToken":")" + text_at(first, "nextToken") + R"("})";
  const Json second = world.states("ListExecutions", list + token);
  CHECK(dump_json(second) == R"({"executions":[{"executionArn":")" + kOne +
                                 R"(","stateMachineArn":")" + kOrders +
                                 R"(","name":"one","status":"SUCCEEDED","startDate":1767225600.0,)"
                                 R"("stopDate":1767225600.0,"redriveCount":0}]})");
  CHECK(error_of(world.states("ListExecutions", list + R"(,"statusFilter":"FAILED")" + token)) ==
        "InvalidToken: Invalid Token: 'Invalid token'");
  for (const char* filter : {R"(,"statusFilter":"RUNNING"})", R"(,"redriveFilter":"REDRIVEN"})",
                             R"(,"statusFilter":"PENDING_REDRIVE"})"}) {
    CHECK(dump_json(world.states("ListExecutions", list + filter)) == R"({"executions":[]})");
  }
  CHECK(error_of(world.states("ListExecutions", "{}"))
            .starts_with("ValidationException: Exactly one of"));
}

TEST_CASE("a history comes in pages, forwards and backwards") {
  World world;
  world.create_machine("Orders", pass_machine());
  world.start(kOrders, "one", R"({"b":1})");
  const Json all = world.states("GetExecutionHistory", by_execution());
  CHECK(ids_of(all) == std::vector{1, 2, 3, 4});
  CHECK(find_member(all, "nextToken") == nullptr);
  CHECK(text_at(all["events"][0], "type") == "ExecutionStarted");
  CHECK(all["events"][0]["timestamp"] == Json(1767225600.0));
  for (const bool is_reversed : {false, true}) {
    const std::string order = is_reversed ? R"(,"reverseOrder":true)" : "";
    const Json first =
        world.states("GetExecutionHistory", by_execution(order + R"(,"maxResults":3)"));
    CHECK(ids_of(first) == (is_reversed ? std::vector{4, 3, 2} : std::vector{1, 2, 3}));
    const std::string token = R"(,"nextToken":")" + text_at(first, "nextToken") + "\"";
    const Json second = world.states("GetExecutionHistory", by_execution(order + token));
    CHECK(ids_of(second) == (is_reversed ? std::vector{1} : std::vector{4}));
    CHECK(find_member(second, "nextToken") == nullptr);
    CHECK(error_of(
              world.states("GetExecutionHistory",
                           by_execution(token + (is_reversed ? "" : R"(,"reverseOrder":true)")))) ==
          "InvalidToken: Invalid Token: 'Invalid token'");
  }
  const Json blank =
      world.states("GetExecutionHistory", by_execution(R"(,"includeExecutionData":false)"));
  CHECK(find_member(blank["events"][0]["executionStartedEventDetails"], "input") == nullptr);
}

TEST_CASE("pages of a long history join without a gap") {
  World world;
  Json definition = json(R"({"StartAt":"S0","States":{}})");
  for (int i = 0; i < 150; ++i) {
    Json state = json(R"({"Type":"Wait","Seconds":1})");
    if (i == 149) {
      state["End"] = true;
    } else {
      state["Next"] = "S" + std::to_string(i + 1);
    }
    definition["States"]["S" + std::to_string(i)] = state;
  }
  world.create_machine("Orders", definition);
  world.start(kOrders, "one");
  for (int i = 0; i < 150; ++i) world.advance(seconds(1));
  std::vector<int> expected;
  for (int id = 1; id <= 302; ++id) expected.push_back(id);
  for (const bool is_reversed : {false, true}) {
    std::vector<int> ids;
    std::string token;
    do {
      const std::string arguments =
          std::string{is_reversed ? R"(,"reverseOrder":true)" : ""} + R"(,"maxResults":7)" + token;
      const Json page = world.states("GetExecutionHistory", by_execution(arguments));
      for (const int id : ids_of(page)) ids.push_back(id);
      const std::string* next = as_string(find_member(page, "nextToken"));
      token = next == nullptr ? "" : R"(,"nextToken":")" + *next + "\"";
    } while (!token.empty());
    if (is_reversed) std::reverse(ids.begin(), ids.end());
    CHECK(ids == expected);
  }
}

TEST_CASE("the machine of an execution is the revision that it runs") {
  World world;
  world.create_machine("Orders", pass_machine());
  world.start(kOrders, "one");
  world.advance(seconds(1));
  Json update = Json::object();
  update["stateMachineArn"] = kOrders;
  update["definition"] = dump_json(wait_for_token_machine());
  const Json updated = world.call("AWSStepFunctions.UpdateStateMachine", update);
  const Json first = world.states("DescribeStateMachineForExecution", by_execution());
  CHECK(text_at(first, "definition") == dump_json(pass_machine()));
  CHECK(text_at(first, "name") == "Orders");
  CHECK(first["updateDate"] == Json(1767225600.0));
  CHECK(find_member(first, "revisionId") == nullptr);
  const std::string two = world.start(kOrders, "two");
  const Json second = world.states("DescribeStateMachineForExecution", by_execution("", two));
  CHECK(text_at(second, "revisionId") == text_at(updated, "revisionId"));
}

TEST_CASE("the machine of a Map Run's child is the Map's processor alone") {
  World world;
  world.create_machine("Orders", json(R"({"QueryLanguage":"JSONata","StartAt":"Both","States":{
      "Both":{"Type":"Parallel","End":true,"Assign":{"v":1},"Branches":[
        {"StartAt":"Each","States":{"Each":{"Type":"Map","Label":"All","End":true,
          "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
            "StartAt":"Ask","States":{"Ask":{"Type":"Wait","Seconds":9,"End":true}}}}}}]}}})"));
  const std::string arn = world.start(kOrders, "one", "[1]");
  const Json runs = world.states("ListMapRuns", by_execution("", arn));
  const std::string run = text_at(runs["mapRuns"][0], "mapRunArn");
  const Json children = world.states("ListExecutions", R"({"mapRunArn":")" + run + R"("})");
  const Json machine =
      world.states("DescribeStateMachineForExecution",
                   by_execution("", text_at(children["executions"][0], "executionArn")));
  CHECK(text_at(machine, "definition") ==
        R"({"StartAt":"Ask","States":{"Ask":{"Type":"Wait","Seconds":9,"End":true}},)"
        R"("QueryLanguage":"JSONata"})");
  CHECK(text_at(machine, "mapRunArn") == run);
  CHECK(text_at(machine, "label") == "All");
  CHECK(text_at(machine, "stateMachineArn") == kOrders + "/All");
}

TEST_CASE("a task token works once, and only as itself") {
  World world;
  world.create_machine("Orders", wait_for_token_machine());
  world.start(kOrders, "one");
  const std::string token = token_of(world);
  CHECK(dump_json(world.states("SendTaskHeartbeat", by_token(token))) == "{}");
  CHECK(error_of(world.states("SendTaskSuccess", by_token(token, R"(,"output":"no json")")))
            .starts_with("InvalidOutput: Invalid Output: '"));
  CHECK(error_of(world.states("SendTaskSuccess", by_token("garbage", R"(,"output":"1")"))) ==
        "InvalidToken: Invalid Token: 'Invalid token'");
  CHECK(dump_json(world.states("SendTaskSuccess", by_token(token, R"(,"output":"{\"c\":3}")"))) ==
        "{}");
  CHECK(text_at(world.states("DescribeExecution", by_execution()), "output") == R"({"c":3})");
  for (const char* operation : {"SendTaskFailure", "SendTaskHeartbeat"}) {
    CHECK(error_of(world.states(operation, by_token(token))).starts_with("TaskTimedOut: "));
  }
}

TEST_CASE("a task that a worker gives up fails its execution") {
  World world;
  world.create_machine("Orders", wait_for_token_machine());
  world.start(kOrders, "one");
  CHECK(dump_json(world.states("SendTaskFailure",
                               by_token(token_of(world), R"(,"error":"E","cause":"C")"))) == "{}");
  const Json failed = world.states("DescribeExecution", by_execution());
  CHECK(text_at(failed, "status") == "FAILED");
  CHECK(text_at(failed, "error") == "E");
  CHECK(text_at(failed, "cause") == "C");
  CHECK(find_member(failed, "output") == nullptr);
}

}  // namespace presso::test
