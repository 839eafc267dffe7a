#include "server/forward/addressee.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "server/forward/peer_error.h"
#include "server/forward/target_names.h"

namespace presso::server {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

const core::Caller kCaller{.account = "000000000000", .region = "us-east-1"};

HttpRequest request(std::string target, Pairs headers = {}, std::string body = {}) {
  HttpRequest made;
  made.method = "POST";
  made.target = std::move(target);
  made.headers = std::move(headers);
  made.body = std::move(body);
  return made;
}

std::pair<std::string, std::string> signature(const std::string& service) {
  return {"Authorization", "AWS4-HMAC-SHA256 Credential=123456789012/20260101/eu-west-1/" +
                               service + "/aws4_request, SignedHeaders=host, Signature=0"};
}

std::string service(const HttpRequest& made) { return addressee_of(made).service; }

std::string name_of(const HttpRequest& made) {
  const Called called = called_by_request(addressee_of(made), made, kCaller);
  return called.kind + " " + called.name + " " + called.action;
}

}  // namespace

TEST_CASE("a request is for whom its target names, then its signature, host and path") {
  CHECK(service(request("/", {{"x-amz-target", "AWSStepFunctions.StartExecution"}})) == "sfn");
  CHECK(service(request("/", {{"X-Amz-Target", "AWSEvents.PutEvents"}})) == "eventbridge");
  CHECK(service(request("/", {{"X-Amz-Target", "DynamoDB_20120810.GetItem"}})) == "dynamodb");
  CHECK(service(request("/", {{"X-Amz-Target", "Timestream_20181101.Query"}})) ==
        "timestreamwrite");
  CHECK(service(request("/", {{"X-Amz-Target", "Nobodys.Thing"}})).empty());
  CHECK(service(request("/", {{"X-Amz-Target", "Nobodys.Thing"}, signature("sqs")})) == "sqs");
  CHECK(service(request("/", {signature("states")})) == "sfn");
  CHECK(service(request("/", {signature("monitoring")})) == "cloudwatch");
  CHECK(service(request("/schedules/x", {signature("s3")})) == "s3");
  CHECK(service(request("/", {{"Authorization",
                               "AWS4-ECDSA-P256-SHA256 Credential=K/20260101/s3/"
                               "aws4_request, Signature=0"}})) == "s3");
  CHECK(service(request("/", {{"Authorization", "AWS AKID:c2ln"}})) == "s3");
  CHECK(service(request("/k?X-Amz-Credential=K%2F20260101%2Fr%2Fsqs%2Faws4_request")) == "sqs");
  CHECK(service(request("/k?AWSAccessKeyId=K&Expires=1&Signature=s")) == "s3");
  CHECK(service(request("/", {{"Host", "b.s3.eu-west-1.amazonaws.com"}})) == "s3");
  CHECK(service(request("/", {{"Host", "b.s3-accelerate.localhost:4566"}})) == "s3");
  CHECK(service(request("/2015-03-31/functions/f/invocations")) == "lambda");
  CHECK(service(request("/000000000000/jobs")) == "sqs");
  CHECK(service(request("/schedule-groups")) == "scheduler");
  CHECK(service(request("/restapis/a1/dev/_user_request_/orders")) == "apigateway");
  CHECK(service(request("/bucket/key")) == "s3");
  for (const char* nothing : {"/", "/?Action=x"}) CHECK(service(request(nothing)).empty());
  for (const char* odd :
       {"Credential=", "Credential=a/b/c/d", "AWS4-HMAC-SHA256 Credential=////,"}) {
    CHECK(service(request("/", {{"Authorization", odd}})).empty());
  }
}

TEST_CASE("of a service without endpoint of its own the signature names the family") {
  const auto streams = addressee_of(request(
      "/", {{"X-Amz-Target", "DynamoDBStreams_20120810.ListStreams"}, signature("dynamodb")}));
  CHECK(streams.service == "dynamodbstreams");
  CHECK(streams.family == "dynamodb");
  const auto table = addressee_of(
      request("/", {{"X-Amz-Target", "DynamoDB_20120810.GetItem"}, signature("dynamodb")}));
  CHECK(table.family.empty());
}

