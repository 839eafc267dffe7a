// JSON as text, without a tree.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/json.h"

namespace presso {

// What parse_json says, without making the value: for a text that only has to be valid. Gives the
// type of the root.
[[nodiscard]] Result<Json::value_t> check_json(std::string_view text,
                                               std::size_t max_depth = kJsonDepth);

// `value` as dump_json shows it, quoted and escaped, at the end of `text`.
void append_json_string(std::string& text, std::string_view value);

}  // namespace presso
