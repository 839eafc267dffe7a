// The functions at the end of a path. Internal to jsonpath.
#pragma once

#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "lang/jsonpath/budget.h"
#include "lang/jsonpath/program.h"

namespace presso::jsonpath {

// `function` applied to `value`, its path arguments taken from `document`. Fails with code
// "InvalidPath", or with a path argument's own error.
[[nodiscard]] Result<Json> apply(const Function& function, const Json& value, const Json& document,
                                 Budget& budget);

}  // namespace presso::jsonpath
