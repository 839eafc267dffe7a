// What came of an event or an execution, and what it came from: read from what is stored anyway.
// Nothing is written for a trace but, in an execution's details, the rule and the execution that it
// comes from. The links:
//
//   event → executions    by the names of what rules start, "EVENT-ID_UUID"
//   execution → events    the answers to events:putEvents in its history; the ids of the events
//                         that tell of its status follow from its row
//   execution → children  the answers to states:startExecution in its history, and the children of
//                         its Map Runs, whose names follow from the run's
//   execution → origin    its details and its name
//
// Executions of Express machines are stored nowhere: the core remembers the last of them.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "engine/core/express_traces.h"
#include "engine/core/store.h"

namespace presso::server {

// A chain of events and executions may be endless; a trace is read while others wait.
inline constexpr std::size_t kTracedExecutions = 256;
inline constexpr std::size_t kTracedHistoryRows = 20'000;
inline constexpr std::size_t kTracedBack = 100;

using ExpressTraces = std::vector<std::shared_ptr<const core::ExpressTrace>>;

struct Trace {
  bool is_complete = true;  // no bound was reached
  // Breadth first. {"id", "origin": the execution that put it or null, "event": as it was
  // delivered, or null, "targets": [{"rule", "target", "status": "STARTED", "execution"}]}
  Json events = Json::array();
  // {"execution", "event", "rule", "origin", "status", "startDate", "stopDate", "lastState",
  // "states": [{"name", "type", "entered"}], "events": [id], "executions": [ARN]}
  Json executions = Json::array();
};

// `id` is that of an event or the ARN of an execution. The event itself may be unknown: then it has
// no targets, and nothing is said of whether it ever was. Errors: those of the reader,
// ExecutionDoesNotExist.
[[nodiscard]] Result<Trace> trace_from(core::Reader&, const ExpressTraces&, const std::string& id);

// {"trace": id of what everything began with, "path": from there to the execution, each
// {"event", "rule"}, {"schedule"} or {"execution", "status", "startDate", "stopDate"}}.
// ExecutionDoesNotExist.
[[nodiscard]] Result<Json> trace_back(core::Reader&, const ExpressTraces&,
                                      const std::string& execution_arn);

}  // namespace presso::server
