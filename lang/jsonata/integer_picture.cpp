#include "lang/jsonata/integer_picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>

#include "base/text.h"
#include "lang/jsonata/errors.h"
#include "lang/jsonata/number_words.h"
#include "lang/jsonata/text.h"

namespace presso::jsonata {

namespace {

using Primary = IntegerPicture::Primary;
using Case = IntegerPicture::Case;
using Text = std::u16string;

// The zeros of Unicode's decimal digits.
constexpr std::array<char32_t, 37> kZeros = {
    0x30,   0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6,
    0x0C66, 0x0CE6, 0x0D66, 0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0,
    0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620,
    0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10};

std::optional<char32_t> zero_of(char32_t digit) {
  if (digit < 0x80) return digit >= U'0' && digit <= U'9' ? std::optional{U'0'} : std::nullopt;
  for (const char32_t zero : kZeros) {
    if (digit >= zero && digit <= zero + 9) return zero;
  }
  return std::nullopt;
}

// Of a character in two halves: the first begin at 0xD800, the second at 0xDC00.
bool is_half(char16_t unit, unsigned begin) { return (unit & 0xFC00U) == begin; }

Text wide(std::string_view text) { return to_utf16(text); }

// The one distance at which all separators stand; zero when they differ.
double regular_distance(const std::vector<IntegerPicture::Separator>& separators) {
  if (separators.empty()) return 0;
  std::size_t factor = 0;
  for (const auto& separator : separators) {
    if (separator.character != separators[0].character) return 0;
    factor = std::gcd(factor, static_cast<std::size_t>(separator.position));
  }
  for (std::size_t i = 1; i <= separators.size(); ++i) {
    const auto is_there = [&](const auto& separator) {
      return separator.position == static_cast<double>(i * factor);
    };
    if (std::none_of(separators.begin(), separators.end(), is_there)) return 0;
  }
  return static_cast<double>(factor);
}

void analyse_digits(const Text& primary, IntegerPicture& picture) {
  std::optional<char32_t> zero;
  double position = 0;
  for (std::size_t end = primary.size(); end > 0;) {
    const bool is_pair =
        end > 1 && is_half(primary[end - 1], 0xDC00) && is_half(primary[end - 2], 0xD800);
    const std::size_t start = end - (is_pair ? 2 : 1);
    // All decimal digits that are known here are single units.
    const std::optional<char32_t> family = is_pair ? std::nullopt : zero_of(primary[start]);
    if (family) {
      ++picture.mandatory_digits;
      ++position;
      if (zero && *zero != *family) throw failure("D3131");
      zero = family;
    } else if (primary[start] == u'#') {
      ++position;
      ++picture.optional_digits;
    } else {
      picture.separators.push_back({position, primary.substr(start, end - start)});
    }
    end = start;
  }
  if (picture.mandatory_digits == 0) {
    picture.primary = Primary::Sequence;
    picture.token = primary;
    return;
  }
  picture.zero = *zero;
  if (const double distance = regular_distance(picture.separators); distance > 0) {
    picture.is_regular = true;
    picture.separators = {{distance, picture.separators[0].character}};
  }
}

// JavaScript's substr(0, at) + part + substr(at), with what it makes of a negative `at`.
void insert_at(Text& text, double at, const Text& part) {
  if (at >= 0) {
    text.insert(std::min(static_cast<std::size_t>(at), text.size()), part);
    return;
  }
  const auto tail = std::min(static_cast<std::size_t>(-at), text.size());
  text = part + text.substr(text.size() - tail);
}

void insert_separators(Text& text, const IntegerPicture& picture) {
  const auto size = [&] { return static_cast<double>(text.size()); };
  if (picture.is_regular) {
    const auto& separator = picture.separators[0];
    for (double i = std::floor((size() - 1) / separator.position); i > 0; --i) {
      insert_at(text, size() - i * separator.position, separator.character);
    }
    return;
  }
  for (auto it = picture.separators.rbegin(); it != picture.separators.rend(); ++it) {
    insert_at(text, size() - it->position, it->character);
  }
}

std::u16string_view ordinal_suffix(const Text& digits) {
  const char16_t last = digits.empty() ? u'0' : digits.back();
  const bool is_teen = digits.size() > 1 && digits[digits.size() - 2] == u'1';
  if (is_teen || last < u'1' || last > u'3') return u"th";
  constexpr std::array<std::u16string_view, 3> kSuffixes = {u"st", u"nd", u"rd"};
  return kSuffixes[static_cast<std::size_t>(last - u'1')];
}

// Of a whole number that is not negative.
Text digits_of(double value) {
  constexpr double kFewDigits = 1e9;
  if (!(value < kFewDigits)) return wide(number_text(value));
  Text text;
  auto left = static_cast<std::uint32_t>(value);
  do {
    text.insert(text.begin(), static_cast<char16_t>(u'0' + left % 10));
    left /= 10;
  } while (left > 0);
  return text;
}

Text format_decimal(double value, const IntegerPicture& picture) {
  Text text = digits_of(value);
  const double missing = picture.mandatory_digits - static_cast<double>(text.size());
  constexpr double kMost = 1e6;
  if (missing > kMost) throw over_limit("memory");
  if (missing > 0) text.insert(0, static_cast<std::size_t>(missing), u'0');
  if (picture.zero != U'0') {
    for (char16_t& c : text) c = static_cast<char16_t>(c + picture.zero - U'0');
  }
  insert_separators(text, picture);
  if (picture.is_ordinal) text += ordinal_suffix(text);
  return text;
}

Text cased(std::string text, Case letters) {
  if (letters == Case::Lower) return wide(to_lower_ascii(text));
  if (letters == Case::Upper) return wide(upper_text(text));
  return wide(text);
}

Thrown refused_sequence(const IntegerPicture& picture) {
  Thrown thrown = failure("D3130");
  thrown.value = Json(from_utf16(picture.token));
  return thrown;
}

void remove_all(Text& text, const Text& part) {
  if (part.empty()) return;
  for (std::size_t at = text.find(part); at != Text::npos; at = text.find(part, at)) {
    text.erase(at, part.size());
  }
}

// JavaScript's parseInt.
double leading_integer(const Text& text) {
  std::size_t at = 0;
  while (at < text.size() && (text[at] == u' ' || (text[at] >= u'\t' && text[at] <= u'\r'))) ++at;
  const bool is_negative = at < text.size() && text[at] == u'-';
  if (at < text.size() && (text[at] == u'-' || text[at] == u'+')) ++at;
  std::string digits;
  for (; at < text.size() && text[at] >= u'0' && text[at] <= u'9'; ++at) {
    digits += static_cast<char>(text[at]);
  }
  if (digits.empty()) return std::nan("");
  return is_negative ? -number_of(digits) : number_of(digits);
}

double parse_decimal(Text text, const IntegerPicture& picture) {
  if (picture.is_ordinal) text.resize(text.size() < 2 ? 0 : text.size() - 2);
  if (picture.is_regular) {
    remove_all(text, u",");  // whatever the picture's own separator is
  } else {
    for (const auto& separator : picture.separators) remove_all(text, separator.character);
  }
  if (picture.zero != U'0') {
    for (char16_t& c : text) c = static_cast<char16_t>(c - picture.zero + U'0');
  }
  return leading_integer(text);
}

}  // namespace

IntegerPicture analyse_integer_picture(std::u16string_view text) {
  IntegerPicture picture;
  const std::size_t semicolon = text.rfind(u';');
  const Text primary{text.substr(0, semicolon)};
  if (semicolon != std::u16string_view::npos) {
    picture.is_ordinal = text.substr(semicolon + 1).starts_with(u'o');
  }
  const auto is = [&](std::u16string_view name) { return primary == name; };
  if (is(u"A") || is(u"I") || is(u"W")) picture.letters = Case::Upper;
  if (is(u"Ww")) picture.letters = Case::Title;
  if (is(u"A") || is(u"a")) {
    picture.primary = Primary::Letters;
  } else if (is(u"I") || is(u"i")) {
    picture.primary = Primary::Roman;
  } else if (is(u"W") || is(u"w") || is(u"Ww")) {
    picture.primary = Primary::Words;
  } else {
    analyse_digits(primary, picture);
  }
  return picture;
}

std::u16string format_integer(double value, const IntegerPicture& picture) {
  const bool is_negative = value < 0;
  value = std::abs(value);
  const bool is_endless =
      std::isinf(value) || (picture.primary == Primary::Words && std::isnan(value));
  if (picture.primary != Primary::Decimal && is_endless) throw out_of_range();
  Text text;
  switch (picture.primary) {
    case Primary::Decimal: text = format_decimal(value, picture); break;
    case Primary::Letters:
      text = wide(number_letters(value, picture.letters == Case::Upper ? 'A' : 'a'));
      break;
    case Primary::Roman: text = cased(roman(value), picture.letters); break;
    case Primary::Words:
      text = cased(number_words(value, picture.is_ordinal), picture.letters);
      break;
    case Primary::Sequence: throw refused_sequence(picture);
  }
  return is_negative ? u"-" + text : text;
}

double parse_integer(std::u16string_view text, const IntegerPicture& picture) {
  const bool is_upper = picture.letters == Case::Upper;
  switch (picture.primary) {
    case Primary::Decimal: return parse_decimal(Text{text}, picture);
    case Primary::Letters: return number_of_letters(text, is_upper ? 'A' : 'a');
    case Primary::Roman: {
      const std::string plain = from_utf16(text);
      return number_of_roman(is_upper ? plain : upper_text(plain));
    }
    case Primary::Words: return number_of_words(lower_text(from_utf16(text)));
    case Primary::Sequence: break;
  }
  throw refused_sequence(picture);
}

std::string integer_regex(const IntegerPicture& picture) {
  const bool is_upper = picture.letters == Case::Upper;
  switch (picture.primary) {
    case Primary::Decimal: {
      std::string regex = "[0-9]";
      regex += picture.parse_width > 0 ? "{" + number_text(picture.parse_width) + "}" : "+";
      return picture.is_ordinal ? regex + "(?:th|st|nd|rd)" : regex;
    }
    case Primary::Letters: return is_upper ? "[A-Z]+" : "[a-z]+";
    case Primary::Roman: return is_upper ? "[MDCLXVI]+" : "[mdclxvi]+";
    case Primary::Words: {
      std::string regex = "(?:";
      for (const std::string& word : known_words()) regex += word + "|";
      return regex + "and|[\\-, ])+";
    }
    case Primary::Sequence: break;
  }
  throw refused_sequence(picture);
}

}  // namespace presso::jsonata
