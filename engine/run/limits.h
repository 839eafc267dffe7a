// Numbers that bound an execution, with their reasons.
#pragma once

#include <cstddef>
#include <cstdint>

namespace presso::run {

// https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
inline constexpr std::size_t kStateDataBytes = 262'144;
inline constexpr std::uint64_t kHistoryEvents = 25'000;
// An execution whose history has no room for more than these fails: what one transition records
// fits.
inline constexpr std::uint64_t kHistoryReserve = 5;
// AWS redrives what has fewer than 24,999 events, so that two more fit; here the reserve is full.
inline constexpr std::uint64_t kRedrivableEvents = kHistoryEvents - kHistoryReserve;
inline constexpr std::size_t kVariableBytes = 262'144;
inline constexpr std::size_t kAssignBytes = 262'144;
inline constexpr std::size_t kVariablesBytes = 10 * 1024 * 1024;
inline constexpr std::int64_t kMaxSeconds =
    99'999'999;  // TimeoutSeconds, HeartbeatSeconds, Seconds
inline constexpr std::size_t kInlineMapConcurrency = 40;
// Children of a Map Run side by side.
inline constexpr std::uint64_t kMapRunConcurrency = 10'000;
inline constexpr std::uint64_t kMapRunRedrives = 1'000;  // of one Map Run
// Recorded: a Wait until a moment 24,856 days ahead fails, one 24,855 days ahead does not (2^31 s).
inline constexpr std::int64_t kMaxWaitSeconds = 2'147'483'647;
// Transitions within one step: a machine that only loops yields to others, and goes on in the next
// turn. Well above what a turn's time should hold; below what would be noticed as a stall.
inline constexpr std::size_t kTransitionsPerStep = 1'000;

}  // namespace presso::run
