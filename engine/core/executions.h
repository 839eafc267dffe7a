// Executions by number, name, token and deadline: those in memory, and an index entry for the
// others.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "engine/core/caller.h"
#include "engine/core/input.h"
#include "engine/core/store.h"
#include "engine/run/step.h"

namespace presso::core {

class Core;

struct StartExecution {
  std::string machine_arn;  // may carry a version or alias
  std::optional<std::string> name;
  std::string input = "{}";
  std::optional<std::string> trace_header;
};
struct StartedExecution {
  std::string arn;
  Time start_time;
  ExecutionNumber number;
};

// Keys for requests that name an execution. An ARN or token of no known form gives no keys.
[[nodiscard]] Keys keys_of_execution(std::string_view execution_arn);
[[nodiscard]] Keys keys_of_token(std::string_view token);
[[nodiscard]] Keys keys_of_start(const StartExecution&);

// "arn:…:execution:MACHINE:NAME" → machine ARN and name; nothing for another form.
[[nodiscard]] std::optional<ExecutionName> parse_execution_arn(std::string_view arn);
[[nodiscard]] std::string execution_arn(std::string_view machine_arn, std::string_view name);

class Executions {
 public:
  explicit Executions(Core& core) : core_(core) {}

  // StateMachineDoesNotExist, InvalidExecutionInput, ExecutionAlreadyExists, InvalidName. The same
  // name and input as a running execution: that one.
  [[nodiscard]] Result<StartedExecution> start(const Caller&, const StartExecution&);
  // ExecutionDoesNotExist. Of a closed one: its stop time, and nothing changes.
  [[nodiscard]] Result<Time> stop(const std::string& execution_arn, run::Failure);
  // InvalidToken, TaskDoesNotExist, TaskTimedOut, InvalidOutput.
  [[nodiscard]] Result<void> succeed_task(const std::string& token, const std::string& output);
  [[nodiscard]] Result<void> fail_task(const std::string& token, run::Failure);
  [[nodiscard]] Result<void> heartbeat(const std::string& token);
  // The execution's row: loaded because the request's keys named it. ExecutionDoesNotExist.
  [[nodiscard]] Result<const ExecutionRow*> find(const std::string& execution_arn) const;

  void call_answered(CallAnswered);

  // ---- the turn ----
  // What of `keys` is not in memory, and what is due at `now` and not in memory.
  [[nodiscard]] Keys missing(const Keys& keys, Time now, std::size_t due_limit) const;
  void take(StoredExecution);
  void adopt(const ParkedExecution&);  // at recovery
  void resume_outstanding(ExecutionNumber);
  // Steps executions whose deadline is ≤ now, in (deadline, number) order, at most `limit`.
  std::size_t fire_due(std::size_t limit);
  [[nodiscard]] std::optional<Time> next_deadline() const;
  // Writes rows of what changed to the batch; drops parked ones from memory over the bound.
  void finish_turn();
  [[nodiscard]] std::size_t running() const { return running_; }
  // Something was left by a bounded step.
  [[nodiscard]] bool has_unfinished() const { return !unfinished_.empty(); }

 private:
  struct Live {
    ExecutionRow row;
    run::Execution execution;
    bool is_changed = false;
    std::uint64_t last_used = 0;  // turn
  };
  using Entry = std::pair<Time, ExecutionNumber>;

  void apply(Live&, const run::Input&);
  void act(Live&, const run::Command&);
  void index_deadline(Live&);
  void publish_status(const Live&);
  [[nodiscard]] Live* live(ExecutionNumber);
  [[nodiscard]] Result<std::pair<Live*, TaskId>> waiting_for(const std::string& token);

  Core& core_;
  std::map<ExecutionNumber, Live> live_;
  std::map<ExecutionName, ExecutionNumber> names_;  // of those in memory
  std::set<Entry> deadlines_;                       // all running executions that have one
  std::set<ExecutionNumber> changed_;               // in this turn
  std::set<ExecutionNumber> unfinished_;
  std::size_t running_ = 0;
};

}  // namespace presso::core
