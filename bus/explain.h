// Why an event matches a pattern, or does not: field by field, with the values seen.
//
//   explain(*pattern, event)
//   {"matched": false,
//    "fields": [{"field": "source", "expected": ["shop"], "found": ["store"], "matched": false}]}
//
// The verdicts are the matcher's own: each field is asked about alone, by a pattern that holds
// nothing else. Where every field has its match and the event has none, the elements of an array
// are the reason, and "reason" says so.
#pragma once

#include "base/json.h"
#include "bus/pattern.h"

namespace presso::bus {

[[nodiscard]] Json explain(const Pattern&, const Json& event);

}  // namespace presso::bus
