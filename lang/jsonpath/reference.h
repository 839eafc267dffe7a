// Writing at a path: what ResultPath does with a state's result.
#pragma once

#include <string>

#include "base/json.h"
#include "base/result.h"
#include "lang/jsonpath/path.h"

namespace presso::jsonpath {

// `document` with `value` at `reference` (Path::is_reference). Missing objects on the way are made.
// An index beyond an array, or a name in something that is no object, fails with code
// "States.ResultPathMatchFailure".
[[nodiscard]] Result<Json> place(const Path& reference, Json document, Json value);

// Where a reference leads to, from its root, as a JSON pointer (RFC 6901): "$['a/b'][0]" is
// "/a~1b/0".
[[nodiscard]] std::string pointer_of(const Path& reference);

}  // namespace presso::jsonpath
