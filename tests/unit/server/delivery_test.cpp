#include "server/integrations/delivery.h"

#include <doctest/doctest.h>

#include "base/json.h"
#include "base/json_members.h"

namespace presso::server {
namespace {

const RouteTable kRoutes({.environment = {{"AWS_ENDPOINT_URL", "http://127.0.0.1:1"}}});

core::DeliveryCall call_to(const std::string& arn, const std::string& target = "{}") {
  return {.delivery = {7},
          .target_arn = arn,
          .target = target,
          .payload = R"({"id":"e1","detail":{"a":"x"}})",
          .caller = {},
          .rule_arn = "arn:aws:events:us-east-1:000000000000:rule/r"};
}

OutboundRequest request_for(const core::DeliveryCall& call) {
  auto made = delivery_request(call, kRoutes);
  REQUIRE(std::holds_alternative<DeliveryRequest>(made));
  return std::get<DeliveryRequest>(made).request;
}

std::string failure_of(int status, const std::string& body) {
  OutboundResponse response;
  response.status = status;
  response.body = body;
  const auto failure = delivery_failure(response);
  if (!failure) return "none";
  return failure->error_code + (failure->is_retryable ? " again" : " final");
}

}  // namespace

TEST_CASE("a queue gets the event, its group, and a dead letter's attributes") {
  auto call = call_to("arn:aws:sqs:us-east-1:000000000000:q.fifo",
                      R"({"SqsParameters":{"MessageGroupId":"g"}})");
  call.attributes = {{"RULE_ARN", "r"}};
  const auto body = parse_json(request_for(call).body);
  REQUIRE(body);
  CHECK(dump_json(*body) ==
        R"({"QueueUrl":"http://127.0.0.1:1/000000000000/q.fifo",)"
        R"("MessageBody":"{\"id\":\"e1\",\"detail\":{\"a\":\"x\"}}","MessageGroupId":"g",)"
        R"("MessageAttributes":{"RULE_ARN":{"DataType":"String","StringValue":"r"}}})");
}

TEST_CASE("a stream's record has the key that the path selects, else the event's id") {
  const std::string arn = "arn:aws:kinesis:us-east-1:000000000000:stream/s";
  const auto key = [&](const std::string& target) {
    const auto body = parse_json(request_for(call_to(arn, target)).body);
    return *as_string(find_member(*body, "PartitionKey"));
  };
  CHECK(key(R"({"KinesisParameters":{"PartitionKeyPath":"$.detail.a"}})") == "x");
  CHECK(key("{}") == "e1");
}

TEST_CASE("a cluster runs the task of the target's parameters") {
  const auto body =
      parse_json(request_for(call_to("arn:aws:ecs:us-east-1:000000000000:cluster/c",
                                     R"({"EcsParameters":{"TaskDefinitionArn":"t","TaskCount":2,)"
                                     R"("LaunchType":"FARGATE"}})"))
                     .body);
  REQUIRE(body);
  CHECK(dump_json(*body) == R"({"launchType":"FARGATE","taskDefinition":"t","count":2,)"
                            R"("cluster":"arn:aws:ecs:us-east-1:000000000000:cluster/c"})");
}

TEST_CASE("an API is called at the path of its ARN, with the target's parameters") {
  const std::string arn = "arn:aws:execute-api:us-east-1:000000000000:a1/dev/PUT/pets/*/toys/*";
  const auto request = request_for(
      call_to(arn, R"({"HttpParameters":{"PathParameterValues":["a b","7"],)"
                   R"("QueryStringParameters":{"q":"x&y"},"HeaderParameters":{"X-A":"1"}}})"));
  CHECK(request.method == "PUT");
  CHECK(request.url == "http://127.0.0.1:1/dev/pets/a%20b/toys/7?q=x%26y");
  CHECK(request.body == R"({"id":"e1","detail":{"a":"x"}})");
  const auto header = [&](std::string_view name) {
    for (const auto& [key, value] : request.headers) {
      if (key == name) return value;
    }
    return std::string{};
  };
  CHECK(header("x-a") == "1");
  CHECK(header("host") == "a1.execute-api.us-east-1.amazonaws.com");
  CHECK(header("content-type") == "application/json");
  const std::string any = "arn:aws:execute-api:us-east-1:000000000000:a1/dev/*/";
  CHECK(request_for(call_to(any)).method == "POST");
  CHECK(request_for(call_to(any)).url == "http://127.0.0.1:1/dev/");
  auto refused = delivery_request(
      call_to(arn, R"({"HttpParameters":{"HeaderParameters":{"Host":"x"}}})"), kRoutes);
  REQUIRE(std::holds_alternative<core::DeliveryFailure>(refused));
  CHECK(std::get<core::DeliveryFailure>(refused).error_code == "INVALID_PARAMETER");
}

TEST_CASE("a mutation is posted with the input as its variables") {
  const std::string arn = "arn:aws:appsync:us-east-1:000000000000:endpoints/graphql-api/g1";
  const auto request = request_for(call_to(
      arn, R"({"AppSyncParameters":{"GraphQLOperation":"mutation M($id:ID){m(id:$id)}"}})"));
  CHECK(request.method == "POST");
  CHECK(request.url == "http://127.0.0.1:1/graphql");
  CHECK(request.body == R"({"query":"mutation M($id:ID){m(id:$id)}",)"
                        R"("variables":{"id":"e1","detail":{"a":"x"}}})");
  const Headers headers = {{"content-type", "application/json"},
                           {"host", "g1.appsync-api.us-east-1.amazonaws.com"}};
  CHECK(request.headers == headers);
  CHECK(std::holds_alternative<core::DeliveryFailure>(delivery_request(call_to(arn), kRoutes)));
}

TEST_CASE("the route aws leads to the host of the API itself") {
  auto parsed = parse_route_line("*", "aws");
  REQUIRE(parsed);
  const RouteTable to_aws({.environment = {}, .lines = {*std::move(parsed)}});
  auto made =
      delivery_request(call_to("arn:aws:execute-api:eu-west-1:000000000000:a1/dev/PUT/x"), to_aws);
  REQUIRE(std::holds_alternative<DeliveryRequest>(made));
  const auto& request = std::get<DeliveryRequest>(made).request;
  CHECK(request.url == "https://a1.execute-api.eu-west-1.amazonaws.com/dev/x");
}

TEST_CASE("a workflow runs with the event's id, an assessment by its template") {
  auto call = call_to("arn:aws:glue:us-east-1:000000000000:workflow/w");
  call.event_id = "e1";
  CHECK(request_for(call).body == R"({"Name":"w","RunProperties":{"aws:eventIds":"[\"e1\"]"}})");
  const std::string template_arn = "arn:aws:inspector:us-east-1:000000000000:target/t/template/u";
  CHECK(request_for(call_to(template_arn)).body ==
        R"({"assessmentTemplateArn":")" + template_arn + R"("})");
}

