// JSON as text, without a tree.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace presso {

// What parse_json says, without making the value: for a text that only has to be valid. Gives the
// type of the root.
[[nodiscard]] Result<Json::value_t> check_json(std::string_view text,
                                               std::size_t max_depth = kJsonDepth);

// Of the valid JSON `text`: what an array or object has there, white space and all; nothing where
// the JSON pointer (RFC 6901) leads to none. With the same member twice, the first counts.
[[nodiscard]] std::optional<std::string> source_text(std::string_view text,
                                                     std::string_view pointer);

// `value` as dump_json shows it, quoted and escaped, at the end of `text`.
void append_json_string(std::string& text, std::string_view value);

}  // namespace presso
