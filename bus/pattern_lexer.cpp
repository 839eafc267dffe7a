// Follows the reader-based parser of Jackson 2.15, the library behind EventBridge's refusals, as
// far as its positions and messages can be observed. https://github.com/FasterXML/jackson-core
#include "bus/pattern_lexer.h"

#include <array>
#include <cstdint>
#include <utility>

#include "base/text.h"

namespace presso::bus {
namespace {

constexpr std::size_t kShownText = 500;   // of the source, in a message
constexpr std::size_t kShownToken = 256;  // of an unrecognised token
constexpr std::size_t kMaxDepth = 1000;   // Jackson's own limit
constexpr std::string_view kValues =
    "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

std::u16string to_utf16(std::string_view text) {
  std::u16string units;
  units.reserve(text.size());
  for (const char32_t c : to_code_points(text)) {
    if (c < 0x10000) {
      units.push_back(static_cast<char16_t>(c));
    } else {
      units.push_back(static_cast<char16_t>(0xD7C0 + (c >> 10)));
      units.push_back(static_cast<char16_t>(0xDC00 + (c & 0x3FF)));
    }
  }
  return units;
}

bool is_high_surrogate(char16_t c) { return c >= 0xD800 && c < 0xDC00; }
bool is_low_surrogate(char16_t c) { return c >= 0xDC00 && c < 0xE000; }

// A surrogate without its other half becomes `?`, as in Java's encoder.
std::string to_utf8(std::u16string_view units) {
  std::string text;
  text.reserve(units.size());
  for (std::size_t i = 0; i < units.size(); ++i) {
    const char16_t c = units[i];
    if (is_high_surrogate(c) && i + 1 < units.size() && is_low_surrogate(units[i + 1])) {
      const auto high = static_cast<char32_t>(c - 0xD800);
      const auto low = static_cast<char32_t>(units[++i] - 0xDC00);
      append_utf8(text, 0x10000 + (high << 10) + low);
    } else if (is_high_surrogate(c) || is_low_surrogate(c)) {
      text.push_back('?');
    } else {
      append_utf8(text, c);
    }
  }
  return text;
}

bool is_digit(char16_t c) { return c >= u'0' && c <= u'9'; }
bool is_control(char16_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0); }

// Java's Character.isJavaIdentifierStart, beyond ASCII by block: letters in, punctuation out.
bool is_identifier_start(char16_t c) {
  if ((c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || c == u'_' || c == u'$') return true;
  if (c < 0xA2) return false;
  if (c < 0xC0) return c <= 0xA5 || c == 0xAA || c == 0xB5 || c == 0xBA;
  if (c >= 0x2000 && c < 0x2070) return c == 0x203F || c == 0x2040 || c == 0x2054;
  if (c >= 0x2190 && c < 0x2C00) return false;
  if (c >= 0x3000 && c < 0x3021) return c >= 0x3005 && c <= 0x3007;
  return c != 0xD7 && c != 0xF7 && c < 0xD800;
}
bool is_identifier_part(char16_t c) {
  return is_identifier_start(c) || is_digit(c) || c <= 0x08 || (c >= 0x0E && c <= 0x1B) ||
         (c >= 0x7F && c < 0xA0);
}

std::string hex(std::uint32_t value, std::size_t width, std::string_view digits) {
  std::string text;
  for (; value != 0 || text.size() < width; value >>= 4) {
    text.insert(text.begin(), digits[value & 0xF]);
  }
  return text;
}

std::string describe(char16_t c) {
  const auto code = std::to_string(static_cast<unsigned>(c));
  if (is_control(c)) return "(CTRL-CHAR, code " + code + ")";
  std::string text = "'" + to_utf8({&c, 1}) + "' (code " + code;
  if (c > 255) text += " / 0x" + hex(c, 1, "0123456789abcdef");
  return text + ")";
}

int hex_value(char16_t c) {
  if (is_digit(c)) return c - u'0';
  if (c >= u'a' && c <= u'f') return c - u'a' + 10;
  if (c >= u'A' && c <= u'F') return c - u'A' + 10;
  return -1;
}

}  // namespace

PatternLexer::PatternLexer(std::string_view text) : text_(to_utf16(text)) {}

Result<PatternLexer::Token> PatternLexer::next() {
  if (current_ == Token::FieldName) {
    current_ = pending_;
    if (current_ == Token::StartObject || current_ == Token::StartArray)
      return open_scope(current_);
    return current_;
  }
  if (string_begun_) {
    if (auto skipped = read_string(false); !skipped) return skipped.error();
  }
  auto more = skip_space();
  if (!more) return more.error();
  if (!*more) {
    if (!scopes_.empty()) {
      return unexpected_end(": expected close marker for " + scope_name() + " (start marker at " +
                            source_at(scopes_.back().start) + ")");
    }
    return current_ = Token::EndOfInput;
  }
  if (const char16_t c = text_[position_]; c == u']' || c == u'}') {
    ++position_;
    return close_scope(c);
  }
  if (!scopes_.empty() && scopes_.back().has_entries) {
    if (auto comma = skip_comma(); !comma) return comma.error();
  }
  if (scopes_.empty() || scopes_.back().is_array) {
    auto token = begin_value();
    if (!token) return token.error();
    current_ = *token;
    if (!scopes_.empty()) scopes_.back().has_entries = true;
    if (current_ == Token::StartObject || current_ == Token::StartArray)
      return open_scope(current_);
    return current_;
  }
  scopes_.back().has_entries = true;
  const char16_t quote = text_[position_++];
  if (quote != u'"') return unexpected(quote, "was expecting double-quote to start field name");
  auto name = read_string(true);
  if (!name) return name.error();
  name_ = std::move(*name);
  if (auto colon = skip_colon(); !colon) return colon.error();
  auto value = begin_value();
  if (!value) return value.error();
  pending_ = *value;
  return current_ = Token::FieldName;
}

Result<std::string> PatternLexer::text() {
  switch (current_) {
    case Token::FieldName: return name_;
    case Token::String: {
      if (!string_begun_) return value_;
      auto text = read_string(false);
      if (text) value_ = *text;
      return text;
    }
    case Token::Number: return value_;
    case Token::StartObject: return std::string{"{"};
    case Token::EndObject: return std::string{"}"};
    case Token::StartArray: return std::string{"["};
    case Token::EndArray: return std::string{"]"};
    case Token::True: return std::string{"true"};
    case Token::False: return std::string{"false"};
    case Token::Null: return std::string{"null"};
    case Token::EndOfInput: return std::string{};
  }
  return std::string{};
}

Error PatternLexer::error(std::string_view message) const { return error_at(message, position_); }

PatternLexer::Place PatternLexer::place_at(std::size_t position) const {
  return {row_, position - row_start_ + 1};
}

// [Source: (String)"{"a": 1}"; line: 1, column: 7]
std::string PatternLexer::source_at(Place place) const {
  std::string source = "[Source: (String)\"";
  std::u16string_view shown = std::u16string_view{text_}.substr(0, kShownText);
  std::size_t from = 0;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (!is_control(shown[i]) || shown[i] == u'\r' || shown[i] == u'\n') continue;
    source += to_utf8(shown.substr(from, i - from)) + "\\u" + hex(shown[i], 4, "0123456789ABCDEF");
    from = i + 1;
  }
  source += to_utf8(shown.substr(from)) + "\"";
  if (text_.size() > kShownText) {
    source += "[truncated " + std::to_string(text_.size() - kShownText) + " chars]";
  }
  return source + "; line: " + std::to_string(place.line) +
         ", column: " + std::to_string(place.column) + "]";
}

