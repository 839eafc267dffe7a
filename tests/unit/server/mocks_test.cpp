#include <doctest/doctest.h>
#include <yaml-cpp/yaml.h>

#include <string>

#include "server/mocks/call_words.h"
#include "server/mocks/mock_report.h"
#include "server/mocks/mock_section.h"
#include "server/yaml_json.h"

namespace presso::server {
namespace {

const core::Caller kMockCaller;

bool is_call_for(const std::string& words, const core::MockableCall& call) {
  const auto match = call_match(words);
  REQUIRE_MESSAGE(match.has_value(), words);
  return (*match)(call);
}

core::MockableCall task_call(std::string_view service, std::string_view action,
                             std::string_view parameters) {
  return {.service = service,
          .action = action,
          .arn = {},
          .parameters = parameters,
          .caller = kMockCaller};
}
core::MockableCall target_call(std::string_view arn, std::string_view payload = "{}") {
  return {.service = {}, .action = {}, .arn = arn, .parameters = payload, .caller = kMockCaller};
}

std::string mock_refusal(const std::string& text) {
  const auto rules = read_mocks(YAML::Load(text), "f");
  return rules ? "" : rules.error().message;
}

Json json_of(const std::string& yaml) {
  const auto json = json_of_yaml(YAML::Load(yaml));
  REQUIRE(json);
  return *json;
}

}  // namespace

TEST_CASE("a mock's call is named in the words of routes, for tasks and for targets") {
  constexpr std::string_view kParameters = R"({"QueueUrl":"http://x/0/jobs-1","MessageBody":"b"})";
  for (const std::string_view service : {"sqs", "aws-sdk:sqs"}) {
    const auto call = task_call(service, "sendMessage", kParameters);
    for (const char* words :
         {"*", "sqs", "sqs:sendMessage", "sqs:SendMessage", "sqs:send*", "queue jobs-*",
          "arn:aws:sqs:us-east-1:000000000000:jobs-1", "arn:aws:states:::sqs:sendMessage"}) {
      CAPTURE(words);
      CHECK(is_call_for(words, call));
    }
    for (const char* words : {"sns", "sqs:deleteMessage", "queue jobs", "topic jobs-1"}) {
      CAPTURE(words);
      CHECK_FALSE(is_call_for(words, call));
    }
  }
  const auto delivery = target_call("arn:aws:sqs:us-east-1:000000000000:jobs-1");
  CHECK(is_call_for("queue jobs-*", delivery));
  CHECK(is_call_for("sqs:sendMessage", delivery));
  CHECK(is_call_for("arn:aws:sqs:*:jobs-1", delivery));
  CHECK(is_call_for("sns:publish", target_call("arn:aws:sns:us-east-1:000000000000:t")));
  CHECK(is_call_for("sqs:deleteMessage",
                    target_call("arn:aws:scheduler:::aws-sdk:sqs:deleteMessage")));
  CHECK(is_call_for("arn:aws:events:*:api-destination/*",
                    target_call("arn:aws:events:us-east-1:000000000000:api-destination/a/b")));
}

TEST_CASE("functions are the same by ARN and by parameter") {
  const auto by_arn = target_call("arn:aws:lambda:us-east-1:000000000000:function:pay:live");
  const auto by_name = task_call("lambda", "invoke", R"({"FunctionName":"pay"})");
  for (const auto& call : {by_arn, by_name}) {
    for (const char* words : {"function pay", "lambda", "lambda:invoke", "function p*"}) {
      CAPTURE(words);
      CHECK(is_call_for(words, call));
    }
    CHECK_FALSE(is_call_for("function paying", call));
  }
}

TEST_CASE("what presso itself answers for, HTTP tasks and optimised names can be mocked") {
  CHECK(is_call_for("states:startExecution", task_call("states", "startExecution", "{}")));
  CHECK(is_call_for("states", task_call("aws-sdk:sfn", "startExecution", "{}")));
  CHECK(is_call_for("events:putEvents", task_call("events", "putEvents", "{}")));
  CHECK(is_call_for("arn:aws:states:::events:putEvents", task_call("events", "putEvents", "{}")));
  CHECK(is_call_for("http:invoke", task_call("http", "invoke", "{}")));
  CHECK(is_call_for("apigateway:invoke", task_call("apigateway", "invoke", "{}")));
  CHECK(is_call_for("bedrock:invokeModel", task_call("bedrock", "invokeModel", "{}")));
  CHECK(is_call_for("arn:aws:states:*:activity:a",
                    target_call("arn:aws:states:us-east-1:000000000000:activity:a")));
}

TEST_CASE("a service or an action that there is not is refused") {
  CHECK(call_match("sqs:sendMesage").error().message ==
        "the service sqs has no action 'sendMesage'");
  CHECK(call_match("states:startExecutions").error().message ==
        "the service sfn has no action 'startExecutions'");
  CHECK_FALSE(call_match("squeeze"));
  CHECK_FALSE(call_match("queue "));
  CHECK_FALSE(call_match(""));
}

TEST_CASE("the mocks of the file have lines, and so has what is wrong with them") {
  const auto rules = read_mocks(YAML::Load("- {call: sqs, latency: 1s}\n- call: sns\n  on: 3\n"
                                           "  return: {a: \"3\", b: 3}\n"),
                                "f");
  REQUIRE(rules);
  CHECK((*rules)[0].where == "f:1");
  CHECK((*rules)[1].where == "f:2");
  CHECK((*rules)[1].source["return"] == Json{{"a", "3"}, {"b", 3}});
  CHECK(mock_refusal("a: 1") == "f:1: mocks is a list of mocks");
  CHECK(mock_refusal("- call: sqs\n  latency: 1s\n  rte: 3\n") ==
        "f:3: mocks[0].rte: mocks have no such setting");
  CHECK(mock_refusal("- {call: sqs, latency: 1s}\n- call: sqs:no\n  latency: 1s\n") ==
        "f:2: mocks[1].call: the service sqs has no action 'no'");
  CHECK(mock_refusal("- call: sqs\n  return:\n    a: \"{% ( %}\"\n")
            .starts_with("f:2: mocks[0].return: "));
  CHECK(mock_refusal("- x\n") == "f:1: mocks[0]: a mock is a map of settings");
  CHECK(mock_refusal("- {call: sqs, call: sns}\n") == "f:1: mocks[0]: 'call' is there twice");
}

TEST_CASE("YAML is JSON by its core schema") {
  CHECK(json_of("[1, -2, 0.5, 1e3, 'x', \"1\", true, null, ~, 1-2, 20s, .5, 0x10, on]") ==
        Json::array({1, -2, 0.5, 1000.0, "x", "1", true, nullptr, nullptr, "1-2", "20s", 0.5,
                     "0x10", "on"}));
  CHECK(json_of("{a: {b: [1]}, c: }") == Json{{"a", {{"b", Json::array({1})}}}, {"c", nullptr}});
  std::string bomb = "a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string below = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + below;
    for (int k = 0; k < 9; ++k) bomb += "," + below;
    bomb += "]\n";
  }
  const auto large = json_of_yaml(YAML::Load(bomb));
  REQUIRE_FALSE(large);
  CHECK(large.error().message == "it is too large");
}

TEST_CASE("a body is one mock or a list of them") {
  CHECK(mocks_of_body(R"({"call":"sqs","latency":"1s"})")->size() == 1);
  CHECK(mocks_of_body(R"([{"call":"sqs","latency":"1s"},{"call":"sns","latency":"1s"}])")->size() ==
        2);
  CHECK(mocks_of_body("{").error().message.starts_with("The body is no JSON: "));
  CHECK(mocks_of_body("3").error().message == "mock: a mock is a map of settings");
  CHECK(mocks_of_body(R"([{"call":"sqs"}])").error().message ==
        "mocks[0]: it says nothing of what happens: return, throw or latency is needed");
}

}  // namespace presso::server
