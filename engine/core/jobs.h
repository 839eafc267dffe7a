// Jobs of other services that a `.sync` task started and awaits: ecs:runTask.sync, glue, batch, …
// https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-sync
//
// AWS hears of a job's end by events and by asking. Here the service is asked, on the engine's
// clock: soon at first, later more seldom. Each job is a row of its own, so its end reaches the
// task although the execution is not in memory, and after a restart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include "base/ids.h"
#include "base/json_fwd.h"
#include "base/result.h"
#include "base/time.h"
#include "engine/asl/resource.h"
#include "engine/core/caller.h"
#include "engine/core/input.h"
#include "engine/models/jobs.h"
#include "engine/run/failure.h"

namespace presso::core {

class Core;

// The first question, and what each next one waits longer by, up to the last.
inline constexpr Duration kFirstJobPoll{250};
inline constexpr Duration kLastJobPoll = seconds(10);
// So many questions in a row may fail; then the task does.
inline constexpr std::uint32_t kJobPollFailures = 10;

struct Job {
  const models::JobKind* kind = nullptr;
  std::string describe;  // parameters, JSON text
  std::string stop;      // the same; empty: cannot be stopped
  Caller caller;
  std::string execution_arn;
};

class Jobs {
 public:
  explicit Jobs(Core& core) : core_(core) {}

  // Whether a task of this resource awaits a job outside.
  [[nodiscard]] static bool is_job(const asl::Resource&);
  // What a task of that kind has to await, from the parameters and the answer of its call; a
  // failure when the answer started nothing.
  [[nodiscard]] static std::variant<Job, run::Failure> started(const asl::Resource&,
                                                               const Json& request,
                                                               const Json& answer);
  void await(TaskId, Job);
  // Nobody awaits the task any more: its job is stopped, once. False when it has none.
  bool cancelled(TaskId);

  std::size_t fire_due(std::size_t limit);
  [[nodiscard]] std::optional<Time> next_deadline() const;
  // Some job is running: what the outside does takes real time.
  [[nodiscard]] bool has_any() const { return !jobs_.empty(); }

  // Rows {"kind": "job", …}.
  [[nodiscard]] static bool is_row(const Json& value);
  [[nodiscard]] Result<void> restore(DeliveryId row, const Json& value);

 private:
  struct Awaited {
    Job job;
    DeliveryId row;
    Duration pause = kFirstJobPoll;
    std::uint32_t failures = 0;
    std::optional<Time> due = {};  // none: the question is under way
  };

  void ask(TaskId, Awaited&);
  void answered(TaskId, CallAnswered);
  void ask_again(TaskId, Awaited&);
  void end(TaskId, std::variant<std::string, run::Failure>);
  void remove(std::map<TaskId, Awaited>::iterator);

  Core& core_;
  std::map<TaskId, Awaited> jobs_;
  std::set<std::pair<Time, TaskId>> due_;
};

}  // namespace presso::core
