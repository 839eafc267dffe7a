// Tasks that are done inside the process: what they show is compared with what AWS showed.
#include "engine/core/inside.h"

#include <doctest/doctest.h>

#include "base/json.h"
#include "tests/unit/core/machines_of_tests.h"
#include "tests/unit/core/world.h"

using namespace presso;
using namespace presso::core;
using namespace presso::test;

namespace {

constexpr std::string_view kPutEvents = R"({
  "StartAt": "PutEvents", "States": {"PutEvents": {
    "Type": "Task", "Resource": "arn:aws:states:::events:putEvents",
    "Parameters": {"Entries.$": "$.Entries"}, "End": true}}})";

constexpr std::string_view kStartAnother = R"({
  "StartAt": "StartExecution", "States": {"StartExecution": {
    "Type": "Task", "Resource": "arn:aws:states:::states:startExecution",
    "Parameters": {"StateMachineArn.$": "$.StateMachineArn", "Input.$": "$.Input",
                   "Name.$": "$.Name"}, "End": true}}})";

constexpr std::string_view kTaskHistory =
    "ExecutionStarted TaskStateEntered TaskScheduled TaskStarted TaskSucceeded TaskStateExited "
    "ExecutionSucceeded";

Json parsed(const std::string& text) {
  auto value = parse_json(text);
  REQUIRE(value);
  return *std::move(value);
}

// What passed the buses from a source, in order.
std::vector<Json> events_from(const World& world, const std::string& source) {
  std::vector<Json> events;
  for (const Published& event : world.published) {
    Json envelope = parsed(event.envelope());
    if (envelope["source"] == source) events.push_back(std::move(envelope));
  }
  return events;
}

std::string start_input(const std::string& machine, const std::string& input,
                        const std::string& name) {
  return R"({"StateMachineArn":")" + machine + R"(","Input":)" + input + R"(,"Name":")" + name +
         R"("})";
}

}  // namespace

TEST_CASE("events:putEvents puts every entry in the turn of its execution") {
  World world;
  const std::string arn = world.start(world.create("M", kPutEvents), R"({"Entries":[
    {"Detail":"{\"Message\": \"0\"}","DetailType":"T","Source":"some.source"},
    {"Detail":{"Message":"1"},"DetailType":"T","Source":"some.source"},
    {"Detail":{"Message":"2"},"DetailType":"T","Source":"some.source","Resources":["q"]}]})");
  CHECK(world.history(arn) == kTaskHistory);
  const auto events = events_from(world, "some.source");
  REQUIRE(events.size() == 3);
  const Json sender = Json::array({"arn:aws:states:us-east-1:000000000000:stateMachine:M", arn});
  Json listed = Json::array({"q"});
  listed.insert(listed.end(), sender.begin(), sender.end());
  CHECK(events[0]["resources"] == sender);
  CHECK(events[0]["detail"]["Message"] == "0");
  CHECK(events[1]["detail"]["Message"] == "1");
  CHECK(events[2]["resources"] == listed);
  CHECK(events[2]["account"] == "000000000000");
  const Json output = parsed(world.output(arn));
  CHECK(dump_json(output) == R"({"Entries":[{"EventId":")" + events[0]["id"].get<std::string>() +
                                 R"("},{"EventId":")" + events[1]["id"].get<std::string>() +
                                 R"("},{"EventId":")" + events[2]["id"].get<std::string>() +
                                 R"("}],"FailedEntryCount":0})");
}

TEST_CASE("a refused entry fails the task with EventBridge.FailedEntry") {
  World world;
  const std::string arn = world.start(
      world.create("M", kPutEvents),
      R"({"Entries":[{"Detail":"\"jsonstring\"","DetailType":"T","Source":"some.source"}]})");
  CHECK(world.output(arn) ==
        R"(EventBridge.FailedEntry: {"Entries":[{"ErrorCode":"MalformedDetail",)"
        R"("ErrorMessage":"Detail is malformed."}],"FailedEntryCount":1})");
  CHECK(world.history(arn) ==
        "ExecutionStarted TaskStateEntered TaskScheduled TaskStarted TaskFailed ExecutionFailed");
}

TEST_CASE("entries of the wrong type or number fail the task") {
  World world;
  const std::string machine = world.create("M", kPutEvents);
  CHECK(world.output(world.start(machine, R"({"Entries":1})")) ==
        "States.Runtime: An error occurred while executing the state 'PutEvents' (entered at the "
        "event id #2). The Parameters '{\"Entries\":1}' could not be used to start the Task: [The "
        "value for the field 'Entries' must be an ARRAY]");
  CHECK(world.output(world.start(machine, R"({"Entries":[{"Source":5}]})"))
            .ends_with("[The value for the field 'Source' must be a STRING]"));
  CHECK(world.output(world.start(machine, R"({"Entries":[]})"))
            .starts_with("EventBridge.AmazonEventBridgeException: 1 validation error detected"));
}

TEST_CASE("an event for a bus that does not exist is accepted and gone") {
  World world;
  const std::string arn = world.start(
      world.create("M", kPutEvents),
      R"({"Entries":[{"Detail":{},"DetailType":"T","Source":"s","EventBusName":"nowhere"}]})");
  CHECK(world.row(arn).status == run::Status::Succeeded);
  CHECK(events_from(world, "s").empty());
}

