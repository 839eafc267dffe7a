// Activities and tags through the whole of presso: dispatch, core, store.
#include <doctest/doctest.h>

#include <string>

#include "tests/unit/api/world.h"

namespace presso::test {
namespace {

const std::string kArn = "arn:aws:states:us-east-1:000000000000:activity:make";
const std::string kOrders = "arn:aws:states:us-east-1:000000000000:stateMachine:Orders";

std::string by(const std::string& name, const std::string& arn, const std::string& more = "") {
  return "{\"" + name + "\":\"" + arn + "\"" + more + "}";
}
Json machine() {
  return json(R"({"StartAt":"A","States":{"A":{"Type":"Task","Resource":")" + kArn +
              R"(","TimeoutSeconds":60,"End":true}}})");
}
std::string types_of(World& world, const std::string& execution_arn) {
  std::string types;
  const Json history = world.states("GetExecutionHistory", by("executionArn", execution_arn));
  for (const Json& event : history["events"]) types += text_at(event, "type") + " ";
  return types;
}

}  // namespace

TEST_CASE("an activity is made, described, listed and deleted") {
  World world;
  const std::string made = R"({"activityArn":")" + kArn + R"(","creationDate":1767225600.0})";
  CHECK(dump_json(world.states("CreateActivity", R"({"name":"make"})")) == made);
  world.advance(seconds(9));
  CHECK(dump_json(world.states("CreateActivity", R"({"name":"make"})")) == made);
  CHECK(error_of(world.states("CreateActivity", R"({"name":"a b"})")) ==
        "InvalidName: Invalid Name: 'a b'");
  CHECK(error_of(world.states("CreateActivity",
                              R"({"name":"make","encryptionConfiguration":
                                  {"type":"CUSTOMER_MANAGED_KMS_KEY","kmsKeyId":"k"}})")) ==
        "ActivityAlreadyExists: Activity Already Exists: '" + kArn + "'");
  CHECK(dump_json(world.states("DescribeActivity", by("activityArn", kArn))) ==
        R"({"activityArn":")" + kArn + R"(","name":"make","creationDate":1767225600.0,)" +
            R"("encryptionConfiguration":{"type":"AWS_OWNED_KEY"}})");
  world.states("CreateActivity", R"({"name":"bake"})");
  const Json page = world.states("ListActivities", R"({"maxResults":1})");
  CHECK(text_at(page["activities"][0], "name") == "bake");
  const Json rest =
      world.states("ListActivities", R"({"nextToken":")" + text_at(page, "nextToken") + "\"}");
  CHECK(text_at(rest["activities"][0], "name") == "make");
  CHECK(dump_json(world.states("DeleteActivity", by("activityArn", kArn))) == "{}");
  CHECK(dump_json(world.states("DeleteActivity", by("activityArn", kArn))) == "{}");
  for (const char* operation : {"DescribeActivity", "GetActivityTask"}) {
    CHECK(error_of(world.states(operation, by("activityArn", kArn))) ==
          "ActivityDoesNotExist: Activity Does Not Exist: '" + kArn + "'");
    CHECK(error_of(world.states(operation, by("activityArn", "x"))) ==
          "InvalidArn: Invalid Arn: 'Invalid ARN prefix: x'");
  }
}

TEST_CASE("a worker gets the task that is there, and answers by its token") {
  World world;
  world.states("CreateActivity", R"({"name":"make"})");
  const std::string execution =
      world.start(world.create_machine("Orders", machine()), "e", R"({"n": 1})");
  const Json task =
      world.states("GetActivityTask", by("activityArn", kArn, R"(,"workerName":"w")"));
  CHECK(text_at(task, "input") == R"({"n": 1})");
  world.states("SendTaskSuccess", by("taskToken", text_at(task, "taskToken"), R"(,"output":"2")"));
  CHECK(types_of(world, execution) ==
        "ExecutionStarted TaskStateEntered ActivityScheduled ActivityStarted ActivitySucceeded "
        "TaskStateExited ExecutionSucceeded ");
}

