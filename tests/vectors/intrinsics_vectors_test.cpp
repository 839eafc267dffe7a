// tests/vectors/intrinsics/*.json: input, context and variables, and what each call gives from
// them.
//   {"call": "States.Array(1)", "value": [1]}              the value
//   {"call": "States.MathAdd(1, 'a')", "fails": "Invalid …"}   States.IntrinsicFailure, its reason
//   {"call": "States.Array($.no)", "not_found": "The …"}   a path finds nothing; the reason
//   {"call": "States.Xyz()", "invalid": "The …"}           refused when compiled
#include <doctest/doctest.h>

#include <string>

#include "base/json.h"
#include "lang/intrinsics/intrinsic.h"
#include "tests/vectors/vector_files.h"

namespace presso {

namespace {

class VectorRoots final : public jsonpath::Roots {
 public:
  explicit VectorRoots(const Json& vectors) : vectors_(vectors) {}

  [[nodiscard]] const Json* input() const override { return find_member(vectors_, "input"); }
  [[nodiscard]] const Json* context() const override { return find_member(vectors_, "context"); }
  [[nodiscard]] const Json* variable(std::string_view name) const override {
    const Json* variables = find_member(vectors_, "variables");
    return variables == nullptr ? nullptr : find_member(*variables, name);
  }

 private:
  const Json& vectors_;
};

void check_case(const Json& test, const Json& vectors) {
  const std::string& text = *as_string(find_member(test, "call"));
  const auto call = intrinsics::Call::compile(text);
  if (const auto* message = as_string(find_member(test, "invalid"))) {
    REQUIRE_FALSE(call.has_value());
    CHECK(call.error() == Error{"InvalidIntrinsic", *message});
    return;
  }
  REQUIRE_MESSAGE(call.has_value(), (call ? "" : call.error().message));
  SeededEntropy entropy{1};
  const auto value = intrinsics::call(*call, VectorRoots{vectors}, Env{Time{}, &entropy});
  const std::string prefix = "The function '" + text + "' had the following error: ";
  if (const auto* reason = as_string(find_member(test, "not_found"))) {
    REQUIRE_FALSE(value.has_value());
    CHECK(value.error() == Error{"PathNotFound", prefix + *reason});
  } else if (const auto* failure = as_string(find_member(test, "fails"))) {
    REQUIRE_FALSE(value.has_value());
    CHECK(value.error() == Error{"States.IntrinsicFailure", prefix + *failure});
  } else {
    REQUIRE_MESSAGE(value.has_value(), (value ? "" : value.error().message));
    CHECK(dump_json(*value) == dump_json(*find_member(test, "value")));
  }
}

}  // namespace

TEST_CASE("each intrinsic call of the vectors gives what its vector says") {
  const std::size_t count = for_each_vector("intrinsics", check_case);
  CHECK(count > 100);
}

}  // namespace presso
