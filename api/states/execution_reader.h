// What the queries of executions have in common.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/json_fwd.h"
#include "base/result.h"
#include "engine/core/caller.h"
#include "engine/core/store.h"

namespace presso::api::states {

// InvalidArn, ExecutionDoesNotExist; also for what belongs to someone else.
[[nodiscard]] Result<core::ExecutionRow> find_execution(core::Reader&, const core::Caller&,
                                                        const std::string& execution_arn);

// The store could not answer: our failure, whatever its reason.
[[nodiscard]] Error store_failure(const Error&);

// A page's place that is a number, as a token has it.
[[nodiscard]] std::optional<std::uint64_t> whole_place(const Json&);

}  // namespace presso::api::states
