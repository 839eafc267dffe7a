#include "engine/run/comparison.h"

#include <algorithm>
#include <compare>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "base/json.h"
#include "base/time.h"

namespace presso::run {
namespace {

// What a comparator looks at, and which outcomes of value <=> literal make it true.
enum class Operand { String, Number, Boolean, Timestamp, Pattern, TypeTest };
struct Rule {
  Operand operand;
  bool less;
  bool equal;
  bool greater;
};

// In the order of asl::Comparator.
constexpr Rule kRules[] = {{Operand::String, false, true, false},      // StringEquals
                           {Operand::String, true, false, false},      // StringLessThan
                           {Operand::String, false, false, true},      // StringGreaterThan
                           {Operand::String, true, true, false},       // StringLessThanEquals
                           {Operand::String, false, true, true},       // StringGreaterThanEquals
                           {Operand::Pattern, false, true, false},     // StringMatches
                           {Operand::Number, false, true, false},      // NumericEquals
                           {Operand::Number, true, false, false},      // NumericLessThan
                           {Operand::Number, false, false, true},      // NumericGreaterThan
                           {Operand::Number, true, true, false},       // NumericLessThanEquals
                           {Operand::Number, false, true, true},       // NumericGreaterThanEquals
                           {Operand::Boolean, false, true, false},     // BooleanEquals
                           {Operand::Timestamp, false, true, false},   // TimestampEquals
                           {Operand::Timestamp, true, false, false},   // TimestampLessThan
                           {Operand::Timestamp, false, false, true},   // TimestampGreaterThan
                           {Operand::Timestamp, true, true, false},    // TimestampLessThanEquals
                           {Operand::Timestamp, false, true, true},    // TimestampGreaterThanEquals
                           {Operand::TypeTest, false, false, false},   // IsNull
                           {Operand::TypeTest, false, false, false},   // IsPresent
                           {Operand::TypeTest, false, false, false},   // IsNumeric
                           {Operand::TypeTest, false, false, false},   // IsString
                           {Operand::TypeTest, false, false, false},   // IsBoolean
                           {Operand::TypeTest, false, false, false}};  // IsTimestamp
static_assert(std::size(kRules) == static_cast<std::size_t>(asl::Comparator::IsTimestamp) + 1);

std::optional<Time> as_timestamp(const Json& value) {
  const std::string* text = as_string(&value);
  return text ? parse_rfc3339(*text) : std::nullopt;
}

// Java's order of texts: by UTF-16 code unit. It differs from that of UTF-8 bytes in one place:
// what lies beyond U+FFFF comes before U+E000 to U+FFFF.
std::strong_ordering compare_texts(std::string_view left, std::string_view right) {
  const auto [l, r] = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
  if (l == left.end() || r == right.end()) return left.size() <=> right.size();
  const auto unit = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0xF0 ? byte - 0xF0 + 0xEE : byte >= 0xEE ? byte + 0x10 : byte;
  };
  return unit(*l) <=> unit(*r);
}

// Unordered: not both of the type that the comparator is for.
std::partial_ordering compare(Operand operand, const Json& left, const Json& right) {
  constexpr auto kUnordered = std::partial_ordering::unordered;
  switch (operand) {
    case Operand::String:
      if (!left.is_string() || !right.is_string()) return kUnordered;
      return compare_texts(*as_string(&left), *as_string(&right));
    case Operand::Pattern:
      if (!left.is_string() || !right.is_string()) return kUnordered;
      return matches_wildcards(*as_string(&left), *as_string(&right))
                 ? std::partial_ordering::equivalent
                 : kUnordered;
    case Operand::Number:
      if (!left.is_number() || !right.is_number()) return kUnordered;
      return left.get<double>() <=> right.get<double>();
    case Operand::Boolean:
      if (!left.is_boolean() || !right.is_boolean()) return kUnordered;
      return left.get<bool>() <=> right.get<bool>();
    case Operand::Timestamp: {
      const auto left_time = as_timestamp(left);
      const auto right_time = as_timestamp(right);
      if (!left_time || !right_time) return kUnordered;
      return *left_time <=> *right_time;
    }
    case Operand::TypeTest: return kUnordered;
  }
  return kUnordered;
}

bool has_type(asl::Comparator comparator, const Json* value) {
  if (!value) return false;
  if (comparator == asl::Comparator::IsNull) return value->is_null();
  if (comparator == asl::Comparator::IsNumeric) return value->is_number();
  if (comparator == asl::Comparator::IsString) return value->is_string();
  if (comparator == asl::Comparator::IsBoolean) return value->is_boolean();
  if (comparator == asl::Comparator::IsTimestamp) return as_timestamp(*value).has_value();
  return true;  // IsPresent
}

// A path's value, borrowed where the path points at one, else kept in `storage`.
const Json* look_up(const jsonpath::Path& path, const jsonpath::Roots& roots, Json& storage) {
  if (const Json* found = jsonpath::find(path, roots)) return found;
  auto selected = jsonpath::select(path, roots);
  if (!selected) return nullptr;
  storage = std::move(*selected);
  return &storage;
}

Error invalid_path(const jsonpath::Path& path) {
  return {"States.Runtime", "Invalid path '" + path.text() +
                                "': The choice state's condition path references an invalid "
                                "value."};
}

Result<bool> evaluate_comparison(const asl::Condition& condition, const jsonpath::Roots& roots) {
  const Rule& rule = kRules[static_cast<std::size_t>(condition.comparator)];
  Json value_storage;
  const Json* value = look_up(*condition.variable, roots, value_storage);
  if (!value && condition.comparator != asl::Comparator::IsPresent) {
    return invalid_path(*condition.variable);
  }

  Json literal_storage;
  const Json* literal = condition.value_path
                            ? look_up(*condition.value_path, roots, literal_storage)
                            : &condition.value;
  if (!literal) return invalid_path(*condition.value_path);

  if (rule.operand == Operand::TypeTest) {
    return literal->is_boolean() && has_type(condition.comparator, value) == literal->get<bool>();
  }
  const auto order = compare(rule.operand, *value, *literal);
  return (rule.less && order < 0) || (rule.equal && order == 0) || (rule.greater && order > 0);
}

// What stands before, between and behind the stars, unescaped.
std::vector<std::string> split_pattern(std::string_view pattern) {
  std::vector<std::string> pieces(1);
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '*') {
      pieces.emplace_back();
      continue;
    }
    const bool escapes = pattern[i] == '\\' && i + 1 < pattern.size() &&
                         (pattern[i + 1] == '*' || pattern[i + 1] == '\\');
    if (escapes) ++i;
    pieces.back() += pattern[i];
  }
  return pieces;
}

