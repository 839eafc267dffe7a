// What a task is told whose parameters make no call, beside what its service says.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "engine/run/failure.h"

namespace presso::server {

[[nodiscard]] Error unusable_field(std::string reason);
// "The field 'ClusterId' is required but was missing"
[[nodiscard]] Error missing_field(std::string_view name);

// States.Runtime: "The Parameters '…' could not be used to start the Task: [reason]". The
// parameters are JSON text.
[[nodiscard]] run::Failure unusable_parameters(const std::string& parameters,
                                               const std::string& reason);

}  // namespace presso::server
