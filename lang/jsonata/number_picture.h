// Numbers by picture (XPath Functions and Operators 3.1, section 4.7): "#,##0.00".
#pragma once

#include <string>
#include <string_view>

namespace presso::jsonata {

// What stands for what in a picture, and in what it makes.
struct NumberPictureOptions {
  std::u16string decimal_separator = u".";
  std::u16string grouping_separator = u",";
  std::u16string exponent_separator = u"e";
  std::u16string minus_sign = u"-";
  std::u16string percent = u"%";
  std::u16string per_mille = u"\u2030";
  std::u16string zero_digit = u"0";
  std::u16string digit = u"#";
  std::u16string pattern_separator = u";";

  void set(std::string_view name, std::string_view value);
};

// Throws D3080 to D3093 for a picture that is none.
[[nodiscard]] std::string format_number_picture(double value, std::string_view picture,
                                                const NumberPictureOptions& options);

}  // namespace presso::jsonata
