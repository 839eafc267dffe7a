// Numbers in English words, in roman numerals and in letters.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace presso::jsonata {

// "One Hundred and Twenty-Three"; ordinal: "… Twenty-Third". `value` is whole, finite, not
// negative.
[[nodiscard]] std::string number_words(double value, bool is_ordinal);
// Of lower-case words; NaN when one is unknown.
[[nodiscard]] double number_of_words(std::string_view text);
// Every word known, in lower case.
[[nodiscard]] std::vector<std::string> known_words();

[[nodiscard]] std::string roman(double value);  // lower case; "" below one
[[nodiscard]] double number_of_roman(std::string_view upper);

// a … z, aa …; `first` is a or A.
[[nodiscard]] std::string number_letters(double value, char first);
[[nodiscard]] double number_of_letters(std::u16string_view text, char first);

}  // namespace presso::jsonata
