#include "lang/jsonpath/reference.h"

#include <doctest/doctest.h>

#include <string>

namespace presso::jsonpath {

namespace {

// `document` with 7 at `reference`, as JSON text; or the error's message.
std::string placed(std::string_view reference, std::string_view document) {
  auto result = place(Path::compile(reference).value(), parse_json(document).value(), 7);
  if (result) return dump_json(*result);
  CHECK(result.error().code == "States.ResultPathMatchFailure");
  return result.error().message;
}

}  // namespace

TEST_CASE("a reference to the root replaces the document") {
  CHECK(placed("$", R"({"a":1})") == "7");
  CHECK(placed("$", "null") == "7");
}

TEST_CASE("a value is put at a member that is there, or a new one") {
  CHECK(placed("$.a", R"({"a":1,"b":2})") == R"({"a":7,"b":2})");
  CHECK(placed("$.c", R"({"a":1})") == R"({"a":1,"c":7})");
  CHECK(placed("$['a b'].c", R"({"a b":{"x":1}})") == R"({"a b":{"x":1,"c":7}})");
}

TEST_CASE("missing objects on the way are made") {
  CHECK(placed("$.a.b.c", "{}") == R"({"a":{"b":{"c":7}}})");
  CHECK(placed("$.a.b.c", R"({"a":{"x":1}})") == R"({"a":{"x":1,"b":{"c":7}}})");
}

TEST_CASE("an element of an array is replaced, never added") {
  CHECK(placed("$.a[1]", R"({"a":[1,2]})") == R"({"a":[1,7]})");
  CHECK(placed("$[0].b", R"([{"a":1}])") == R"([{"a":1,"b":7}])");
  CHECK(placed("$[0][1].x.y", "[[1,{}]]") == R"([[1,{"x":{"y":7}}]])");
  CHECK(placed("$.a[2]", R"({"a":[1,2]})") ==
        R"(Unable to apply ReferencePath $.a[2] to input {"a":[1,2]})");
  CHECK(placed("$.a[0]", R"({"a":[]})") ==
        R"(Unable to apply ReferencePath $.a[0] to input {"a":[]})");
}

TEST_CASE("what does not fit shows the document as it was") {
  CHECK(placed("$.a.b[0]", "{}") == "Unable to apply ReferencePath $.a.b[0] to input {}");
  CHECK(placed("$.a", R"("text")") == R"(Unable to apply ReferencePath $.a to input "text")");
  CHECK(placed("$.a", "null") == "Unable to apply ReferencePath $.a to input null");
  CHECK(placed("$.a", "[1]") == "Unable to apply ReferencePath $.a to input [1]");
  CHECK(placed("$.a.b", R"({"a":null})") ==
        R"(Unable to apply ReferencePath $.a.b to input {"a":null})");
  CHECK(placed("$.a.b", R"({"a":1})") == R"(Unable to apply ReferencePath $.a.b to input {"a":1})");
  CHECK(placed("$[0]", R"({"0":1})") == R"(Unable to apply ReferencePath $[0] to input {"0":1})");
}

TEST_CASE("a reference is a JSON pointer") {
  const auto pointer = [](const char* path) { return pointer_of(*Path::compile(path)); };
  CHECK(pointer("$").empty());
  CHECK(pointer("$.a['b/c'][0]['~']") == "/a/b~1c/0/~0");
  CHECK(pointer("$$.Execution.Input") == "/Execution/Input");
}

}  // namespace presso::jsonpath