TEST_CASE("who asks first gets the first task, and who left gets none") {
  World world;
  world.states("CreateActivity", R"({"name":"make"})");
  const RequestId gone = world.send("GetActivityTask", by("activityArn", kArn));
  const RequestId first = world.send("GetActivityTask", by("activityArn", kArn));
  const RequestId second = world.send("GetActivityTask", by("activityArn", kArn));
  world.leave(gone);
  CHECK(dump_json(world.answer_to(gone).value()) == "{}");
  CHECK_FALSE(world.answer_to(first));
  const std::string orders = world.create_machine("Orders", machine());
  world.start(orders, "e1", "1");
  REQUIRE(world.answer_to(first));
  CHECK(text_at(*world.answer_to(first), "input") == "1");
  CHECK_FALSE(world.answer_to(second));
  world.states("DeleteActivity", by("activityArn", kArn));
  CHECK(dump_json(world.answer_to(second).value()) == "{}");
}

TEST_CASE("a task that timed out in the queue is nobody's") {
  World world;
  world.states("CreateActivity", R"({"name":"make"})");
  const std::string orders = world.create_machine("Orders", machine());
  const std::string late = world.start(orders, "e1", "1");
  world.advance(seconds(60));
  CHECK(types_of(world, late) ==
        "ExecutionStarted TaskStateEntered ActivityScheduled ActivityTimedOut ExecutionFailed ");
  world.start(orders, "e2", "2");
  CHECK(text_at(world.states("GetActivityTask", by("activityArn", kArn)), "input") == "2");
}

TEST_CASE("a task whose activity is not there fails its execution") {
  World world;
  const std::string execution = world.start(world.create_machine("Orders", machine()), "e");
  const Json described = world.states("DescribeExecution", by("executionArn", execution));
  CHECK(text_at(described, "error") == "States.Runtime");
  CHECK(text_at(described, "cause") ==
        "An error occurred while executing the state 'A' (entered at the event id #2). The "
        "activity " +
            kArn + " does not exist.");
}

TEST_CASE("tags stay with their resource") {
  World world;
  world.states("CreateActivity", R"({"name":"make","tags":[{"key":"k","value":"v"}]})");
  const auto listed = [&](const std::string& arn) {
    return dump_json(world.states("ListTagsForResource", by("resourceArn", arn)));
  };
  CHECK(listed(kArn) == R"({"tags":[{"key":"k","value":"v"}]})");
  Json request = json(R"({"name":"Orders","roleArn":"arn:aws:iam::000000000000:role/r",
                          "tags":[{"key":"a","value":"1"},{"key":"b","value":""}]})");
  request["definition"] = dump_json(pass_machine());
  world.call("AWSStepFunctions.CreateStateMachine", request);
  CHECK(listed(kOrders) == R"({"tags":[{"key":"a","value":"1"},{"key":"b","value":""}]})");
  world.states("TagResource", by("resourceArn", kOrders,
                                 R"(,"tags":[{"key":"c","value":"3"},{"key":"a","value":"2"}])"));
  CHECK(listed(kOrders) ==
        R"({"tags":[{"key":"a","value":"2"},{"key":"b","value":""},{"key":"c","value":"3"}]})");
  world.states("UntagResource", by("resourceArn", kOrders, R"(,"tagKeys":["a","c","z"])"));
  CHECK(listed(kOrders) == R"({"tags":[{"key":"b","value":""}]})");
  world.states("DeleteStateMachine", by("stateMachineArn", kOrders));
  world.create_machine("Orders", pass_machine());
  CHECK(listed(kOrders) == R"({"tags":[]})");
}

TEST_CASE("what has no tags") {
  World world;
  world.create_machine("Orders", pass_machine());
  world.states("PublishStateMachineVersion", by("stateMachineArn", kOrders));
  CHECK(error_of(world.states("TagResource", by("resourceArn", kOrders + ":1", R"(,"tags":[])"))) ==
        "ResourceNotFound: Resource not found: '" + kOrders + ":1'");
  CHECK(error_of(world.states("ListTagsForResource", by("resourceArn", "x"))) ==
        "InvalidArn: Invalid Arn: 'Invalid ARN prefix: x'");
  Json many = json(by("resourceArn", kOrders));
  for (int i = 0; i < 51; ++i) {
    Json tag = Json::object();
    tag["key"] = std::to_string(i);
    tag["value"] = "";
    many["tags"].push_back(std::move(tag));
  }
  CHECK(error_of(world.call("AWSStepFunctions.TagResource", many)) ==
        "TooManyTags: Exceeded tag limit for resource: '" + kOrders + "'");
}

}  // namespace presso::test
