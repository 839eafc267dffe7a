#include "lang/jsonata/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#include "base/letter_case.h"

namespace presso::jsonata {

namespace {

bool is_first_half(char32_t code_point) { return code_point >= 0xD800 && code_point < 0xDC00; }
bool is_second_half(char32_t code_point) { return code_point >= 0xDC00 && code_point < 0xE000; }

std::uint8_t byte_at(std::string_view text, std::size_t at) {
  return static_cast<std::uint8_t>(text[at]);
}
bool continues(std::string_view text, std::size_t at) {
  return at < text.size() && (byte_at(text, at) & 0xC0) == 0x80;
}

constexpr std::size_t kHalfBytes = 3;

bool ends_in_first_half(std::string_view text) {
  if (text.size() < kHalfBytes) return false;
  const std::size_t at = text.size() - kHalfBytes;
  return byte_at(text, at) == 0xED && (byte_at(text, at + 1) & 0xF0) == 0xA0;
}
bool starts_with_second_half(std::string_view text) {
  return text.size() >= kHalfBytes && byte_at(text, 0) == 0xED && (byte_at(text, 1) & 0xF0) == 0xB0;
}

// The character two halves make; `left` ends in the first, `right` starts with the second.
char32_t character_of(std::string_view left, std::string_view right) {
  std::size_t at = left.size() - kHalfBytes;
  const char32_t first = next_code_point(left, at);
  at = 0;
  const char32_t second = next_code_point(right, at);
  return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
}

// Digits without leading or trailing zeros, and the decimal exponent of the first one.
struct Decimal {
  std::string digits;
  int exponent = 0;
};

Decimal shortest(double value) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::scientific);
  const std::string_view text{buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data())};
  const std::size_t mark = text.find('e');
  Decimal decimal;
  for (const char c : text.substr(0, mark)) {
    if (c != '.') decimal.digits += c;
  }
  const std::string_view exponent = text.substr(mark + 1);
  const char* start = exponent.data() + (exponent[0] == '+' ? 1 : 0);
  std::from_chars(start, exponent.data() + exponent.size(), decimal.exponent);
  while (decimal.digits.size() > 1 && decimal.digits.back() == '0') decimal.digits.pop_back();
  return decimal;
}

std::string written(const Decimal& decimal) {
  const std::string& digits = decimal.digits;
  const int point = decimal.exponent + 1;
  const int count = static_cast<int>(digits.size());
  if (point > 21 || point < -5) {
    std::string text{digits[0]};
    if (count > 1) text += "." + digits.substr(1);
    return text + (decimal.exponent < 0 ? "e-" : "e+") + std::to_string(std::abs(decimal.exponent));
  }
  if (point <= 0) return "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
  if (point >= count) return digits + std::string(static_cast<std::size_t>(point - count), '0');
  const auto split = static_cast<std::size_t>(point);
  return digits.substr(0, split) + "." + digits.substr(split);
}

}  // namespace

bool is_ascii(std::string_view text) {
  const auto is_plain = [](char c) { return static_cast<std::uint8_t>(c) < 0x80; };
  return std::all_of(text.begin(), text.end(), is_plain);
}

char32_t next_code_point(std::string_view text, std::size_t& at) {
  const std::uint8_t first = byte_at(text, at);
  const std::size_t start = at++;
  const auto tail = [&](std::size_t i) {
    return static_cast<char32_t>(byte_at(text, start + i) & 0x3F);
  };
  if (first >= 0xC0 && first < 0xE0 && continues(text, start + 1)) {
    at = start + 2;
    return (static_cast<char32_t>(first & 0x1F) << 6) | tail(1);
  }
  if (first >= 0xE0 && first < 0xF0 && continues(text, start + 1) && continues(text, start + 2)) {
    at = start + 3;
    return (static_cast<char32_t>(first & 0x0F) << 12) | (tail(1) << 6) | tail(2);
  }
  const bool has_three =
      continues(text, start + 1) && continues(text, start + 2) && continues(text, start + 3);
  if (first >= 0xF0 && has_three) {
    at = start + 4;
    return (static_cast<char32_t>(first & 0x07) << 18) | (tail(1) << 12) | (tail(2) << 6) | tail(3);
  }
  return first < 0x80 ? first : 0xFFFD;
}

std::size_t code_point_count(std::string_view text) {
  const auto starts = [](char c) { return (static_cast<std::uint8_t>(c) & 0xC0) != 0x80; };
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts));
}

std::size_t offset_of_code_point(std::string_view text, std::size_t index) {
  std::size_t at = 0;
  for (; index > 0 && at < text.size(); --index) {
    ++at;
    while (continues(text, at)) ++at;
  }
  return at;
}

void append_code_point(std::string& text, char32_t code_point) {
  const auto put = [&](char32_t byte) { text += static_cast<char>(byte); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | (code_point >> 6));
    put(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    put(0xE0 | (code_point >> 12));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  } else {
    put(0xF0 | (code_point >> 18));
    put(0x80 | ((code_point >> 12) & 0x3F));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  }
}

std::u16string to_utf16(std::string_view text) {
  std::u16string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const char32_t code_point = next_code_point(text, at);
    if (code_point < 0x10000) {
      result += static_cast<char16_t>(code_point);
    } else {
      result += static_cast<char16_t>(0xD800 + ((code_point - 0x10000) >> 10));
      result += static_cast<char16_t>(0xDC00 + ((code_point - 0x10000) & 0x3FF));
    }
  }
  return result;
}

std::string from_utf16(std::u16string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char32_t code_point = text[i];
    if (is_first_half(code_point) && i + 1 < text.size() && is_second_half(text[i + 1])) {
      code_point = 0x10000 + ((code_point - 0xD800) << 10) + (text[++i] - char32_t{0xDC00});
    }
    append_code_point(result, code_point);
  }
  return result;
}

