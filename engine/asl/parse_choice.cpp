// A rule of a Choice: And, Or, Not around comparisons of one variable. Only the outermost has a
// transition. https://states-language.net/spec.html#choice-state
#include <algorithm>
#include <array>
#include <utility>

#include "base/time.h"
#include "engine/asl/parse_parts.h"

namespace presso::asl {
namespace {

enum class Literal { Text, Number, Boolean, Timestamp };

struct ComparatorName {
  std::string_view name;
  Comparator comparator;
  Literal literal;
  bool has_path_form = true;  // StringEqualsPath
};

constexpr std::array kComparators{
    ComparatorName{"StringEquals", Comparator::StringEquals, Literal::Text},
    ComparatorName{"StringLessThan", Comparator::StringLessThan, Literal::Text},
    ComparatorName{"StringGreaterThan", Comparator::StringGreaterThan, Literal::Text},
    ComparatorName{"StringLessThanEquals", Comparator::StringLessThanEquals, Literal::Text},
    ComparatorName{"StringGreaterThanEquals", Comparator::StringGreaterThanEquals, Literal::Text},
    ComparatorName{"StringMatches", Comparator::StringMatches, Literal::Text, false},
    ComparatorName{"NumericEquals", Comparator::NumericEquals, Literal::Number},
    ComparatorName{"NumericLessThan", Comparator::NumericLessThan, Literal::Number},
    ComparatorName{"NumericGreaterThan", Comparator::NumericGreaterThan, Literal::Number},
    ComparatorName{"NumericLessThanEquals", Comparator::NumericLessThanEquals, Literal::Number},
    ComparatorName{"NumericGreaterThanEquals", Comparator::NumericGreaterThanEquals,
                   Literal::Number},
    ComparatorName{"BooleanEquals", Comparator::BooleanEquals, Literal::Boolean},
    ComparatorName{"TimestampEquals", Comparator::TimestampEquals, Literal::Timestamp},
    ComparatorName{"TimestampLessThan", Comparator::TimestampLessThan, Literal::Timestamp},
    ComparatorName{"TimestampGreaterThan", Comparator::TimestampGreaterThan, Literal::Timestamp},
    ComparatorName{"TimestampLessThanEquals", Comparator::TimestampLessThanEquals,
                   Literal::Timestamp},
    ComparatorName{"TimestampGreaterThanEquals", Comparator::TimestampGreaterThanEquals,
                   Literal::Timestamp},
    ComparatorName{"IsNull", Comparator::IsNull, Literal::Boolean, false},
    ComparatorName{"IsPresent", Comparator::IsPresent, Literal::Boolean, false},
    ComparatorName{"IsNumeric", Comparator::IsNumeric, Literal::Boolean, false},
    ComparatorName{"IsString", Comparator::IsString, Literal::Boolean, false},
    ComparatorName{"IsBoolean", Comparator::IsBoolean, Literal::Boolean, false},
    ComparatorName{"IsTimestamp", Comparator::IsTimestamp, Literal::Boolean, false},
};

constexpr std::array<std::string_view, 5> kSelectors{"And", "Or", "Not", "Variable", "Condition"};
constexpr std::array<std::string_view, 2> kJsonataFields{"Condition", "Output"};

// The row of "StringEquals" and of "StringEqualsPath".
const ComparatorName* find_comparator(std::string_view field) {
  const auto it =
      std::find_if(kComparators.begin(), kComparators.end(), [&](const ComparatorName& row) {
        if (field == row.name) return true;
        return row.has_path_form && field.starts_with(row.name) &&
               field.substr(row.name.size()) == "Path";
      });
  return it == kComparators.end() ? nullptr : &*it;
}

std::string all_comparators() {
  std::string names;
  for (const auto& row : kComparators) {
    names += (names.empty() ? "" : ", ") + std::string{row.name};
    if (row.has_path_form) names += ", " + std::string{row.name} + "Path";
  }
  return "[" + names + "]";
}

template <std::size_t size>
bool contains(const std::array<std::string_view, size>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void check_members(const Reader& rule, bool is_outermost) {
  const bool is_comparison = rule.has("Variable");
  for (const auto& [name, value] : rule.value().items()) {
    if (contains(kJsonataFields, name)) {
      rule.report("The QueryLanguage is set to 'JSONPath', but field '" + name +
                  "' is only supported for the 'JSONata' QueryLanguage");
      continue;
    }
    const bool is_transition = name == "Next" || name == "Assign";
    const bool is_known = contains(kSelectors, name) || name == "Comment" ||
                          (is_outermost && is_transition) ||
                          (is_comparison && find_comparator(name) != nullptr);
    if (name == "Comment" && !value.is_string()) {
      rule.report_at(name, "Expected value of type String");
    }
    if (!is_known) rule.report("Field '" + name + "' is not supported");
  }
}

// Reference paths of comparisons have a text of their own for what does not start at a root.
std::optional<jsonpath::Path> read_operand(const Reader& rule, std::string_view name) {
  const auto* text = as_string(rule.find(name));
  if (text == nullptr) {
    rule.report_at(name, "Expected value of type String");
    return std::nullopt;
  }
  if (!text->starts_with("$")) {
    rule.report_at(name, "Value is not a Reference Path: Reference path didn't start with '$'");
    return std::nullopt;
  }
  return rule.reference(name);
}

std::string literal_fault(Literal type, const Json& value) {
  switch (type) {
    case Literal::Text: return value.is_string() ? "" : "Expected value of type String";
    case Literal::Number: return value.is_number() ? "" : "Expected value of type Number";
    case Literal::Boolean: return value.is_boolean() ? "" : "Expected value of type Boolean";
    case Literal::Timestamp: {
      const auto* text = as_string(&value);
      if (text == nullptr) return "Expected value of type String";
      return parse_rfc3339(*text) ? "" : "String does not match RFC3339 timestamp";
    }
  }
  return "";
}

void parse_comparison(const Reader& rule, Condition& condition) {
  condition.kind = Condition::Kind::Compare;
  condition.variable = read_operand(rule, "Variable");
  int count = 0;
  for (const auto& [name, value] : rule.value().items()) {
    const auto* row = find_comparator(name);
    if (row == nullptr) continue;
    ++count;
    condition.comparator = row->comparator;
    if (name != row->name) {
      condition.value_path = read_operand(rule, name);
      continue;
    }
    condition.value = value;
    if (auto fault = literal_fault(row->literal, value); !fault.empty()) {
      rule.report_at(name, std::move(fault));
    } else if (row->literal == Literal::Text) {
      rule.warn_of_path(name);
    }
  }
  if (count > 1) {
    rule.report("There should only be one of the following fields: " + all_comparators());
  } else if (count == 0) {
    rule.report("This object should have only one of the following fields: " + all_comparators());
  }
}

Condition parse_condition(const Reader& rule, bool is_outermost);

void parse_operands(const Reader& rule, std::string_view name, Condition& condition) {
  const auto* operands = rule.find(name);
  if (!operands->is_array()) {
    rule.report_at(name, "Expected value of type Array");
  } else if (operands->empty()) {
    rule.report_at(name, "Value cannot be empty");
  }
  for (const auto& operand : rule.elements(name)) {
    condition.operands.push_back(parse_condition(operand, false));
  }
}

Condition parse_condition(const Reader& rule, bool is_outermost) {
  Condition condition;
  if (!rule.value().is_object()) {
    rule.report("Expected value of type Object");
    return condition;
  }
  check_members(rule, is_outermost);
  const auto selectors = std::count_if(kSelectors.begin(), kSelectors.end(),
                                       [&](std::string_view name) { return rule.has(name); });
  if (selectors != 1) {
    rule.report(
        "The object must have only one of the following fields, "
        "[And, Or, Not, Variable, Condition]");
    return condition;
  }
  if (rule.has("And")) {
    condition.kind = Condition::Kind::And;
    parse_operands(rule, "And", condition);
  } else if (rule.has("Or")) {
    condition.kind = Condition::Kind::Or;
    parse_operands(rule, "Or", condition);
  } else if (const auto* operand = rule.find("Not")) {
    condition.kind = Condition::Kind::Not;
    const Reader inner{*operand, rule.place_of("Not"), rule.context()};
    condition.operands.push_back(parse_condition(inner, false));
  } else if (rule.has("Variable")) {
    parse_comparison(rule, condition);
  }
  return condition;
}

// What only the outermost rule has.
void check_transition(const Reader& rule) {
  if (!rule.has("Next")) rule.report("These fields are required: [Next]");
  for (const auto& [name, value] : rule.value().items()) {
    if (name == "Next" && !value.is_string()) {
      rule.report_at(name, "Expected value of type String");
    } else if (name == "Assign" && !value.is_object()) {
      rule.report_at(name, "Expected value of type Object");
    }
  }
}

// JSONata: {"Condition": true, false or an expression, "Next": …}.
ChoiceRule parse_query_rule(const Reader& element) {
  ChoiceRule rule;
  if (!element.check(kQueryRuleShape)) return rule;
  rule.condition.kind = Condition::Kind::Query;
  rule.condition.query = element.query("Condition");
  const auto* condition = element.find("Condition");
  if (condition != nullptr && !condition->is_boolean() && !is_query_text(*condition)) {
    element.report_at("Condition", "Expected value of type Boolean");
  }
  rule.next = element.text("Next").value_or("");
  rule.assign = parse_assign(element);
  rule.output = element.query("Output");
  return rule;
}

}  // namespace

ChoiceState parse_choice(const Reader& reader) {
  ChoiceState state;
  state.default_next = reader.text("Default");
  const bool is_jsonata = reader.context().language == QueryLanguage::Jsonata;
  for (const auto& element : reader.elements("Choices")) {
    if (is_jsonata) {
      state.choices.push_back(parse_query_rule(element));
      continue;
    }
    ChoiceRule rule;
    rule.condition = parse_condition(element, true);
    if (element.value().is_object()) check_transition(element);
    rule.next = element.text("Next").value_or("");
    rule.assign = parse_assign(element);
    state.choices.push_back(std::move(rule));
  }
  return state;
}

}  // namespace presso::asl
