#include "engine/run/comparison.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/json.h"

namespace presso::run {
namespace {

using asl::Comparator;
using asl::Condition;

Json json(std::string_view text) {
  auto value = parse_json(text);
  REQUIRE(value.has_value());
  return *std::move(value);
}

class TestRoots final : public jsonpath::Roots {
 public:
  // No braces: they would make an array of it.
  explicit TestRoots(std::string_view text) : input_(json(text)) {}
  const Json* input() const override { return &input_; }
  const Json* context() const override { return &context_; }
  const Json* variable(std::string_view name) const override {
    return find_member(variables_, name);
  }

 private:
  Json input_;
  Json context_ = json(R"({"Execution": {"Name": "run"}})");
  Json variables_ = json(R"({"limit": 5})");
};

jsonpath::Path path(std::string_view text) {
  auto compiled = jsonpath::Path::compile(text);
  REQUIRE(compiled.has_value());
  return *std::move(compiled);
}

Condition compare(std::string_view variable, Comparator comparator, std::string_view literal) {
  Condition condition;
  condition.variable = path(variable);
  condition.comparator = comparator;
  condition.value = json(literal);
  return condition;
}
Condition compare_path(std::string_view variable, Comparator comparator, std::string_view other) {
  Condition condition;
  condition.variable = path(variable);
  condition.comparator = comparator;
  condition.value_path = path(other);
  return condition;
}
Condition combine(Condition::Kind kind, std::vector<Condition> operands) {
  Condition condition;
  condition.kind = kind;
  condition.operands = std::move(operands);
  return condition;
}

// $.x compared with a literal.
bool holds(std::string_view x, Comparator comparator, std::string_view literal) {
  const TestRoots roots{R"({"x": )" + std::string{x} + "}"};
  const auto result = evaluate(compare("$.x", comparator, literal), roots);
  REQUIRE(result.has_value());
  // The …Path form is the same comparison.
  const TestRoots both{R"({"x": )" + std::string{x} + R"(, "y": )" + std::string{literal} + "}"};
  CHECK(*evaluate(compare_path("$.x", comparator, "$.y"), both) == *result);
  return *result;
}

const std::vector<std::string> kOneOfEachType = {
    "null", "true", "0", "1.5", R"("")", R"("text")", R"("2012-10-09T19:00:55Z")", "[]", "{}"};

}  // namespace

TEST_CASE("texts are compared in Java's order") {
  using enum Comparator;
  CHECK(holds(R"("A")", StringEquals, R"("A")"));
  CHECK_FALSE(holds(R"("A")", StringEquals, R"("a")"));
  CHECK_FALSE(holds(R"(" ")", StringEquals, R"("  ")"));
  CHECK(holds(R"("A")", StringLessThan, R"("AB")"));
  CHECK_FALSE(holds(R"("AB")", StringLessThan, R"("A")"));
  CHECK_FALSE(holds(R"("")", StringLessThan, R"("")"));
  CHECK(holds(R"("AB")", StringGreaterThan, R"("A")"));
  CHECK_FALSE(holds(R"("A")", StringGreaterThan, R"("A\t\n")"));
  CHECK(holds(R"("")", StringLessThanEquals, R"("")"));
  CHECK(holds(R"("")", StringGreaterThanEquals, R"("")"));
  CHECK_FALSE(holds(R"("A")", StringGreaterThanEquals, R"("AB")"));
  CHECK(holds(R"("Z")", StringLessThan, R"("a")"));
  CHECK(holds(R"("z")", StringLessThan, R"("é")"));
  // U+1D11E is two surrogates in UTF-16, below U+FF5E.
  CHECK(holds(R"("a𝄞")", StringLessThan, R"("a～")"));
  CHECK(holds(R"("𝄞")", StringGreaterThan, R"("日")"));
}

TEST_CASE("numbers are compared as doubles") {
  using enum Comparator;
  CHECK(holds("1", NumericEquals, "1.0"));
  CHECK(holds("2.22", NumericEquals, "2.22"));
  CHECK_FALSE(holds("1", NumericEquals, "1.1"));
  CHECK(holds("-1", NumericLessThan, "0"));
  CHECK_FALSE(holds("0", NumericLessThan, "0.0"));
  CHECK(holds("1e3", NumericGreaterThan, "999"));
  CHECK(holds("1", NumericLessThanEquals, "1"));
  CHECK_FALSE(holds("1", NumericLessThanEquals, "0"));
  CHECK(holds("1", NumericGreaterThanEquals, "1"));
  CHECK_FALSE(holds("0", NumericGreaterThanEquals, "1"));
  CHECK(holds("9007199254740993", NumericEquals, "9007199254740992"));
  CHECK(holds("18446744073709551615", NumericGreaterThan, "-9223372036854775808"));
}

TEST_CASE("timestamps are compared as instants, not as texts") {
  using enum Comparator;
  CHECK(holds(R"("2012-10-09T19:00:55Z")", TimestampEquals, R"("2012-10-09T20:00:55+01:00")"));
  CHECK(holds(R"("2012-10-09T19:00:55Z")", TimestampEquals, R"("2012-10-09T19:00:55.000Z")"));
  CHECK(holds(R"("2012-10-09T19:00:55Z")", TimestampLessThan, R"("2012-10-09T19:00:55.5Z")"));
  CHECK(holds(R"("2012-10-09T19:00:56Z")", TimestampGreaterThan, R"("2012-10-09T19:00:55Z")"));
  CHECK(holds(R"("2012-10-09T19:00:55Z")", TimestampLessThanEquals, R"("2012-10-09T19:00:55Z")"));
  CHECK_FALSE(
      holds(R"("2012-10-09T19:00:56Z")", TimestampLessThanEquals, R"("2012-10-09T19:00:55Z")"));
  CHECK(
      holds(R"("2012-10-09T19:00:55Z")", TimestampGreaterThanEquals, R"("2012-10-09T19:00:55Z")"));
  CHECK_FALSE(holds(R"("2012-10-09")", TimestampEquals, R"("2012-10-09T00:00:00Z")"));
  CHECK_FALSE(holds(R"("2012-10-09T19:00:55")", TimestampEquals, R"("2012-10-09T19:00:55Z")"));
}

TEST_CASE("booleans are equal or not") {
  CHECK(holds("true", Comparator::BooleanEquals, "true"));
  CHECK(holds("false", Comparator::BooleanEquals, "false"));
  CHECK_FALSE(holds("false", Comparator::BooleanEquals, "true"));
}

TEST_CASE("a value of another type makes no comparison true") {
  using enum Comparator;
  for (const std::string& value : kOneOfEachType) {
    CAPTURE(value);
    const bool is_number = value == "0" || value == "1.5";
    const bool is_text = value.front() == '"';
    for (const auto comparator : {NumericEquals, NumericLessThan, NumericGreaterThan,
                                  NumericLessThanEquals, NumericGreaterThanEquals}) {
      if (!is_number) CHECK_FALSE(holds(value, comparator, "0"));
    }
    for (const auto comparator : {StringEquals, StringLessThan, StringGreaterThan,
                                  StringLessThanEquals, StringGreaterThanEquals, StringMatches}) {
      if (!is_text) CHECK_FALSE(holds(value, comparator, R"("")"));
    }
    for (const auto comparator : {TimestampEquals, TimestampLessThan, TimestampGreaterThan,
                                  TimestampLessThanEquals, TimestampGreaterThanEquals}) {
      if (value.size() < 10) CHECK_FALSE(holds(value, comparator, R"("2012-10-09T19:00:55Z")"));
    }
    if (value != "true") CHECK_FALSE(holds(value, BooleanEquals, "true"));
    CHECK_FALSE(holds(value, BooleanEquals, "false"));
  }
}

TEST_CASE("type tests tell the types apart") {
  using enum Comparator;
  const auto types_of = [](std::string_view value) {
    std::string types;
    const std::pair<Comparator, const char*> kTests[] = {
        {IsNull, "null "},       {IsNumeric, "numeric "},     {IsString, "string "},
        {IsBoolean, "boolean "}, {IsTimestamp, "timestamp "}, {IsPresent, "present"}};
    for (const auto& [test, name] : kTests) {
      if (holds(value, test, "true")) types += name;
      CHECK(holds(value, test, "true") != holds(value, test, "false"));
    }
    return types;
  };
  CHECK(types_of("null") == "null present");
  CHECK(types_of("0") == "numeric present");
  CHECK(types_of("1.5") == "numeric present");
  CHECK(types_of(R"("")") == "string present");
  CHECK(types_of(R"("2023-02-24")") == "string present");
  CHECK(types_of(R"("2012-10-09T19:00:55+01:00")") == "string timestamp present");
  CHECK(types_of("false") == "boolean present");
  CHECK(types_of("[]") == "present");
  CHECK(types_of("{}") == "present");
}

TEST_CASE("a missing Variable fails all but IsPresent") {
  const TestRoots roots{R"({"x": {"y": 1}})"};
  CHECK_FALSE(*evaluate(compare("$.no", Comparator::IsPresent, "true"), roots));
  CHECK(*evaluate(compare("$.no", Comparator::IsPresent, "false"), roots));
  CHECK_FALSE(*evaluate(compare("$.x.y.z", Comparator::IsPresent, "true"), roots));
  CHECK(*evaluate(compare("$.x.y", Comparator::IsPresent, "true"), roots));
  for (const auto comparator : {Comparator::StringEquals, Comparator::IsNull, Comparator::IsString,
                                Comparator::NumericLessThan, Comparator::BooleanEquals}) {
    const auto result = evaluate(compare("$.no", comparator, "true"), roots);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == "States.Runtime");
    CHECK(result.error().message ==
          "Invalid path '$.no': The choice state's condition path references an invalid value.");
  }
}

