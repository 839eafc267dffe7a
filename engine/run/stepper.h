// One step in the making: what states, failures and branches are decided with. Internal to run.
//
// Everything is recorded by `emit`, which evolves the execution at once; nothing here or in states/
// writes to it in another way. A frame may be gone after exit, fail and complete: callers return.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "engine/run/fault.h"
#include "engine/run/scope.h"
#include "engine/run/step.h"

namespace presso::run {

class Stepper {
 public:
  Stepper(Execution& execution, const Env& env, const Surroundings& surroundings)
      : execution_(execution), env_(env), surroundings_(surroundings) {}

  [[nodiscard]] Execution& execution() { return execution_; }
  [[nodiscard]] const Env& env() const { return env_; }
  [[nodiscard]] const Surroundings& surroundings() const { return surroundings_; }
  [[nodiscard]] bool is_running() const { return execution_.status == Status::Running; }
  [[nodiscard]] Frame* find(FrameId);
  [[nodiscard]] std::uint64_t next_event_id() const { return execution_.last_event_id + 1; }

  // A public event, following the frame's last one unless `previous` says otherwise.
  void emit(const Frame&, Detail, std::optional<std::uint64_t> previous = std::nullopt);
  void emit_private(FrameId, Detail);
  // About the execution itself.
  void emit_execution(Detail, std::uint64_t previous);
  void command(Command command) { outcome_.commands.push_back(std::move(command)); }

  // The frame has something to do in this step.
  void wake(FrameId frame) { ready_.push_back(frame); }
  // Its …Started event is due when all else of this step is done.
  void started_later(FrameId frame) { scheduled_.push_back(frame); }

  // ---- ends of a state ----
  void exit(Frame&, const SharedJson& output, std::vector<Assignment>,
            std::optional<std::string> next);
  // The same to the state's own Next or End.
  void exit(Frame&, const SharedJson& output, std::vector<Assignment>);
  void fail(Frame&, const Failure&);
  // A query or a path failed: AWS's prefix is put before the cause.
  void fail(Frame&, const Fault&);
  void fail(Frame& frame, const Error& error) { fail(frame, Fault{error.code, error.message}); }
  // The same of a Map that has not begun.
  void fail_start(Frame&, const Fault&);

  // ---- Parallel and Map ----
  // As many children as may run side by side.
  void start_children(Frame& parent);

  // ---- the whole ----
  void start_root();
  void end(ExecutionEnded, std::uint64_t previous);
  // Until every frame waits, or the bound is reached.
  void settle();
  void wake_all_ready();
  [[nodiscard]] Outcome take() { return std::move(outcome_); }

 private:
  void record(Event);
  void advance(Frame&);
  void complete(Frame&);
  void complete_child(Frame&);
  void fail_child(Frame&, const Failure&);
  // `open_until`: the event that ended its children; 0 when nothing of it is open.
  void fail(Frame&, const Failure&, std::uint64_t open_until);
  [[nodiscard]] Failure record_fault(const Frame&, const Fault&);
  void abort_siblings(const Frame& parent, std::uint64_t failing_event);
  void abort_child(Frame& child, std::uint64_t failing_event);
  void catch_failure(Frame&, const Failure&, const asl::Catcher&);
  void cancel_tasks();
  void cancel_tasks_below(const Frame&);
  void record_started();
  void enforce_history_limit();
  void end_deleted(const Frame&);

  Execution& execution_;
  const Env& env_;
  const Surroundings& surroundings_;
  Outcome outcome_;
  std::deque<FrameId> ready_;
  std::vector<FrameId> scheduled_;
};

// A query or a path failed: AWS's prefix is put before the cause.
[[nodiscard]] Failure failure_of(const Frame&, const Fault&);

// 262,144 bytes of UTF-8, as AWS counts: the JSON text.
[[nodiscard]] bool is_too_large(const SharedJson&);
[[nodiscard]] Failure too_large(std::string_view what);

}  // namespace presso::run