TEST_CASE("putEvents.waitForTaskToken tells the token and waits") {
  World world;
  const std::string arn = world.start(world.create("M", kAsk));
  const auto events = events_from(world, "test.ask");
  REQUIRE(events.size() == 1);
  const std::string token = events[0]["detail"]["TaskToken"];
  CHECK(token == world.token(arn));
  CHECK(world.history(arn) ==
        "ExecutionStarted TaskStateEntered TaskScheduled TaskStarted TaskSubmitted");
  CHECK_FALSE(world.row(arn).is_outstanding);
  CHECK(world.succeed(token, "{}"));
  CHECK(world.history(arn) ==
        "ExecutionStarted TaskStateEntered TaskScheduled TaskStarted TaskSubmitted TaskSucceeded "
        "TaskStateExited ExecutionSucceeded");
}

TEST_CASE("states:startExecution shows what AWS's SDK shows") {
  World world;
  const std::string target = world.create("Target", kPass);
  const std::string arn =
      world.start(world.create("M", kStartAnother), start_input(target, "null", "TestStartTarget"));
  world.settle();
  CHECK(world.history(arn) == kTaskHistory);
  const std::string child =
      "arn:aws:states:us-east-1:000000000000:execution:Target:TestStartTarget";
  // AWS: no input is an empty object.
  CHECK(world.output(child) == "{}");
  const Json output = parsed(world.output(arn));
  CHECK(output["ExecutionArn"] == child);
  CHECK(output["StartDate"] == epoch_ms(kStart));
  const Json& metadata = output["SdkHttpMetadata"];
  CHECK(metadata["HttpStatusCode"] == 200);
  const std::string request = output["SdkResponseMetadata"]["RequestId"];
  CHECK(metadata["AllHttpHeaders"]["x-amzn-RequestId"] == Json::array({request}));
  CHECK(metadata["HttpHeaders"]["x-amzn-RequestId"] == request);
  CHECK(metadata["HttpHeaders"]["Content-Type"] == "application/x-amz-json-1.0");
  CHECK(metadata["HttpHeaders"]["Date"] == "Thu, 09 Oct 2025 08:53:20 GMT");
  CHECK(metadata["HttpHeaders"]["connection"] == "keep-alive");
  CHECK(metadata["AllHttpHeaders"]["Content-Length"].is_array());
}

TEST_CASE("a start without a name, with an object or a text for input, is done in the same turn") {
  World world;
  const std::string target = world.create("Target", kPass);
  const std::string machine = world.create("M", R"({
    "StartAt": "S", "States": {"S": {
      "Type": "Task", "Resource": "arn:aws:states:::states:startExecution",
      "Parameters": {"StateMachineArn": ")" + target +
                                                    R"(", "Input.$": "$"}, "End": true}}})");
  const std::size_t turns = world.batches.size();
  const std::string object = world.start(machine, R"({"a":[1,2.50]})");
  CHECK(world.batches.size() == turns + 1);
  const std::string child = parsed(world.output(object))["ExecutionArn"];
  CHECK(world.output(child) == R"({"a":[1,2.5]})");
  const std::string text = world.start(machine, R"("{\"b\": 1}")");
  CHECK(world.output(parsed(world.output(text))["ExecutionArn"]) == R"({"b": 1})");
}

TEST_CASE("a start that is refused fails the task with AWS's name and cause") {
  World world;
  const std::string machine = world.create("M", kStartAnother);
  const std::string nowhere = "arn:aws:states:us-east-1:000000000000:stateMachine:NoSuchArn";
  const std::string arn = world.start(machine, start_input(nowhere, "null", "T"));
  world.settle();
  const std::string output = world.output(arn);
  CHECK(output.starts_with(
      "StepFunctions.StateMachineDoesNotExistException: State Machine Does Not Exist: '" + nowhere +
      "' (Service: AWSStepFunctions; Status Code: 400; Error Code: StateMachineDoesNotExist; "
      "Request ID: "));
  CHECK(output.ends_with("; Proxy: null)"));
  CHECK(world.history(arn) ==
        "ExecutionStarted TaskStateEntered TaskScheduled TaskStarted TaskFailed ExecutionFailed");
}

TEST_CASE("a name that is taken by a closed execution is found though memory has forgotten it") {
  World world;
  const std::string target = world.create("Target", kPass);
  const std::string machine = world.create("M", kStartAnother);
  const std::string first = world.start(machine, start_input(target, "{}", "T"));
  world.settle();
  CHECK(world.row(first).status == run::Status::Succeeded);
  world.crash();
  const std::string second = world.start(machine, start_input(target, "{}", "T"));
  CHECK(world.core().has_work_left());  // waits for the next turn's load
  world.settle();
  CHECK(world.output(second).starts_with("StepFunctions.ExecutionAlreadyExistsException: "));
}

TEST_CASE("a task that waits for a load survives a crash") {
  World world;
  const std::string target = world.create("Target", kPass);
  const std::string arn =
      world.start(world.create("M", kStartAnother), start_input(target, "{}", "T"));
  CHECK(world.row(arn).status == run::Status::Running);
  world.crash();
  CHECK(world.core().has_work_left());
  world.settle();
  CHECK(world.row(arn).status == run::Status::Succeeded);
  CHECK(world.output("arn:aws:states:us-east-1:000000000000:execution:Target:T") == "{}");
}

TEST_CASE("what a task does not do inside goes outside") {
  World world;
  const std::string arn = world.start(world.create("M", R"({
    "StartAt": "L", "States": {"L": {
      "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sfn:listExecutions",
      "Parameters": {"StateMachineArn.$": "$$.StateMachine.Id"}, "End": true}}})"));
  REQUIRE(world.services.calls.size() == 1);
  CHECK(world.services.calls[0].resource.service == "aws-sdk:sfn");
  CHECK(world.services.calls[0].resource.action == "listExecutions");
  CHECK(world.services.calls[0].parameters ==
        R"({"StateMachineArn":"arn:aws:states:us-east-1:000000000000:stateMachine:M"})");
}
