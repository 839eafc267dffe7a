// The sizes and counts EventBridge publishes, each with its reason.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace presso::bus {

inline constexpr std::size_t kMaxEntriesBytes = 1024 * 1024;  // 256 KiB before January 2026
inline constexpr std::size_t kEntryTimeBytes = 14;            // what a given Time counts as
inline constexpr std::size_t kMaxDetailDepth = 1000;          // Jackson's own limit

inline constexpr std::size_t kMaxTargetsPerRule = 5;

inline constexpr std::size_t kMaxPatternCombinations = 1000;  // over all $or of one pattern
inline constexpr std::size_t kMaxWildcardComplexity = 10;     // 7 is accepted, 11 refused by AWS

inline constexpr std::size_t kMaxTransformerPaths = 100;

inline constexpr std::int64_t kDefaultRetryAttempts = 185;
inline constexpr Duration kDefaultEventAge = seconds(86400);

}  // namespace presso::bus
