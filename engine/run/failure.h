// What went wrong in a workflow, as data; and what is done about it: retry, catch or give up.
// https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/entropy.h"
#include "base/json_fwd.h"
#include "base/time.h"
#include "engine/asl/definition.h"

namespace presso::run {

struct Failure {
  std::optional<std::string> error;  // a Fail state may name none
  std::optional<std::string> cause;
  // AWS: a missed heartbeat is recorded as States.Timeout, but States.HeartbeatTimeout matches it.
  bool is_missed_heartbeat = false;

  friend bool operator==(const Failure&, const Failure&) = default;
};

// {"Error": …, "Cause": …}: what a Catcher sees. AWS: what is absent is an empty text there, so a
// caught time-out is {"Error": "States.Timeout", "Cause": ""}, though its event has no cause.
[[nodiscard]] Json error_output(const Failure&);

struct Retry {
  std::size_t retrier;  // index in State::retry
  Duration delay;
};
struct Catch {
  std::size_t catcher;  // index in State::catchers
};
struct GiveUp {};
using Decision = std::variant<Retry, Catch, GiveUp>;

// The first Retrier that names the error is used, or none if its attempts are spent; then the first
// Catcher. `attempts[i]`: how often retrier i was used in this visit of the state (missing: never).
[[nodiscard]] Decision decide(const asl::State&, const Failure&,
                              std::span<const std::uint32_t> attempts, Entropy&);

// Whether one name of an ErrorEquals matches: States.ALL, States.TaskFailed, States.Timeout (also a
// missed heartbeat) or the very name. States.Runtime and States.DataLimitExceeded are matched by
// nothing but, for the latter, their own name and States.ALL on task results.
[[nodiscard]] bool matches(std::string_view name, const Failure&);

}  // namespace presso::run
