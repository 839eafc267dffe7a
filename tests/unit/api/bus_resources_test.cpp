// Archives, replays, connections, API destinations, endpoints, partner sources, permissions and
// tags through the whole of presso.
#include <doctest/doctest.h>

#include <string>

#include "tests/unit/api/world.h"

namespace presso::test {
namespace {

const std::string kArn = "arn:aws:events:us-east-1:000000000000:";

std::string call_error(World& world, std::string_view operation, const std::string& request) {
  return error_of(world.events(operation, request));
}

void put_event(World& world, const std::string& source) {
  const Json answer =
      world.events("PutEvents", R"({"Entries":[{"Source":")" + source +
                                    R"(","DetailType":"t","Detail":"{\"a\":1}"}]})");
  REQUIRE(dump_json(answer["FailedEntryCount"]) == "0");
}

std::string times_around(World&) {
  return R"("EventStartTime":1767225000,"EventEndTime":1767230000)";
}

}  // namespace

TEST_CASE(
    "an archive keeps what its pattern matches, by a managed rule, until its retention ends") {
  World world;
  const Json made =
      world.events("CreateArchive", R"({"ArchiveName":"a","RetentionDays":2,)"
                                    R"("EventSourceArn":")" +
                                        kArn +
                                        R"(event-bus/default",)"
                                        R"("EventPattern":"{\"source\":[\"shop\"]}"})");
  CHECK(text_at(made, "ArchiveArn") == kArn + "archive/a");
  CHECK(text_at(made, "State") == "ENABLED");
  put_event(world, "shop");
  put_event(world, "other");
  const auto count = [&] {
    return dump_json(world.events("DescribeArchive", R"({"ArchiveName":"a"})")["EventCount"]);
  };
  CHECK(count() == "1");
  const Json rule = world.events("DescribeRule", R"({"Name":"Events-Archive-a"})");
  CHECK(text_at(rule, "ManagedBy") == "prod.vhs.events.aws.internal");
  CHECK(text_at(rule, "EventPattern") == R"({"source":["shop"],"replay-name":[{"exists":false}]})");
  CHECK(call_error(world, "DisableRule", R"({"Name":"Events-Archive-a"})")
            .starts_with("ManagedRuleException: "));
  world.advance(seconds(2 * 86'400));
  CHECK(count() == "0");
  CHECK(dump_json(world.events("DeleteArchive", R"({"ArchiveName":"a"})")) == "{}");
  CHECK(call_error(world, "DescribeRule", R"({"Name":"Events-Archive-a"})") ==
        "ResourceNotFoundException: Rule Events-Archive-a does not exist on EventBus default.");
}

TEST_CASE("archives are refused in AWS's words") {
  World world;
  CHECK(call_error(world, "CreateArchive",
                   R"({"ArchiveName":"a","EventSourceArn":")" + kArn + R"(event-bus/none"})") ==
        "ResourceNotFoundException: Event bus none does not exist.");
  CHECK(call_error(world, "DeleteArchive", R"({"ArchiveName":"a"})") ==
        "ResourceNotFoundException: Archive a does not exist.");
  CHECK(call_error(world, "UpdateArchive", R"({"ArchiveName":"a"})") ==
        "ValidationException: At least one of EventPattern, RetentionDays or Description must be "
        "provided.");
  CHECK(call_error(world, "UpdateArchive", R"({"ArchiveName":"a","RetentionDays":1})") ==
        "ResourceNotFoundException: Archive a does not exist.");
}

TEST_CASE("a replay sends the archived events again, marked, to the rules that it names") {
  World world;
  const std::string bus = R"(")" + kArn + R"(event-bus/default")";
  REQUIRE(call_error(world, "CreateArchive", R"({"ArchiveName":"a","EventSourceArn":)" + bus + "}")
              .empty());
  for (const char* name : {"one", "two"}) {
    const std::string archive = std::string{"of-"} + name;
    REQUIRE(call_error(world, "CreateArchive",
                       R"({"ArchiveName":")" + archive + R"(","EventSourceArn":)" + bus +
                           R"(,"EventPattern":"{\"replay-name\":[\"r\"]}"})")
                .empty());
  }
  put_event(world, "shop");
  const std::string start = R"({"ReplayName":"r","EventSourceArn":")" + kArn +
                            R"(archive/a","Destination":{"Arn":)" + bus + "}," +
                            times_around(world) + "}";
  const Json started = world.events("StartReplay", start);
  CHECK(text_at(started, "State") == "STARTING");
  CHECK(text_at(started, "ReplayArn") == kArn + "replay/r");
  world.advance(seconds(5));
  const Json replay = world.events("DescribeReplay", R"({"ReplayName":"r"})");
  CHECK(text_at(replay, "State") == "COMPLETED");
  CHECK(dump_json(replay["EventLastReplayedTime"]) == "1767225600.0");
  CHECK(dump_json(world.events("DescribeArchive", R"({"ArchiveName":"a"})")["EventCount"]) == "1");
  CHECK(call_error(world, "StartReplay", start) ==
        "ResourceAlreadyExistsException: Replay r already exists.");
  CHECK(call_error(world, "CancelReplay", R"({"ReplayName":"r"})") ==
        "IllegalStatusException: Replay r is not in a valid state for this operation.");
}

