#include "bus/delivery.h"

#include <algorithm>

#include "bus/limits.h"

namespace presso::bus {
namespace {

constexpr Duration kFirstDelay = seconds(1);
constexpr Duration kLongestDelay = seconds(600);

Duration full_delay(std::int64_t failed) {
  Duration delay = kFirstDelay;
  for (auto left = failed - 1; left > 0 && delay < kLongestDelay; --left) delay *= 2;
  return std::min(delay, kLongestDelay);
}

}  // namespace

NextAttempt next_attempt(const std::optional<RetryPolicy>& policy, const Attempts& attempts,
                         Time now, Entropy& entropy) {
  const RetryPolicy limits = policy.value_or(RetryPolicy{});
  const auto retries = limits.maximum_retry_attempts.value_or(kDefaultRetryAttempts);
  if (attempts.failed > retries) return GiveUp{GiveUpReason::MaximumRetryAttempts};
  const Duration age = limits.maximum_event_age_in_seconds
                           ? seconds(*limits.maximum_event_age_in_seconds)
                           : kDefaultEventAge;
  const Duration delay = full_delay(attempts.failed);
  const auto jitter = next_below(entropy, static_cast<std::uint64_t>(delay.count() / 2) + 1);
  const Time next = now + delay - Duration{static_cast<std::int64_t>(jitter)};
  if (next > attempts.accepted + age) return GiveUp{GiveUpReason::MaximumEventAge};
  return RetryAt{next};
}

std::optional<std::string_view> exhausted_retry_condition(GiveUpReason reason) {
  switch (reason) {
    case GiveUpReason::MaximumRetryAttempts: return "MaximumRetryAttempts";
    case GiveUpReason::MaximumEventAge: return "MaximumEventAgeInSeconds";
    case GiveUpReason::NotRetryable: return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace presso::bus
