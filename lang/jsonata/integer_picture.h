// Whole numbers by picture, both ways: "#,##0", "i" (roman), "a" (letters), "Ww;o" (words,
// ordinal).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace presso::jsonata {

struct IntegerPicture {
  enum class Primary : std::uint8_t { Decimal, Letters, Roman, Words, Sequence };
  enum class Case : std::uint8_t { Upper, Lower, Title };
  struct Separator {
    double position = 0;  // digits to its right
    std::u16string character;
  };

  Primary primary = Primary::Decimal;
  Case letters = Case::Lower;
  bool is_ordinal = false;
  char32_t zero = U'0';
  double mandatory_digits = 0;
  double optional_digits = 0;
  bool is_regular = false;  // then one separator stands for all
  std::vector<Separator> separators;
  std::u16string token;    // of a Sequence, which is refused when used
  double parse_width = 0;  // digits to read; none: as many as there are
};

// Throws D3131.
[[nodiscard]] IntegerPicture analyse_integer_picture(std::u16string_view picture);
// Throws D3130. `value` is whole.
[[nodiscard]] std::u16string format_integer(double value, const IntegerPicture& picture);
// NaN for what is no such number. Throws D3130.
[[nodiscard]] double parse_integer(std::u16string_view text, const IntegerPicture& picture);
// What such a number looks like, as a regular expression. Throws D3130.
[[nodiscard]] std::string integer_regex(const IntegerPicture& picture);

}  // namespace presso::jsonata
