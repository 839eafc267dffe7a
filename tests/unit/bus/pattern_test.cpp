#include "bus/pattern.h"

#include <doctest/doctest.h>

#include <string>

#include "base/json.h"
#include "bus/flatten.h"
#include "bus/test_event_pattern.h"

namespace presso::bus {

namespace {

const char* const kEvent =
    R"({"id":"1","account":"1","source":"s","time":"t","region":"r","detail-type":"d"})";

}  // namespace

TEST_CASE("a pattern keeps its text") {
  CHECK(Pattern::compile(R"({"a": ["x"]})")->text() == R"({"a": ["x"]})");
}

TEST_CASE("TestEventPattern wants an event with its six members") {
  CHECK(*test_event_pattern(R"({"source":["s"]})", kEvent));
  CHECK_FALSE(*test_event_pattern(R"({"source":["x"]})", kEvent));
  const Error invalid{"ValidationException", "Parameter Event is not valid."};
  const char* const pattern = R"({"source":["s"]})";
  for (const char* event : {"", "text", "[]", "1", "{}", "{\"id\":\"1\"}"}) {
    CHECK(test_event_pattern(pattern, event).error() == invalid);
  }
  for (const char* name : {"id", "account", "source", "time", "region", "detail-type"}) {
    Json event = *parse_json(kEvent);
    event.erase(name);
    CHECK(test_event_pattern(pattern, dump_json(event)).error() == invalid);
  }
  CHECK(test_event_pattern("{}", kEvent).error().code == "InvalidEventPatternException");
}

TEST_CASE("too many combinations, too deep, or very long: a refusal, and soon") {
  std::string combinations = "{";
  for (int i = 0; i < 11; ++i) {
    const std::string name = std::to_string(i);
    combinations += (i == 0 ? "\"o" : ", \"o") + name + R"(": {"$or": [{"a": [1]}, {"b": [1]}]})";
  }
  CHECK(Pattern::compile(combinations + "}").error().message.find("too complex") !=
        std::string::npos);
  std::string deep;
  for (int i = 0; i < 10000; ++i) deep += R"({"$or": [)";
  CHECK_FALSE(Pattern::compile(deep).has_value());
  CHECK_FALSE(Pattern::compile(std::string(1 << 20, '[')).has_value());
  CHECK_FALSE(Pattern::compile("{\"a\": [\"" + std::string(1 << 20, 'x')).has_value());
}

TEST_CASE("a thousand combinations are allowed") {
  std::string branches;
  for (int i = 0; i < 1000; ++i) {
    branches += (i == 0 ? "{\"a\": [" : ", {\"a\": [") + std::to_string(i) + "]}";
  }
  const auto pattern = Pattern::compile("{\"$or\": [" + branches + "]}");
  REQUIRE(pattern.has_value());
  CHECK(pattern->matches(*parse_json("{\"a\": 999}")));
  CHECK_FALSE(pattern->matches(*parse_json("{\"a\": 1000}")));
}

TEST_CASE("large arrays of objects take no quadratic time") {
  std::string elements;
  for (int i = 0; i < 20000; ++i) {
    elements += (i == 0 ? "{\"a\":" : ",{\"a\":") + std::to_string(i) +
                ",\"b\":" + std::to_string(i + 1) + "}";
  }
  const std::string flat = "{\"l\":[" + elements + "]}";
  const std::string nested = "{\"m\":[{\"l\":[" + elements + "]}]}";
  const std::string fields = R"({"a":[{"numeric":[">=",0]}],"b":[{"numeric":[">=",0]}],"c":["x"]})";
  const std::string absent = R"({"a":[{"exists":true}],"b":[{"exists":false}]})";
  for (const std::string& test : {fields, absent}) {
    CHECK_FALSE(Pattern::compile("{\"l\":" + test + "}")->matches(Fields::of_text(flat)));
    CHECK_FALSE(Pattern::compile("{\"m\":{\"l\":" + test + "}}")->matches(Fields::of_text(nested)));
  }
}

TEST_CASE("what is no object has no fields") {
  const auto pattern = Pattern::compile(R"({"a":[{"exists":false}]})");
  CHECK(pattern->matches(Json::object()));
  CHECK(pattern->matches(Json::array()));
}

}  // namespace presso::bus
