// The sizes and counts of the API itself, each with its reason.
#pragma once

#include <cstddef>
#include <cstdint>

namespace presso::api {

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html:
// maxResults, where 0 means the default.
inline constexpr std::size_t kDefaultPage = 100;
// EventBridge's lists take 1 to 100.
inline constexpr std::size_t kDefaultEventsPage = 100;
// Of one refused request. A body of 4 MiB could break millions; nobody reads more than these.
inline constexpr std::size_t kMaxViolations = 1'000;
// Rows of history read at once for a page: one row is a step, which holds an event or many.
inline constexpr std::size_t kHistoryRowsAtOnce = 100;
// ValidateStateMachineDefinition: maxResults, where 0 means this.
inline constexpr std::size_t kMaxDiagnostics = 100;

}  // namespace presso::api
