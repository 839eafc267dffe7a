// Versions and aliases through the whole of presso: dispatch, core, store.
#include <doctest/doctest.h>

#include <string>

#include "tests/unit/api/world.h"

namespace presso::test {
namespace {

const std::string kOrders = "arn:aws:states:us-east-1:000000000000:stateMachine:Orders";

std::string by(const std::string& name, const std::string& arn, const std::string& more = "") {
  return "{\"" + name + "\":\"" + arn + "\"" + more + "}";
}
std::string by_arn(const std::string& arn, const std::string& more = "") {
  return by("stateMachineArn", arn, more);
}
std::string definition_of(int result) {
  return R"({"StartAt":"A","States":{"A":{"Type":"Pass","Result":)" + std::to_string(result) +
         R"(,"End":true}}})";
}
Json new_machine(const std::string& more) {
  Json request = json(R"({"name":"Orders","roleArn":"arn:aws:iam::000000000000:role/r"})");
  request["definition"] = definition_of(1);
  const Json members = json(more);
  for (const auto& [name, value] : members.items()) request[name] = value;
  return request;
}
Json create(World& world, const std::string& more) {
  return world.call("AWSStepFunctions.CreateStateMachine", new_machine(more));
}
Json update(World& world, int result, const std::string& more = R"({"publish":true})") {
  Json request = json(more);
  request["stateMachineArn"] = kOrders;
  request["definition"] = definition_of(result);
  return world.call("AWSStepFunctions.UpdateStateMachine", request);
}
std::string alias(const std::string& name, const std::string& routes) {
  return R"({"name":")" + name + R"(","routingConfiguration":)" + routes + "}";
}
std::string route(int version, int weight) {
  return R"({"stateMachineVersionArn":")" + kOrders + ":" + std::to_string(version) +
         R"(","weight":)" + std::to_string(weight) + "}";
}
std::string output_of(World& world, const std::string& execution_arn) {
  return text_at(world.states("DescribeExecution", by("executionArn", execution_arn)), "output");
}

}  // namespace

TEST_CASE("a machine is published as it is created, and described by its version") {
  World world;
  const Json created = create(world, R"({"publish":true,"versionDescription":"first"})");
  CHECK(text_at(created, "stateMachineVersionArn") == kOrders + ":1");
  CHECK(dump_json(create(world, R"({"publish":true,"versionDescription":"first"})")) ==
        dump_json(created));
  CHECK(error_of(create(world, "{}")) ==
        "StateMachineAlreadyExists: State Machine Already Exists: '" + kOrders + "'");
  const Json version = world.states("DescribeStateMachine", by_arn(kOrders + ":1"));
  CHECK(text_at(version, "stateMachineArn") == kOrders + ":1");
  CHECK(text_at(version, "description") == "first");
  CHECK(text_at(version, "definition") == definition_of(1));
  CHECK(find_member(version, "revisionId") == nullptr);
  const Json machine = world.states("DescribeStateMachine", by_arn(kOrders));
  CHECK(find_member(machine, "description") == nullptr);
  CHECK(error_of(world.states("DescribeStateMachine", by_arn(kOrders + ":2"))) ==
        "StateMachineDoesNotExist: State Machine Does Not Exist: '" + kOrders + ":2'");
}

TEST_CASE("a revision is published once, and a number is never used again") {
  World world;
  create(world, "{}");
  const Json first = world.states("PublishStateMachineVersion", by_arn(kOrders));
  CHECK(text_at(first, "stateMachineVersionArn") == kOrders + ":1");
  world.advance(seconds(5));
  CHECK(dump_json(world.states("PublishStateMachineVersion", by_arn(kOrders))) == dump_json(first));
  CHECK(text_at(update(world, 1), "stateMachineVersionArn") == kOrders + ":1");
  CHECK(text_at(update(world, 2), "stateMachineVersionArn") == kOrders + ":2");
  CHECK(dump_json(world.states("DeleteStateMachineVersion",
                               by("stateMachineVersionArn", kOrders + ":2"))) == "{}");
  CHECK(dump_json(world.states("DeleteStateMachineVersion",
                               by("stateMachineVersionArn", kOrders + ":2"))) == "{}");
  CHECK(text_at(world.states("PublishStateMachineVersion", by_arn(kOrders)),
                "stateMachineVersionArn") == kOrders + ":3");
  const Json page = world.states("ListStateMachineVersions", by_arn(kOrders, R"(,"maxResults":1)"));
  CHECK(text_at(page["stateMachineVersions"][0], "stateMachineVersionArn") == kOrders + ":3");
  const std::string more = R"(,"maxResults":1,"nextToken":")" + text_at(page, "nextToken") + "\"";
  const Json last = world.states("ListStateMachineVersions", by_arn(kOrders, more));
  CHECK(text_at(last["stateMachineVersions"][0], "stateMachineVersionArn") == kOrders + ":1");
  CHECK(find_member(last, "nextToken") == nullptr);
}