TEST_CASE("a universal target names its service and action itself") {
  CHECK(universal_action("arn:aws:scheduler:::aws-sdk:sqs:sendMessage")->action == "sendMessage");
  CHECK_FALSE(universal_action("arn:aws:sqs:us-east-1:000000000000:q").has_value());
  auto call = call_to("arn:aws:scheduler:::aws-sdk:dynamodb:putItem");
  call.payload = R"({"TableName":"t","Item":{"id":{"S":"1"}}})";
  CHECK(request_for(call).body == call.payload);
  call.payload = R"({"tableName":"t"})";
  CHECK(std::holds_alternative<core::DeliveryFailure>(delivery_request(call, kRoutes)));
  auto refused = delivery_request(call_to("arn:aws:scheduler:::aws-sdk:nothing:do"), kRoutes);
  REQUIRE(std::holds_alternative<core::DeliveryFailure>(refused));
  CHECK_FALSE(std::get<core::DeliveryFailure>(refused).is_retryable);
}

TEST_CASE("without an endpoint a delivery fails with a message that names the variable") {
  const auto made = delivery_request(call_to("arn:aws:sns:us-east-1:000000000000:t"),
                                     RouteTable({.environment = {}}));
  REQUIRE(std::holds_alternative<core::DeliveryFailure>(made));
  const auto& failure = std::get<core::DeliveryFailure>(made);
  CHECK(failure.error_message.find("AWS_ENDPOINT_URL_SNS") != std::string::npos);
  CHECK(failure.is_retryable);
}

TEST_CASE("an answer is a success, a reason to try again, or final") {
  CHECK(failure_of(200, "") == "none");
  CHECK(failure_of(500, "") == "ERROR_FROM_TARGET again");
  CHECK(failure_of(429, "") == "THROTTLING again");
  CHECK(failure_of(400, R"({"__type":"ThrottlingException"})") == "THROTTLING again");
  CHECK(failure_of(400, R"({"__type":"com.amazonaws.sqs#QueueDoesNotExist"})") ==
        "NO_RESOURCE final");
  CHECK(failure_of(404, "") == "NO_RESOURCE final");
  CHECK(failure_of(403, "") == "NO_PERMISSIONS final");
  CHECK(failure_of(400, "") == "ERROR_FROM_TARGET final");
  CHECK(delivery_failure(NoResponse{"Connection refused"})->error_code == "CONNECTION_FAILURE");
  CHECK(delivery_failure(NoResponse{"timed out after 30000 ms"})->error_code == "TIMEOUT");
}

}  // namespace presso::server
