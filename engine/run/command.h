// What the interpreter asks of the core.
#pragma once

#include <string>
#include <variant>

#include "base/ids.h"
#include "base/shared_json.h"
#include "engine/asl/resource.h"

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
// The execution started or ended.
struct StatusChanged {};
// The step reached its bound with work left: feed Continue in a later turn.
struct ContinueLater {};

using Command = std::variant<RunTask, CancelTask, StatusChanged, ContinueLater>;

}  // namespace presso::run
