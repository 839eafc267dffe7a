// The context object that a TestState request may bring along.
#pragma once

#include <string>

#include "base/result.h"
#include "base/shared_json.h"
#include "engine/asl/definition.h"

namespace presso::api::states {

// ValidationException: not an object, or members that a context object does not have.
[[nodiscard]] Result<SharedJson> read_context(const std::string& text, const asl::State&);

}  // namespace presso::api::states