TEST_CASE("a …Path that leads nowhere fails") {
  const TestRoots roots{R"({"x": 1})"};
  const auto result = evaluate(compare_path("$.x", Comparator::NumericEquals, "$.no"), roots);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().message ==
        "Invalid path '$.no': The choice state's condition path references an invalid value.");
}

TEST_CASE("paths may start at the context object and at variables") {
  const TestRoots roots{R"({"x": 5})"};
  CHECK(*evaluate(compare("$$.Execution.Name", Comparator::StringEquals, R"("run")"), roots));
  CHECK(*evaluate(compare("$limit", Comparator::NumericEquals, "5"), roots));
  CHECK(*evaluate(compare_path("$.x", Comparator::NumericLessThanEquals, "$limit"), roots));
  CHECK_FALSE(*evaluate(compare("$unknown", Comparator::IsPresent, "true"), roots));
}

TEST_CASE("And, Or and Not nest, and stop at what decides") {
  using Kind = Condition::Kind;
  const TestRoots roots{R"({"x": 1})"};
  const Condition yes = compare("$.x", Comparator::NumericEquals, "1");
  const Condition no = compare("$.x", Comparator::NumericEquals, "2");
  const Condition fails = compare("$.no", Comparator::NumericEquals, "2");
  CHECK(*evaluate(combine(Kind::And, {yes, yes}), roots));
  CHECK_FALSE(*evaluate(combine(Kind::And, {yes, no}), roots));
  CHECK(*evaluate(combine(Kind::Or, {no, yes}), roots));
  CHECK_FALSE(*evaluate(combine(Kind::Or, {no, no}), roots));
  CHECK(*evaluate(combine(Kind::Not, {no}), roots));
  CHECK_FALSE(*evaluate(combine(Kind::And, {no, fails}), roots));
  CHECK(*evaluate(combine(Kind::Or, {yes, fails}), roots));
  CHECK_FALSE(evaluate(combine(Kind::And, {yes, fails}), roots).has_value());
  CHECK_FALSE(evaluate(combine(Kind::Or, {no, fails}), roots).has_value());
  CHECK_FALSE(evaluate(combine(Kind::Not, {fails}), roots).has_value());
  const Condition both = combine(Kind::And, {yes, combine(Kind::Not, {combine(Kind::Or, {no})})});
  CHECK(*evaluate(both, roots));
}

