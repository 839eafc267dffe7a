// A running execution: the fold of its events, and nothing else.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "base/shared_json.h"
#include "base/time.h"
#include "engine/asl/definition.h"
#include "engine/run/command.h"
#include "engine/run/event.h"
#include "engine/run/failure.h"
#include "engine/run/map_run.h"

namespace presso::run {

enum class Status { Running, Succeeded, Failed, TimedOut, Aborted };
[[nodiscard]] std::string_view to_string(Status);  // "RUNNING", "TIMED_OUT"

// What is known before the first event, and never changes.
struct Identity {
  ExecutionNumber number;
  std::string arn;
  std::string name;
  std::string machine_arn;  // unqualified
  std::string machine_name;
  std::string map_state = {};  // a child of a Map Run: the Map whose processor it runs
  std::string role_arn;
  std::string account;
  std::string region;
  bool is_express = false;

  friend bool operator==(const Identity&, const Identity&) = default;
};

// One task attempt that a frame waits for.
struct WaitingTask {
  std::uint64_t scheduled_event = 0;  // with the execution's number: its TaskId
  TaskKind kind = TaskKind::Integration;
  SharedJson parameters;
  std::string token;
  bool is_started = false;    // …Started was recorded (activities: a worker has it)
  bool is_submitted = false;  // the call was answered; its end is awaited
  std::optional<Time> deadline;
  std::optional<Time> heartbeat_deadline;
  std::optional<std::int64_t> heartbeat_seconds;
};
// A Wait state's moment.
struct WaitingTimer {
  Time until;
};
struct WaitingRetry {
  Time at;
};
// Parallel, Map: children run. Results stand at the child's index.
struct WaitingChildren {
  SharedJson items;                // Map: the array that it iterates over
  std::vector<SharedJson> inputs;  // one for all branches, or one per item
  std::vector<SharedJson> results;
  std::uint64_t length = 0;
  std::uint64_t started = 0;
  std::uint64_t ended = 0;
  std::uint64_t max_concurrency = 0;   // 0: no limit
  std::uint64_t started_event = 0;     // id of ParallelStateStarted, MapStateStarted
  std::uint64_t last_child_event = 0;  // of the child that ended last; 0 before the first
};
// The frame has work to do in this step, or in the next one when the step reached its bound.
struct Ready {};
// The frame left its last state; its parent takes the output.
struct Finished {
  SharedJson output;
};

using Waiting = std::variant<Ready, WaitingTask, WaitingTimer, WaitingRetry, WaitingChildren,
                             Finished, WaitingMapRun>;

// One position in the execution: a state being executed, with its data.
struct Frame {
  FrameId id;
  std::optional<FrameId> parent;  // none: the machine's own
  std::uint64_t index = 0;        // which branch or item of the parent
  std::string next;               // the state to enter while `state` is null
  const asl::State* state = nullptr;
  SharedJson input;  // the state's raw input
  std::uint64_t entered_event = 0;
  std::uint64_t event_before = 0;  // what the state's Entered event follows
  Time entered_time;
  std::uint64_t last_event = 0;        // previousEventId of what comes next here
  std::uint64_t failing_event = 0;     // what failed a child of this attempt; 0: nothing did
  std::vector<std::uint32_t> retries;  // by retrier, in this visit
  std::map<std::string, SharedJson, std::less<>> variables;  // assigned in this frame's scope
  Waiting waiting;
};

struct Execution {
  Identity identity;
  std::shared_ptr<const asl::Definition> definition;
  Status status = Status::Running;
  Time start_time;
  std::optional<Time> stop_time;
  std::optional<Time> deadline;  // the machine's TimeoutSeconds
  SharedJson input;
  SharedJson output;
  Failure failure;  // of a status that has one
  std::uint64_t last_event_id = 0;
  std::uint64_t last_frame_id = 0;
  // One that did not succeed keeps what was open at its end, for a redrive; so does `lost`, which
  // holds the children that went down with their parent's failure.
  std::map<FrameId, Frame> frames;
  std::map<FrameId, Frame> lost;
  std::uint64_t redrive_count = 0;
  std::optional<Time> redrive_time;  // of the last one
  SharedJson context;  // TestState: the context object, instead of what the execution is
};

// The state before the first event.
[[nodiscard]] Execution make_execution(Identity, std::shared_ptr<const asl::Definition>);

[[nodiscard]] bool is_terminal(Status);
// FAILED, TIMED_OUT, ABORTED.
[[nodiscard]] bool is_unsuccessful(Status);
// The earliest of all waits, time-outs, heartbeats and retries.
[[nodiscard]] std::optional<Time> next_deadline(const Execution&);
// Everything still outstanding: calls with no recorded answer, and work left by a bounded step.
[[nodiscard]] std::vector<Command> resume(const Execution&);
// The frame that waits for this very attempt, or null.
[[nodiscard]] const Frame* find_waiting(const Execution&, TaskId);
// The frame whose Map Run began with this event, or null.
[[nodiscard]] const Frame* find_map_run(const Execution&, TaskId);
// Nothing outstanding: only a token, a worker or a deadline can move it on.
[[nodiscard]] bool is_parked(const Execution&);

// For the invariant: equal in everything that a fold can know.
[[nodiscard]] bool is_same(const Execution&, const Execution&);

// base64 of {version, execution number, event id, 16 random bytes}: `load` finds whom it is for.
[[nodiscard]] std::string make_token(TaskId, Entropy&);
[[nodiscard]] std::optional<TaskId> parse_token(std::string_view token);

}  // namespace presso::run
