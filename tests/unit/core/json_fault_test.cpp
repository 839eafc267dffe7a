#include "engine/core/json_fault.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "base/json.h"

using presso::core::json_fault;

TEST_CASE("the first fault of a text is told in Jackson's words") {
  const std::string values =
      "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
  const std::pair<const char*, std::string> cases[] = {
      // recorded
      {"not some json", "Unrecognized token 'not': was expecting " + values},
      {"{'not': 'json'",
       "Unexpected character (''' (code 39)): was expecting double-quote to start field name"},
      {R"({"a"])",
       "Unexpected character (']' (code 93)): was expecting a colon to separate field name and "
       "value"},
      {"{\"a\":1,}",
       "Unexpected character ('}' (code 125)): was expecting double-quote to start field name"},
      // by Jackson's source
      {"[1 2]",
       "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries"},
      {R"({"a":1 "b")",
       "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries"},
      {"[1,]", "Unexpected character (']' (code 93)): expected a valid value " + values},
      {"nul", "Unrecognized token 'nul': was expecting " + values},
      {"\"a", "Unexpected end-of-input in VALUE_STRING"},
      {"{\"a", "Unexpected end-of-input in FIELD_NAME"},
      {"{", "Unexpected end-of-input: expected close marker for Object"},
      {"[1", "Unexpected end-of-input: expected close marker for Array"},
      {"{\"a\":", "Unexpected end-of-input within/between Object entries"},
      {"{\u20ac",
       "Unexpected character ('\u20ac' (code 8364 / 0x20ac)): was expecting double-quote "
       "to start field name"},
      {"\"\\q\"", "Unrecognized character escape 'q' (code 113)"},
      {"01", "Invalid numeric value: Leading zeroes not allowed"}};
  for (const auto& [text, fault] : cases) {
    CAPTURE(text);
    CHECK(json_fault(text) == fault);
  }
}

TEST_CASE("a text that is JSON and an empty one have no fault") {
  for (const char* text : {"", "  ", "{}", "[]", "1", "-0.5e+3", "\"x\\u00e9\"", "null",
                           R"({"a":[1,{"b":"c"},[]],"d":{}})", " true "}) {
    CAPTURE(text);
    CHECK(json_fault(text).empty());
  }
}

TEST_CASE("a deep nesting costs no stack") {
  CHECK(json_fault(std::string(1'000'000, '[')) ==
        "Unexpected end-of-input: expected close marker for Array");
}
