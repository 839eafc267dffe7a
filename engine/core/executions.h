// Executions by number, name, token and deadline: those in memory, and an index entry for the
// others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_fwd.h"
#include "base/result.h"
#include "engine/core/caller.h"
#include "engine/core/input.h"
#include "engine/core/mocks.h"
#include "engine/core/names.h"
#include "engine/core/running.h"
#include "engine/core/store.h"
#include "engine/run/step.h"

namespace presso::core {

class Core;
struct EndMapChild;
struct AnswerMocked;
struct EndTask;
struct StopMapChild;
struct RunInside;
struct Resolved;

struct StartExecution {
  std::string machine_arn;  // may carry a version or alias
  std::optional<std::string> name;
  std::string input = "{}";
  std::optional<std::string> trace_header;
  std::optional<std::string> test_case = {};  // of the mock configuration
  // What it comes from, for whoever traces it; empty when it is not known.
  std::string rule_arn = {};    // or a schedule's
  std::string origin_arn = {};  // the execution that started it, or put the event of the rule
};
// In the details of an execution that runs under one.
inline constexpr char kTestCase[] = "testCase";
// In the details of an execution that a rule or another execution started.
inline constexpr char kStartedByRule[] = "rule";
inline constexpr char kOrigin[] = "origin";
inline constexpr char kTraceContext[] = "traceContext";  // Core::trace_context
struct StartedExecution {
  std::string arn;
  Time start_time;
  ExecutionNumber number;
};

// What a row's details say, an object. Most have no members.
[[nodiscard]] Json details_of(const ExecutionRow&);

// Keys for requests that name an execution. An ARN or token of no known form gives no keys.
[[nodiscard]] Keys keys_of_execution(std::string_view execution_arn);
[[nodiscard]] Keys keys_of_token(std::string_view token);
[[nodiscard]] Keys keys_of_start(const StartExecution&);

class Executions {
 public:
  explicit Executions(Core& core);

  // StateMachineDoesNotExist, InvalidExecutionInput, ExecutionAlreadyExists, InvalidName. The same
  // name and input as a running execution: that one. Of an Express machine: an execution that is
  // kept nowhere but in memory, and whose name is nobody's.
  [[nodiscard]] Result<StartedExecution> start(const Caller&, const StartExecution&);
  // Of an Express machine: `ended` hears of the end, in this turn or a later one.
  // StateMachineTypeNotSupported, and the errors of `start`.
  using Ended = std::function<void(const run::Execution&)>;
  [[nodiscard]] Result<void> start_sync(const Caller&, const StartExecution&, Ended ended);
  // ExecutionDoesNotExist. Of a closed one: its stop time, and nothing changes.
  [[nodiscard]] Result<Time> stop(const std::string& execution_arn, run::Failure);
  // ExecutionDoesNotExist, ExecutionNotRedrivable, CorruptHistory. A client token that is still
  // known: when its redrive was, and nothing changes. In redrive.cpp.
  [[nodiscard]] Result<Time> redrive(const std::string& execution_arn,
                                     const std::optional<std::string>& client_token);
  // InvalidToken, TaskDoesNotExist, TaskTimedOut, InvalidOutput.
  [[nodiscard]] Result<void> succeed_task(const std::string& token, const std::string& output);
  [[nodiscard]] Result<void> fail_task(const std::string& token, run::Failure);
  [[nodiscard]] Result<void> heartbeat(const std::string& token);
  // The execution's row: loaded because the request's keys named it. ExecutionDoesNotExist.
  [[nodiscard]] Result<const ExecutionRow*> find(const std::string& execution_arn) const;

  // A worker takes an activity's task; nothing when nobody awaits it any more.
  [[nodiscard]] std::optional<run::WaitingTask> take_activity(
      TaskId, const std::optional<std::string>& worker_name);

  // A number that no execution will have.
  [[nodiscard]] ExecutionNumber reserve_number() { return {++last_number_.value}; }
  // The highest that was given.
  [[nodiscard]] ExecutionNumber last_number() const { return last_number_; }

  void call_answered(CallAnswered);