std::size_t utf16_size(std::string_view text) {
  const auto is_long = [](char c) { return static_cast<std::uint8_t>(c) >= 0xF0; };
  return code_point_count(text) +
         static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_long));
}

int compare_text(std::string_view left, std::string_view right) {
  const auto [at_left, at_right] =
      std::mismatch(left.begin(), left.end(), right.begin(), right.end());
  if (at_left == left.end() || at_right == right.end()) {
    if (at_left != left.end()) return 1;
    return at_right != right.end() ? -1 : 0;
  }
  // Bytes order as code points do; code units differ only where a surrogate pair meets U+E000 to
  // U+FFFF.
  const auto rank = [](char c) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte >= 0xF0) return 0xEE;
    return byte >= 0xEE ? byte + 0x10 : int{byte};
  };
  const int order = rank(*at_left) - rank(*at_right);
  if (order != 0) return order;
  return int{static_cast<std::uint8_t>(*at_left)} - int{static_cast<std::uint8_t>(*at_right)};
}

bool meet_in_character(std::string_view left, std::string_view right) {
  return ends_in_first_half(left) && starts_with_second_half(right);
}

void append_text(std::string& text, std::string_view part) {
  if (!meet_in_character(text, part)) {
    text += part;
    return;
  }
  const char32_t character = character_of(text, part);
  text.resize(text.size() - kHalfBytes);
  append_code_point(text, character);
  text += part.substr(kHalfBytes);
}

std::string_view joined(Arena& arena, std::string_view left, std::string_view right) {
  if (meet_in_character(left, right)) {
    std::string text{left};
    append_text(text, right);
    return arena.copy(text);
  }
  if (left.empty()) return right;
  if (right.empty()) return left;
  char* chars = arena.make_chars(left.size() + right.size());
  std::memcpy(chars, left.data(), left.size());
  std::memcpy(chars + left.size(), right.data(), right.size());
  return {chars, left.size() + right.size()};
}

// A sigma at the end of a word has a form of its own; is it at `at`?
bool ends_word(const std::vector<char32_t>& text, std::size_t at) {
  const auto is_letter = [](char32_t c) {
    std::string lower;
    std::string upper;
    append_lower(lower, c);
    append_upper(upper, c);
    return lower != upper;
  };
  return at > 0 && is_letter(text[at - 1]) && (at + 1 == text.size() || !is_letter(text[at + 1]));
}

std::string lower_text(std::string_view text) {
  constexpr char32_t kSigma = 0x3A3;
  constexpr char32_t kFinalSigma = 0x3C2;
  std::string result;
  result.reserve(text.size());
  std::vector<char32_t> code_points;
  for (std::size_t at = 0; at < text.size();) code_points.push_back(next_code_point(text, at));
  for (std::size_t i = 0; i < code_points.size(); ++i) {
    const char32_t c = code_points[i];
    if (c < 0x80) {
      result += static_cast<char>(c >= U'A' && c <= U'Z' ? c + 32 : c);
    } else if (c == kSigma && ends_word(code_points, i)) {
      append_code_point(result, kFinalSigma);
    } else if (is_first_half(c) || is_second_half(c)) {
      append_code_point(result, c);
    } else {
      append_lower(result, c);
    }
  }
  return result;
}

std::string upper_text(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (c < 0x80) {
      result += static_cast<char>(c >= U'a' && c <= U'z' ? c - 32 : c);
    } else if (is_first_half(c) || is_second_half(c)) {
      append_code_point(result, c);
    } else {
      append_upper(result, c);
    }
  }
  return result;
}

std::string number_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  constexpr double kExact = 9'007'199'254'740'992;
  if (value == std::trunc(value) && std::abs(value) < kExact) {
    return std::to_string(static_cast<std::int64_t>(value));
  }
  const std::string text = written(shortest(std::abs(value)));
  return value < 0 ? "-" + text : text;
}

double shown_number(double value) {
  constexpr std::size_t kDigits = 15;
  if (!std::isfinite(value) || value == std::trunc(value)) return value;
  if (shortest(std::abs(value)).digits.size() <= kDigits) return value;
  // Enough digits to see on which side of a half the rest lies; printf rounds halves to even, and
  // JavaScript up.
  std::array<char, 96> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.70e", std::abs(value));
  std::string text{buffer.data()};
  const std::size_t mark = text.find('e');
  std::string digits = text.substr(0, 1) + text.substr(2, mark - 2);
  const bool rounds_up = digits[kDigits] >= '5';
  digits.resize(kDigits);
  double result = number_of(digits + "e" + std::to_string(std::stoi(text.substr(mark + 1)) - 14));
  if (rounds_up) {
    std::size_t at = kDigits;
    while (at > 0 && digits[at - 1] == '9') digits[--at] = '0';
    if (at == 0) {
      digits.insert(0, 1, '1');
    } else {
      ++digits[at - 1];
    }
    result = number_of(digits + "e" + std::to_string(std::stoi(text.substr(mark + 1)) - 14));
  }
  return value < 0 ? -result : result;
}

double number_of(std::string_view text) {
  double value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec == std::errc::result_out_of_range) {
    // from_chars does not tell which way; strtod does, and the text is a plain number.
    return std::strtod(std::string{text}.c_str(), nullptr);
  }
  return value;
}

Json json_number(double value) {
  constexpr double kIntegers = 9'223'372'036'854'775'808.0;
  if (!std::isfinite(value)) return nullptr;
  if (value == std::trunc(value) && std::abs(value) < kIntegers) {
    return static_cast<std::int64_t>(value);
  }
  return value;
}

}  // namespace presso::jsonata