Error PatternLexer::error_at(std::string_view message, std::size_t position) const {
  return {"InvalidEventPatternException",
          std::string{message} + "\n at " + source_at(place_at(position))};
}

// The character was just read, and the place shown is its own.
Error PatternLexer::unexpected(char16_t character, std::string_view comment) const {
  return error_at("Unexpected character (" + describe(character) + "): " + std::string{comment},
                  position_ - 1);
}

Error PatternLexer::unexpected_end(std::string_view comment) const {
  return error("Unexpected end-of-input" + std::string{comment});
}

Error PatternLexer::invalid_token(std::string token) {
  while (position_ < text_.size() && is_identifier_part(text_[position_])) {
    token += to_utf8({&text_[position_++], 1});
    if (token.size() >= kShownToken) {
      token += "...";
      break;
    }
  }
  return error("Unrecognized token '" + token + "': was expecting " + std::string{kValues});
}

std::string PatternLexer::scope_name() const {
  if (scopes_.empty()) return "root";
  return scopes_.back().is_array ? "Array" : "Object";
}

Result<bool> PatternLexer::skip_space() {
  for (; position_ < text_.size(); ++position_) {
    const char16_t c = text_[position_];
    if (c == u'/') {
      ++position_;
      return unexpected(c,
                        "maybe a (non-standard) comment? (not recognized as one since Feature "
                        "'ALLOW_COMMENTS' not enabled for parser)");
    }
    if (c > u' ') return true;
    if (c == u'\n' ||
        (c == u'\r' && (position_ + 1 == text_.size() || text_[position_ + 1] != u'\n'))) {
      ++row_;
      row_start_ = position_ + 1;
    } else if (c != u' ' && c != u'\t' && c != u'\r') {
      return error("Illegal character (" + describe(c) +
                   "): only regular white space (\\r, \\n, \\t) is allowed between tokens");
    }
  }
  return false;
}

