// Whether a filter lets a value pass. Internal to jsonpath.
#pragma once

#include "base/json.h"
#include "lang/jsonpath/budget.h"
#include "lang/jsonpath/program.h"

namespace presso::jsonpath {

// `item` is `@`, `document` is `$`. Never an error: what cannot be compared does not pass. When the
// budget runs out the answer means nothing; the caller looks at it.
[[nodiscard]] bool accepts(const Filter&, const Json& item, const Json& document, Budget&);

}  // namespace presso::jsonpath