TEST_CASE("a replay is cancelled") {
  World world;
  const std::string bus = R"(")" + kArn + R"(event-bus/default")";
  (void)world.events("CreateArchive", R"({"ArchiveName":"a","EventSourceArn":)" + bus + "}");
  (void)world.events("StartReplay", R"({"ReplayName":"r","EventSourceArn":")" + kArn +
                                        R"(archive/a","Destination":{"Arn":)" + bus + "}," +
                                        times_around(world) + "}");
  CHECK(text_at(world.events("CancelReplay", R"({"ReplayName":"r"})"), "State") == "CANCELLING");
  CHECK(find_member(world.events("DescribeReplay", R"({"ReplayName":"r"})"), "ReplayEndTime") ==
        nullptr);
  world.advance(seconds(5));
  CHECK(text_at(world.events("DescribeReplay", R"({"ReplayName":"r"})"), "State") == "CANCELLED");
}

TEST_CASE("a connection never shows its secrets") {
  World world;
  const Json made = world.events(
      "CreateConnection",
      R"({"Name":"c","AuthorizationType":"BASIC","AuthParameters":{"BasicAuthParameters":)"
      R"({"Username":"u","Password":"hidden"},"InvocationHttpParameters":{"HeaderParameters":)"
      R"([{"Key":"a","Value":"hidden","IsValueSecret":true},{"Key":"b","Value":"shown"}]}}})");
  CHECK(text_at(made, "ConnectionState") == "AUTHORIZED");
  CHECK(text_at(made, "ConnectionArn").starts_with(kArn + "connection/c/"));
  const Json shown = world.events("DescribeConnection", R"({"Name":"c"})");
  CHECK(dump_json(shown["AuthParameters"]) ==
        R"({"BasicAuthParameters":{"Username":"u"},"InvocationHttpParameters":{"HeaderParameters":)"
        R"([{"Key":"a","IsValueSecret":true},{"Key":"b","Value":"shown"}]}})");
  CHECK(text_at(shown, "SecretArn").find(":secret:events!connection/c/") != std::string::npos);
  CHECK(text_at(world.events("DeauthorizeConnection", R"({"Name":"c"})"), "ConnectionState") ==
        "DEAUTHORIZING");
  CHECK(text_at(world.events("DescribeConnection", R"({"Name":"c"})"), "ConnectionState") ==
        "DEAUTHORIZED");
  CHECK(text_at(world.events("DeleteConnection", R"({"Name":"c"})"), "ConnectionState") ==
        "DELETING");
  CHECK(call_error(world, "DescribeConnection", R"({"Name":"c"})") ==
        "ResourceNotFoundException: Failed to describe the connection(s). Connection 'c' does not "
        "exist.");
}

TEST_CASE("an API destination is made, changed, listed and deleted") {
  World world;
  const Json connection = world.events(
      "CreateConnection", R"({"Name":"c","AuthorizationType":"API_KEY","AuthParameters":)"
                          R"({"ApiKeyAuthParameters":{"ApiKeyName":"k","ApiKeyValue":"v"}}})");
  const std::string arn = text_at(connection, "ConnectionArn");
  const Json made = world.events("CreateApiDestination",
                                 R"({"Name":"d","HttpMethod":"POST","InvocationEndpoint":)"
                                 R"("https://example.com/a","ConnectionArn":")" +
                                     arn + R"("})");
  CHECK(text_at(made, "ApiDestinationState") == "ACTIVE");
  const Json shown = world.events("DescribeApiDestination", R"({"Name":"d"})");
  CHECK(dump_json(shown["InvocationRateLimitPerSecond"]) == "300");
  (void)world.events("UpdateApiDestination", R"({"Name":"d","HttpMethod":"PUT"})");
  CHECK(text_at(world.events("DescribeApiDestination", R"({"Name":"d"})"), "HttpMethod") == "PUT");
  CHECK(
      world
          .events("ListApiDestinations", R"({"ConnectionArn":")" + arn + R"("})")["ApiDestinations"]
          .size() == 1);
  CHECK(dump_json(world.events("DeleteApiDestination", R"({"Name":"d"})")) == "{}");
  CHECK(call_error(world, "DescribeApiDestination", R"({"Name":"d"})") ==
        "ResourceNotFoundException: Failed to describe the api-destination(s). An api-destination "
        "'d' does not exist.");
}

