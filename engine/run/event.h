// What can be recorded about one execution: the only thing that is stored of it, for ever.
//
// A *public* event appears in GetExecutionHistory and has an `id` (1, 2, 3, …); a *private* one has
// id 0. Each detail lists its fields with the tag under which they are stored: a tag is never
// reused, renamed or given a new meaning (docs/events.md says what each one holds). Sources of the
// public ones: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "base/shared_json.h"
#include "base/time.h"
#include "engine/asl/definition.h"

namespace presso::run {

template <class Struct, class Member>
struct StoredField {
  int tag;
  Member Struct::*member;
};
template <class Struct, class Member>
constexpr StoredField<Struct, Member> stored(int tag, Member Struct::*member) {
  return {tag, member};
}

// How a Task runs, and so the family of its events: Task…, LambdaFunction…, Activity….
enum class TaskKind { Integration, Lambda, Activity };

// A variable's new value. `Assign` of an exiting state or a catcher.
struct Assignment {
  std::string name;
  SharedJson value;
  static constexpr auto fields() {
    return std::tuple{stored(1, &Assignment::name), stored(2, &Assignment::value)};
  }
};

// ---- the execution ----
struct ExecutionStarted {
  SharedJson input;
  std::string role_arn;
  std::optional<std::string> alias_arn;
  std::optional<std::string> version_arn;
  std::optional<Time> deadline;  // private: the machine's TimeoutSeconds
  static constexpr auto fields() {
    using S = ExecutionStarted;
    return std::tuple{stored(1, &S::input), stored(2, &S::role_arn), stored(3, &S::alias_arn),
                      stored(4, &S::version_arn), stored(5, &S::deadline)};
  }
};
struct ExecutionSucceeded {
  SharedJson output;
  static constexpr auto fields() { return std::tuple{stored(1, &ExecutionSucceeded::output)}; }
};
// FAILED, TIMED_OUT or ABORTED, by type.
struct ExecutionEnded {
  enum class How { Failed, TimedOut, Aborted };
  How how = How::Failed;
  std::optional<std::string> error;
  std::optional<std::string> cause;
  static constexpr auto fields() {
    using S = ExecutionEnded;
    return std::tuple{stored(1, &S::how), stored(2, &S::error), stored(3, &S::cause)};
  }
};

// ---- states ----
// PassStateEntered, … A frame that has no state yet gets its first; one that has moves on.
struct StateEntered {
  asl::StateType type = asl::StateType::Pass;
  std::string name;
  SharedJson input;
  static constexpr auto fields() {
    using S = StateEntered;
    return std::tuple{stored(1, &S::type), stored(2, &S::name), stored(3, &S::input)};
  }
};
struct StateExited {
  asl::StateType type = asl::StateType::Pass;
  std::string name;
  SharedJson output;
  std::vector<Assignment> assignments;
  std::optional<std::string> next;  // private: the state to enter; absent at an End
  static constexpr auto fields() {
    using S = StateExited;
    return std::tuple{stored(1, &S::type), stored(2, &S::name), stored(3, &S::output),
                      stored(4, &S::assignments), stored(5, &S::next)};
  }
};
// TaskStateAborted, WaitStateAborted, ParallelStateAborted, MapStateAborted.
struct StateAborted {
  asl::StateType type = asl::StateType::Task;
  static constexpr auto fields() { return std::tuple{stored(1, &StateAborted::type)}; }
};
// A query failed: JSONata's EvaluationFailed.
struct EvaluationFailed {
  std::string error;
  std::string cause;
  std::string location;
  std::string state;
  static constexpr auto fields() {
    using S = EvaluationFailed;
    return std::tuple{stored(1, &S::error), stored(2, &S::cause), stored(3, &S::location),
                      stored(4, &S::state)};
  }
};
// Private: a Wait's moment.
struct WaitScheduled {
  Time until;
  static constexpr auto fields() { return std::tuple{stored(1, &WaitScheduled::until)}; }
};
// Private: the state's attempt failed and will be made anew at `at`.
struct RetryScheduled {
  std::uint32_t retrier = 0;
  Time at;
  static constexpr auto fields() {
    using S = RetryScheduled;
    return std::tuple{stored(1, &S::retrier), stored(2, &S::at)};
  }
};

// ---- tasks ----
// TaskScheduled, LambdaFunctionScheduled, ActivityScheduled.
struct TaskScheduled {
  TaskKind kind = TaskKind::Integration;
  std::string resource_type;  // "dynamodb"; Lambda and Activity: empty
  std::string resource;       // "getItem"; Lambda and Activity: the ARN
  std::string region;
  SharedJson parameters;  // Lambda and Activity: input
  std::optional<std::int64_t> timeout_seconds;
  std::optional<std::int64_t> heartbeat_seconds;
  SharedJson credentials;
  std::optional<Time> deadline;            // private
  std::optional<Time> heartbeat_deadline;  // private; an activity's starts with its worker
  std::string token;                       // private; empty when nobody may answer by token
  static constexpr auto fields() {
    using S = TaskScheduled;
    return std::tuple{stored(1, &S::kind),
                      stored(2, &S::resource_type),
                      stored(3, &S::resource),
                      stored(4, &S::region),
                      stored(5, &S::parameters),
                      stored(6, &S::timeout_seconds),
                      stored(7, &S::heartbeat_seconds),
                      stored(8, &S::credentials),
                      stored(9, &S::deadline),
                      stored(10, &S::heartbeat_deadline),
                      stored(11, &S::token)};
  }
};
// TaskStarted, LambdaFunctionStarted, ActivityStarted.
struct TaskStarted {
  TaskKind kind = TaskKind::Integration;
  std::string resource_type;
  std::string resource;
  std::optional<std::string> worker_name;
  std::optional<Time> heartbeat_deadline;  // private
  static constexpr auto fields() {
    using S = TaskStarted;
    return std::tuple{stored(1, &S::kind), stored(2, &S::resource_type), stored(3, &S::resource),
                      stored(4, &S::worker_name), stored(5, &S::heartbeat_deadline)};
  }
};
// The call of a .sync or .waitForTaskToken task was answered; now its end is awaited.
struct TaskSubmitted {
  std::string resource_type;
  std::string resource;
  SharedJson output;
  static constexpr auto fields() {
    using S = TaskSubmitted;
    return std::tuple{stored(1, &S::resource_type), stored(2, &S::resource), stored(3, &S::output)};
  }
};
struct TaskSucceeded {
  TaskKind kind = TaskKind::Integration;
  std::string resource_type;
  std::string resource;
  SharedJson output;
  static constexpr auto fields() {
    using S = TaskSucceeded;
    return std::tuple{stored(1, &S::kind), stored(2, &S::resource_type), stored(3, &S::resource),
                      stored(4, &S::output)};
  }
};
// …Failed, …ScheduleFailed, …StartFailed, …SubmitFailed, …TimedOut.
struct TaskFailed {
  enum class How { Failed, ScheduleFailed, StartFailed, SubmitFailed, TimedOut };
  TaskKind kind = TaskKind::Integration;
  How how = How::Failed;
  std::string resource_type;
  std::string resource;
  std::optional<std::string> error;
  std::optional<std::string> cause;
  static constexpr auto fields() {
    using S = TaskFailed;
    return std::tuple{stored(1, &S::kind),     stored(2, &S::how),   stored(3, &S::resource_type),
                      stored(4, &S::resource), stored(5, &S::error), stored(6, &S::cause)};
  }
};
// Private: SendTaskHeartbeat moved the deadline.
struct HeartbeatReceived {
  Time heartbeat_deadline;
  static constexpr auto fields() {
    return std::tuple{stored(1, &HeartbeatReceived::heartbeat_deadline)};
  }
};

// ---- Parallel and Map ----
// ParallelStateStarted, MapStateStarted. What the children start with is private.
struct BranchesStarted {
  asl::StateType type = asl::StateType::Parallel;
  std::uint64_t length = 0;           // Map: public
  std::vector<SharedJson> inputs;     // private: Parallel has one, Map one per item
  std::uint64_t max_concurrency = 0;  // private: Map; 0 means no limit
  SharedJson items;                   // private: Map; the array that it iterates over
  static constexpr auto fields() {
    using S = BranchesStarted;
    return std::tuple{stored(1, &S::type), stored(2, &S::length), stored(3, &S::inputs),
                      stored(4, &S::max_concurrency), stored(5, &S::items)};
  }
};
// MapIterationStarted; private for a Parallel's branch. `frame` of the event is the new child's.
struct ChildStarted {
  std::string name;  // the Map's state name; empty for a branch
  std::uint64_t index = 0;
  FrameId parent;  // private
  static constexpr auto fields() {
    using S = ChildStarted;
    return std::tuple{stored(1, &S::name), stored(2, &S::index), stored(3, &S::parent)};
  }
};
// MapIterationSucceeded, …Failed, …Aborted; private for a branch. The child is gone after it.
struct ChildEnded {
  enum class How { Succeeded, Failed, Aborted };
  How how = How::Succeeded;
  std::string name;
  std::uint64_t index = 0;
  SharedJson output;  // private: Succeeded
  static constexpr auto fields() {
    using S = ChildEnded;
    return std::tuple{stored(1, &S::how), stored(2, &S::name), stored(3, &S::index),
                      stored(4, &S::output)};
  }
};
// ParallelStateSucceeded, …Failed, MapStateSucceeded, …Failed.
struct BranchesEnded {
  asl::StateType type = asl::StateType::Parallel;
  bool is_success = true;
  std::optional<std::string> error;  // MapStateFailed, ParallelStateFailed
  std::optional<std::string> cause;
  static constexpr auto fields() {
    using S = BranchesEnded;
    return std::tuple{stored(1, &S::type), stored(2, &S::is_success), stored(3, &S::error),
                      stored(4, &S::cause)};
  }
};

// ---- Map Runs: a Map whose iterations are executions of their own (map_run.h) ----
struct MapRunLimits {
  std::uint64_t max_concurrency = 0;  // 0: no limit of the user's
  std::optional<std::uint64_t> tolerated_count;
  std::optional<std::uint64_t> tolerated_millionths;  // of a percent
  static constexpr auto fields() {
    using S = MapRunLimits;
    return std::tuple{stored(1, &S::max_concurrency), stored(2, &S::tolerated_count),
                      stored(3, &S::tolerated_millionths)};
  }
  friend bool operator==(const MapRunLimits&, const MapRunLimits&) = default;
};
struct MapRunStarted {
  std::string map_run_arn;
  MapRunLimits limits;  // private, as all below
  SharedJson reader;    // what ItemReader's call is given; absent: the items come from the input
  SharedJson writer;    // what ResultWriter's calls are given beside Key and Body
  static constexpr auto fields() {
    using S = MapRunStarted;
    return std::tuple{stored(1, &S::map_run_arn), stored(2, &S::limits), stored(3, &S::reader),
                      stored(4, &S::writer)};
  }
};
// Private: the items were read, selected and put into batches.
struct MapRunItemsReady {
  std::vector<SharedJson> inputs;          // one per child
  std::vector<std::uint64_t> item_counts;  // by child; empty: one each
  static constexpr auto fields() {
    using S = MapRunItemsReady;
    return std::tuple{stored(1, &S::inputs), stored(2, &S::item_counts)};
  }
};
// Private: the items stand in several files, which a manifest or a listing named.
struct MapRunFilesFound {
  std::vector<SharedJson> files;     // what getObject is given for each
  std::vector<std::string> headers;  // of their columns; empty: ReaderConfig tells
  static constexpr auto fields() {
    using S = MapRunFilesFound;
    return std::tuple{stored(1, &S::files), stored(2, &S::headers)};
  }
};
// Private: the next of these files, but the last: what it gives is in MapRunItemsReady.
struct MapRunFileRead {
  SharedJson items;  // an array
  static constexpr auto fields() { return std::tuple{stored(1, &MapRunFileRead::items)}; }
};
// Private: UpdateMapRun.
struct MapRunUpdated {
  MapRunLimits limits;
  static constexpr auto fields() { return std::tuple{stored(1, &MapRunUpdated::limits)}; }
};
// Private: so many more children, in the order of their inputs.
struct MapRunChildrenStarted {
  std::uint64_t count = 0;
  static constexpr auto fields() { return std::tuple{stored(1, &MapRunChildrenStarted::count)}; }
};
// Private.
struct MapRunChildEnded {
  enum class How { Succeeded, Failed, TimedOut, Aborted };
  std::uint64_t index = 0;
  How how = How::Succeeded;
  SharedJson output;
  std::optional<std::string> error;
  std::optional<std::string> cause;
  Time start_time;
  Time stop_time;
  std::uint64_t redrive_count = 0;  // the child's
  bool is_final = false;            // it could not be redriven
  static constexpr auto fields() {
    using S = MapRunChildEnded;
    return std::tuple{
        stored(1, &S::index),     stored(2, &S::how),           stored(3, &S::output),
        stored(4, &S::error),     stored(5, &S::cause),         stored(6, &S::start_time),
        stored(7, &S::stop_time), stored(8, &S::redrive_count), stored(9, &S::is_final)};
  }
};
// Private: one of ResultWriter's files.
struct MapRunFileWritten {
  std::string key;
  static constexpr auto fields() { return std::tuple{stored(1, &MapRunFileWritten::key)}; }
};
// MapRunSucceeded, MapRunFailed, MapRunAborted.
struct MapRunEnded {
  enum class How { Succeeded, Failed, Aborted };
  How how = How::Succeeded;
  std::optional<std::string> error;
  std::optional<std::string> cause;
  static constexpr auto fields() {
    using S = MapRunEnded;
    return std::tuple{stored(1, &S::how), stored(2, &S::error), stored(3, &S::cause)};
  }
};

// ---- redrive ----
// A closed execution that did not succeed goes on with what was open at its end.
struct ExecutionRedriven {
  std::uint64_t redrive_count = 0;
  std::optional<Time> deadline;  // private: the machine's TimeoutSeconds, counted anew
  // Private: a Parallel or Map of the machine's own begins anew, with all its children.
  bool reruns_children = false;
  static constexpr auto fields() {
    using S = ExecutionRedriven;
    return std::tuple{stored(1, &S::redrive_count), stored(2, &S::deadline),
                      stored(3, &S::reruns_children)};
  }
};
// The Map Run of a redriven execution goes on: with reading its items, with the children that did
// not succeed, or with writing its results.
struct MapRunRedriven {
  std::string map_run_arn;
  std::uint64_t redrive_count = 0;
  static constexpr auto fields() {
    using S = MapRunRedriven;
    return std::tuple{stored(1, &S::map_run_arn), stored(2, &S::redrive_count)};
  }
};

// The index in this list is stored: add at the end only.
using Detail =
    std::variant<ExecutionStarted, ExecutionSucceeded, ExecutionEnded, StateEntered, StateExited,
                 StateAborted, EvaluationFailed, WaitScheduled, RetryScheduled, TaskScheduled,
                 TaskStarted, TaskSubmitted, TaskSucceeded, TaskFailed, HeartbeatReceived,
                 BranchesStarted, ChildStarted, ChildEnded, BranchesEnded, MapRunStarted,
                 MapRunItemsReady, MapRunUpdated, MapRunChildrenStarted, MapRunChildEnded,
                 MapRunFileWritten, MapRunEnded, ExecutionRedriven, MapRunRedriven,
                 MapRunFilesFound, MapRunFileRead>;

struct Event {
  std::uint64_t id = 0;        // public: 1, 2, 3, …; private: 0
  std::uint64_t previous = 0;  // previousEventId
  Time time;
  FrameId frame;  // whom it is about; 0 for the execution itself
  Detail detail;
};

}  // namespace presso::run
