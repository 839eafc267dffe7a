#include "bus/clause.h"

#include <algorithm>

namespace presso::bus {
namespace {

struct Passes {
  const Value& value;

  bool operator()(const Exact& exact) const { return value.text() == exact.text; }
  bool operator()(const Prefix& prefix) const { return value.text().starts_with(prefix.text); }
  bool operator()(const Suffix& suffix) const { return value.text().ends_with(suffix.text); }
  bool operator()(const IgnoreCase& test) const {
    switch (test.anchor) {
      case Anchor::Whole: return match_start(test.text, value.text()) == value.text().size();
      case Anchor::Start: return match_start(test.text, value.text()).has_value();
      case Anchor::End: return match_end(test.text, value.text()).has_value();
    }
    return false;
  }
  bool operator()(const Wildcard& wildcard) const { return matches(wildcard, value.text()); }
  bool operator()(const NumericRange& range) const {
    const auto number = value.number();
    if (!number) return false;
    return (range.is_low_open ? *number > range.low : *number >= range.low) &&
           (range.is_high_open ? *number < range.high : *number <= range.high);
  }
  bool operator()(const AddressRange& range) const {
    const auto address = value.address();
    return address && contains(range, *address);
  }
};

struct Satisfies {
  const Value& value;

  bool operator()(const Test& test) const { return passes(test, value); }
  bool operator()(const AnythingBut& but) const {
    return std::none_of(but.tests.begin(), but.tests.end(),
                        [&](const Test& test) { return passes(test, value); });
  }
  bool operator()(const Exists&) const { return true; }
  bool operator()(const Absent&) const { return false; }
};

}  // namespace

std::optional<std::int64_t> Value::number() const {
  if (reading_ == Reading::NotRead) {
    reading_ = Reading::NoNumber;
    const bool is_number =
        !text_.empty() && (text_[0] == '-' || (text_[0] >= '0' && text_[0] <= '9'));
    if (is_number) {
      if (const auto number = comparable_number(text_)) {
        number_ = *number;
        reading_ = Reading::Number;
      }
    }
  }
  return reading_ == Reading::Number ? std::optional{number_} : std::nullopt;
}

std::optional<std::string> Value::address() const {
  const bool is_string = text_.size() >= 2 && text_.front() == '"';
  return is_string ? address_bytes(text_.substr(1, text_.size() - 2)) : std::nullopt;
}

bool passes(const Test& test, const Value& value) { return std::visit(Passes{value}, test); }

bool satisfies_any(const std::vector<Clause>& clauses, const Value& value) {
  return std::any_of(clauses.begin(), clauses.end(),
                     [&](const Clause& clause) { return std::visit(Satisfies{value}, clause); });
}

bool allows_absence(const std::vector<Clause>& clauses) {
  return std::any_of(clauses.begin(), clauses.end(),
                     [](const Clause& clause) { return std::holds_alternative<Absent>(clause); });
}

}  // namespace presso::bus
