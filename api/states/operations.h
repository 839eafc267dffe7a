// Step Functions' operations, as rows.
#pragma once

#include <span>
#include <string_view>

#include "api/operation.h"

namespace presso::api::states {

[[nodiscard]] std::span<const Operation> operations();
[[nodiscard]] std::span<const std::string_view> absent_operations();

}  // namespace presso::api::states
