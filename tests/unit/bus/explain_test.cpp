#include "bus/explain.h"

#include <doctest/doctest.h>

namespace presso::bus {
namespace {

std::string explained(const char* pattern, const char* event) {
  const auto compiled = Pattern::compile(pattern);
  REQUIRE(compiled.has_value());
  const auto parsed = parse_json(event);
  REQUIRE(parsed.has_value());
  return dump_json(explain(*compiled, *parsed));
}

}  // namespace

TEST_CASE("each field is told with what was expected, what was found and its verdict") {
  CHECK(explained(R"({"source":["shop"],"detail":{"size":[{"numeric":[">",3]}],"sku":["a"]}})",
                  R"({"source":"shop","detail":{"size":[1,2]}})") ==
        R"({"matched":false,"fields":[)"
        R"({"field":"source","expected":["shop"],"found":["shop"],"matched":true},)"
        R"({"field":"detail.size","expected":[{"numeric":[">",3]}],"found":[1,2],"matched":false},)"
        R"({"field":"detail.sku","expected":["a"],"matched":false}]})");
}

TEST_CASE("the alternatives of an $or are told one by one") {
  CHECK(explained(R"({"detail":{"$or":[{"a":[1]},{"b":[2]}]}})", R"({"detail":{"b":2}})") ==
        R"({"matched":true,"fields":[{"field":"detail.$or","anyOf":[)"
        R"({"matched":false,"fields":[{"field":"detail.a","expected":[1],"matched":false}]},)"
        R"({"matched":true,"fields":[)"
        R"({"field":"detail.b","expected":[2],"found":[2],"matched":true}]}],"matched":true}]})");
}

TEST_CASE("fields that match in different elements of an array say so") {
  const std::string text = explained(R"({"l":{"a":[1],"b":[2]}})", R"({"l":[{"a":1},{"b":2}]})");
  CHECK(text.find(R"("matched":false,"reason":"Each field matches, but not in the same element)") !=
        std::string::npos);
}

TEST_CASE("a field that must be absent is explained by what is there") {
  CHECK(explained(R"({"a":[{"exists":false}]})", R"({"a":7})") ==
        R"({"matched":false,"fields":[)"
        R"({"field":"a","expected":[{"exists":false}],"found":[7],"matched":false}]})");
}

}  // namespace presso::bus
