#include "base/shared_json.h"

#include <doctest/doctest.h>

#include <string>

#include "base/json.h"

using presso::Json;
using presso::SharedJson;

TEST_CASE("a handle without a value says so and equals its like") {
  const SharedJson empty;
  CHECK_FALSE(empty.has_value());
  CHECK(empty == SharedJson{});
  CHECK(empty != SharedJson{Json()});
  CHECK(empty.is_same(SharedJson{}));
  CHECK(empty.identity() == nullptr);
}

TEST_CASE("the text of a value is made once") {
  const SharedJson shared{Json({{"b", 1}, {"a", 2}})};
  const SharedJson copy = shared;
  CHECK(shared.text() == R"({"b":1,"a":2})");
  CHECK(&shared.text() == &copy.text());
  CHECK(&shared.value() == &copy.value());
}

TEST_CASE("a client's own text is kept, white space included") {
  const std::string text = " { \"a\" :\t1.0 }\n";
  const auto shared = SharedJson::parse(text);
  REQUIRE(shared.has_value());
  CHECK(shared->text() == text);
  CHECK(shared->value() == Json({{"a", 1}}));
}

TEST_CASE("a malformed text is refused as parse_json refuses it") {
  const auto shared = SharedJson::parse("{");
  REQUIRE_FALSE(shared.has_value());
  CHECK(shared.error() == presso::parse_json("{").error());
}

TEST_CASE("a trusted text is parsed on first use") {
  const SharedJson shared = SharedJson::trusted("[1, 2]");
  const SharedJson copy = shared;
  CHECK(shared.has_value());
  CHECK(shared.value() == Json::array({1, 2}));
  CHECK(&shared.value() == &copy.value());
  CHECK(copy.text() == "[1, 2]");
}

TEST_CASE("equality compares values, sameness compares nodes") {
  const SharedJson one = SharedJson::trusted(R"({"a":1,"b":2})");
  const SharedJson other{Json({{"b", 2}, {"a", 1.0}})};
  CHECK(one == other);
  CHECK_FALSE(one.is_same(other));
  const SharedJson copy = one;
  CHECK(copy.is_same(one));
  CHECK(copy.identity() == one.identity());
  CHECK(one != SharedJson{Json()});
}

TEST_CASE("a null is a value") {
  const SharedJson null{Json()};
  CHECK(null.has_value());
  CHECK(null.text() == "null");
}