// Where `piece` first ends in `text`, or npos. Knuth, Morris and Pratt: never looks back.
std::size_t end_of_first(std::string_view text, std::string_view piece) {
  std::vector<std::size_t> border(piece.size(), 0);
  for (std::size_t i = 1, length = 0; i < piece.size(); ++i) {
    while (length > 0 && piece[i] != piece[length]) length = border[length - 1];
    if (piece[i] == piece[length]) ++length;
    border[i] = length;
  }
  std::size_t length = 0;
  for (std::size_t i = 0; length < piece.size(); ++i) {
    if (i == text.size()) return std::string_view::npos;
    while (length > 0 && text[i] != piece[length]) length = border[length - 1];
    if (text[i] == piece[length]) ++length;
    if (length == piece.size()) return i + 1;
  }
  return 0;  // an empty piece
}

}  // namespace

// Trying every length for every star is exponential. The leftmost place for each piece is never a
// worse choice than a later one, so one pass is enough: first piece at the start, last at the end.
bool matches_wildcards(std::string_view text, std::string_view pattern) {
  const std::vector<std::string> pieces = split_pattern(pattern);
  if (pieces.size() == 1) return text == pieces.front();
  if (!text.starts_with(pieces.front())) return false;
  text.remove_prefix(pieces.front().size());
  for (std::size_t i = 1; i + 1 < pieces.size(); ++i) {
    const std::size_t end = end_of_first(text, pieces[i]);
    if (end == std::string_view::npos) return false;
    text.remove_prefix(end);
  }
  return text.ends_with(pieces.back());
}

Result<bool> evaluate(const asl::Condition& condition, const jsonpath::Roots& roots) {
  switch (condition.kind) {
    case asl::Condition::Kind::Compare: return evaluate_comparison(condition, roots);
    case asl::Condition::Kind::Query: PRESSO_ASSERT(false);  // dataflow.h: boolean()
    case asl::Condition::Kind::Not: {
      auto result = evaluate(condition.operands.front(), roots);
      if (!result) return result;
      return !*result;
    }
    case asl::Condition::Kind::And:
    case asl::Condition::Kind::Or: break;
  }
  const bool decisive = condition.kind == asl::Condition::Kind::Or;
  for (const asl::Condition& operand : condition.operands) {
    auto result = evaluate(operand, roots);
    if (!result || *result == decisive) return result;
  }
  return !decisive;
}

}  // namespace presso::run
