// What can happen to one execution.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "base/ids.h"
#include "base/shared_json.h"
#include "base/time.h"
#include "engine/run/event.h"
#include "engine/run/failure.h"

namespace presso::run {

struct Start {
  SharedJson input;
  std::optional<std::string> alias_arn;
  std::optional<std::string> version_arn;
  std::optional<Duration> time_limit = {};  // beside the machine's own TimeoutSeconds
};
// The call that a task made was answered. For .sync and .waitForTaskToken that is the submission.
struct CallSucceeded {
  TaskId task;
  SharedJson output;
};
struct CallFailed {
  TaskId task;
  Failure failure;
};
// The end of a task that outlives its call: SendTaskSuccess, SendTaskFailure, a finished .sync job.
struct TaskDone {
  TaskId task;
  SharedJson output;
};
struct TaskGivenUp {
  TaskId task;
  Failure failure;
};
struct TaskHeartbeat {
  TaskId task;
};
// A worker took an activity's task.
struct ActivityTaken {
  TaskId task;
  std::optional<std::string> worker_name;
};
// A child of a Map Run has ended, in this attempt of the run.
struct MapChildEnded {
  TaskId run;
  std::uint64_t attempt = 0;
  MapRunChildEnded ended;
};
struct UpdateMapRun {
  TaskId run;
  MapRunLimits limits;
};
// Env::now reached something's deadline. Everything due is handled, in (deadline, frame) order.
struct DeadlineReached {};
// A step that stopped at its bound goes on.
struct Continue {};
struct Stop {
  Failure failure;
};
// A closed execution goes on from what failed, timed out or was aborted.
struct Redrive {};

using Input = std::variant<Start, CallSucceeded, CallFailed, TaskDone, TaskGivenUp, TaskHeartbeat,
                           ActivityTaken, MapChildEnded, UpdateMapRun, DeadlineReached, Continue,
                           Stop, Redrive>;

}  // namespace presso::run
