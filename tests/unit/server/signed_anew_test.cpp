#include "server/forward/signed_anew.h"

#include <doctest/doctest.h>

#include <string>

namespace presso::server {
namespace {

const Credentials kKeys{.access_key_id = "AKIA", .secret_access_key = "s", .session_token = "t"};

HttpRequest put_object(std::string hash) {
  HttpRequest request;
  request.method = "PUT";
  request.target = "/a%20b?partNumber=1&X-Amz-Signature=old&X-Amz-Credential=old";
  request.headers = {{"Host", "media.s3.localhost:4566"},
                     {"Authorization", "AWS4-HMAC-SHA256 Credential=old"},
                     {"X-Amz-Date", "20200101T000000Z"},
                     {"x-amz-content-sha256", std::move(hash)},
                     {"x-amz-meta-by", "me"},
                     {"Content-Type", "text/plain"},
                     {"User-Agent", "a  client"},
                     {"Connection", "keep-alive"},
                     {"Content-Length", "3"}};
  return request;
}

const Addressee kS3{.service = "s3", .is_signed = true, .form = ErrorForm::S3};
constexpr std::string_view kAt = "https://s3.eu-west-1.amazonaws.com";

std::string value_of(const std::string& head, const std::string& name) {
  const auto at = head.find("\r\n" + name + ": ");
  if (at == std::string::npos) return {};
  const auto begin = at + name.size() + 4;
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

}  // namespace

TEST_CASE("what goes to real AWS is signed anew, for its host and with presso's keys") {
  auto made = resigning_of(put_object("UNSIGNED-PAYLOAD"), kS3, kAt, true);
  REQUIRE(made);
  const std::string head =
      signed_head(*std::move(made), kKeys, {.region = "eu-west-1", .service = "s3"},
                  time_of_epoch_ms(1'800'000'000'000));
  CHECK(head.starts_with("PUT /media/a%20b?partNumber=1 HTTP/1.1\r\n"));
  CHECK(value_of(head, "Host") == "s3.eu-west-1.amazonaws.com");
  CHECK(value_of(head, "x-amz-content-sha256") == "UNSIGNED-PAYLOAD");
  CHECK(value_of(head, "x-amz-date") == "20270115T080000Z");
  CHECK(value_of(head, "x-amz-security-token") == "t");
  CHECK(value_of(head, "User-Agent") == "a  client");
  CHECK(value_of(head, "Content-Length") == "3");
  CHECK(value_of(head, "Connection").empty());
  CHECK(head.find("old") == std::string::npos);
  const std::string authorization = value_of(head, "authorization");
  CHECK(authorization.find("Credential=AKIA/20270115/eu-west-1/s3/aws4_request") !=
        std::string::npos);
  CHECK(authorization.find("SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;"
                           "x-amz-meta-by;x-amz-security-token,") != std::string::npos);
}

TEST_CASE("a body that is here is signed by what it is, and so is one whose hash is told") {
  HttpRequest request;
  request.method = "POST";
  request.target = "/";
  request.headers = {{"Host", "localhost:4566"}, {"X-Amz-Target", "DynamoDB_20120810.GetItem"}};
  request.body = "{}";
  const Addressee dynamodb{.service = "dynamodb", .form = ErrorForm::Json10};
  const SigningScope scope{.region = "us-east-1", .service = "dynamodb"};
  auto made = resigning_of(request, dynamodb, "https://dynamodb.us-east-1.amazonaws.com", false);
  REQUIRE(made);
  const std::string head = signed_head(*std::move(made), kKeys, scope, Time{});
  OutboundRequest same;
  same.url = "https://dynamodb.us-east-1.amazonaws.com/";
  same.headers = {{"x-amz-target", "DynamoDB_20120810.GetItem"}};
  same.body = "{}";
  sign(same, kKeys, scope, Time{});
  CHECK(value_of(head, "authorization") == same.headers.back().second);
  CHECK(head.find("content-sha256") == std::string::npos);
}

TEST_CASE("what cannot be signed anew says why") {
  const auto chunks =
      resigning_of(put_object("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"), kS3, kAt, true);
  REQUIRE_FALSE(chunks);
  CHECK(chunks.error().message ==
        "each chunk of its body is signed, which presso does not do anew");
  HttpRequest request = put_object("");
  const auto large = resigning_of(request, {.service = "kinesis"}, kAt, true);
  REQUIRE_FALSE(large);
  CHECK(large.error().message == "its body is too large to be signed anew");
}

}  // namespace presso::server
