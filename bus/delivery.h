// When a delivery that failed is tried again, and when it is given up.
//
// AWS: "retries for 24 hours and up to 185 times, with an exponential back-off and jitter". The
// curve is not published; ours doubles from one second up to ten minutes, and takes a random share
// between a half and the whole of it, which spends 185 attempts within the 24 hours.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/entropy.h"
#include "base/time.h"
#include "bus/rule.h"

namespace presso::bus {

// One delivery's past. An attempt that was never made counts nothing; the first is no retry.
struct Attempts {
  Time accepted{};          // when the event reached the rule
  std::int64_t failed = 0;  // attempts that have failed so far, the one just now included
};

enum class GiveUpReason { MaximumRetryAttempts, MaximumEventAge, NotRetryable };

struct RetryAt {
  Time at{};
};
struct GiveUp {
  GiveUpReason reason{};
};
using NextAttempt = std::variant<RetryAt, GiveUp>;

// What follows a failed attempt at `now`. Without a policy AWS's defaults hold.
[[nodiscard]] NextAttempt next_attempt(const std::optional<RetryPolicy>&, const Attempts&, Time now,
                                       Entropy&);

// What a dead-letter queue's message says in EXHAUSTED_RETRY_CONDITION; nothing for NotRetryable.
[[nodiscard]] std::optional<std::string_view> exhausted_retry_condition(GiveUpReason);

}  // namespace presso::bus
