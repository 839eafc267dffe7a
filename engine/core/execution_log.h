// What a machine's loggingConfiguration wants to be told of its executions: their events, in the
// form in which Step Functions sends them to CloudWatch Logs.
// https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/json_fwd.h"
#include "base/time.h"
#include "engine/core/caller.h"
#include "engine/run/event.h"
#include "engine/run/execution.h"

namespace presso::core {

struct LogSettings {
  enum class Level { Fatal, Error, All };
  Level level = Level::All;
  bool includes_data = false;
  std::string group_arn;  // "arn:aws:logs:…:log-group:NAME:*"
};

// Of a revision's settings; nothing when it logs nothing.
[[nodiscard]] std::optional<LogSettings> log_settings(const Json& settings);

// AWS: an escaped input or output above this is cut, and says so.
inline constexpr std::size_t kLoggedBytes = 248 * 1'024;

struct LogLine {
  Time at;
  // {"id", "type", "details", "previous_event_id", "event_timestamp", "execution_arn",
  // "redrive_count"}: JSON text.
  std::string text;
};

// An effect: lines of one execution, in their order.
struct ExecutionLog {
  Caller caller;
  std::string machine_name;
  std::string execution_arn;
  std::string group_arn;
  std::vector<LogLine> lines;

  // About what it takes in memory.
  [[nodiscard]] std::size_t size_bytes() const;
};

// Of the events those that the level wants; nothing when there is none.
[[nodiscard]] std::optional<ExecutionLog> log_of(const LogSettings&, const run::Execution&,
                                                 const std::vector<run::Event>&);

}  // namespace presso::core
