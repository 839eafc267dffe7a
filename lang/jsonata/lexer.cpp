#include "lang/jsonata/lexer.h"

#include <array>
#include <cmath>
#include <utility>

#include "lang/jsonata/errors.h"
#include "lang/jsonata/text.h"

namespace presso::jsonata {

namespace {

constexpr std::string_view kBlanks = " \t\n\r\v";
// What ends a name; each is an operator of its own.
constexpr std::string_view kStops = ".[]{}(),@#;:?+-*/%|=<>^&!~";
constexpr std::array<std::string_view, 9> kLongOperators = {
    "..", ":=", "!=", ">=", "<=", "**", "~>", "?:", "??"};

bool is_in(std::string_view set, char c) { return c != '\0' && set.find(c) != set.npos; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

char escaped(char c) {
  switch (c) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case '"':
    case '\\':
    case '/': return c;
    default: return '\0';
  }
}

}  // namespace

Token Lexer::token(Token::Type type, std::string text) const {
  return Token{.type = type, .text = std::move(text), .flags = {}, .number = 0, .position = at_};
}

Token Lexer::next(bool is_infix) {
  skip_blanks();
  if (at_ >= text_.size()) {
    at_ = text_.size();
    return token(Token::Type::End, "(end)");
  }
  if (!is_infix && at(at_) == '/') {
    ++at_;
    return take_regex();
  }
  Token result;
  if (take_operator(result)) return result;
  if (at(at_) == '"' || at(at_) == '\'') return take_text();
  if (take_number(result)) return result;
  return at(at_) == '`' ? take_quoted_name() : take_name();
}

void Lexer::skip_blanks() {
  while (true) {
    while (is_in(kBlanks, at(at_))) ++at_;
    if (at(at_) != '/' || at(at_ + 1) != '*') return;
    const std::size_t start = at_;
    at_ = text_.find("*/", at_ + 2);
    if (at_ == std::string_view::npos) throw failure_at("S0106", start);
    at_ += 2;
  }
}

bool Lexer::take_operator(Token& result) {
  for (const std::string_view name : kLongOperators) {
    if (!text_.substr(at_).starts_with(name)) continue;
    // Both came after the version that Step Functions follows.
    if (dialect_ == Dialect::StepFunctions && name[0] == '?') continue;
    at_ += name.size();
    result = token(Token::Type::Operator, std::string{name});
    return true;
  }
  if (!is_in(kStops, at(at_))) return false;
  ++at_;
  result = token(Token::Type::Operator, std::string{text_[at_ - 1]});
  return true;
}

Token Lexer::take_text() {
  const char quote = at(at_++);
  std::string text;
  while (at_ < text_.size()) {
    const char c = at(at_);
    if (c == quote) {
      ++at_;
      return token(Token::Type::Text, std::move(text));
    }
    if (c == '\\') {
      ++at_;
      take_escape(text);
    } else {
      text += c;
      ++at_;
    }
  }
  throw failure_at("S0101", text_.size());
}

// Behind the backslash.
void Lexer::take_escape(std::string& text) {
  const char c = at(at_);
  if (const char plain = escaped(c); plain != '\0') {
    text += plain;
    ++at_;
    return;
  }
  if (c != 'u') {
    std::string token;
    if (at_ < text_.size()) {
      std::size_t end = at_;
      append_code_point(token, next_code_point(text_, end));
    }
    throw failure_at("S0103", at_, token);
  }
  char32_t code_unit = 0;
  const std::string_view digits = text_.substr(at_ + 1, 4);
  for (const char digit : digits) {
    if (hex_value(digit) < 0) throw failure_at("S0104", at_);
    code_unit = code_unit * 16 + static_cast<char32_t>(hex_value(digit));
  }
  if (digits.empty()) throw failure_at("S0104", at_);
  std::string part;
  append_code_point(part, code_unit);
  append_text(text, part);
  at_ += 1 + digits.size();
}

// (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?
bool Lexer::take_number(Token& result) {
  std::size_t end = at_;
  if (!is_digit(at(end))) return false;
  if (at(end) == '0') {
    ++end;
  } else {
    while (is_digit(at(end))) ++end;
  }
  if (at(end) == '.' && is_digit(at(end + 1))) {
    ++end;
    while (is_digit(at(end))) ++end;
  }
  if (at(end) == 'e' || at(end) == 'E') {
    std::size_t digits = end + 1;
    if (at(digits) == '+' || at(digits) == '-') ++digits;
    if (is_digit(at(digits))) {
      end = digits;
      while (is_digit(at(end))) ++end;
    }
  }
  const std::string_view text = text_.substr(at_, end - at_);
  const double value = number_of(text);
  if (!std::isfinite(value)) throw failure_at("S0102", at_, text);
  at_ = end;
  result = token(Token::Type::Number, std::string{text});
  result.number = value;
  return true;
}

Token Lexer::take_quoted_name() {
  const std::size_t end = text_.find('`', at_ + 1);
  if (end == std::string_view::npos) throw failure_at("S0105", text_.size());
  std::string name{text_.substr(at_ + 1, end - at_ - 1)};
  at_ = end + 1;
  return token(Token::Type::Name, std::move(name));
}

Token Lexer::take_name() {
  const std::size_t start = at_;
  while (at_ < text_.size() && !is_in(kBlanks, text_[at_]) && !is_in(kStops, text_[at_])) ++at_;
  const std::string_view name = text_.substr(start, at_ - start);
  if (name.starts_with('$')) return token(Token::Type::Variable, std::string{name.substr(1)});
  if (name == "or" || name == "in" || name == "and") {
    return token(Token::Type::Operator, std::string{name});
  }
  constexpr std::array<std::string_view, 3> kLiterals = {"false", "true", "null"};
  for (std::size_t i = 0; i < kLiterals.size(); ++i) {
    if (name != kLiterals[i]) continue;
    Token literal = token(Token::Type::Literal, std::string{name});
    literal.number = static_cast<double>(i);
    return literal;
  }
  return token(Token::Type::Name, std::string{name});
}

bool Lexer::closes_regex(std::size_t place) const {
  if (at(place) != '/') return false;
  std::size_t backslashes = 0;
  while (place > backslashes && at(place - backslashes - 1) == '\\') ++backslashes;
  return backslashes % 2 == 0;
}

// Behind the opening slash. A slash within brackets does not close.
Token Lexer::take_regex() {
  const std::size_t start = at_;
  int depth = 0;
  for (; at_ < text_.size(); ++at_) {
    if (depth == 0 && closes_regex(at_)) {
      std::string pattern{text_.substr(start, at_ - start)};
      if (pattern.empty()) throw failure_at("S0301", at_);
      ++at_;
      std::string flags;
      while (at(at_) == 'i' || at(at_) == 'm') flags += text_[at_++];
      Token result = token(Token::Type::Regex, std::move(pattern));
      result.flags = std::move(flags);
      return result;
    }
    if (at(at_ - 1) == '\\') continue;
    if (is_in("([{", at(at_))) ++depth;
    if (is_in(")]}", at(at_))) --depth;
  }
  throw failure_at("S0302", text_.size());
}

}  // namespace presso::jsonata
