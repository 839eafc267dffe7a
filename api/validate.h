// A request against the constraints of its shape, with the services' wording:
//
//   2 validation errors detected: Value 'x y' at 'name' failed to satisfy constraint: Member must
//   satisfy regular expression pattern: [\.\-_A-Za-z0-9]+; Value null at 'targets' failed to …
#pragma once

#include "api/field.h"
#include "base/json_fwd.h"
#include "base/result.h"

namespace presso::api {

// `request` is an object whose members have the right types: it has been decoded. Error code
// "ValidationException".
[[nodiscard]] Result<void> validate(const Json& request, const Shape&);

}  // namespace presso::api
