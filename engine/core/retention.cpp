#include "engine/core/retention.h"

#include <algorithm>

#include "engine/core/core.h"
#include "engine/core/limits.h"
#include "engine/core/names.h"

namespace presso::core {

std::optional<Scan> Retention::wanted(Time now) const {
  if (now < due_) return std::nullopt;
  return Scan{.after = passed_, .limit = kScannedPerTurn};
}

void Retention::sweep(const std::vector<ExecutionRow>& rows) {
  const Time now = core_.now();
  if (!wanted(now)) return;
  const Duration kept = core_.settings().retention;
  // What runs now ends later.
  Time next = next_.value_or(now + kept);
  bool is_over = rows.size() < kScannedPerTurn;
  for (const ExecutionRow& row : rows) {
    const bool is_closed = run::is_terminal(row.status);
    const Time gone = (is_closed ? row.stop_time.value_or(row.start_time) : row.start_time) + kept;
    if (row.start_time + kept > now) {
      next = std::min(next, gone);
      is_over = true;
      break;
    }
    passed_ = row.number;
    if (!is_closed) continue;
    if (gone <= now) {
      erase(row);
    } else {
      next = std::min(next, gone);
    }
  }
  next_ = next;
  if (!is_over) return;
  passed_ = {};
  next_.reset();
  due_ = std::max(next, now + std::max(kept / kSweepsPerRetention, kShortestPause));
}

void Retention::erase(const ExecutionRow& row) {
  core_.batch().erased_executions.push_back(row.number);
  core_.map_runs().forget(execution_arn(row.machine_arn, row.name));
  core_.executions().forget(row.number);
}

}  // namespace presso::core
