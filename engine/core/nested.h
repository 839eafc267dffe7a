// Executions that a task of another one awaits: startExecution.sync and .sync:2.
// https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
//
// Each such pair is a row of its own, so that the end of the one reaches the other although neither
// is in memory, and after a restart.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "base/ids.h"
#include "base/json_fwd.h"
#include "base/result.h"
#include "engine/asl/resource.h"
#include "engine/run/execution.h"

namespace presso::core {

class Core;

class Nested {
 public:
  explicit Nested(Core& core) : core_(core) {}

  // `parent` awaits the end of `child`, which may have come already.
  void await(TaskId parent, const run::Execution& child, asl::IntegrationPattern);
  // Tells everybody who awaits it.
  void ended(const run::Execution& child);
  // Nobody awaits the task any more: what it started is stopped. False when it started nothing.
  bool cancelled(TaskId parent);

  // Rows {"kind": "await", …}.
  [[nodiscard]] static bool is_row(const Json& value);
  [[nodiscard]] Result<void> restore(DeliveryId row, const Json& value);

 private:
  struct Link {
    asl::IntegrationPattern pattern = asl::IntegrationPattern::Sync;
    DeliveryId row;
  };
  using Pair = std::pair<ExecutionNumber, TaskId>;  // child, parent

  void tell(TaskId parent, const run::Execution& child, asl::IntegrationPattern);
  void remove(std::map<Pair, Link>::iterator);

  Core& core_;
  std::map<Pair, Link> links_;
  std::map<TaskId, ExecutionNumber> children_;
};

}  // namespace presso::core
