// RedriveExecution and what other operations show of it.
#include <doctest/doctest.h>

#include <string>

#include "tests/unit/api/world.h"

namespace presso::test {
namespace {

const std::string kArn = "arn:aws:states:us-east-1:000000000000:execution:Orders:one";
const std::string kMachine = "arn:aws:states:us-east-1:000000000000:stateMachine:Orders";

std::string by_arn(const std::string& more = "") {
  return R"({"executionArn":")" + kArn + "\"" + more + "}";
}
std::string list(World& world, const std::string& more) {
  const Json listed =
      world.states("ListExecutions", R"({"stateMachineArn":")" + kMachine + "\"" + more + "}");
  std::string names;
  for (const Json& item : listed["executions"]) names += text_at(item, "name") + " ";
  return names;
}

void set_up(World& world) {
  world.create_machine("Orders", wait_for_token_machine());
  world.start(kMachine, "one");
  world.start(kMachine, "two");
  world.advance(seconds(1));
  world.states("StopExecution", by_arn(R"(,"error":"E","cause":"C")"));
  world.advance(seconds(1));
}

Json children_of(World& world, const std::string& map_run_arn, const std::string& more = "") {
  return world.states("ListExecutions", R"({"mapRunArn":")" + map_run_arn + "\"" + more + "}");
}
// "RUNNING ABORTED " of the children, the oldest first.
std::string statuses_of(World& world, const std::string& map_run_arn,
                        const std::string& more = "") {
  std::string shown;
  const Json listed = children_of(world, map_run_arn, more);
  for (const Json& item : listed["executions"]) shown = text_at(item, "status") + " " + shown;
  return shown;
}

}  // namespace

TEST_CASE("a redriven execution runs, and shows how often and when it was redriven") {
  World world;
  set_up(world);
  CHECK(text_at(world.states("DescribeExecution", by_arn()), "redriveStatus") == "REDRIVABLE");
  CHECK(dump_json(world.states("RedriveExecution", by_arn(R"(,"clientToken":"t")"))) ==
        R"({"redriveDate":1767225602.0})");
  const Json running = world.states("DescribeExecution", by_arn());
  CHECK(text_at(running, "status") == "RUNNING");
  for (const char* gone : {"error", "cause", "stopDate"}) {
    CHECK(find_member(running, gone) == nullptr);
  }
  CHECK(running["redriveCount"] == Json(1));
  CHECK(dump_json(running["redriveDate"]) == "1767225602.0");
  CHECK(text_at(running, "redriveStatus") == "NOT_REDRIVABLE");
  CHECK(text_at(running, "redriveStatusReason") == "Execution is RUNNING and cannot be redriven");
  const Json history = world.states("GetExecutionHistory", by_arn(R"(,"reverseOrder":true)"));
  CHECK(dump_json(history["events"].back()["type"]) == R"("ExecutionStarted")");
  bool is_there = false;
  for (const Json& event : history["events"]) {
    const Json* redriven = find_member(event, "executionRedrivenEventDetails");
    if (redriven != nullptr) is_there = dump_json(*redriven) == R"({"redriveCount":1})";
  }
  CHECK(is_there);
}

TEST_CASE("lists show redrives and are filtered by them") {
  World world;
  set_up(world);
  CHECK(list(world, R"(,"redriveFilter":"REDRIVEN")").empty());
  CHECK(list(world, R"(,"redriveFilter":"NOT_REDRIVEN")") == "two one ");
  world.states("RedriveExecution", by_arn());
  CHECK(list(world, R"(,"redriveFilter":"REDRIVEN")") == "one ");
  CHECK(list(world, R"(,"redriveFilter":"NOT_REDRIVEN")") == "two ");
  CHECK(list(world, R"(,"redriveFilter":"NOT_REDRIVEN","maxResults":1)") == "two ");
  CHECK(list(world, R"(,"statusFilter":"RUNNING")") == "two one ");
  CHECK(list(world, R"(,"statusFilter":"ABORTED")").empty());
  CHECK(list(world, R"(,"statusFilter":"PENDING_REDRIVE")").empty());
  const Json all = world.states("ListExecutions", R"({"stateMachineArn":")" + kMachine + R"("})");
  CHECK(all["executions"][0]["redriveCount"] == Json(0));
  CHECK(find_member(all["executions"][0], "redriveDate") == nullptr);
  CHECK(all["executions"][1]["redriveCount"] == Json(1));
  CHECK(dump_json(all["executions"][1]["redriveDate"]) == "1767225602.0");
}