TEST_CASE("a version is published only of the revision that is named") {
  World world;
  create(world, "{}");
  const std::string stale = R"(,"revisionId":"stale")";
  CHECK(error_of(world.states("PublishStateMachineVersion", by_arn(kOrders, stale))) ==
        "ConflictException: Failed to publish the State Machine version for revision stale. The "
        "current State Machine revision is INITIAL.");
  CHECK(text_at(world.states("PublishStateMachineVersion",
                             by_arn(kOrders, R"(,"revisionId":"INITIAL","description":"d")")),
                "stateMachineVersionArn") == kOrders + ":1");
  CHECK(error_of(world.states("PublishStateMachineVersion", by_arn("nothing"))) ==
        "InvalidArn: Invalid Arn: 'Invalid ARN prefix: nothing'");
  CHECK(error_of(world.states("PublishStateMachineVersion", by_arn(kOrders + "s"))) ==
        "StateMachineDoesNotExist: State Machine Does Not Exist: '" + kOrders + "s'");
}

TEST_CASE("an alias's routes are checked") {
  World world;
  create(world, R"({"publish":true})");
  update(world, 2);
  const auto refusal = [&](const std::string& routes) {
    return error_of(world.states("CreateStateMachineAlias", alias("live", routes)));
  };
  const std::string one = kOrders + ":1";
  CHECK(refusal("[" + route(1, 50) + "," + route(1, 50) + "]") ==
        "ValidationException: Routing configuration must contain distinct state machine version "
        "ARNs. Received: [" +
            one + ", " + one + "]");
  CHECK(refusal(R"([{"stateMachineVersionArn":")" + kOrders + R"(","weight":100}])") ==
        "ValidationException: Routing configuration must contain state machine version ARNs. "
        "Received: [" +
            kOrders + "]");
  CHECK(refusal("[" + route(1, 70) + "," + route(2, 29) + "]") ==
        "ValidationException: Sum of routing configuration weights must equal 100. Received: "
        "[70, 29]");
  CHECK(refusal("[" + route(1, 101) + "]") ==
        "ValidationException: 1 validation error detected: Value '101' at "
        "'routingConfiguration.1.member.weight' failed to satisfy constraint: Member must have "
        "value less than or equal to 100");
  CHECK(refusal("[" + route(3, 100) + "]") ==
        "ResourceNotFound: Request references a resource that does not exist.");
  CHECK(error_of(world.states("CreateStateMachineAlias", alias("12", "[" + route(1, 100) + "]")))
            .starts_with("ValidationException: 1 validation error detected: Value '12' at 'name' "
                         "failed to satisfy constraint: Member must satisfy regular expression"));
}