TEST_CASE("StringMatches takes a star for any run of characters") {
  CHECK(matches_wildcards("", ""));
  CHECK(matches_wildcards("", "*"));
  CHECK(matches_wildcards("", "***"));
  CHECK_FALSE(matches_wildcards("a", ""));
  CHECK(matches_wildcards("log-2026.txt", "log-*.txt"));
  CHECK_FALSE(matches_wildcards("log-2026.txt.gz", "log-*.txt"));
  CHECK_FALSE(matches_wildcards("my log-2026.txt", "log-*.txt"));
  CHECK(matches_wildcards("abc", "*"));
  CHECK(matches_wildcards("abcbc", "*bc"));
  CHECK(matches_wildcards("abcabd", "*ab*d"));
  CHECK_FALSE(matches_wildcards("ab", "ab*b"));
  CHECK_FALSE(matches_wildcards("aba", "ab*ba"));
  CHECK(matches_wildcards("aaab", "*aab"));
  CHECK(matches_wildcards("xabababcx", "*ababc*"));
  CHECK_FALSE(matches_wildcards("abc", "a?c"));
  CHECK_FALSE(matches_wildcards("abc", "a.c"));
}

TEST_CASE("StringMatches takes an escaped star and backslash for themselves") {
  CHECK(matches_wildcards("a*c", R"(a\*c)"));
  CHECK_FALSE(matches_wildcards("abc", R"(a\*c)"));
  CHECK(matches_wildcards(R"(a\c)", R"(a\\c)"));
  CHECK(matches_wildcards(R"(a\xyz)", R"(a\\*)"));
  CHECK(matches_wildcards(R"(a\c)", R"(a\c)"));
  CHECK(matches_wildcards(R"(a\)", R"(a\)"));
}

TEST_CASE("StringMatches takes no longer for a pattern that is nearly right everywhere") {
  const std::string text(200'000, 'a');
  std::string pattern;
  for (int i = 0; i < 100; ++i) pattern += "*" + std::string(1000, 'a') + "b";
  CHECK_FALSE(matches_wildcards(text, pattern));
  CHECK(matches_wildcards(text, "*" + std::string(100'000, 'a') + "*"));
}

}  // namespace presso::run
