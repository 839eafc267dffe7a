// Text as bytes of UTF-8.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace presso {

[[nodiscard]] bool is_utf8(std::string_view text);
// Code points, not bytes. `text` is UTF-8; each byte that is not counts as one.
[[nodiscard]] std::size_t utf8_length(std::string_view text);
// UTF-16 code units: what Java, and so AWS, calls the length of a text.
[[nodiscard]] std::size_t utf16_length(std::string_view text);
// The code points of `text`; U+FFFD for a byte that is not UTF-8.
[[nodiscard]] std::vector<char32_t> to_code_points(std::string_view text);
void append_utf8(std::string& text, char32_t code_point);

// RFC 4648 section 4, with padding.
[[nodiscard]] std::string base64_encode(std::string_view bytes);
// Nothing for other characters or a wrong length; padding may be missing.
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);
[[nodiscard]] std::string hex_encode(std::string_view bytes);  // lower case

// RFC 3986: all but unreserved characters; `/` is kept when `keep_slash`.
[[nodiscard]] std::string percent_encode(std::string_view text, bool keep_slash);
// Nothing for a `%` without two hex digits.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

[[nodiscard]] std::string to_lower_ascii(std::string_view text);
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

}  // namespace presso
