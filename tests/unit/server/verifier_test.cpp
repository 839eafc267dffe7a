// What `sign` signs is what the verifier checks; sigv4_test holds `sign` to AWS's own examples.
#include "server/auth/verifier.h"

#include <doctest/doctest.h>

#include "server/integrations/sigv4.h"

namespace presso::server {
namespace {

constexpr Time kNow = time_of_epoch_ms(1'767'225'600'000);  // 2026-01-01T00:00:00Z

Verifier verifier() {
  return Verifier{{{"AKIA", {.secret = "s3cret", .session_token = ""}},
                   {"ASIA", {.secret = "other", .session_token = "token"}}}};
}

struct Signed {
  std::string service = "states";
  std::string method = "POST";
  std::string target = "/";
  std::string body = "{}";
  Credentials credentials = {"AKIA", "s3cret", ""};
  Time at = kNow;

  [[nodiscard]] HttpRequest request() const {
    OutboundRequest out;
    out.method = method;
    out.url = "http://localhost:4566" + target;
    out.body = body;
    out.headers = {{"content-type", "text/plain"}, {"x-amz-target", "A.B"}};
    sign(out, credentials, {.region = "us-east-1", .service = service}, at);
    return as_received(out, target);
  }
  static HttpRequest as_received(const OutboundRequest& out, const std::string& target) {
    HttpRequest request;
    request.method = out.method;
    request.target = target;
    request.headers = out.headers;
    request.headers.emplace_back("Host", "localhost:4566");
    request.body = out.body;
    return request;
  }
};

std::string code_of(const HttpRequest& request, Time now = kNow) {
  const auto refused = verifier().check(request, true, now);
  return refused ? refused->code : "";
}
std::string message_of(const HttpRequest& request, Time now = kNow) {
  const auto refused = verifier().check(request, true, now);
  return refused ? refused->message : "";
}

std::string& header(HttpRequest& request, std::string_view name) {
  for (auto& [each, value] : request.headers) {
    if (each == name) return value;
  }
  return request.headers.emplace_back(std::string{name}, "").second;
}

}  // namespace

TEST_CASE("what is signed with a key that is known may pass") {
  CHECK(code_of(Signed{.target = "/"}.request()).empty());
  CHECK(code_of(Signed{.target = "/x?b=2&a=1&c"}.request()).empty());
  CHECK(code_of(Signed{.service = "s3", .method = "PUT", .target = "/b/k%20y"}.request()).empty());
  CHECK(
      code_of(Signed{.target = "/", .credentials = {"ASIA", "other", "token"}}.request()).empty());
}

TEST_CASE("a change of anything that is signed is noticed") {
  const auto changed = [](auto change) {
    HttpRequest request = Signed{.target = "/x?a=1"}.request();
    change(request);
    return code_of(request);
  };
  const std::string wrong = "InvalidSignatureException";
  CHECK(changed([](HttpRequest& it) { it.method = "PUT"; }) == wrong);
  CHECK(changed([](HttpRequest& it) { it.target = "/y?a=1"; }) == wrong);
  CHECK(changed([](HttpRequest& it) { it.target = "/x?a=2"; }) == wrong);
  CHECK(changed([](HttpRequest& it) { it.body += " "; }) == wrong);
  CHECK(changed([](HttpRequest& it) { header(it, "Host") = "elsewhere"; }) == wrong);
  CHECK(changed([](HttpRequest& it) { header(it, "x-amz-target") = "A.C"; }) == wrong);
  CHECK(changed([](HttpRequest& it) { header(it, "authorization").back() ^= 1; }) == wrong);
  CHECK(changed([](HttpRequest& it) { header(it, "authorization").pop_back(); }) == wrong);
  CHECK(changed([](HttpRequest& it) { header(it, "User-Agent") = "not signed"; }).empty());
  HttpRequest twice = Signed{.target = "/"}.request();
  twice.headers.emplace_back("x-amz-target", "A.B");
  CHECK(code_of(twice) == wrong);
  HttpRequest object = Signed{.service = "s3", .method = "PUT", .target = "/b/k"}.request();
  object.body = "[]";
  CHECK(code_of(object) == wrong);
  CHECK(code_of(Signed{.credentials = {"AKIA", "guess", ""}}.request()) == wrong);
}

TEST_CASE("who is not known, or says nothing, is told so") {
  HttpRequest bare;
  bare.method = "POST";
  bare.target = "/";
  CHECK(code_of(bare) == "MissingAuthenticationTokenException");
  const std::string unknown = "UnrecognizedClientException";
  CHECK(code_of(Signed{.credentials = {"AKIB", "s3cret", ""}}.request()) == unknown);
  CHECK(code_of(Signed{.credentials = {"ASIA", "other", ""}}.request()) == unknown);
  CHECK(code_of(Signed{.credentials = {"ASIA", "other", "another"}}.request()) == unknown);
  CHECK(code_of(Signed{.credentials = {"AKIA", "s3cret", "token"}}.request()) == unknown);
  for (const std::string authorization :
       {"Basic dTpw", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=a/b, Signature=0",
        "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/states/aws4_request, Signature=0",
        "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/states/aws4_request, "
        "SignedHeaders=host"}) {
    CAPTURE(authorization);
    bare.headers = {{"Authorization", authorization}};
    CHECK(code_of(bare) == "IncompleteSignatureException");
  }
}

TEST_CASE("a signature is one of this time") {
  CHECK(code_of(Signed{.target = "/", .at = kNow - seconds(299)}.request()).empty());
  CHECK(code_of(Signed{.target = "/", .at = kNow + seconds(299)}.request()).empty());
  CHECK(message_of(Signed{.target = "/", .at = kNow - seconds(301)}.request()) ==
        "Signature expired: 20251231T235459Z is now earlier than 20251231T235500Z "
        "(20260101T000000Z - 5 min.)");
  CHECK(message_of(Signed{.target = "/", .at = kNow + seconds(301)}.request()) ==
        "Signature not yet current: 20260101T000501Z is still later than 20260101T000500Z "
        "(20260101T000000Z + 5 min.)");
  HttpRequest moved = Signed{.target = "/"}.request();
  header(moved, "x-amz-date") = "20260102T000000Z";
  CHECK(code_of(moved) == "InvalidSignatureException");
  header(moved, "x-amz-date") = "yesterday";
  CHECK(code_of(moved) == "IncompleteSignatureException");
}

TEST_CASE("a signed URL is good for as long as it says, and for what it names") {
  OutboundRequest out;
  out.method = "GET";
  out.url = "http://localhost:4566/x?a=1";
  const auto made = [&](Duration lifetime) {
    const std::string url = presigned_url(
        out, {"AKIA", "s3cret", ""}, {.region = "us-east-1", .service = "states"}, lifetime, kNow);
    return Signed::as_received(out, url.substr(url.find("/x?")));
  };
  const HttpRequest request = made(seconds(60));
  CHECK(code_of(request).empty());
  CHECK(code_of(request, kNow + seconds(60)).empty());
  CHECK(code_of(request, kNow + seconds(61)) == "InvalidSignatureException");
  CHECK(code_of(made(kLongestPresigned + seconds(1))) == "IncompleteSignatureException");
  HttpRequest other = request;
  other.target.replace(other.target.find("a=1"), 3, "a=2");
  CHECK(code_of(other) == "InvalidSignatureException");
  other = request;
  other.method = "DELETE";
  CHECK(code_of(other) == "InvalidSignatureException");
}

TEST_CASE("keys are those of every profile") {
  const auto keys = parse_access_keys(
      "[default]\naws_access_key_id = A\naws_secret_access_key = a\n\n[ci]\n"
      "aws_access_key_id=B\naws_secret_access_key=b\naws_session_token=t\n",
      "keys");
  REQUIRE(keys);
  CHECK(*keys == AccessKeys{{"A", {"a", ""}}, {"B", {"b", "t"}}});
  const auto refusal = [](std::string_view text) {
    const auto parsed = parse_access_keys(text, "keys");
    return parsed ? "" : parsed.error().message;
  };
  CHECK(refusal("") == "keys: there are no keys in it");
  CHECK(refusal("\n[x]\naws_access_key_id = A\n") ==
        "keys:2: the profile x has no aws_access_key_id and aws_secret_access_key");
  CHECK(refusal("[x]\naws_access_key_id = A\naws_secret_access_key = a\n[y]\n"
                "aws_access_key_id = A\naws_secret_access_key = b\n") ==
        "keys:4: the key A has two secrets");
  CHECK(refusal("nonsense") == "keys:1: neither a section nor a setting");
}

}  // namespace presso::server
