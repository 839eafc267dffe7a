// Map Runs as the API shows them: one document each, written when a run starts, is updated, ends.
// While one is open its parent is in memory, and knows the counts.
// https://docs.aws.amazon.com/step-functions/latest/dg/concepts-examine-map-run.html
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json_fwd.h"
#include "base/result.h"
#include "engine/core/caller.h"
#include "engine/run/execution.h"
#include "engine/run/map_run.h"

namespace presso::core {

class Core;

struct MapRun {
  run::MapRunSummary summary;
  std::string execution_arn;  // the parent's
  TaskId id;
};

class MapRuns {
 public:
  explicit MapRuns(Core& core) : core_(core) {}

  void changed(const run::Execution& parent, const run::MapRunSummary&);
  // Those of an execution that is kept no longer.
  void forget(const std::string& execution_arn);

  // As it is now. ResourceNotFound, InvalidArn.
  [[nodiscard]] Result<MapRun> describe(const Caller&, const std::string& arn) const;
  // Those of one execution, newest first.
  [[nodiscard]] std::vector<const MapRun*> list(const std::string& execution_arn) const;
  // What is absent stays as it is. ResourceNotFound; ValidationException of one that is closed.
  [[nodiscard]] Result<void> update(const Caller&, const std::string& arn,
                                    std::optional<std::uint64_t> max_concurrency,
                                    std::optional<std::uint64_t> tolerated_count,
                                    std::optional<std::uint64_t> tolerated_millionths);

  [[nodiscard]] Result<void> restore(const Json& value);

 private:
  Core& core_;
  std::map<std::string, MapRun, std::less<>> runs_;  // by ARN
  std::map<std::string, std::vector<std::string>, std::less<>> of_execution_;
};

}  // namespace presso::core
