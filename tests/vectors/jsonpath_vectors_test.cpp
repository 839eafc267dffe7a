// tests/vectors/jsonpath/*.json: a document and what each path gives from it.
//   {"path": "$.a", "value": 1}                     the value
//   {"path": "$.b.c", "not_found": "Missing …"}     not there; the message
//   {"path": "$.s[?(@.a)]", "fails": "Filter: …"}   refused when used
//   {"path": "$..", "invalid": "Path must …"}       refused when compiled
// A case may have a "document" of its own, and says "definite": false where the path is not.
#include <doctest/doctest.h>

#include <string>

#include "base/json.h"
#include "lang/jsonpath/path.h"
#include "tests/vectors/vector_files.h"

namespace presso {

namespace {

void check_case(const Json& test, const Json& document) {
  const auto path = jsonpath::Path::compile(*as_string(find_member(test, "path")));
  if (const auto* message = as_string(find_member(test, "invalid"))) {
    REQUIRE_FALSE(path.has_value());
    CHECK(path.error() == Error{"InvalidPath", *message});
    return;
  }
  REQUIRE_MESSAGE(path.has_value(), (path ? "" : path.error().message));
  const Json* definite = find_member(test, "definite");
  CHECK(path->is_definite() == (definite == nullptr || definite->get<bool>()));
  const auto value = jsonpath::select(*path, document);
  if (const auto* message = as_string(find_member(test, "not_found"))) {
    REQUIRE_FALSE(value.has_value());
    CHECK(value.error() == Error{"PathNotFound", *message});
    CHECK(jsonpath::find(*path, document) == nullptr);
  } else if (const auto* reason = as_string(find_member(test, "fails"))) {
    REQUIRE_FALSE(value.has_value());
    CHECK(value.error() == Error{"InvalidPath", *reason});
  } else {
    REQUIRE_MESSAGE(value.has_value(), (value ? "" : value.error().message));
    CHECK(dump_json(*value) == dump_json(*find_member(test, "value")));
    const Json* found = jsonpath::find(*path, document);
    if (found != nullptr) CHECK(*found == *value);
  }
}

}  // namespace

TEST_CASE("each path of the vectors gives what its vector says") {
  const std::size_t count = for_each_vector("jsonpath", [](const Json& test, const Json& file) {
    const Json* own = find_member(test, "document");
    check_case(test, own != nullptr ? *own : *find_member(file, "document"));
  });
  CHECK(count > 200);
}

}  // namespace presso
