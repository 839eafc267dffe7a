// Constraints that many members of Step Functions' requests share.
#pragma once

#include <string_view>

#include "api/field.h"

namespace presso::api::states {

inline constexpr Constraint kArn = {.min = 1, .max = 256};
inline constexpr Constraint kLongArn = {.min = 1, .max = 2000};
inline constexpr Constraint kName = {.min = 1, .max = 80};
inline constexpr Constraint kData = {.max = 262'144, .is_sensitive = true};
inline constexpr Constraint kError = {.min = 0, .max = 256, .is_sensitive = true};
inline constexpr Constraint kCause = {.min = 0, .max = 32'768, .is_sensitive = true};
inline constexpr Constraint kDefinition = {.min = 1, .max = 1'048'576, .is_sensitive = true};
inline constexpr Constraint kDescription = {.max = 256, .is_sensitive = true};
inline constexpr Constraint kSensitive = {.is_sensitive = true};
inline constexpr Constraint kPageSize = {.min = 0, .max = 1000};
inline constexpr Constraint kPageToken = {.min = 1, .max = 1024};
inline constexpr Constraint kExecutionsPageToken = {.min = 1, .max = 3096};
inline constexpr Constraint kTaskToken = {.min = 1, .max = 2048};
inline constexpr Constraint kClientToken = {.min = 1, .max = 64, .pattern = &kVisible};
inline constexpr Constraint kTraceHeader = {.min = 0, .max = 256, .pattern = &kAscii};

// In the order in which AWS prints them, where a recording shows it.
inline constexpr std::string_view kTypeValues[] = {"STANDARD", "EXPRESS"};
inline constexpr std::string_view kStatusValues[] = {"SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE",
                                                     "ABORTED",   "FAILED",    "RUNNING"};
inline constexpr std::string_view kIncludedDataValues[] = {"ALL_DATA", "METADATA_ONLY"};
inline constexpr Constraint kType = {.values = kTypeValues};
inline constexpr Constraint kStatus = {.values = kStatusValues};
inline constexpr Constraint kIncludedData = {.values = kIncludedDataValues};

}  // namespace presso::api::states