  // ---- the turn ----
  // What of `keys` is not in memory and may be in the store.
  [[nodiscard]] Keys missing(const Keys&) const;
  // The same, and at most `limit` of those that are due at `now`.
  [[nodiscard]] Keys missing(Keys, Time now, std::size_t limit) const;
  void take(StoredExecution);
  // A closed one that goes: whoever asks for it in this turn finds none.
  void forget(ExecutionNumber);
  // At recovery, once the documents are there. `resume` with the first turn repeats what an
  // outstanding one waits for. Error: a history that cannot be read.
  [[nodiscard]] Result<void> recover(Recovered&);
  void resume();
  // Steps executions whose deadline is ≤ now, in (deadline, number) order, at most `limit`.
  std::size_t fire_due(std::size_t limit);
  // Steps those that an earlier step left unfinished, each once and at most `limit`, in turn.
  void go_on(std::size_t limit);
  // A task that is done within the turn, if it is still awaited.
  void run_inside(const RunInside&);
  // The same for one whose answer is mocked (executions_mocked.cpp).
  void answer_mocked(const AnswerMocked&);
  // A mock rule delayed the call; now it is made, if it is still awaited.
  void go_through(TaskId);
  // What a .sync task awaited has ended; what it started is not awaited any more.
  void end_task(EndTask);
  void stop(ExecutionNumber);
  // ---- Map Runs (executions_map_run.cpp) ----
  // The child becomes an execution, or is redriven when it was one in an earlier attempt of its
  // run; nothing when it is one of this attempt, or its parent has gone on without it.
  void start_map_child(const run::StartMapChild&);
  void end_map_child(EndMapChild);
  void stop_map_child(const StopMapChild&);
  // The parent's open run goes on with these limits.
  void update_map_run(TaskId run, const run::MapRunLimits&);
  [[nodiscard]] std::optional<Time> next_deadline() const;
  // Writes rows of what changed to the batch; drops parked ones from memory over the bound.
  void finish_turn();
  [[nodiscard]] std::size_t running() const { return running_.count(); }
  [[nodiscard]] bool has_running(std::string_view machine_arn) const {
    return running_.has(machine_arn);
  }
  [[nodiscard]] std::size_t in_memory() const { return live_.size(); }
  // Something was left by a bounded step, or by an earlier process.
  [[nodiscard]] bool has_unfinished() const {
    return !unfinished_.empty() || !outstanding_.empty();
  }
  // The fold of what is stored of a running execution. CorruptHistory.
  [[nodiscard]] Result<run::Execution> fold(const StoredExecution&) const;
  // Null when it is not in memory. One that ended in this turn still is.
  [[nodiscard]] const run::Execution* find_live(ExecutionNumber) const;

 private:
  struct Live {
    ExecutionRow row;
    run::Execution execution;         // of a closed one that was loaded only the row is known, and
    std::vector<HistoryRow> history;  // what would have to be folded
    bool is_changed = false;          // in this turn
    bool is_express = false;          // then nothing is stored of it
    std::shared_ptr<const LogSettings> log;  // null: nothing is logged
    Ended ended;                             // of an Express one that somebody waits for
    std::optional<std::uint64_t> parked_in;  // the turn under which parked_ has it
  };

  [[nodiscard]] Result<Resolved> startable(const Caller&, const StartExecution&);
  [[nodiscard]] StartedExecution begin(const Resolved&, std::string name, SharedJson input,
                                       const StartExecution&);
  [[nodiscard]] Result<StartedExecution> start_express(const Resolved&, const StartExecution&,
                                                       Ended);
  [[nodiscard]] run::Identity identity_of(const ExecutionRow&) const;
  Live& keep(ExecutionRow, run::Execution);
  void drop(ExecutionNumber);
  void apply(Live&, const run::Input&);
  void act(Live&, const run::Command&);
  void run_task(Live&, const run::RunTask&);
  void call_succeeded(Live&, TaskId, SharedJson output);
  void make_call(Live&, const run::RunTask&);
  // Whether a mock rule has decided on the call; then it is not to be made now.
  [[nodiscard]] bool take_mocked(Live&, const run::RunTask&);
  // InvalidArn: there is no such test case.
  [[nodiscard]] Result<void> check_test_case(const std::string& machine_arn,
                                             const std::optional<std::string>& test_case) const;
  // What the mock configuration answers; nothing when the state is not mocked.
  [[nodiscard]] std::optional<MockedAnswer> mocked(Live&, const run::RunTask&);
  void index_deadline(Live&);
  void forget_deadline(ExecutionNumber);
  void count_end(const Live&);
  [[nodiscard]] Result<void> adopt(StoredExecution);
  void publish_status(const Live&, run::Status);
  void tell_express(Live&, const std::vector<run::Event>&);
  [[nodiscard]] Result<void> unfold(Live&) const;
  void settle(Live&);
  void begin_map_child(const Live& parent, const run::StartMapChild&);
  void redrive_map_child(Live&, std::uint64_t attempt);
  void redrive(Live&, const std::optional<std::string>& client_token);
  // `is_final`: the child ended in an earlier attempt, and cannot be redriven.
  void tell_map_run(const Live& child, bool is_final = false);
  [[nodiscard]] Live* live(ExecutionNumber);
  [[nodiscard]] Live* live(const std::string& execution_arn);
  [[nodiscard]] Result<std::pair<Live*, TaskId>> waiting_for(const std::string& token);

  Core& core_;
  run::Surroundings surroundings_;
  std::uint64_t turn_ = 0;
  ExecutionNumber last_number_;
  std::map<ExecutionNumber, Live> live_;
  std::map<ExecutionName, ExecutionNumber> names_;              // of those in memory
  std::set<std::pair<Time, ExecutionNumber>> deadlines_;        // all running ones that have one
  std::set<std::pair<std::uint64_t, ExecutionNumber>> parked_;  // in memory, least used first
  std::set<ExecutionNumber> touched_;                           // in this turn
  std::set<ExecutionNumber> unfinished_;
  ExecutionNumber last_gone_on_;              // whose turn it was last
  std::vector<ExecutionNumber> outstanding_;  // recovered, not resumed yet
  Running running_;
};

}  // namespace presso::core