TEST_CASE("what is called is told by the body, the path or the host") {
  CHECK(name_of(request("/", {{"X-Amz-Target", "DynamoDB_20120810.GetItem"}},
                        R"({"TableName":"orders"})")) == "table orders GetItem");
  CHECK(name_of(request("/", {{"X-Amz-Target", "AmazonSQS.SendMessage"}},
                        R"({"QueueUrl":"http://localhost:4566/000000000000/jobs"})")) ==
        "queue jobs SendMessage");
  const Pairs form = {{"Content-Type", "application/x-www-form-urlencoded"}, signature("sns")};
  CHECK(name_of(
            request("/", form, "Action=Publish&TopicArn=arn%3Aaws%3Asns%3Aeu-west-1%3A1%3Anews")) ==
        "topic news Publish");
  CHECK(
      name_of(request("/000000000000/jobs", {{"Content-Type", "application/x-www-form-urlencoded"}},
                      "Action=SendMessage&MessageBody=a+b")) == "queue jobs SendMessage");
  CHECK(name_of(request("/media/a/b", {signature("s3")})) == "bucket media ");
  CHECK(name_of(request("/a/b", {signature("s3"), {"Host", "my.media.s3.localhost:4566"}})) ==
        "bucket my.media ");
  CHECK(name_of(request("/a/b", {signature("s3"), {"Host", "media.localhost"}})) ==
        "bucket media ");
  for (const char* none : {"/", "?list", "*", "//"}) {
    CHECK(name_of(request(none, {signature("s3")})) == "  ");
  }
  CHECK(name_of(request("/2015-03-31/functions/f%3A1/invocations")) == "function f invoke");
  CHECK(name_of(request("/", {{"X-Amz-Target", "DynamoDB_20120810.GetItem"}}, "no JSON")) ==
        "  GetItem");
}

TEST_CASE("region and account are those of the signature, wherever it is") {
  const core::Caller header = caller_of_request(request("/", {signature("s3")}), kCaller);
  CHECK(header == core::Caller{.account = "123456789012", .region = "eu-west-1"});
  const std::string query =
      "/?X-Amz-Credential=111111111111%2F20260101%2Feu-west-3%2Fs3%2Faws4_request";
  CHECK(caller_of_request(request(query), kCaller) ==
        core::Caller{.account = "111111111111", .region = "eu-west-3"});
  CHECK(caller_of_request(request("/"), kCaller) == kCaller);
}

TEST_CASE("prefixes of X-Amz-Target are found") {
  CHECK(service_of_target("AWSCognitoIdentityProviderService") == "cognitoidentityprovider");
  CHECK(service_of_target("secretsmanager") == "secretsmanager");
  CHECK(service_of_target("com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101") ==
        "cloudtrail");
  CHECK(service_of_target("").empty());
}

TEST_CASE("an error has the form of the service that was asked") {
  const PeerError error{
      .status = 502, .code = "BadGateway", .message = "a<b & c", .request_id = "1"};
  const HttpReply json = to_reply(error, ErrorForm::Json10);
  CHECK(json.status == 502);
  CHECK(json.content_type == "application/x-amz-json-1.0");
  CHECK(json.body == R"({"__type":"BadGatewayException","message":"a<b & c"})");
  const std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  const std::string fault = "<Code>BadGateway</Code><Message>a&lt;b &amp; c</Message>";
  CHECK(to_reply(error, ErrorForm::S3).body ==
        xml + "<Error>" + fault + "<RequestId>1</RequestId></Error>");
  CHECK(to_reply(error, ErrorForm::Query).body ==
        xml + "<ErrorResponse><Error><Type>Receiver</Type>" + fault +
            "</Error><RequestId>1</RequestId></ErrorResponse>");
  CHECK(to_reply(error, ErrorForm::Ec2).body ==
        xml + "<Response><Errors><Error>" + fault +
            "</Error></Errors><RequestID>1</RequestID></Response>");
  CHECK(to_reply(error, ErrorForm::Cbor).body ==
        "\xa2\x66__type\x73"
        "BadGatewayException\x67message\x67"
        "a<b & c");
}

}  // namespace presso::server
