// The whole server in this process, over its port.
#include "server/app.h"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>

#include "base/json.h"
#include "base/text.h"
#include "server/caller_of.h"
#include "tests/unit/server/raw_client.h"

namespace presso::server {
namespace {

using namespace std::chrono_literals;
using test::RawClient;
using test::RawReply;
using test::request_text;

constexpr const char* kMachine =
    R"({"name":"m","roleArn":"arn:aws:iam::000000000000:role/r","definition":)"
    R"("{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Wait\",\"Seconds\":300,\"End\":true}}}"})";
const std::string kMachineArn = "arn:aws:states:us-east-1:000000000000:stateMachine:m";
const std::string kExecutionArn = "arn:aws:states:us-east-1:000000000000:execution:m:e";

class Serving {
 public:
  explicit Serving(std::vector<std::string> allowed_origins = {}) {
    Config config;
    config.port = 0;
    config.clock = ClockMode::Frozen;
    config.log_level = LogLevel::Off;
    config.allowed_origins = std::move(allowed_origins);
    Result<std::unique_ptr<App>> app = App::make(std::move(config), {});
    REQUIRE(app);
    app_ = std::move(*app);
    app_->start();
  }
  ~Serving() { CHECK(app_->stop()); }
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;

  [[nodiscard]] RawClient client() const { return RawClient{app_->port()}; }
  [[nodiscard]] RawReply ask(const std::string& request) const {
    RawClient fresh = client();
    fresh.send(request);
    std::optional<RawReply> reply = fresh.receive();
    REQUIRE(reply);
    return *reply;
  }
  [[nodiscard]] RawReply call(const std::string& target, const std::string& body) const {
    return ask(request_text("POST", "/", body, "X-Amz-Target: " + target + "\r\n"));
  }
  Json admin(const std::string& method, const std::string& path,
             const std::string& body = {}) const {
    const RawReply reply = ask(request_text(method, path, body));
    Result<Json> json = parse_json(reply.body);
    REQUIRE(json);
    return *json;
  }
  void start_execution() const {
    REQUIRE(call("AWSStepFunctions.CreateStateMachine", kMachine).status == 200);
    REQUIRE(call("AWSStepFunctions.StartExecution",
                 R"({"stateMachineArn":")" + kMachineArn + R"(","name":"e"})")
                .status == 200);
  }

