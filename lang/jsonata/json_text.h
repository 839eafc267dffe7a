// JSON as JSON.stringify writes it: what $string answers and messages show.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"

namespace presso::jsonata {

// `text` in quotes, a lone surrogate escaped.
void append_quoted(std::string& out, std::string_view text);
[[nodiscard]] std::string json_text(const Json& value);

}  // namespace presso::jsonata
