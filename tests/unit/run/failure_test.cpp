#include "engine/run/failure.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"

namespace presso::run {
namespace {

asl::Retrier retrier(std::vector<std::string> names, std::int64_t max_attempts = 3) {
  asl::Retrier result;
  result.error_equals = std::move(names);
  result.max_attempts = max_attempts;
  return result;
}
asl::Catcher catcher(std::vector<std::string> names) {
  asl::Catcher result;
  result.error_equals = std::move(names);
  result.next = "Next";
  return result;
}

Failure failed(std::optional<std::string> error) {
  Failure failure;
  failure.error = std::move(error);
  return failure;
}

bool matches_error(std::string_view name, const std::string& error) {
  return matches(name, failed(error));
}

struct Decider {
  asl::State state;
  SeededEntropy entropy{1};

  Decision decide(const std::string& error, std::vector<std::uint32_t> attempts = {}) {
    return run::decide(state, failed(error), attempts, entropy);
  }
  // The delay before retry n + 1, in milliseconds; -1 for anything but a retry.
  std::int64_t delay_ms(std::uint32_t attempts) {
    const Decision decision = decide("Oops", {attempts});
    const auto* retry = std::get_if<Retry>(&decision);
    return retry ? retry->delay.count() : -1;
  }
};

}  // namespace

TEST_CASE("an error name matches itself, exactly") {
  CHECK(matches_error("CustomError", "CustomError"));
  CHECK_FALSE(matches_error("customerror", "CustomError"));
  CHECK_FALSE(matches_error("Custom", "CustomError"));
  CHECK_FALSE(matches_error("", "CustomError"));
}

TEST_CASE("States.ALL matches every error but States.Runtime") {
  for (const char* error : {"CustomError", "States.Timeout", "States.TaskFailed", "Lambda.Unknown",
                            "States.HeartbeatTimeout", "States.DataLimitExceeded", ""}) {
    CAPTURE(error);
    CHECK(matches_error("States.ALL", error));
  }
  CHECK(matches("States.ALL", Failure{}));
  CHECK_FALSE(matches_error("States.ALL", "States.Runtime"));
}

TEST_CASE("States.Runtime is matched by nothing, not by its own name either") {
  CHECK_FALSE(matches_error("States.Runtime", "States.Runtime"));
  CHECK_FALSE(matches_error("States.TaskFailed", "States.Runtime"));
}

TEST_CASE("States.TaskFailed matches every task error but a time-out") {
  CHECK(matches_error("States.TaskFailed", "CustomError"));
  CHECK(matches_error("States.TaskFailed", "States.TaskFailed"));
  CHECK(matches_error("States.TaskFailed", "States.Permissions"));
  CHECK_FALSE(matches_error("States.TaskFailed", "States.Timeout"));
  CHECK_FALSE(matches_error("States.TaskFailed", "States.HeartbeatTimeout"));
  CHECK_FALSE(matches_error("States.TaskFailed", "States.DataLimitExceeded"));
}

TEST_CASE("a missed heartbeat is matched by States.HeartbeatTimeout and by States.Timeout") {
  Failure missed = failed("States.Timeout");
  missed.is_missed_heartbeat = true;
  CHECK(matches("States.HeartbeatTimeout", missed));
  CHECK(matches("States.Timeout", missed));
  CHECK(matches("States.ALL", missed));
  CHECK_FALSE(matches("States.TaskFailed", missed));
  CHECK_FALSE(matches_error("States.HeartbeatTimeout", "States.Timeout"));
  CHECK(matches_error("States.Timeout", "States.HeartbeatTimeout"));
  CHECK(matches_error("States.Timeout", "States.Timeout"));
  CHECK_FALSE(matches_error("States.Timeout", "CustomError"));
}

TEST_CASE("an error without a name is matched by wildcards only") {
  CHECK(matches("States.TaskFailed", Failure{}));
  CHECK_FALSE(matches("", Failure{}));
  CHECK_FALSE(matches("States.Timeout", Failure{}));
}

TEST_CASE("a Retrier is used until its attempts are spent, then the Catchers are asked") {
  Decider decider;
  decider.state.retry = {retrier({"Oops"}, 2)};
  decider.state.catchers = {catcher({"Other"}), catcher({"States.ALL"})};
  CHECK(std::get<Retry>(decider.decide("Oops")).retrier == 0);
  CHECK(std::get<Retry>(decider.decide("Oops", {1})).retrier == 0);
  CHECK(std::get<Catch>(decider.decide("Oops", {2})).catcher == 1);
  CHECK(std::get<Catch>(decider.decide("Other", {0})).catcher == 0);
}

TEST_CASE("a later Retrier is not tried when the first that matches is spent") {
  Decider decider;
  decider.state.retry = {retrier({"Oops"}, 1), retrier({"States.ALL"}, 5)};
  CHECK(std::get<Retry>(decider.decide("Oops", {0, 4})).retrier == 0);
  CHECK(std::holds_alternative<GiveUp>(decider.decide("Oops", {1, 0})));
  CHECK(std::get<Retry>(decider.decide("Other", {1, 4})).retrier == 1);
  CHECK(std::holds_alternative<GiveUp>(decider.decide("Other", {0, 5})));
}

TEST_CASE("MaxAttempts 0 never retries") {
  Decider decider;
  decider.state.retry = {retrier({"States.ALL"}, 0)};
  CHECK(std::holds_alternative<GiveUp>(decider.decide("Oops")));
}

TEST_CASE("nothing is done about an error that nobody names") {
  Decider decider;
  decider.state.retry = {retrier({"A", "B"})};
  decider.state.catchers = {catcher({"A", "B"})};
  CHECK(std::holds_alternative<GiveUp>(decider.decide("C")));
  CHECK(std::get<Retry>(decider.decide("B")).retrier == 0);
}

TEST_CASE("the delay grows by BackoffRate from IntervalSeconds") {
  Decider decider;
  decider.state.retry = {retrier({"Oops"}, 100)};
  CHECK(decider.delay_ms(0) == 1000);
  CHECK(decider.delay_ms(1) == 2000);
  CHECK(decider.delay_ms(2) == 4000);
  decider.state.retry[0].interval_seconds = 3;
  decider.state.retry[0].backoff_rate = 1.5;
  CHECK(decider.delay_ms(0) == 3000);
  CHECK(decider.delay_ms(1) == 4500);
  CHECK(decider.delay_ms(2) == 6750);
  decider.state.retry[0].backoff_rate = 1.0;
  CHECK(decider.delay_ms(99) == 3000);
}

TEST_CASE("MaxDelaySeconds cuts the delay, and there is an end without it") {
  Decider decider;
  decider.state.retry = {retrier({"Oops"}, 100'000'000)};
  decider.state.retry[0].max_delay_seconds = 5;
  CHECK(decider.delay_ms(2) == 4000);
  CHECK(decider.delay_ms(3) == 5000);
  CHECK(decider.delay_ms(5000) == 5000);
  decider.state.retry[0].max_delay_seconds.reset();
  CHECK(decider.delay_ms(5000) == 99'999'999'000);
}

TEST_CASE("FULL jitter draws a delay between nothing and the whole, NONE draws nothing") {
  Decider decider;
  decider.state.retry = {retrier({"Oops"}, 100)};
  decider.state.retry[0].has_full_jitter = true;
  std::int64_t least = 4000;
  std::int64_t most = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::int64_t delay = decider.delay_ms(2);
    least = std::min(least, delay);
    most = std::max(most, delay);
  }
  CHECK(least >= 0);
  CHECK(least < 100);
  CHECK(most <= 4000);
  CHECK(most > 3900);

  decider.state.retry[0].has_full_jitter = false;
  SeededEntropy same{1};
  decider.entropy = SeededEntropy{1};
  decider.delay_ms(2);
  CHECK(decider.entropy.next() == same.next());
}

TEST_CASE("the same seed gives the same jitter") {
  Decider left;
  left.state.retry = {retrier({"Oops"}, 100)};
  left.state.retry[0].has_full_jitter = true;
  Decider right = left;
  for (int i = 0; i < 10; ++i) CHECK(left.delay_ms(3) == right.delay_ms(3));
}

TEST_CASE("the error output names Error, then Cause, and has an empty text for what is absent") {
  Failure failure = failed("E");
  failure.cause = "because";
  CHECK(dump_json(error_output(failure)) == R"({"Error":"E","Cause":"because"})");
  CHECK(dump_json(error_output(failed("States.Timeout"))) ==
        R"({"Error":"States.Timeout","Cause":""})");
  CHECK(dump_json(error_output({})) == R"({"Error":"","Cause":""})");
}

}  // namespace presso::run