 private:
  std::unique_ptr<App> app_;
};

bool has(const RawReply& reply, const std::string& text) {
  return reply.head.find(text) != std::string::npos;
}

TEST_CASE("answers look as the SDKs want them") {
  const Serving serving;
  const RawReply list = serving.call("AWSStepFunctions.ListStateMachines", "{}");
  CHECK(list.status == 200);
  CHECK(list.body == R"({"stateMachines":[]})");
  CHECK(has(list, "Content-Type: application/x-amz-json-1.0\r\n"));
  CHECK(has(list, "x-amzn-RequestId: "));
  const RawReply put = serving.call("AWSEvents.ListEventBuses", "{}");
  CHECK(has(put, "Content-Type: application/x-amz-json-1.1\r\n"));

  for (const char* target : {"AWSStepFunctions.Brew", "AWSEvents.", "Nothing", ""}) {
    const RawReply unknown = serving.call(target, "{}");
    CHECK(unknown.status == 400);
    CHECK(has(unknown, "x-amzn-errortype: UnknownOperationException\r\n"));
    CHECK(unknown.body.find(R"("__type":"UnknownOperationException")") != std::string::npos);
  }
  CHECK(serving.call("AWSStepFunctions.ListStateMachines", "{").status == 400);
  CHECK(serving.call("AWSStepFunctions.ListStateMachines", "").status < 500);
  const RawReply large = serving.call("AWSEvents.PutEvents", std::string(kBodyBytes + 1, ' '));
  CHECK(large.status == 413);
  CHECK(large.body.find("RequestEntityTooLargeException") != std::string::npos);
}

TEST_CASE("pipelined commands are answered in order") {
  const Serving serving;
  serving.start_execution();
  RawClient client = serving.client();
  std::string many;
  for (int i = 0; i < 50; ++i) {
    many += request_text(
        "POST", "/",
        R"({"stateMachineArn":")" + kMachineArn + R"(","name":"p)" + std::to_string(i) + R"("})",
        "X-Amz-Target: AWSStepFunctions.StartExecution\r\n");
  }
  client.send(many);
  for (int i = 0; i < 50; ++i) {
    const std::optional<RawReply> reply = client.receive();
    REQUIRE(reply);
    CHECK(reply->body.find(":p" + std::to_string(i) + "\"") != std::string::npos);
  }
}

TEST_CASE("paths and methods that mean nothing get a clear answer") {
  const Serving serving;
  CHECK(serving.ask(request_text("GET", "/")).body.find("X-Amz-Target") != std::string::npos);
  CHECK(serving.ask(request_text("POST", "/elsewhere", "{}")).status == 404);
  CHECK(serving.ask(request_text("GET", "/_presso/nothing")).status == 404);
  CHECK(serving.ask(request_text("DELETE", "/")).status == 405);
  CHECK(serving.ask(request_text("POST", "/_presso/health", "{}")).status == 405);
  CHECK(serving.ask(request_text("OPTIONS", "/")).status == 204);
}

TEST_CASE("a page of another origin may neither call nor look") {
  const Serving serving{{"https://app.example"}};
  const std::string evil = "Origin: https://evil.example\r\n";
  CHECK(serving.ask(request_text("POST", "/", "{}", evil)).status == 403);
  CHECK(serving.ask(request_text("POST", "/_presso/reset", "", evil)).status == 403);
  CHECK(serving.ask(request_text("OPTIONS", "/", "", evil)).status == 403);
  CHECK(serving.ask(request_text("POST", "/", "{}", "Origin: null\r\n")).status == 403);
  const RawReply preflight = serving.ask(
      request_text("OPTIONS", "/", "",
                   "Origin: https://app.example\r\nAccess-Control-Request-Method: POST\r\n"
                   "Access-Control-Request-Headers: x-amz-target\r\n"));
  CHECK(preflight.status == 204);
  CHECK(has(preflight, "Access-Control-Allow-Origin: https://app.example\r\n"));
  CHECK(has(preflight, "Access-Control-Allow-Headers: x-amz-target\r\n"));
  CHECK(serving.ask(request_text("POST", "/", "{}", "Origin: http://localhost:3000\r\n")).status ==
        400);
  const auto with_host = [&](const std::string& host, const std::string& path) {
    return serving.ask("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status;
  };
  CHECK(with_host("evil.example", "/_presso/clock") == 403);
  CHECK(with_host("evil.example", "/_localstack/health") == 403);
  CHECK(with_host("evil.example", "/") == 200);
  CHECK(with_host("app.example:4566", "/_presso/clock") == 200);
  CHECK(with_host("127.0.0.1:4566", "/_presso/clock") == 200);
}

TEST_CASE("the clock is looked at, moved and set over its page") {
  const Serving serving;
  serving.start_execution();
  const Json before = serving.admin("GET", "/_presso/clock");
  CHECK(before["mode"] == "frozen");
  const Json after = serving.admin("POST", "/_presso/clock", R"({"advance_seconds":900})");
  CHECK(after["deadlines_fired"] == 1);
  CHECK(after["fired"].size() == 1);
  const auto moved = *parse_rfc3339(after["now"].get<std::string>()) -
                     *parse_rfc3339(before["now"].get<std::string>());
  CHECK(moved == seconds(900));
  CHECK(serving.admin("POST", "/_presso/clock", R"({"mode":"real"})")["mode"] == "real");
  for (const char* body : {"", "{}", "[]", R"({"advance_seconds":-1})", R"({"mode":"fast"})",
                           R"({"advance_seconds":"1"})", R"({"advance_seconds":1e300})",
                           R"({"mode":"real","speed":2})"}) {
    CHECK_MESSAGE(serving.ask(request_text("POST", "/_presso/clock", body)).status == 400, body);
  }
}

TEST_CASE("health and reset") {
  const Serving serving;
  serving.start_execution();
  CHECK(serving.admin("GET", "/_presso/health")["status"] == "ok");
  CHECK(serving.admin("GET", "/_localstack/health")["services"]["stepfunctions"] == "running");
  CHECK(serving.admin("POST", "/_presso/reset")["status"] == "ok");
  CHECK(serving.call("AWSStepFunctions.ListStateMachines", "{}").body == R"({"stateMachines":[]})");
  serving.start_execution();
}

TEST_CASE("the stream of events goes on from where a client was") {
  const Serving serving;
  RawClient stream = serving.client();
  stream.send(request_text("GET", "/_presso/events?bus=default"));
  CHECK(has(*stream.receive(), "Content-Type: text/event-stream\r\n"));
  serving.start_execution();
  std::string seen;
  while (seen.find("RUNNING") == std::string::npos) {
    const std::string more = stream.read_once();
    REQUIRE_FALSE(more.empty());
    seen += more;
  }
  CHECK(seen.find("id: 1\n") != std::string::npos);

  serving.admin("POST", "/_presso/clock", R"({"advance_seconds":900})");
  RawClient again = serving.client();
  again.send(request_text("GET", "/_presso/events", "", "Last-Event-ID: 1\r\n"));
  REQUIRE(again.receive());
  seen.clear();
  while (seen.find("SUCCEEDED") == std::string::npos) {
    const std::string more = again.read_once();
    REQUIRE_FALSE(more.empty());
    seen += more;
  }
  CHECK(seen.find("id: 1\n") == std::string::npos);
  CHECK(serving.ask(request_text("GET", "/_presso/events?pattern=x")).status == 400);
}

TEST_CASE("await answers when an execution has ended, or says that it has not") {
  const Serving serving;
  const std::string path = "/_presso/await?execution=" + kExecutionArn;
  CHECK(serving.ask(request_text("GET", path)).status == 400);
  serving.start_execution();
  const RawReply early = serving.ask(request_text("GET", path + "&timeout_seconds=0.01"));
  CHECK(early.status == 202);
  CHECK(early.body.find("RUNNING") != std::string::npos);
  RawClient waiting = serving.client();
  waiting.send(request_text("GET", path));
  CHECK_FALSE(waiting.receive(50ms));
  serving.admin("POST", "/_presso/clock", R"({"advance_seconds":300})");
  const std::optional<RawReply> ended = waiting.receive();
  REQUIRE(ended);
  CHECK(ended->status == 200);
  CHECK(ended->body.find("SUCCEEDED") != std::string::npos);
  CHECK(serving.ask(request_text("GET", path)).status == 200);
}

TEST_CASE("await answers with the event that matched") {
  const Serving serving;
  const std::string pattern = percent_encode(R"({"source":["shop"]})", false);
  const std::string path = "/_presso/await?bus=default&pattern=" + pattern;
  RawClient waiting = serving.client();
  waiting.send(request_text("GET", path));
  CHECK_FALSE(waiting.receive(50ms));
  REQUIRE(serving
              .call("AWSEvents.PutEvents",
                    R"({"Entries":[{"Source":"bar","DetailType":"d","Detail":"{}"},)"
                    R"({"Source":"shop","DetailType":"d","Detail":"{\"n\":1}"}]})")
              .status == 200);
  const std::optional<RawReply> found = waiting.receive();
  REQUIRE(found);
  const Result<Json> item = parse_json(found->body);
  REQUIRE(item);
  CHECK((*item)["sequence"] == 2);
  CHECK((*item)["event"]["detail"]["n"] == 1);
  CHECK(serving.admin("GET", path + "&since=0")["sequence"] == 2);
  CHECK(serving.ask(request_text("GET", path + "&timeout_seconds=0.01")).status == 202);
  for (const char* wrong : {"?timeout_seconds=x&bus=a", "", "?bus=a&since=x", "?pattern=%7B"}) {
    CHECK(serving.ask(request_text("GET", std::string{"/_presso/await"} + wrong)).status == 400);
  }
}

