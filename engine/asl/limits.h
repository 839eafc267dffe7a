// What a definition may hold at most, and why. Lengths are in Unicode code points.
// https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
#pragma once

#include <cstddef>
#include <cstdint>

namespace presso::asl {

inline constexpr std::size_t kDefinitionBytes = 1'048'576;  // the API's own maximum
inline constexpr std::size_t kStateNameLength = 80;
inline constexpr std::size_t kVariableNameLength = 80;
inline constexpr std::size_t kLabelLength = 40;

inline constexpr std::int64_t kSeconds = 99'999'999;  // time-outs, intervals, attempts, waits
inline constexpr std::int64_t kMaxDelaySeconds = 31'622'400;  // 366 days
inline constexpr std::int64_t kItems = 100'000'000;           // of a Map Run
inline constexpr std::int64_t kBatchBytes = 262'144;          // a child's input is state data

// ValidateStateMachineDefinition shows at most 100 and says when there were more; beyond that a
// hostile text only costs memory.
inline constexpr std::size_t kDiagnosticsPerSeverity = 200;
// A name inside a location: keys of a template may be as long as the whole text.
inline constexpr std::size_t kLocationNameBytes = 256;

}  // namespace presso::asl