Result<PatternLexer::Token> PatternLexer::open_scope(Token token) {
  if (scopes_.size() >= kMaxDepth) {
    return Error{"InvalidEventPatternException",
                 "Depth (" + std::to_string(kMaxDepth + 1) +
                     ") exceeds the maximum allowed nesting depth (" + std::to_string(kMaxDepth) +
                     ")"};
  }
  scopes_.push_back({token == Token::StartArray, false, token_start_});
  return token;
}

Result<PatternLexer::Token> PatternLexer::close_scope(char16_t bracket) {
  const bool is_array = bracket == u']';
  if (scopes_.empty() || scopes_.back().is_array != is_array) {
    const std::string start = source_at(scopes_.empty() ? Place{1, 0} : scopes_.back().start);
    return error("Unexpected close marker '" + to_utf8({&bracket, 1}) + "': expected '" +
                 (is_array ? "}" : "]") + "' (for " + scope_name() + " starting at " + start + ")");
  }
  scopes_.pop_back();
  return current_ = is_array ? Token::EndArray : Token::EndObject;
}

Result<void> PatternLexer::skip_comma() {
  const char16_t c = text_[position_++];
  if (c != u',') {
    return unexpected(c, "was expecting comma to separate " + scope_name() + " entries");
  }
  auto more = skip_space();
  if (!more) return more.error();
  if (!*more) return unexpected_end(" within/between " + scope_name() + " entries");
  return {};
}

Result<void> PatternLexer::skip_colon() {
  auto more = skip_space();
  if (!more) return more.error();
  if (*more) {
    const char16_t c = text_[position_++];
    if (c != u':') return unexpected(c, "was expecting a colon to separate field name and value");
    more = skip_space();
    if (!more) return more.error();
  }
  if (!*more) return unexpected_end(" within/between " + scope_name() + " entries");
  return {};
}

// From behind the opening quote to behind the closing one.
Result<std::string> PatternLexer::read_string(bool is_name) {
  string_begun_ = false;
  std::u16string units;
  while (position_ < text_.size()) {
    const char16_t c = text_[position_++];
    if (c == u'"') return to_utf8(units);
    if (c == u'\\') {
      auto escaped = read_escape();
      if (!escaped) return escaped.error();
      units.push_back(*escaped);
    } else if (c < 0x20) {
      return error_at("Illegal unquoted character (" + describe(c) +
                          "): has to be escaped using backslash to be included in " +
                          (is_name ? "name" : "string value"),
                      position_ - 1);
    } else {
      units.push_back(c);
    }
  }
  return unexpected_end(is_name ? " in field name"
                                : ": was expecting closing quote for a string value");
}

