// What the interpreter asks of the core.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "base/ids.h"
#include "base/shared_json.h"
#include "engine/asl/resource.h"
#include "engine/run/map_run.h"

namespace presso::run {

// Make this call, or queue it for a worker. Asked again after a restart when no answer is recorded.
struct RunTask {
  TaskId task;
  asl::Resource resource;
  SharedJson parameters;
  std::string token;  // empty when nobody may answer by token
};
// Nobody waits for it any more: it timed out, failed or its execution ended.
struct CancelTask {
  TaskId task;
};
// A child of a Map Run begins, or is redriven. Asked again after a restart when its end is not
// recorded.
struct StartMapChild {
  TaskId run;  // the parent, and its MapRunStarted
  // The run's redrives until now. A child of an earlier attempt is redriven, one of this is let be.
  std::uint64_t attempt = 0;
  std::uint64_t index = 0;
  std::string map_run_arn;
  std::string state;  // the Map's name: the child runs what it holds
  SharedJson input;
  std::uint64_t items = 1;
  bool is_express = false;
  bool may_exist = false;  // it was asked for before
};
// Nobody waits for the end of this attempt any more.
struct StopMapChild {
  std::string map_run_arn;
  std::uint64_t index = 0;
  std::uint64_t attempt = 0;
};
// A Map Run started, was updated or ended.
struct MapRunChanged {
  MapRunSummary summary;
};
// The execution started or ended.
struct StatusChanged {};
// The step reached its bound with work left: feed Continue in a later turn.
struct ContinueLater {};

using Command = std::variant<RunTask, CancelTask, StatusChanged, ContinueLater, StartMapChild,
                             StopMapChild, MapRunChanged>;

}  // namespace presso::run
