#include "engine/run/failure.h"

#include <algorithm>
#include <cmath>

#include "base/json.h"
#include "engine/run/limits.h"

namespace presso::run {
namespace {

bool names(const std::vector<std::string>& error_equals, const Failure& failure) {
  return std::any_of(error_equals.begin(), error_equals.end(),
                     [&](const std::string& name) { return matches(name, failure); });
}

// Interval × Rate^(retries so far), cut at MaxDelaySeconds. With jitter: any moment until then.
Duration delay_of(const asl::Retrier& retrier, std::uint32_t attempts, Entropy& entropy) {
  const std::int64_t most = retrier.max_delay_seconds.value_or(kMaxSeconds);
  const double wanted = static_cast<double>(retrier.interval_seconds) *
                        std::pow(retrier.backoff_rate, static_cast<double>(attempts));
  const double delay_ms = std::min(wanted, static_cast<double>(most)) * 1000.0;
  const auto whole_ms = static_cast<std::int64_t>(std::llround(delay_ms));
  if (!retrier.has_full_jitter) return Duration{whole_ms};
  const auto bound = static_cast<std::uint64_t>(whole_ms) + 1;
  return Duration{static_cast<std::int64_t>(next_below(entropy, bound))};
}

}  // namespace

Json error_output(const Failure& failure) {
  Json output = Json::object();
  output["Error"] = failure.error.value_or("");
  output["Cause"] = failure.cause.value_or("");
  return output;
}

Decision decide(const asl::State& state, const Failure& failure,
                std::span<const std::uint32_t> attempts, Entropy& entropy) {
  for (std::size_t i = 0; i < state.retry.size(); ++i) {
    const asl::Retrier& retrier = state.retry[i];
    if (!names(retrier.error_equals, failure)) continue;
    const std::uint32_t used = i < attempts.size() ? attempts[i] : 0;
    if (static_cast<std::int64_t>(used) < retrier.max_attempts) {
      return Retry{i, delay_of(retrier, used, entropy)};
    }
    break;  // spent: a later Retrier that names the error too is not tried
  }
  for (std::size_t i = 0; i < state.catchers.size(); ++i) {
    if (names(state.catchers[i].error_equals, failure)) return Catch{i};
  }
  return GiveUp{};
}

// AWS: documentation calls States.DataLimitExceeded terminal, yet a task's result that is too large
// was recorded as caught by States.ALL and by its own name. States.Runtime was recorded as not
// caught by a Catcher that names it.
bool matches(std::string_view name, const Failure& failure) {
  const std::string_view error = failure.error ? *failure.error : std::string_view{};
  if (error == "States.Runtime") return false;
  if (name == "States.ALL") return true;
  const bool is_timeout = error == "States.Timeout" || error == "States.HeartbeatTimeout";
  if (name == "States.Timeout") return is_timeout;
  if (name == "States.TaskFailed") return !is_timeout && error != "States.DataLimitExceeded";
  if (name == "States.HeartbeatTimeout" && failure.is_missed_heartbeat) return true;
  return failure.error && name == error;
}

}  // namespace presso::run
