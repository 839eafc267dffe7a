// A walk over the text by JSON's grammar that stops at the first fault. Open brackets are kept in a
// list of our own, so depth costs no stack.
#include "engine/core/json_fault.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <utility>
#include <vector>

#include "base/text.h"

namespace presso::core {

namespace {

constexpr std::string_view kValues =
    "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
// What Java takes for a part of an identifier; beyond ASCII, any letter of any script.
bool is_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
         byte >= 0x80;
}

class Walk {
 public:
  explicit Walk(std::string_view text) : text_{text} {}

  std::string fault() {
    skip_space();
    if (at_end()) return {};
    while (fault_.empty() && step()) {
    }
    return fault_;
  }

 private:
  enum class Expect { Value, FirstElement, FirstName, Name, Colon, Separator };

  // One token; false when the text is over.
  bool step() {
    skip_space();
    if (at_end()) return end();
    switch (expect_) {
      case Expect::Value: return value();
      case Expect::FirstElement: return peek() == ']' ? close() : value();
      case Expect::FirstName: return peek() == '}' ? close() : name();
      case Expect::Name: return name();
      case Expect::Colon: return colon();
      case Expect::Separator: return open_.empty() ? value() : separator();
    }
    return false;
  }

  bool end() {
    if (open_.empty()) return false;
    const std::string kind = is_object() ? "Object" : "Array";
    return fail(expect_ == Expect::Colon || (is_object() && expect_ == Expect::Value)
                    ? "Unexpected end-of-input within/between " + kind + " entries"
                    : "Unexpected end-of-input: expected close marker for " + kind);
  }

  // value := object | array | string | number | true | false | null
  bool value() {
    const char c = peek();
    if (c == '{' || c == '[') {
      ++at_;
      open_.push_back(c);
      expect_ = c == '{' ? Expect::FirstName : Expect::FirstElement;
      return true;
    }
    expect_ = Expect::Separator;
    if (c == '"') return string("VALUE_STRING");
    if (c == '-' || is_digit(c)) return number();
    if (!is_word(c)) return unexpected("expected a valid value " + std::string{kValues});
    const std::string_view token = word();
    if (token == "true" || token == "false" || token == "null") return true;
    return fail("Unrecognized token '" + std::string{token} + "': was expecting " +
                std::string{kValues});
  }

  // string := '"' (character | '\' escape)* '"'
  bool string(std::string_view token) {
    ++at_;
    for (; !at_end(); ++at_) {
      const char c = peek();
      if (c == '"') {
        ++at_;
        return true;
      }
      if (static_cast<unsigned char>(c) < 0x20) {
        return fail("Illegal unquoted character (" + described() +
                    "): has to be escaped using backslash to be included in string value");
      }
      if (c == '\\' && !escape()) return false;
    }
    return fail("Unexpected end-of-input in " + std::string{token});
  }

  // Leaves `at_` at the escape's last character.
  bool escape() {
    if (++at_ >= text_.size()) return fail("Unexpected end-of-input in character escape sequence");
    const char c = peek();
    if (c != 'u') {
      constexpr std::string_view kEscapes = "\"\\/bfnrt";
      if (kEscapes.find(c) != std::string_view::npos) return true;
      return fail("Unrecognized character escape " + described());
    }
    for (int digit = 0; digit < 4; ++digit) {
      if (++at_ >= text_.size()) {
        return fail("Unexpected end-of-input in character escape sequence");
      }
      constexpr std::string_view kHex = "0123456789abcdefABCDEF";
      if (kHex.find(peek()) == std::string_view::npos) {
        return unexpected("expected a hex-digit for character escape sequence");
      }
    }
    return true;
  }

  // number := '-'? ('0' | [1-9][0-9]*) ('.' [0-9]+)? ([eE] [+-]? [0-9]+)?
  bool number() {
    if (peek() == '-') {
      ++at_;
      if (at_end() || !is_digit(peek())) {
        return bad_number("expected digit (0-9) to follow minus sign, for valid numeric value");
      }
    }
    const bool is_zero = peek() == '0';
    const std::size_t digits = skip_digits();
    if (is_zero && digits > 1) {
      return fail("Invalid numeric value: Leading zeroes not allowed");
    }
    if (!at_end() && peek() == '.') {
      ++at_;
      if (skip_digits() == 0) return bad_number("Decimal point not followed by a digit");
    }
    if (!at_end() && (peek() == 'e' || peek() == 'E')) {
      ++at_;
      if (!at_end() && (peek() == '+' || peek() == '-')) ++at_;
      if (skip_digits() == 0) return bad_number("Exponent indicator not followed by a digit");
    }
    if (at_end() || !is_word(peek())) return true;
    return unexpected("Expected space separating root-level values");
  }
  bool bad_number(const std::string& reason) {
    if (at_end()) return fail("Unexpected end-of-input in VALUE_NUMBER_INT");
    return fail("Unexpected character (" + described() + ") in numeric value: " + reason);
  }

  bool name() {
    if (peek() != '"') return unexpected("was expecting double-quote to start field name");
    expect_ = Expect::Colon;
    return string("FIELD_NAME");
  }
  bool colon() {
    if (peek() != ':') return unexpected("was expecting a colon to separate field name and value");
    ++at_;
    expect_ = Expect::Value;
    return true;
  }
  bool separator() {
    if (peek() == (is_object() ? '}' : ']')) return close();
    if (peek() != ',') {
      return unexpected(std::string{"was expecting comma to separate "} +
                        (is_object() ? "Object" : "Array") + " entries");
    }
    ++at_;
    expect_ = is_object() ? Expect::Name : Expect::Value;
    return true;
  }
  bool close() {
    ++at_;
    open_.pop_back();
    expect_ = Expect::Separator;
    return true;
  }

  bool unexpected(const std::string& reason) {
    return fail("Unexpected character (" + described() + "): " + reason);
  }
  // "'x' (code 120)", "(CTRL-CHAR, code 9)", "'€' (code 8364 / 0x20ac)": the character we are at.
  [[nodiscard]] std::string described() const {
    constexpr std::size_t kLongest = 4;  // bytes of one character
    const auto code =
        static_cast<std::uint32_t>(to_code_points(text_.substr(at_, kLongest)).front());
    if (code < 0x20) return "(CTRL-CHAR, code " + std::to_string(code) + ")";
    std::string shown = "'";
    append_utf8(shown, code);
    shown += "' (code " + std::to_string(code);
    if (code > 0xff) {
      std::array<char, 16> hex;
      std::snprintf(hex.data(), hex.size(), " / 0x%x", code);
      shown += hex.data();
    }
    return shown + ")";
  }
  bool fail(std::string fault) {
    fault_ = std::move(fault);
    return false;
  }

  [[nodiscard]] bool is_object() const { return open_.back() == '{'; }
  [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
  [[nodiscard]] char peek() const { return text_[at_]; }
  void skip_space() {
    while (!at_end() && std::string_view{" \t\r\n"}.find(peek()) != std::string_view::npos) ++at_;
  }
  std::size_t skip_digits() {
    const std::size_t start = at_;
    while (!at_end() && is_digit(peek())) ++at_;
    return at_ - start;
  }
  std::string_view word() {
    const std::size_t start = at_;
    while (!at_end() && is_word(peek())) ++at_;
    return text_.substr(start, at_ - start);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<char> open_;
  Expect expect_ = Expect::Value;
  std::string fault_;
};

}  // namespace

std::string json_fault(std::string_view text) { return Walk{text}.fault(); }

}  // namespace presso::core
