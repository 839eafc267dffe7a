// Constraints that many members of EventBridge's requests share.
#pragma once

#include <string_view>

#include "api/field.h"

namespace presso::api::events {

inline constexpr Constraint kArn = {.min = 1, .max = 1600};
inline constexpr Constraint kBus = {.min = 1, .max = 256, .pattern = &kBusName};
inline constexpr Constraint kBusReference = {.min = 1, .max = 1600, .pattern = &kBusNameOrArn};
inline constexpr Constraint kEntryBus = {.min = 1, .max = 1600, .pattern = &kEntryBusName};
inline constexpr Constraint kRule = {.min = 1, .max = 64, .pattern = &kNamePattern};
inline constexpr Constraint kTargetId = {.min = 1, .max = 64, .pattern = &kNamePattern};
inline constexpr Constraint kDescription = {.max = 512};
inline constexpr Constraint kEventPattern = {.max = 4096};
inline constexpr Constraint kSchedule = {.max = 256};
inline constexpr Constraint kOwner = {.min = 1, .max = 128};
inline constexpr Constraint kKmsKeyIdentifier = {.max = 2048, .pattern = &kKmsKey};
inline constexpr Constraint kPageToken = {.min = 1, .max = 2048};
inline constexpr Constraint kLimit = {.min = 1, .max = 100};

inline constexpr std::string_view kRuleStateValues[] = {
    "ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"};
inline constexpr Constraint kRuleState = {.values = kRuleStateValues};

}  // namespace presso::api::events