TEST_CASE("an alias lives, is changed and goes") {
  World world;
  create(world, R"({"publish":true})");
  update(world, 2);
  const std::string live = alias("live", "[" + route(1, 100) + "]");
  const Json made = world.states("CreateStateMachineAlias", live);
  CHECK(text_at(made, "stateMachineAliasArn") == kOrders + ":live");
  CHECK(dump_json(world.states("CreateStateMachineAlias", live)) == dump_json(made));
  CHECK(error_of(world.states("CreateStateMachineAlias", alias("live", "[" + route(2, 100) + "]")))
            .starts_with("ConflictException: "));
  CHECK(error_of(world.states("DeleteStateMachineVersion",
                              by("stateMachineVersionArn", kOrders + ":1"))) ==
        "ConflictException: Version to be deleted must not be referenced by an alias. Current list "
        "of aliases referencing this version: [live]");
  world.advance(seconds(60));
  const std::string named = kOrders + ":live";
  CHECK(dump_json(world.states("UpdateStateMachineAlias",
                               by("stateMachineAliasArn", named,
                                  R"(,"routingConfiguration":[)" + route(2, 100) + "]"))) ==
        R"({"updateDate":1767225660.0})");
  CHECK(dump_json(world.states("DescribeStateMachineAlias", by("stateMachineAliasArn", named))) ==
        R"({"stateMachineAliasArn":")" + named + R"(","name":"live","routingConfiguration":[)" +
            route(2, 100) + R"(],"creationDate":1767225600.0,"updateDate":1767225660.0})");
  CHECK(world.states("ListStateMachineAliases", by_arn(kOrders))["stateMachineAliases"].size() ==
        1);
  CHECK(world.states("ListStateMachineAliases", by_arn(kOrders + ":1"))["stateMachineAliases"]
            .empty());
  CHECK(dump_json(world.states("DeleteStateMachineAlias", by("stateMachineAliasArn", named))) ==
        "{}");
  CHECK(dump_json(world.states("DeleteStateMachineAlias", by("stateMachineAliasArn", named))) ==
        "{}");
  for (const char* operation : {"DescribeStateMachineAlias", "UpdateStateMachineAlias"}) {
    CHECK(error_of(world.states(operation,
                                by("stateMachineAliasArn", named, R"(,"description":"d")"))) ==
          "ResourceNotFound: Request references a resource that does not exist.");
  }
}

TEST_CASE("an execution runs the version it was started through, and says so") {
  World world;
  create(world, R"({"publish":true})");
  update(world, 2);
  world.states("CreateStateMachineAlias", alias("live", "[" + route(1, 100) + "]"));
  const std::string plain = world.start(kOrders, "plain");
  const std::string versioned = world.start(kOrders + ":1", "versioned");
  const std::string aliased = world.start(kOrders + ":live", "aliased");
  CHECK(output_of(world, plain) == "2");
  CHECK(output_of(world, versioned) == "1");
  CHECK(output_of(world, aliased) == "1");
  CHECK(versioned == "arn:aws:states:us-east-1:000000000000:execution:Orders:versioned");
  const Json described = world.states("DescribeExecution", by("executionArn", aliased));
  CHECK(text_at(described, "stateMachineArn") == kOrders);
  CHECK(text_at(described, "stateMachineVersionArn") == kOrders + ":1");
  CHECK(text_at(described, "stateMachineAliasArn") == kOrders + ":live");
  const auto listed = [&](const std::string& arn) {
    return world.states("ListExecutions", by_arn(arn))["executions"].size();
  };
  CHECK(listed(kOrders) == 3);
  CHECK(listed(kOrders + ":1") == 2);
  CHECK(listed(kOrders + ":live") == 1);
  CHECK(error_of(world.states("StartExecution", by_arn(kOrders + ":7"))) ==
        "StateMachineDoesNotExist: State Machine Does Not Exist: '" + kOrders + ":7'");
}

TEST_CASE("two routes share the executions by weight") {
  World world;
  create(world, R"({"publish":true})");
  update(world, 2);
  world.states("CreateStateMachineAlias",
               alias("live", "[" + route(1, 90) + "," + route(2, 10) + "]"));
  int second = 0;
  for (int i = 0; i < 400; ++i) {
    const std::string arn = world.start(kOrders + ":live", "e" + std::to_string(i));
    if (output_of(world, arn) == "2") ++second;
  }
  CHECK(second > 15);
  CHECK(second < 80);
}

TEST_CASE("a machine takes its versions and aliases along") {
  World world;
  create(world, R"({"publish":true})");
  world.states("CreateStateMachineAlias", alias("live", "[" + route(1, 100) + "]"));
  world.states("DeleteStateMachine", by_arn(kOrders));
  create(world, "{}");
  CHECK(world.states("ListStateMachineVersions", by_arn(kOrders))["stateMachineVersions"].empty());
  CHECK(world.states("ListStateMachineAliases", by_arn(kOrders))["stateMachineAliases"].empty());
}

}  // namespace presso::test
