// clauses    = "[" ( string | number | "true" | "false" | "null" | expression )+ "]"
// expression = "{" name ":" operand "}"
//
// The order in which tokens are asked for decides where a refusal points, so it is event-ruler's.
#include "bus/clause_parse.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace presso::bus {
namespace {

using Token = PatternLexer::Token;

constexpr std::string_view kOnlyOneKey = "Only one key allowed in match expression";
constexpr std::string_view kTooManyElements = "Too many elements in numeric expression";

Result<void> expect(PatternLexer& lexer, Token expected, std::string_view refusal) {
  auto token = lexer.next();
  if (!token) return token.error();
  if (*token != expected) return lexer.error(refusal);
  return {};
}

std::string in_quotes(const std::string& text) { return '"' + text + '"'; }

Test number_equals(std::int64_t number) { return NumericRange{number, number, false, false}; }

// The value of an operator that takes one text, and the end of its object.
Result<std::string> one_text(PatternLexer& lexer, std::string_view operator_name) {
  const std::string refusal = std::string{operator_name} + " match pattern must be a string";
  if (lexer.current() != Token::String) return lexer.error(refusal);
  auto text = lexer.text();
  if (!text) return text.error();
  if (auto end = expect(lexer, Token::EndObject, kOnlyOneKey); !end) return end.error();
  return text;
}

// prefix and suffix: a text, or {"equals-ignore-case": text}.
Result<Clause> parse_affix(PatternLexer& lexer, bool is_prefix) {
  auto token = lexer.next();
  if (!token) return token.error();
  if (*token != Token::StartObject) {
    auto text = one_text(lexer, is_prefix ? "prefix" : "suffix");
    if (!text) return text.error();
    return is_prefix ? Clause{Test{Prefix{'"' + *text}}} : Clause{Test{Suffix{*text + '"'}}};
  }
  const std::string missing =
      std::string{is_prefix ? "Prefix" : "Suffix"} + " expression name not found";
  if (auto name = expect(lexer, Token::FieldName, missing); !name) return name.error();
  if (lexer.name() != "equals-ignore-case") {
    return lexer.error("Unsupported " + std::string{is_prefix ? "prefix" : "suffix"} +
                       " pattern: " + lexer.name());
  }
  if (auto value = lexer.next(); !value) return value.error();
  auto text = one_text(lexer, "equals-ignore-case");
  if (!text) return text.error();
  if (auto end = expect(lexer, Token::EndObject, kOnlyOneKey); !end) return end.error();
  return is_prefix ? Clause{Test{IgnoreCase{Anchor::Start, fold('"' + *text)}}}
                   : Clause{Test{IgnoreCase{Anchor::End, fold(*text + '"')}}};
}

Result<std::int64_t> numeric_operand(PatternLexer& lexer, std::string_view operator_name) {
  if (lexer.current() != Token::Number) {
    return lexer.error("Value of " + std::string{operator_name} + " must be numeric");
  }
  auto text = lexer.text();
  if (!text) return text.error();
  return comparable_number(*text);
}

// The second half of [">", 1, "<", 5]; the lexer has given its operator.
Result<Clause> parse_upper_bound(PatternLexer& lexer, NumericRange range,
                                 const Result<std::int64_t>& bottom) {
  auto operator_name = lexer.text();
  if (!operator_name) return operator_name.error();
  if (lexer.current() != Token::String) {
    return lexer.error("Bad value in numeric range: " + *operator_name);
  }
  range.is_high_open = *operator_name == "<";
  if (!range.is_high_open && *operator_name != "<=") {
    return lexer.error("Bad numeric range operator: " + *operator_name);
  }
  if (auto value = lexer.next(); !value) return value.error();
  if (lexer.current() != Token::Number) {
    return lexer.error("Value of " + *operator_name + " must be numeric");
  }
  const auto top = numeric_operand(lexer, *operator_name);
  auto end = expect(lexer, Token::EndArray, "Too many terms in numeric range expression");
  if (!end) return end.error();
  if (!bottom) return lexer.error(bottom.error().message);
  if (!top) return lexer.error(top.error().message);
  if (*bottom >= *top) return lexer.error("Bottom must be less than top");
  range.low = *bottom;
  range.high = *top;
  return Clause{Test{range}};
}

constexpr NumericRange kAllNumbers{order_key(-kMaxComparable), order_key(kMaxComparable), false,
                                   false};

// ["=", 1], [">", 1], [">", 1, "<=", 5], …
Result<Clause> parse_numeric(PatternLexer& lexer) {
  if (auto open = expect(lexer, Token::StartArray, "Value of numeric must be an array."); !open) {
    return open.error();
  }
  if (auto token = lexer.next(); !token) return token.error();
  auto operator_name = lexer.text();
  if (!operator_name) return operator_name.error();
  if (lexer.current() != Token::String) {
    return lexer.error("Invalid member in numeric match: " + *operator_name);
  }
  if (auto token = lexer.next(); !token) return token.error();
  const std::string& name = *operator_name;
  const bool is_lower_bound = name == ">" || name == ">=";
  if (!is_lower_bound && name != "=" && name != "<" && name != "<=") {
    return lexer.error("Unrecognized numeric range operator: " + name);
  }
  if (lexer.current() != Token::Number) {
    return lexer.error("Value of " + (name == "=" ? "equals" : name) + " must be numeric");
  }
  const auto number = numeric_operand(lexer, name);
  auto token = lexer.next();
  if (!token) return token.error();
  NumericRange range = kAllNumbers;
  range.is_low_open = name == ">";
  if (*token != Token::EndArray) {
    if (!is_lower_bound) return lexer.error(kTooManyElements);
    return parse_upper_bound(lexer, range, number);
  }
  if (!number) return lexer.error(number.error().message);
  if (is_lower_bound || name == "=") range.low = *number;
  if (!is_lower_bound) range.high = *number;
  range.is_high_open = name == "<";
  return Clause{Test{range}};
}

Result<Clause> parse_exists(PatternLexer& lexer) {
  auto token = lexer.next();
  if (!token) return token.error();
  if (*token != Token::True && *token != Token::False) {
    return lexer.error("exists match pattern must be either true or false.");
  }
  if (auto end = expect(lexer, Token::EndObject, kOnlyOneKey); !end) return end.error();
  return *token == Token::True ? Clause{Exists{}} : Clause{Absent{}};
}

Result<Clause> parse_wildcard_operator(PatternLexer& lexer) {
  if (auto value = expect(lexer, Token::String, "wildcard match pattern must be a string");
      !value) {
    return value.error();
  }
  auto text = lexer.text();
  if (!text) return text.error();
  auto wildcard = parse_wildcard(in_quotes(*text));
  if (!wildcard) return lexer.error(wildcard.error().message);
  if (auto end = expect(lexer, Token::EndObject, kOnlyOneKey); !end) return end.error();
  return Clause{Test{std::move(*wildcard)}};
}

// What anything-but denies.
enum class Denied { Values, IgnoreCase, Prefix, Suffix, Wildcard };

Result<Denied> denied_by(const PatternLexer& lexer) {
  const std::string& name = lexer.name();
  if (name == "equals-ignore-case") return Denied::IgnoreCase;
  if (name == "prefix") return Denied::Prefix;
  if (name == "suffix") return Denied::Suffix;
  if (name == "wildcard") return Denied::Wildcard;
  return lexer.error("Unsupported anything-but pattern: " + name);
}

std::string_view not_a_text(Denied denied) {
  switch (denied) {
    case Denied::Values: return "Inside anything but list, start|null|boolean is not supported.";
    case Denied::IgnoreCase:
      return "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not "
             "supported.";
    case Denied::Prefix:
    case Denied::Suffix: return "prefix/suffix match pattern must be a string";
    case Denied::Wildcard: return "wildcard match pattern must be a string";
  }
  return "";
}

// The value that the lexer has given, as what is denied.
Result<Test> denied_value(PatternLexer& lexer, Denied denied) {
  if (denied == Denied::Values && lexer.current() == Token::Number) {
    auto text = lexer.text();
    if (!text) return text.error();
    auto number = comparable_number(*text);
    if (!number) return number.error();
    return number_equals(*number);
  }
  if (lexer.current() != Token::String) return lexer.error(not_a_text(denied));
  auto text = lexer.text();
  if (!text) return text.error();
  switch (denied) {
    case Denied::Values: return Test{Exact{in_quotes(*text)}};
    case Denied::IgnoreCase: return Test{IgnoreCase{Anchor::Whole, fold(in_quotes(*text))}};
    case Denied::Prefix:
      if (text->empty()) return lexer.error("Null prefix/suffix not allowed");
      return Test{Prefix{'"' + *text}};
    case Denied::Suffix:
      if (text->empty()) return lexer.error("Null prefix/suffix not allowed");
      return Test{Suffix{*text + '"'}};
    case Denied::Wildcard: return Test{Exact{in_quotes(*text)}};  // compiled when all are read
  }
  return lexer.error(not_a_text(denied));
}

// A refusal inside a list is caught and thrown again by event-ruler, and names its place twice.
Result<std::vector<Test>> denied_list(PatternLexer& lexer, Denied denied) {
  std::vector<Test> tests;
  std::size_t numbers = 0;
  for (;;) {
    auto token = lexer.next();
    if (!token) return lexer.error(token.error().message);
    if (*token == Token::EndArray) break;
    auto test = denied_value(lexer, denied);
    if (!test) return lexer.error(test.error().message);
    if (std::holds_alternative<NumericRange>(*test)) ++numbers;
    tests.push_back(std::move(*test));
  }
  if (denied == Denied::Values && (tests.empty() || (numbers > 0 && numbers < tests.size()))) {
    return lexer.error(
        "Inside anything but list, either all values are number or string, mixed type is not "
        "supported");
  }
  return tests;
}

Result<void> compile_wildcards(const PatternLexer& lexer, std::vector<Test>& tests) {
  for (Test& test : tests) {
    auto wildcard = parse_wildcard(std::get<Exact>(test).text);
    if (!wildcard) return lexer.error(wildcard.error().message);
    test = std::move(*wildcard);
  }
  return {};
}

Result<Clause> parse_anything_but(PatternLexer& lexer) {
  auto token = lexer.next();
  if (!token) return token.error();
  Denied denied = Denied::Values;
  if (*token == Token::StartObject) {
    auto name = expect(lexer, Token::FieldName, "Anything-But expression name not found");
    if (!name) return name.error();
    auto named = denied_by(lexer);
    if (!named) return named.error();
    denied = *named;
    token = lexer.next();
    if (!token) return token.error();
  }
  if (*token != Token::StartArray && *token != Token::String && *token != Token::Number) {
    return lexer.error("Value of anything-but must be an array or single string/number value.");
  }
  std::vector<Test> tests;
  if (*token == Token::StartArray) {
    auto list = denied_list(lexer, denied);
    if (!list) return list.error();
    tests = std::move(*list);
  } else {
    auto test = denied_value(lexer, denied);
    if (!test) return test.error();
    tests.push_back(std::move(*test));
  }
  if (denied == Denied::Wildcard) {
    if (auto compiled = compile_wildcards(lexer, tests); !compiled) return compiled.error();
  }
  auto end = expect(lexer, Token::EndObject, kTooManyElements);
  if (end && denied != Denied::Values) end = expect(lexer, Token::EndObject, kTooManyElements);
  if (!end) return end.error();
  return Clause{AnythingBut{std::move(tests)}};
}

Result<Clause> parse_cidr_operator(PatternLexer& lexer) {
  // AWS: the refusal of another type names the wrong operator.
  if (auto value = expect(lexer, Token::String, "prefix match pattern must be a string"); !value) {
    return value.error();
  }
  auto text = lexer.text();
  if (!text) return text.error();
  auto range = parse_cidr(*text);
  if (!range) return range.error();
  if (auto end = expect(lexer, Token::EndObject, kOnlyOneKey); !end) return end.error();
  return Clause{Test{std::move(*range)}};
}

Result<Clause> parse_exactly(PatternLexer& lexer) {
  if (auto value = lexer.next(); !value) return value.error();
  auto text = one_text(lexer, "exact");
  if (!text) return text.error();
  return Clause{Test{Exact{in_quotes(*text)}}};
}

Result<Clause> parse_ignore_case(PatternLexer& lexer) {
  if (auto value = lexer.next(); !value) return value.error();
  auto text = one_text(lexer, "equals-ignore-case");
  if (!text) return text.error();
  return Clause{Test{IgnoreCase{Anchor::Whole, fold(in_quotes(*text))}}};
}

Result<Clause> parse_prefix(PatternLexer& lexer) { return parse_affix(lexer, true); }
Result<Clause> parse_suffix(PatternLexer& lexer) { return parse_affix(lexer, false); }

// numeric shares its end with anything-but's refusal.
Result<Clause> parse_numeric_operator(PatternLexer& lexer) {
  auto clause = parse_numeric(lexer);
  if (!clause) return clause.error();
  if (auto end = expect(lexer, Token::EndObject, kTooManyElements); !end) return end.error();
  return clause;
}

struct Operator {
  std::string_view name;
  Result<Clause> (*parse)(PatternLexer&);
};
constexpr std::array<Operator, 9> kOperators = {{
    {"exactly", parse_exactly},
    {"prefix", parse_prefix},
    {"suffix", parse_suffix},
    {"numeric", parse_numeric_operator},
    {"anything-but", parse_anything_but},
    {"exists", parse_exists},
    {"cidr", parse_cidr_operator},
    {"equals-ignore-case", parse_ignore_case},
    {"wildcard", parse_wildcard_operator},
}};

Result<Clause> parse_expression(PatternLexer& lexer) {
  if (auto name = expect(lexer, Token::FieldName, "Match expression name not found"); !name) {
    return name.error();
  }
  for (const Operator& known : kOperators) {
    if (known.name == lexer.name()) return known.parse(lexer);
  }
  return lexer.error("Unrecognized match type " + lexer.name());
}

// A plain text that is an address matches the address, however it is written; a plain number
// matches the number, and one too large or too precise to compare only its own notation.
Result<void> append_plain(PatternLexer& lexer, std::vector<Clause>& clauses) {
  auto text = lexer.text();
  if (!text) return text.error();
  if (lexer.current() == Token::String) {
    if (auto address = address_bytes(*text)) {
      clauses.push_back(Test{AddressRange{*address, *address}});
    } else {
      clauses.push_back(Test{Exact{in_quotes(*text)}});
    }
    return {};
  }
  if (lexer.current() == Token::Number) {
    if (auto number = comparable_number(*text)) clauses.push_back(number_equals(*number));
  }
  clauses.push_back(Test{Exact{std::move(*text)}});
  return {};
}

}  // namespace

Result<std::vector<Clause>> parse_clauses(PatternLexer& lexer) {
  std::vector<Clause> clauses;
  for (;;) {
    auto token = lexer.next();
    if (!token) return token.error();
    if (*token == Token::EndArray) break;
    if (*token == Token::StartArray) {
      return lexer.error("Match value must be String, number, true, false, or null");
    }
    if (*token == Token::StartObject) {
      auto clause = parse_expression(lexer);
      if (!clause) return clause.error();
      clauses.push_back(std::move(*clause));
    } else if (auto added = append_plain(lexer, clauses); !added) {
      return added.error();
    }
  }
  if (clauses.empty()) return lexer.error("Empty arrays are not allowed");
  return clauses;
}

}  // namespace presso::bus
