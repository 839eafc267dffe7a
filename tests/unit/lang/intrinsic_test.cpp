#include "lang/intrinsics/intrinsic.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "base/json.h"

namespace presso::intrinsics {

namespace {

class InputOnly final : public jsonpath::Roots {
 public:
  explicit InputOnly(Json input) : input_(std::move(input)) {}

  [[nodiscard]] const Json* input() const override { return &input_; }
  [[nodiscard]] const Json* context() const override { return nullptr; }
  [[nodiscard]] const Json* variable(std::string_view) const override { return nullptr; }

 private:
  Json input_;
};

Call call_of(std::string_view text) {
  auto compiled = Call::compile(text);
  REQUIRE_MESSAGE(compiled.has_value(), text);
  return *std::move(compiled);
}

}  // namespace

TEST_CASE("a call knows its function and the paths among its arguments") {
  const Call call = call_of("States.Format('{} {}', $.a, States.Array($$.b, $c[0], $.a.length()))");
  CHECK(call.function() == "States.Format");
  REQUIRE(call.paths().size() == 4);
  CHECK(call.paths()[0].text() == "$.a");
  CHECK(call.paths()[1].root() == jsonpath::Path::Root::Context);
  CHECK(call.paths()[2].variable() == "c");
  CHECK(call.paths()[3].text() == "$.a.length()");
  CHECK(call_of("States.UUID()").paths().empty());
}

TEST_CASE("text that begins like a call is meant as one") {
  CHECK(looks_like_call("States.Format('a')"));
  CHECK(looks_like_call("States.Nonsense"));
  CHECK_FALSE(looks_like_call("$.States.Format"));
  CHECK_FALSE(looks_like_call("states.Format('a')"));
}

TEST_CASE("unseeded random numbers and ids come from the entropy handed in") {
  const InputOnly roots{Json::object()};
  SeededEntropy one{5};
  SeededEntropy same{5};
  const auto draw = [&](std::string_view text, Entropy& entropy) {
    return intrinsics::call(call_of(text), roots, Env{Time{}, &entropy}).value();
  };
  std::set<int> seen;
  for (int i = 0; i < 200; ++i) {
    const Json number = draw("States.MathRandom(-1, 3)", one);
    CHECK(number == draw("States.MathRandom(-1, 3)", same));
    seen.insert(number.get<int>());
  }
  CHECK(seen == std::set<int>{-1, 0, 1, 2});
  const Json id = draw("States.UUID()", one);
  CHECK(id == draw("States.UUID()", same));
  CHECK(id != draw("States.UUID()", one));
  CHECK(id.get<std::string>().size() == 36);
}

TEST_CASE("a seeded random number needs no entropy") {
  const InputOnly roots{Json::object()};
  const Call call = call_of("States.MathRandom(0, 999, 3)");
  const auto first = intrinsics::call(call, roots, Env{});
  CHECK(first.value() == intrinsics::call(call, roots, Env{}).value());
  const auto whole =
      intrinsics::call(call_of("States.MathRandom(-2147483648, 2147483647, 9)"), roots, Env{});
  CHECK(whole.value().is_number_integer());
}

TEST_CASE("the arguments of one call together are bounded") {
  const InputOnly roots{Json(std::string(200'000, 'x'))};
  std::string text = "States.Array($";
  for (int i = 0; i < 100; ++i) text += ", $";
  const auto value = intrinsics::call(call_of(text + ")"), roots, Env{});
  CHECK(value.error().code == "States.IntrinsicFailure");
  CHECK(intrinsics::call(call_of("States.Array($, $)"), roots, Env{}).value().size() == 2);
}

TEST_CASE("a path that fails otherwise than by finding nothing says why") {
  const InputOnly roots{Json{{"a", Json::array()}}};
  const auto value = intrinsics::call(call_of("States.Array($.a.sum())"), roots, Env{});
  CHECK(value.error() ==
        Error{"InvalidPath",
              "The function 'States.Array($.a.sum())' had the following error: Invalid path "
              "'$.a.sum()' : Aggregation function attempted to calculate value using empty array"});
}

TEST_CASE("calls nested without end are refused") {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "States.Array(";
  CHECK(Call::compile(text).error().code == "InvalidIntrinsic");
}

}  // namespace presso::intrinsics
