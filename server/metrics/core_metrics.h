// What the core's thread counts: its turns and commits, and what came of them.
#pragma once

#include <array>

#include "engine/run/execution.h"
#include "server/metrics/counter.h"

namespace presso::server {

struct CoreMetrics {
  Histogram turn_us;    // applied, stored and handed on
  Histogram commit_us;  // of turns that changed something
  Histogram inputs;     // taken at a time
  Counter history_rows;
  Counter task_calls;
  Counter delivery_attempts;
  Counter events;  // that passed a bus, but for changes of status
  Counter warnings;
  std::array<Counter, 5> executions;  // by status, as they came to it; no Express ones

  // As they are after the last turn.
  Counter executions_running;
  Counter deliveries_pending;
  Counter rule_matches;

  [[nodiscard]] Counter& executions_of(run::Status status) {
    return executions[static_cast<std::size_t>(status)];
  }
};

}  // namespace presso::server
