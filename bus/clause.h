// Clauses: the tests in a pattern's leaf lists. A field of an event satisfies a list when one of
// its values satisfies one clause.
//
// Values are texts in which strings keep their quotes: "\"abc\"" is a string, "300" a number and
// "null" the null. Clauses hold their texts in the same way, so the prefix `ab` is `"ab` and
// matches no number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bus/operand.h"

namespace presso::bus {

struct Exact {
  std::string text;
};
struct Prefix {
  std::string text;
};
struct Suffix {
  std::string text;
};
enum class Anchor { Whole, Start, End };
struct IgnoreCase {
  Anchor anchor = Anchor::Whole;
  FoldedText text;
};
// By order key. `numeric: ["=", 3]` and the bare 3 are ranges of one number.
struct NumericRange {
  std::int64_t low = 0;
  std::int64_t high = 0;
  bool is_low_open = false;
  bool is_high_open = false;
};

using Test = std::variant<Exact, Prefix, Suffix, IgnoreCase, Wildcard, NumericRange, AddressRange>;

struct AnythingBut {
  std::vector<Test> tests;  // holds for a value that passes none of them
};
struct Exists {};
struct Absent {};

using Clause = std::variant<Test, AnythingBut, Exists, Absent>;

// One value of an event; its number is read at most once.
class Value {
 public:
  explicit Value(std::string_view text) : text_(text) {}

  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] std::optional<std::int64_t> number() const;
  [[nodiscard]] std::optional<std::string> address() const;

 private:
  enum class Reading : std::uint8_t { NotRead, Number, NoNumber };

  std::string_view text_;
  mutable std::int64_t number_ = 0;
  mutable Reading reading_ = Reading::NotRead;
};

[[nodiscard]] bool passes(const Test&, const Value&);
// Absent holds for no value.
[[nodiscard]] bool satisfies_any(const std::vector<Clause>&, const Value&);
[[nodiscard]] bool allows_absence(const std::vector<Clause>&);

}  // namespace presso::bus