TEST_CASE("account and region are those of the signature") {
  const core::Caller otherwise{.account = "999999999999", .region = "eu-west-1"};
  const auto caller = [&](std::string_view credential) {
    return caller_of("AWS4-HMAC-SHA256 Credential=" + std::string{credential} +
                         ", SignedHeaders=host, Signature=0",
                     otherwise);
  };
  CHECK(caller("123456789012/20260101/us-west-2/states/aws4_request") ==
        core::Caller{.account = "123456789012", .region = "us-west-2"});
  CHECK(caller("AKIDEXAMPLE/20260101/us-west-2/events/aws4_request") ==
        core::Caller{.account = "999999999999", .region = "us-west-2"});
  CHECK(caller("test/20260101/\xFF/x") == otherwise);
  CHECK(caller("test") == otherwise);
  CHECK(caller("") == otherwise);
  CHECK(caller_of("Basic eDp5", otherwise) == otherwise);
  CHECK(caller_of("", otherwise) == otherwise);
}

TEST_CASE("accounts and regions do not meet") {
  const Serving serving;
  const auto list = [&](const std::string& key, const std::string& region) {
    return serving
        .ask(request_text("POST", "/", "{}",
                          "X-Amz-Target: AWSStepFunctions.ListStateMachines\r\n"
                          "Authorization: AWS4-HMAC-SHA256 Credential=" +
                              key + "/20260101/" + region + "/states/aws4_request\r\n"))
        .body;
  };
  serving.start_execution();
  CHECK(list("AKID", "us-east-1").find(":m\"") != std::string::npos);
  CHECK(list("AKID", "eu-west-1") == R"({"stateMachines":[]})");
  CHECK(list("123456789012", "us-east-1") == R"({"stateMachines":[]})");
}

}  // namespace
}  // namespace presso::server
