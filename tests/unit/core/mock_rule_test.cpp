#include "engine/core/mock_rule.h"

#include <doctest/doctest.h>

#include "base/json.h"

using namespace presso;
using namespace presso::core;

namespace {

Result<CallMatch> any_words(const std::string& text) {
  if (text == "bad") return Error{"BadRoute", "there is no service 'bad'"};
  return CallMatch{[](const MockableCall&) { return true; }};
}

MockRule rule_of(const std::string& text) {
  const auto json = parse_json(text);
  REQUIRE(json);
  auto parsed = parse_mock_rule(*json, any_words);
  const auto* mistake = std::get_if<MockMistake>(&parsed);
  REQUIRE_MESSAGE(mistake == nullptr, (mistake == nullptr ? "" : mistake->what));
  return std::get<MockRule>(std::move(parsed));
}

// What is wrong with a list of mocks.
std::string mistake_of(const std::string& list) {
  const auto json = parse_json(list);
  REQUIRE(json);
  const auto parsed = parse_mock_rules(*json, any_words);
  const auto* mistake = std::get_if<MockMistake>(&parsed);
  return mistake == nullptr ? "" : to_string(*mistake);
}

}  // namespace

TEST_CASE("a mock rule says which calls, when and what") {
  const MockRule rule = rule_of(R"({"id":"slow","call":"sqs","machine":"O*","state":"S",
    "case":"Happy","on":"2-4","rate":0.5,"once":true,"latency":"20s",
    "throw":{"error":"E","cause":"c"}})");
  CHECK(rule.id == "slow");
  CHECK(rule.machine == "O*");
  CHECK(rule.state == "S");
  CHECK(rule.test_case == "Happy");
  CHECK(rule.first == 2);
  CHECK(rule.last == 4);
  CHECK(rule.rate == 0.5);
  CHECK(rule.applies_once);
  CHECK(rule.latency == seconds(20));
  CHECK(std::get<MockRule::Thrown>(rule.answer).error == "E");
  CHECK(std::get<MockRule::Thrown>(rule.answer).cause == "c");
  CHECK(rule_of(R"({"call":"*","on":3,"return":1})").last == 3);
  CHECK(rule_of(R"({"call":"*","on":"3-","return":1})").last > 1'000'000);
}

TEST_CASE("a latency is a number with its unit") {
  CHECK(parse_latency("20s") == seconds(20));
  CHECK(parse_latency("1.5s") == Duration{1'500});
  CHECK(parse_latency("500ms") == Duration{500});
  CHECK(parse_latency("5m") == seconds(300));
  CHECK(parse_latency("1h") == seconds(3'600));
  for (const char* text : {"", "20", "s", "-1s", "1e3s", "20 s", "9000h", "nan s", "infs"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_latency(text).has_value());
  }
}

TEST_CASE("a rule without an id has one of what it says; the same again has another") {
  const MockRule rule = rule_of(R"({"call":"*","return":1})");
  CHECK(rule.id.starts_with("mock-"));
  CHECK(rule.id == rule_of(R"({"call":"*","return":1})").id);
  CHECK(rule.id != rule_of(R"({"call":"*","return":2})").id);
  const auto twice = parse_json(R"([{"call":"*","return":1},{"call":"*","return":1}])");
  const auto parsed = parse_mock_rules(*twice, any_words);
  CHECK(std::get<std::vector<MockRule>>(parsed)[1].id == rule.id + "-2");
}

TEST_CASE("what is wrong with a mock rule is said with its place") {
  const std::pair<const char*, const char*> cases[] = {
      {R"([1])", "[0]: a mock is a map of settings"},
      {R"([{"call":"*","return":1},{"calls":"*"}])", "[1].calls: mocks have no such setting"},
      {R"([{"call":"bad","return":1}])", "[0].call: there is no service 'bad'"},
      {R"([{"call":1,"return":1}])", "[0].call: must be a text"},
      {R"([{"return":1}])",
       R"([0]: it says of no call that it is for it: call, with "*" for all, arguments, machine, )"
       "state or case is needed"},
      {R"([{"call":"*"}])",
       "[0]: it says nothing of what happens: return, throw or latency is needed"},
      {R"([{"call":"*","return":1,"throw":{"error":"E"}}])",
       "[0].throw: there cannot be both, return and throw"},
      {R"([{"call":"*","throw":{}}])", "[0].throw: throws without an error, a text"},
      {R"([{"call":"*","throw":{"error":1}}])", "[0].throw.error: must be a text"},
      {R"([{"call":"*","throw":{"Error":"E"}}])",
       "[0].throw.Error: there are only error and cause"},
      {R"([{"call":"*","return":1,"on":0}])",
       R"([0].on: must be the number of a call, from 1 on, or several, as in "2-4" or "3-")"},
      {R"([{"call":"*","return":1,"on":"4-2"}])",
       R"([0].on: must be the number of a call, from 1 on, or several, as in "2-4" or "3-")"},
      {R"([{"call":"*","return":1,"rate":2}])", "[0].rate: must be a number from 0 to 1"},
      {R"([{"call":"*","return":1,"once":1}])", "[0].once: must be true or false"},
      {R"([{"call":"*","return":1,"per":"state"}])", R"([0].per: must be "execution")"},
      {R"([{"call":"*","return":1,"per":"execution","once":true}])",
       "[0].once: is once over all executions; with per, use on"},
      {R"([{"call":"*","latency":20}])",
       R"([0].latency: must be a time as in "500ms", "20s", "5m" or "1h", and at most a year)"},
      {R"([{"call":"*","return":1,"fieldValidationMode":"strict"}])",
       "[0].fieldValidationMode: must be STRICT, PRESENT or NONE"},
      {R"([{"call":"*","latency":"1s","fieldValidationMode":"STRICT"}])",
       "[0].fieldValidationMode: there is no return that it is for"},
      {R"([{"id":"a","call":"*","return":1},{"id":"a","call":"*","return":1}])",
       "[1].id: is that of an earlier mock: a"},
      {R"([{"id":"a b","call":"*","return":1}])",
       "[0].id: must be a text of up to 100 letters, digits, '-', '_' and '.'"},
  };
  for (const auto& [list, expected] : cases) {
    CAPTURE(list);
    CHECK(mistake_of(list) == expected);
  }
  CHECK(mistake_of(R"([{"call":"*","return":1,"arguments":{"a":1}}])")
            .starts_with("[0].arguments: Event pattern is not valid. Reason: "));
  CHECK(
      mistake_of(R"([{"call":"*","return":{"a":"{% ( %}"}}])")
          .starts_with("[0].return: The value for the field 'return/a' must be a valid JSONata "));
  CHECK(mistake_of(R"([{"call":"*","return":"{% 1"}])").starts_with("[0].return: "));
}
