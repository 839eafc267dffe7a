// Json: every JSON value in presso, members in the order in which they came. Equality is deep and
// ignores the order of members; 1 and 1.0 are equal.
//
// parse_json is the only way in: it bounds the depth, so that nothing downstream has to fear a deep
// recursion, and takes any bytes. Numbers beyond 64 bits become doubles; of a repeated member the
// last value counts, at the place of the first.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/json_fwd.h"
#include "base/ordered_map.h"
#include "base/result.h"

namespace presso {

// State data, definitions and requests. The services' own parser stops at 1,000; an event's detail
// may use that, nothing else comes near 256.
inline constexpr std::size_t kJsonDepth = 256;

// Fails with code "JsonParseError" and a message that ends in a place, a byte of the text: "… at
// offset 17". Trailing text after the value, NaN, comments and invalid UTF-8 are refused.
[[nodiscard]] Result<Json> parse_json(std::string_view text, std::size_t max_depth = kJsonDepth);

// Compact, UTF-8 unescaped, invalid UTF-8 replaced by U+FFFD; never throws. Whole doubles print
// with ".0", as Jackson prints them.
[[nodiscard]] std::string dump_json(const Json&);

// Member `name` of an object, or null: also null when `value` is no object.
[[nodiscard]] const Json* find_member(const Json& value, std::string_view name);
// The text of a string, or null when it is no string (or there is no value).
[[nodiscard]] const std::string* as_string(const Json* value);

}  // namespace presso
