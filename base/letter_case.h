// Upper and lower case of single code points, as Unicode and Java have them without a locale: "ß"
// in upper case is "SS", "İ" in lower case is "i̇".
#pragma once

#include <string>
#include <string_view>

namespace presso {

void append_lower(std::string& text, char32_t code_point);
void append_upper(std::string& text, char32_t code_point);

// Of each code point by itself: a final sigma is an ordinary one. `text` is UTF-8.
[[nodiscard]] std::string to_lower(std::string_view text);
[[nodiscard]] std::string to_upper(std::string_view text);

}  // namespace presso
