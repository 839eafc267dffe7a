// Who asks, by what a request says of itself.
#pragma once

#include <string_view>

#include "engine/core/caller.h"

namespace presso::server {

// Account and region of a request: the access key when it has twelve digits, and the region of the
// signature's credential scope. The signature itself is not looked at.
[[nodiscard]] core::Caller caller_of(std::string_view authorization, const core::Caller& otherwise);

}  // namespace presso::server
