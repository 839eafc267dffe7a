// The service's limits on intrinsic calls, and ours.
#pragma once

#include <cstddef>

namespace presso::intrinsics {

// "You can nest up to 10 intrinsic functions within a field": all calls of the field, counted.
inline constexpr std::size_t kMaxCalls = 10;
// Items of States.ArrayRange.
inline constexpr std::size_t kMaxRange = 1'000;
// UTF-16 units that Base64Encode, Base64Decode and Hash take.
inline constexpr std::size_t kMaxCodedLength = 10'000;
// Bytes of JSON that the arguments of one call may hold together, roughly. State data ends at
// 262,144, but a call may name the same data many times.
inline constexpr std::size_t kMaxArgumentBytes = 16'777'216;

}  // namespace presso::intrinsics
