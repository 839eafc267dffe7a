// Values back to JSON.
#pragma once

#include <cstddef>
#include <functional>

#include "base/json.h"
#include "lang/jsonata/value.h"

namespace presso::jsonata {

// Functions within arrays become null and within objects are left out. `spend` is told
// what is written, in values: the same array may stand in many places, so that a small value is
// large when written out.
// Throws U1001 beyond limits.
[[nodiscard]] Json to_json(const Value& value, const std::function<void(std::size_t)>& spend);

// For messages: scalars as they are, arrays and objects when they are small, else null.
[[nodiscard]] Json shown_json(const Value& value);

}  // namespace presso::jsonata
