// Strings as JavaScript sees them, kept as UTF-8. A lone surrogate, which UTF-8 does not know, is
// kept in three bytes of the same pattern; two halves that meet become their character.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/json.h"
#include "lang/jsonata/arena.h"

namespace presso::jsonata {

[[nodiscard]] bool is_ascii(std::string_view text);

// The code point that starts at `at`, which moves on behind it. A byte that starts none counts as
// one.
[[nodiscard]] char32_t next_code_point(std::string_view text, std::size_t& at);
[[nodiscard]] std::size_t code_point_count(std::string_view text);
// The byte at which code point `index` starts; the size when there are fewer.
[[nodiscard]] std::size_t offset_of_code_point(std::string_view text, std::size_t index);

void append_code_point(std::string& text, char32_t code_point);

[[nodiscard]] std::u16string to_utf16(std::string_view text);
[[nodiscard]] std::string from_utf16(std::u16string_view text);
[[nodiscard]] std::size_t utf16_size(std::string_view text);

// Less than zero, zero, more than zero, in the order of UTF-16 code units.
[[nodiscard]] int compare_text(std::string_view left, std::string_view right);

// Appends `part`, joining two halves of a character where they meet.
void append_text(std::string& text, std::string_view part);
[[nodiscard]] std::string_view joined(Arena& arena, std::string_view left, std::string_view right);
// Whether `left` ends in a first half and `right` starts with a second.
[[nodiscard]] bool meet_in_character(std::string_view left, std::string_view right);

// JavaScript's toLowerCase and toUpperCase.
[[nodiscard]] std::string lower_text(std::string_view text);
[[nodiscard]] std::string upper_text(std::string_view text);

// JavaScript's String(number): "1e+21", "1e-7", "NaN", "-Infinity".
[[nodiscard]] std::string number_text(double value);
// Rounded to 15 significant digits unless it is an integer: what $string and `&` show.
[[nodiscard]] double shown_number(double value);
// JavaScript's Number(text) for text of the form -?digits(.digits)?(e±digits)?.
[[nodiscard]] double number_of(std::string_view text);
// A JSON number: an integer where it is one.
[[nodiscard]] Json json_number(double value);

}  // namespace presso::jsonata
