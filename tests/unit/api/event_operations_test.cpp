// Buses, rules, targets and events through the whole of presso.
#include <doctest/doctest.h>

#include <string>

#include "tests/unit/api/world.h"

namespace presso::test {
namespace {

const std::string kPattern = R"("EventPattern":"{\"source\":[\"shop\"]}")";

void put_rule(World& world, const std::string& name, const std::string& more = "") {
  const Json answer =
      world.events("PutRule", R"({"Name":")" + name + R"(",)" + kPattern + more + "}");
  CAPTURE(dump_json(answer));
  REQUIRE(error_of(answer).empty());
}

}  // namespace

TEST_CASE("a bus is created, described, listed and deleted") {
  World world;
  CHECK(dump_json(world.events("CreateEventBus", R"({"Name":"orders","Description":"d"})")) ==
        R"({"EventBusArn":"arn:aws:events:us-east-1:000000000000:event-bus/orders",)"
        R"("Description":"d"})");
  CHECK(error_of(world.events("CreateEventBus", R"({"Name":"orders"})")) ==
        "ResourceAlreadyExistsException: Event bus orders already exists.");
  CHECK(dump_json(world.events("DescribeEventBus", R"({"Name":"orders"})")) ==
        R"({"Name":"orders","Arn":"arn:aws:events:us-east-1:000000000000:event-bus/orders",)"
        R"("Description":"d","CreationTime":1767225600.0,"LastModifiedTime":1767225600.0})");
  CHECK(text_at(world.events("DescribeEventBus", "{}"), "Name") == "default");
  CHECK(dump_json(world.events("ListEventBuses", R"({"NamePrefix":"ord"})")) ==
        R"({"EventBuses":[{"Name":"orders",)"
        R"("Arn":"arn:aws:events:us-east-1:000000000000:event-bus/orders","Description":"d",)"
        R"("CreationTime":1767225600.0,"LastModifiedTime":1767225600.0}]})");
  CHECK(dump_json(world.events("DeleteEventBus", R"({"Name":"orders"})")) == "{}");
  CHECK(error_of(world.events("DescribeEventBus", R"({"Name":"orders"})")) ==
        "ResourceNotFoundException: Event bus orders does not exist.");
  CHECK(error_of(world.events("DeleteEventBus", R"({"Name":"default"})")) ==
        "ValidationException: Cannot delete event bus default.");
}

TEST_CASE("a rule is put, described, disabled, enabled and deleted") {
  World world;
  put_rule(world, "NewOrder", R"(,"Description":"d")");
  const std::string named = R"({"Name":"NewOrder"})";
  const auto described = [&](const std::string& state) {
    return R"({"Name":"NewOrder","Arn":"arn:aws:events:us-east-1:000000000000:rule/NewOrder",)"
           R"("EventPattern":"{\"source\":[\"shop\"]}","State":")" +
           state + R"(","Description":"d","EventBusName":"default","CreatedBy":"000000000000"})";
  };
  CHECK(dump_json(world.events("DescribeRule", named)) == described("ENABLED"));
  CHECK(dump_json(world.events("DisableRule", named)) == "{}");
  CHECK(dump_json(world.events("DescribeRule", named)) == described("DISABLED"));
  CHECK(dump_json(world.events("EnableRule", named)) == "{}");
  CHECK(dump_json(world.events("DescribeRule", named)) == described("ENABLED"));
  CHECK(dump_json(world.events("ListRules", R"({"NamePrefix":"New"})")) ==
        R"({"Rules":[{"Name":"NewOrder",)"
        R"("Arn":"arn:aws:events:us-east-1:000000000000:rule/NewOrder",)"
        R"("EventPattern":"{\"source\":[\"shop\"]}","State":"ENABLED","Description":"d",)"
        R"("EventBusName":"default"}]})");
  CHECK(dump_json(world.events("DeleteRule", named)) == "{}");
  CHECK(dump_json(world.events("DeleteRule", named)) == "{}");
  CHECK(error_of(world.events("DescribeRule", named)) ==
        "ResourceNotFoundException: Rule NewOrder does not exist on EventBus default.");
}

TEST_CASE("an empty ScheduleExpression is none") {
  World world;
  put_rule(world, "NewOrder", R"(,"ScheduleExpression":"")");
  CHECK(find_member(world.events("DescribeRule", R"({"Name":"NewOrder"})"), "ScheduleExpression") ==
        nullptr);
  CHECK(error_of(world.events("PutRule", R"({"Name":"none","ScheduleExpression":""})")) ==
        "ValidationException: Parameter(s) EventPattern or ScheduleExpression must be specified.");
}

