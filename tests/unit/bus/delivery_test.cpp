#include "bus/delivery.h"

#include <doctest/doctest.h>

namespace presso::bus {

namespace {

const Time kStart = time_of_epoch_ms(1'000'000);

std::optional<GiveUpReason> given_up(const NextAttempt& next) {
  const auto* give_up = std::get_if<GiveUp>(&next);
  return give_up == nullptr ? std::nullopt : std::optional{give_up->reason};
}

}  // namespace

TEST_CASE("delays double from a second to ten minutes, between a half and the whole of them") {
  SeededEntropy entropy{1};
  const std::pair<std::int64_t, Duration> expected[] = {{1, seconds(1)},    {2, seconds(2)},
                                                        {5, seconds(16)},   {10, seconds(512)},
                                                        {11, seconds(600)}, {100, seconds(600)}};
  for (const auto& [failed, delay] : expected) {
    for (int i = 0; i < 50; ++i) {
      const auto next = next_attempt(std::nullopt, {kStart, failed}, kStart, entropy);
      const auto* retry = std::get_if<RetryAt>(&next);
      REQUIRE(retry != nullptr);
      CHECK(retry->at >= kStart + delay / 2);
      CHECK(retry->at <= kStart + delay);
    }
  }
}

TEST_CASE("a delivery that always fails is given up after 185 retries or 24 hours") {
  for (std::uint64_t seed = 1; seed < 20; ++seed) {
    SeededEntropy entropy{seed};
    Time now = kStart;
    std::int64_t failed = 0;
    std::optional<GiveUpReason> reason;
    while (!reason) {
      const auto next = next_attempt(std::nullopt, {kStart, ++failed}, now, entropy);
      reason = given_up(next);
      if (!reason) now = std::get<RetryAt>(next).at;
    }
    CHECK(failed <= 186);
    CHECK(failed > 150);
    CHECK(now <= kStart + seconds(86400));
  }
}

TEST_CASE("a policy's own limits hold") {
  SeededEntropy entropy{7};
  RetryPolicy policy;
  policy.maximum_retry_attempts = 2;
  CHECK_FALSE(given_up(next_attempt(policy, {kStart, 2}, kStart, entropy)));
  CHECK(given_up(next_attempt(policy, {kStart, 3}, kStart, entropy)) ==
        GiveUpReason::MaximumRetryAttempts);
  policy.maximum_retry_attempts = 0;
  CHECK(given_up(next_attempt(policy, {kStart, 1}, kStart, entropy)) ==
        GiveUpReason::MaximumRetryAttempts);
  policy = {};
  policy.maximum_event_age_in_seconds = 60;
  CHECK_FALSE(given_up(next_attempt(policy, {kStart, 1}, kStart + seconds(59), entropy)));
  CHECK(given_up(next_attempt(policy, {kStart, 1}, kStart + seconds(60), entropy)) ==
        GiveUpReason::MaximumEventAge);
}

TEST_CASE("a dead letter names the limit that was reached") {
  CHECK(exhausted_retry_condition(GiveUpReason::MaximumRetryAttempts) == "MaximumRetryAttempts");
  CHECK(exhausted_retry_condition(GiveUpReason::MaximumEventAge) == "MaximumEventAgeInSeconds");
  CHECK_FALSE(exhausted_retry_condition(GiveUpReason::NotRetryable).has_value());
}

}  // namespace presso::bus