Result<char16_t> PatternLexer::read_escape() {
  constexpr std::string_view kEnd = " in character escape sequence";
  if (position_ == text_.size()) return unexpected_end(kEnd);
  const char16_t c = text_[position_++];
  switch (c) {
    case u'b': return u'\b';
    case u't': return u'\t';
    case u'n': return u'\n';
    case u'f': return u'\f';
    case u'r': return u'\r';
    case u'"':
    case u'/':
    case u'\\': return c;
    case u'u': break;
    default: return error_at("Unrecognized character escape " + describe(c), position_ - 1);
  }
  unsigned value = 0;
  for (int i = 0; i < 4; ++i) {
    if (position_ == text_.size()) return unexpected_end(kEnd);
    const char16_t digit = text_[position_++];
    if (hex_value(digit) < 0) {
      return unexpected(digit, "expected a hex-digit for character escape sequence");
    }
    value = value * 16 + static_cast<unsigned>(hex_value(digit));
  }
  return static_cast<char16_t>(value);
}

Result<PatternLexer::Token> PatternLexer::begin_value() {
  token_start_ = place_at(position_);
  const char16_t c = text_[position_];
  if (is_digit(c) || c == u'-') return read_number();
  ++position_;
  switch (c) {
    case u'"': string_begun_ = true; return Token::String;
    case u'{': return Token::StartObject;
    case u'[': return Token::StartArray;
    case u't': return match_literal("true", Token::True);
    case u'f': return match_literal("false", Token::False);
    case u'n': return match_literal("null", Token::Null);
    case u'}': return unexpected(c, "expected a value");
    default: return odd_value(c);
  }
}

Result<PatternLexer::Token> PatternLexer::odd_value(char16_t c) {
  for (const std::string_view token : {"NaN", "Infinity"}) {
    if (c != static_cast<char16_t>(token.front())) continue;
    auto matched = match_literal(token, Token::Number);
    if (!matched) return matched.error();
    return error("Non-standard token '" + std::string{token} +
                 "': enable `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow");
  }
  if (is_identifier_start(c)) return invalid_token(to_utf8({&c, 1}));
  return unexpected(c, "expected a valid value " + std::string{kValues});
}

Result<PatternLexer::Token> PatternLexer::match_literal(std::string_view literal, Token token) {
  for (std::size_t i = 1; i < literal.size(); ++i, ++position_) {
    if (position_ == text_.size() || text_[position_] != static_cast<char16_t>(literal[i])) {
      return invalid_token(std::string{literal.substr(0, i)});
    }
  }
  if (position_ < text_.size() && is_identifier_part(text_[position_])) {
    return invalid_token(std::string{literal});
  }
  return token;
}

Result<PatternLexer::Token> PatternLexer::read_number() {
  const std::size_t start = position_;
  const auto peek = [&] { return position_ < text_.size() ? text_[position_] : u'\0'; };
  if (text_[position_] == u'-') {
    ++position_;
    if (position_ == text_.size()) return unexpected_end("");
    if (!is_digit(peek())) {
      ++position_;
      return error_at("Unexpected character (" + describe(text_[position_ - 1]) +
                          ") in numeric value: expected digit (0-9) to follow minus sign, for "
                          "valid numeric value",
                      position_ - 1);
    }
  }
  if (text_[position_++] == u'0' && is_digit(peek())) {
    return error("Invalid numeric value: Leading zeroes not allowed");
  }
  while (is_digit(peek())) ++position_;
  if (auto rest = read_fraction_and_exponent(); !rest) return rest.error();
  value_ = to_utf8(std::u16string_view{text_}.substr(start, position_ - start));
  return Token::Number;
}

Result<void> PatternLexer::read_fraction_and_exponent() {
  const auto peek = [&] { return position_ < text_.size() ? text_[position_] : u'\0'; };
  const auto digits = [&](std::string_view comment) -> Result<void> {
    if (!is_digit(peek())) {
      if (position_ < text_.size()) ++position_;
      return error_at("Unexpected character (" + describe(text_[position_ - 1]) +
                          ") in numeric value: " + std::string{comment},
                      position_ - 1);
    }
    while (is_digit(peek())) ++position_;
    return {};
  };
  if (peek() == u'.') {
    ++position_;
    if (auto read = digits("Decimal point not followed by a digit"); !read) return read;
  }
  if (peek() == u'e' || peek() == u'E') {
    ++position_;
    if (peek() == u'+' || peek() == u'-') ++position_;
    return digits("Exponent indicator not followed by a digit");
  }
  return {};
}

}  // namespace presso::bus