TEST_CASE("rules are listed in pages") {
  World world;
  for (const char* name : {"c", "a", "b"}) put_rule(world, name);
  const Json first = world.events("ListRules", R"({"Limit":2})");
  REQUIRE(first["Rules"].size() == 2);
  CHECK(text_at(first["Rules"][1], "Name") == "b");
  const std::string token = R"("NextToken":")" + text_at(first, "NextToken") + "\"";
  const Json second = world.events("ListRules", "{" + token + "}");
  REQUIRE(second["Rules"].size() == 1);
  CHECK(text_at(second["Rules"][0], "Name") == "c");
  CHECK(find_member(second, "NextToken") == nullptr);
  CHECK(error_of(world.events("ListRules", R"({"NamePrefix":"a",)" + token + "}")) ==
        "ValidationException: Parameter NextToken is not valid.");
}

TEST_CASE("targets are put, listed and removed") {
  World world;
  put_rule(world, "NewOrder");
  const std::string target =
      R"({"Id":"1","Arn":"arn:aws:sqs:us-east-1:000000000000:q","InputPath":"$.detail",)"
      R"("SqsParameters":{"MessageGroupId":"g"},"DeadLetterConfig":{"Arn":"arn:aws:sqs:x:1:d"},)"
      R"("RetryPolicy":{"MaximumRetryAttempts":3}})";
  const std::string put = R"({"Rule":"NewOrder","Targets":[)" + target + "]}";
  CHECK(dump_json(world.events("PutTargets", put)) ==
        R"({"FailedEntryCount":0,"FailedEntries":[]})");
  const Json listed = world.events("ListTargetsByRule", R"({"Rule":"NewOrder"})");
  CHECK(listed["Targets"] == json("[" + target + "]"));
  CHECK(dump_json(world.events("ListRuleNamesByTarget",
                               R"({"TargetArn":"arn:aws:sqs:us-east-1:000000000000:q"})")) ==
        R"({"RuleNames":["NewOrder"]})");
  CHECK(error_of(world.events("DeleteRule", R"({"Name":"NewOrder"})")) ==
        "ValidationException: Rule can't be deleted since it has targets.");
  CHECK(dump_json(world.events("RemoveTargets", R"({"Rule":"NewOrder","Ids":["1"]})")) ==
        R"({"FailedEntryCount":0,"FailedEntries":[]})");
  CHECK(dump_json(world.events("ListTargetsByRule", R"({"Rule":"NewOrder"})")) ==
        R"({"Targets":[]})");
  CHECK(error_of(world.events("PutTargets", R"({"Rule":"None","Targets":[)" + target + "]}")) ==
        "ResourceNotFoundException: Rule None does not exist on EventBus default.");
}

TEST_CASE("events are accepted or refused one by one") {
  World world;
  const Json answer =
      world.events("PutEvents", R"({"Entries":[{"Source":"shop","DetailType":"t","Detail":"{}"},)"
                                R"({"Source":"shop","Detail":"{}"},)"
                                R"({"Source":"shop","DetailType":"t","Detail":"no"}]})");
  CHECK(answer["FailedEntryCount"] == Json(2));
  CHECK(text_at(answer["Entries"][0], "EventId").size() == 36);
  CHECK(dump_json(answer["Entries"][1]) ==
        R"({"ErrorCode":"InvalidArgument","ErrorMessage":"Parameter DetailType is not valid. )"
        R"(Reason: DetailType is a required argument."})");
  CHECK(text_at(answer["Entries"][2], "ErrorCode") == "MalformedDetail");
}

TEST_CASE("events of more than a megabyte in all are refused") {
  World world;
  Json entry = json(R"({"Source":"shop","DetailType":"t"})");
  entry["Detail"] = "{\"a\":\"" + std::string(600'000, 'x') + "\"}";
  Json request = Json::object();
  request["Entries"] = Json::array({entry, entry});
  CHECK(error_of(world.call("AWSEvents.PutEvents", request)) ==
        "ValidationException: Total size of the entries in the request is over the limit.");
}

TEST_CASE("a matching event starts a state machine") {
  World world;
  const std::string machine = world.create_machine("Orders", pass_machine());
  put_rule(world, "NewOrder");
  world.events("PutTargets", R"({"Rule":"NewOrder","Targets":[{"Id":"1","Arn":")" + machine +
                                 R"(","RoleArn":"arn:aws:iam::000000000000:role/r"}]})");
  world.events("PutEvents",
               R"({"Entries":[{"Source":"shop","DetailType":"t","Detail":"{\"n\":1}"},)"
               R"({"Source":"else","DetailType":"t","Detail":"{}"}]})");
  const Json list = world.states("ListExecutions", R"({"stateMachineArn":")" + machine + R"("})");
  REQUIRE(list["executions"].size() == 1);
  const Json described = world.states(
      "DescribeExecution",
      R"({"executionArn":")" + text_at(list["executions"][0], "executionArn") + R"("})");
  CHECK(json(text_at(described, "input"))["detail"] == json(R"({"n":1})"));
}

TEST_CASE("buses and rules of other accounts and regions do not meet") {
  World world;
  put_rule(world, "NewOrder");
  CHECK(error_of(world.call("AWSEvents.DescribeRule", json(R"({"Name":"NewOrder"})"),
                            {"111111111111", "us-east-1"}))
            .starts_with("ResourceNotFoundException"));
}

}  // namespace presso::test