TEST_CASE("after 14 days an execution is described as one that cannot be redriven") {
  World world;
  set_up(world);
  world.advance(seconds(14 * 86'400));
  const Json late = world.states("DescribeExecution", by_arn());
  CHECK(text_at(late, "redriveStatus") == "NOT_REDRIVABLE");
  CHECK(text_at(late, "redriveStatusReason") == "Execution redrivable period exceeded");
  CHECK(error_of(world.states("RedriveExecution", by_arn())) ==
        "ExecutionNotRedrivable: Execution redrivable period exceeded");
}

TEST_CASE("a redrive is refused to whom the execution does not belong, and without its ARN") {
  World world;
  set_up(world);
  CHECK(error_of(world.call("AWSStepFunctions.RedriveExecution", json(by_arn()),
                            {"111111111111", "us-east-1"})) ==
        "ExecutionDoesNotExist: Execution Does Not Exist: '" + kArn + "'");
  CHECK(error_of(world.states("RedriveExecution", R"({"executionArn":"nonsense"})")) ==
        "InvalidArn: Invalid Arn: 'Invalid ARN prefix: nonsense'");
  CHECK(error_of(world.states("RedriveExecution", by_arn(R"(,"clientToken":"a b")"))) ==
        "ValidationException: 1 validation error detected: Value 'a b' at 'clientToken' failed to "
        "satisfy constraint: Member must satisfy regular expression pattern: [!-~]+");
  CHECK(error_of(world.states("RedriveExecution", "{}")).starts_with("ValidationException: "));
}

TEST_CASE("children of a redriven Map Run are pending until it is their turn") {
  World world;
  Json processor = wait_for_token_machine();
  processor["ProcessorConfig"] = {{"Mode", "DISTRIBUTED"}, {"ExecutionType", "STANDARD"}};
  const Json map{{"Type", "Map"},
                 {"Label", "All"},
                 {"MaxConcurrency", 1},
                 {"ToleratedFailureCount", 1},
                 {"ItemProcessor", processor},
                 {"End", true}};
  world.create_machine("Orders", Json{{"StartAt", "Each"}, {"States", {{"Each", map}}}});
  world.start(kMachine, "one", "[1,2,3]");
  const Json runs = world.states("ListMapRuns", by_arn());
  const std::string run = text_at(runs["mapRuns"][0], "mapRunArn");
  for (int stopped = 0; stopped < 2; ++stopped) {
    const Json newest = children_of(world, run)["executions"][0];
    world.states("StopExecution",
                 R"({"executionArn":")" + text_at(newest, "executionArn") + R"("})");
    world.advance(seconds(1));
  }
  CHECK(statuses_of(world, run) == "ABORTED ABORTED ");
  CHECK(text_at(world.states("DescribeExecution", by_arn()), "status") == "FAILED");
  world.states("RedriveExecution", by_arn());
  world.advance(seconds(1));
  CHECK(statuses_of(world, run) == "RUNNING PENDING_REDRIVE ");
  CHECK(statuses_of(world, run, R"(,"statusFilter":"PENDING_REDRIVE")") == "PENDING_REDRIVE ");
  CHECK(statuses_of(world, run, R"(,"statusFilter":"ABORTED")").empty());
  CHECK(statuses_of(world, run, R"(,"statusFilter":"RUNNING")") == "RUNNING ");
  const Json described = world.states("DescribeMapRun", R"({"mapRunArn":")" + run + R"("})");
  CHECK(described["executionCounts"]["pendingRedrive"] == Json(1));
  world.states("StopExecution", by_arn());
  world.advance(seconds(1));
  CHECK(statuses_of(world, run) == "ABORTED ABORTED ");
}

}  // namespace presso::test
