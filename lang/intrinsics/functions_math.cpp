#include <cstdint>
#include <limits>

#include "base/assert.h"
#include "base/entropy.h"
#include "lang/intrinsics/functions.h"

namespace presso::intrinsics {

namespace {

// java.util.Random, which the service's own numbers come from for all one can see: the linear
// congruential generator of 48 bits that its documentation specifies. The same seed gives the same
// number.
class JavaRandom {
 public:
  explicit JavaRandom(std::int64_t seed)
      : state_((static_cast<std::uint64_t>(seed) ^ kMultiplier) & kMask) {}

  // 0 ≤ result < bound
  std::int32_t next_below(std::int32_t bound) {
    const auto size = static_cast<std::uint32_t>(bound);
    if ((size & (size - 1)) == 0) {
      return static_cast<std::int32_t>((std::uint64_t{size} * next(31)) >> 31U);
    }
    // The last, incomplete run of `bound` numbers below 2^31 would make some likelier than others.
    while (true) {
      const std::uint32_t bits = next(31);
      const std::uint32_t value = bits % size;
      const std::uint64_t end_of_run = std::uint64_t{bits} - value + (size - 1);
      if (end_of_run <= std::numeric_limits<std::int32_t>::max()) {
        return static_cast<std::int32_t>(value);
      }
    }
  }
  std::int32_t next_int() { return static_cast<std::int32_t>(next(32)); }

 private:
  static constexpr std::uint64_t kMultiplier = 0x5DEECE66DULL;
  static constexpr std::uint64_t kIncrement = 0xBULL;
  static constexpr std::uint64_t kMask = (1ULL << 48U) - 1;

  std::uint32_t next(unsigned bits) {
    state_ = (state_ * kMultiplier + kIncrement) & kMask;
    return static_cast<std::uint32_t>(state_ >> (48U - bits));
  }

  std::uint64_t state_;
};

std::int64_t seeded(std::int64_t seed, std::int64_t start, std::int64_t end) {
  JavaRandom random{seed};
  const std::int64_t size = end - start;
  if (size <= std::numeric_limits<std::int32_t>::max()) {
    return start + random.next_below(static_cast<std::int32_t>(size));
  }
  std::int64_t number = random.next_int();
  while (number < start || number >= end) number = random.next_int();
  return number;
}

}  // namespace

std::optional<Json> math_random(std::span<Value> arguments, const Env& env) {
  const auto start = to_int32(arguments[0].get());
  const auto end = to_int32(arguments[1].get());
  if (!start || !end || *end <= *start) return std::nullopt;
  if (arguments.size() == 3) {
    const auto seed = to_integer(arguments[2].get());
    if (!seed) return std::nullopt;
    return Json(seeded(*seed, *start, *end));
  }
  PRESSO_ASSERT(env.entropy != nullptr);
  const std::int64_t size = std::int64_t{*end} - *start;
  const std::uint64_t offset = next_below(*env.entropy, static_cast<std::uint64_t>(size));
  return Json(*start + static_cast<std::int64_t>(offset));
}

std::optional<Json> math_add(std::span<Value> arguments, const Env&) {
  const auto left = to_int32(arguments[0].get());
  const auto right = to_int32(arguments[1].get());
  if (!left || !right) return std::nullopt;
  const auto sum = to_int32(Json(std::int64_t{*left} + *right));
  if (!sum) return std::nullopt;
  return Json(*sum);
}

std::optional<Json> uuid(std::span<Value>, const Env& env) {
  PRESSO_ASSERT(env.entropy != nullptr);
  return Json(next_uuid(*env.entropy));
}

}  // namespace presso::intrinsics