TEST_CASE("permissions are statements of the bus's policy") {
  World world;
  const auto put = [&](const std::string& id, const std::string& principal) {
    return call_error(world, "PutPermission",
                      R"({"Action":"events:PutEvents","StatementId":")" + id +
                          R"(","Principal":")" + principal + R"("})");
  };
  CHECK(put("s1", "123456789012").empty());
  CHECK(put("s2", "*").empty());
  CHECK(put("s2", "*").empty());
  CHECK(
      text_at(world.events("DescribeEventBus", "{}"), "Policy") ==
      R"({"Version":"2012-10-17","Statement":[{"Sid":"s1","Effect":"Allow","Principal":)"
      R"({"AWS":"arn:aws:iam::123456789012:root"},"Action":"events:PutEvents","Resource":)"
      R"("arn:aws:events:us-east-1:000000000000:event-bus/default"},{"Sid":"s2","Effect":"Allow",)"
      R"("Principal":"*","Action":"events:PutEvents","Resource":)"
      R"("arn:aws:events:us-east-1:000000000000:event-bus/default"}]})");
  CHECK(call_error(world, "RemovePermission", R"({"StatementId":"none"})") ==
        "ResourceNotFoundException: Statement with the provided id does not exist.");
  CHECK(call_error(world, "RemovePermission", R"({"RemoveAllPermissions":true})").empty());
  CHECK(call_error(world, "RemovePermission", R"({"StatementId":"s1"})") ==
        "ResourceNotFoundException: EventBus does not have a policy.");
  CHECK(call_error(world, "PutPermission",
                   R"({"EventBusName":"none","Action":"events:PutEvents","Principal":"*",)"
                   R"("StatementId":"s"})") ==
        "ResourceNotFoundException: Event bus none does not exist.");
}

TEST_CASE("buses and rules have tags") {
  World world;
  (void)world.events("CreateEventBus", R"({"Name":"b","Tags":[{"Key":"k","Value":"v"}]})");
  const std::string bus = R"({"ResourceARN":")" + kArn + R"(event-bus/b")";
  CHECK(dump_json(world.events("ListTagsForResource", bus + "}")) ==
        R"({"Tags":[{"Key":"k","Value":"v"}]})");
  CHECK(call_error(world, "TagResource", bus + R"(,"Tags":[{"Key":"k","Value":"w"}]})").empty());
  CHECK(call_error(world, "TagResource", bus + R"(,"Tags":[{"Key":"l","Value":""}]})").empty());
  CHECK(call_error(world, "UntagResource", bus + R"(,"TagKeys":["k"]})").empty());
  CHECK(dump_json(world.events("ListTagsForResource", bus + "}")) ==
        R"({"Tags":[{"Key":"l","Value":""}]})");
  CHECK(
      call_error(world, "ListTagsForResource", R"({"ResourceARN":")" + kArn + R"(rule/b/none"})") ==
      "ResourceNotFoundException: Rule none does not exist on EventBus b.");
}

TEST_CASE("an endpoint is kept, and a partner's events reach the bus of their source") {
  World world;
  const std::string buses =
      R"("EventBuses":[{"EventBusArn":"arn:aws:events:us-east-1:000000000000:event-bus/a"},)"
      R"({"EventBusArn":"arn:aws:events:us-west-2:000000000000:event-bus/a"}])";
  const Json endpoint =
      world.events("CreateEndpoint",
                   R"({"Name":"e","RoutingConfig":{"FailoverConfig":{"Primary":{"HealthCheck":)"
                   R"("arn:aws:route53:::healthcheck/1"},"Secondary":{"Route":"us-west-2"}}},)" +
                       buses + "}");
  CHECK(text_at(endpoint, "State") == "CREATING");
  CHECK(text_at(world.events("DescribeEndpoint", R"({"Name":"e"})"), "State") == "ACTIVE");
  const std::string source = "aws.partner/example.com/1/orders";
  CHECK(text_at(world.events("CreatePartnerEventSource",
                             R"({"Account":"000000000000","Name":")" + source + R"("})"),
                "EventSourceArn") == "arn:aws:events:us-east-1::event-source/" + source);
  CHECK(text_at(world.events("DescribeEventSource", R"({"Name":")" + source + R"("})"), "State") ==
        "PENDING");
  REQUIRE(call_error(world, "CreateEventBus",
                     R"({"Name":")" + source + R"(","EventSourceName":")" + source + R"("})")
              .empty());
  REQUIRE(call_error(
              world, "CreateArchive",
              R"({"ArchiveName":"p","EventSourceArn":")" + kArn + "event-bus/" + source + R"("})")
              .empty());
  const Json put = world.events("PutPartnerEvents", R"({"Entries":[{"Source":")" + source +
                                                        R"(","DetailType":"t","Detail":"{}"}]})");
  CHECK(dump_json(put["FailedEntryCount"]) == "0");
  CHECK(dump_json(world.events("DescribeArchive", R"({"ArchiveName":"p"})")["EventCount"]) == "1");
}

}  // namespace presso::test
