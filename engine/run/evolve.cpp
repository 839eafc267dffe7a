#include "engine/run/evolve.h"

#include <algorithm>

#include "base/assert.h"

namespace presso::run {

namespace {

Frame& frame_of(Execution& execution, FrameId id) {
  const auto it = execution.frames.find(id);
  PRESSO_ASSERT(it != execution.frames.end());
  return it->second;
}

WaitingTask& task_of(Frame& frame) {
  auto* task = std::get_if<WaitingTask>(&frame.waiting);
  PRESSO_ASSERT(task != nullptr);
  return *task;
}

// A public event is what the frame's next one follows.
void follow(Frame& frame, const Event& event) {
  if (event.id != 0) frame.last_event = event.id;
}

void close(Execution& execution, const Event& event, Status status) {
  execution.status = status;
  execution.stop_time = event.time;
  execution.deadline.reset();
  if (status == Status::Succeeded) execution.frames.clear();
}

const asl::StateList& child_list(const Frame& parent, std::uint64_t index) {
  PRESSO_ASSERT(parent.state != nullptr);
  if (const auto* parallel = std::get_if<asl::ParallelState>(&parent.state->detail)) {
    PRESSO_ASSERT(index < parallel->branches.size());
    return parallel->branches[index];
  }
  return std::get<asl::MapState>(parent.state->detail).processor;
}

// Branches share one input; items have one each, or are their own.
SharedJson child_input(const WaitingChildren& children, std::uint64_t index) {
  if (children.inputs.empty()) return SharedJson{children.items.value().at(index)};
  return children.inputs.at(std::min<std::uint64_t>(index, children.inputs.size() - 1));
}

// A child of a Map Run runs what the Map holds.
const std::string& start_of(const Execution& execution) {
  const std::string& map = execution.identity.map_state;
  if (map.empty()) return execution.definition->machine().start_at;
  const asl::State* state = execution.definition->find(map);
  PRESSO_ASSERT(state != nullptr);
  return std::get<asl::MapState>(state->detail).processor.start_at;
}

void apply(Execution& execution, const Event& event, const ExecutionStarted& detail) {
  execution.start_time = event.time;
  execution.input = detail.input;
  execution.deadline = detail.deadline;
  Frame root;
  root.id = FrameId{1};
  root.next = start_of(execution);
  root.input = detail.input;
  execution.last_frame_id = 1;
  execution.frames.emplace(root.id, std::move(root));
}

void apply(Execution& execution, const Event& event, const ExecutionSucceeded& detail) {
  execution.output = detail.output;
  close(execution, event, Status::Succeeded);
}

void apply(Execution& execution, const Event& event, const ExecutionEnded& detail) {
  execution.failure = {detail.error, detail.cause};
  switch (detail.how) {
    case ExecutionEnded::How::Failed: return close(execution, event, Status::Failed);
    case ExecutionEnded::How::TimedOut: return close(execution, event, Status::TimedOut);
    case ExecutionEnded::How::Aborted: return close(execution, event, Status::Aborted);
  }
}

void apply(Execution& execution, const Event& event, const StateEntered& detail) {
  Frame& frame = frame_of(execution, event.frame);
  frame.state = execution.definition->find(detail.name);
  PRESSO_ASSERT(frame.state != nullptr);
  frame.next.clear();
  frame.input = detail.input;
  frame.entered_event = event.id;
  frame.event_before = event.previous;
  frame.entered_time = event.time;
  frame.retries.clear();
  frame.waiting = Ready{};
  follow(frame, event);
}

void apply(Execution& execution, const Event& event, const StateExited& detail) {
  Frame& frame = frame_of(execution, event.frame);
  for (const Assignment& assignment : detail.assignments) {
    frame.variables.insert_or_assign(assignment.name, assignment.value);
  }
  frame.state = nullptr;
  frame.retries.clear();
  execution.lost.clear();
  follow(frame, event);
  if (detail.next) {
    frame.next = *detail.next;
    frame.input = detail.output;
    frame.waiting = Ready{};
  } else {
    frame.input = {};
    frame.waiting = Finished{detail.output};
  }
}

// The aborted state's frame ends with the ChildEnded that follows; nothing else is left to know.
void apply(Execution&, const Event&, const StateAborted&) {}

void apply(Execution& execution, const Event& event, const EvaluationFailed&) {
  follow(frame_of(execution, event.frame), event);
}

void apply(Execution& execution, const Event& event, const WaitScheduled& detail) {
  frame_of(execution, event.frame).waiting = WaitingTimer{detail.until};
}

void apply(Execution& execution, const Event& event, const RetryScheduled& detail) {
  Frame& frame = frame_of(execution, event.frame);
  if (frame.retries.size() <= detail.retrier) frame.retries.resize(detail.retrier + 1, 0);
  ++frame.retries[detail.retrier];
  frame.waiting = WaitingRetry{detail.at};
  execution.lost.clear();
}

void apply(Execution& execution, const Event& event, const TaskScheduled& detail) {
  Frame& frame = frame_of(execution, event.frame);
  WaitingTask task;
  task.scheduled_event = event.id;
  task.kind = detail.kind;
  task.parameters = detail.parameters;
  task.token = detail.token;
  task.deadline = detail.deadline;
  task.heartbeat_deadline = detail.heartbeat_deadline;
  task.heartbeat_seconds = detail.heartbeat_seconds;
  frame.waiting = std::move(task);
  follow(frame, event);
}

void apply(Execution& execution, const Event& event, const TaskStarted& detail) {
  Frame& frame = frame_of(execution, event.frame);
  WaitingTask& task = task_of(frame);
  task.is_started = true;
  if (detail.heartbeat_deadline) task.heartbeat_deadline = detail.heartbeat_deadline;
  follow(frame, event);
}

// Once submitted, what was sent is not needed again: a parked execution is small.
void apply(Execution& execution, const Event& event, const TaskSubmitted&) {
  Frame& frame = frame_of(execution, event.frame);
  WaitingTask& task = task_of(frame);
  task.is_submitted = true;
  task.parameters = {};
  follow(frame, event);
}

// The frame goes on in the same step: it exits with the result, or fails.
void apply(Execution& execution, const Event& event, const TaskSucceeded&) {
  Frame& frame = frame_of(execution, event.frame);
  frame.waiting = Ready{};
  follow(frame, event);
}

void apply(Execution& execution, const Event& event, const TaskFailed&) {
  Frame& frame = frame_of(execution, event.frame);
  frame.waiting = Ready{};
  follow(frame, event);
}

void apply(Execution& execution, const Event& event, const HeartbeatReceived& detail) {
  task_of(frame_of(execution, event.frame)).heartbeat_deadline = detail.heartbeat_deadline;
}

void apply(Execution& execution, const Event& event, const BranchesStarted& detail) {
  Frame& frame = frame_of(execution, event.frame);
  WaitingChildren children;
  children.items = detail.items;
  children.inputs = detail.inputs;
  children.length = detail.length;
  children.results.resize(detail.length);
  children.max_concurrency = detail.max_concurrency;
  children.started_event = event.id;
  frame.waiting = std::move(children);
  frame.failing_event = 0;
  follow(frame, event);
}

void apply(Execution& execution, const Event& event, const ChildStarted& detail) {
  Frame& parent = frame_of(execution, detail.parent);
  auto& children = std::get<WaitingChildren>(parent.waiting);
  Frame child;
  child.id = event.frame;
  child.parent = detail.parent;
  child.index = detail.index;
  child.next = child_list(parent, detail.index).start_at;
  child.input = child_input(children, detail.index);
  child.last_event = event.id != 0 ? event.id : children.started_event;
  ++children.started;
  execution.last_frame_id = std::max(execution.last_frame_id, event.frame.value);
  execution.frames.emplace(child.id, std::move(child));
}

// Until it is known what becomes of the parent: a retry and a catcher forget them. A failure that
// nobody handles is handed up in the step of its event, so they are of one line of ancestors.
void lose_with_descendants(Execution& execution, FrameId id) {
  const auto it = execution.frames.find(id);
  PRESSO_ASSERT(it != execution.frames.end());
  const bool has_children = std::holds_alternative<WaitingChildren>(it->second.waiting);
  execution.lost.insert(execution.frames.extract(it));
  if (!has_children) return;
  std::vector<FrameId> children;
  for (const auto& [child_id, frame] : execution.frames) {
    if (frame.parent == id) children.push_back(child_id);
  }
  for (const FrameId child : children) lose_with_descendants(execution, child);
}

// AWS: what follows a Map's iteration follows its MapIterationSucceeded, but what follows a failed
// one, and a Parallel's branch, follows the child's own last event.
void apply(Execution& execution, const Event& event, const ChildEnded& detail) {
  const Frame& child = frame_of(execution, event.frame);
  PRESSO_ASSERT(child.parent.has_value());
  Frame& parent = frame_of(execution, *child.parent);
  auto& children = std::get<WaitingChildren>(parent.waiting);
  ++children.ended;
  children.last_child_event = child.last_event;
  switch (detail.how) {
    case ChildEnded::How::Succeeded:
      children.results.at(detail.index) = detail.output;
      parent.last_event = event.id != 0 ? event.id : child.last_event;
      execution.frames.erase(event.frame);
      return;
    case ChildEnded::How::Failed:
      parent.last_event = child.last_event;
      parent.failing_event = child.last_event;
      break;
    case ChildEnded::How::Aborted: break;
  }
  lose_with_descendants(execution, event.frame);
}

// AWS: a …StateSucceeded is nobody's predecessor; a …StateFailed is. One that failed keeps what its
// children came to, for a redrive.
void apply(Execution& execution, const Event& event, const BranchesEnded& detail) {
  Frame& frame = frame_of(execution, event.frame);
  frame.failing_event = 0;
  if (detail.is_success) {
    frame.waiting = Ready{};
  } else {
    follow(frame, event);
  }
}

// Children that succeeded are gone, and their results stand.
void count_children(Execution& execution) {
  std::map<FrameId, std::uint64_t> open;
  for (const auto& [id, frame] : execution.frames) {
    if (frame.parent) ++open[*frame.parent];
  }
  for (auto& [id, frame] : execution.frames) {
    auto* children = std::get_if<WaitingChildren>(&frame.waiting);
    if (children != nullptr) children->ended = children->started - open[id];
  }
}

// AWS: what was open is begun again without a new …StateEntered, with all its attempts; what is
// around it goes on. A Fail state is entered again.
void apply(Execution& execution, const Event& event, const ExecutionRedriven& detail) {
  execution.status = Status::Running;
  execution.stop_time.reset();
  execution.failure = {};
  execution.deadline = detail.deadline;
  execution.redrive_count = detail.redrive_count;
  execution.redrive_time = event.time;
  if (detail.reruns_children) {
    Frame root = std::move(execution.frames.begin()->second);
    root.waiting = Ready{};
    execution.lost.clear();
    execution.frames.clear();
    execution.frames.emplace(root.id, std::move(root));
  }
  execution.frames.merge(execution.lost);
  for (auto& [id, frame] : execution.frames) {
    frame.retries.clear();
    frame.failing_event = 0;
    if (std::holds_alternative<WaitingChildren>(frame.waiting)) continue;
    follow(frame, event);
    if (std::holds_alternative<WaitingMapRun>(frame.waiting)) continue;
    frame.waiting = Ready{};
    if (frame.state == nullptr || frame.state->type() != asl::StateType::Fail) continue;
    frame.next = frame.state->name;
    frame.state = nullptr;
  }
  count_children(execution);
}

WaitingMapRun& map_run_of(Execution& execution, const Event& event) {
  auto* run = std::get_if<WaitingMapRun>(&frame_of(execution, event.frame).waiting);
  PRESSO_ASSERT(run != nullptr);
  return *run;
}

void apply(Execution& execution, const Event& event, const MapRunStarted& detail) {
  Frame& frame = frame_of(execution, event.frame);
  WaitingMapRun run;
  run.started_event = event.id;
  run.arn = detail.map_run_arn;
  run.start_time = event.time;
  run.limits = detail.limits;
  run.reader = detail.reader;
  run.writer = detail.writer;
  frame.waiting = std::move(run);
  follow(frame, event);
}

void apply(Execution& execution, const Event& event, const MapRunItemsReady& detail) {
  WaitingMapRun& run = map_run_of(execution, event);
  run.has_items = true;
  run.inputs = detail.inputs;
  run.item_counts = detail.item_counts;
  run.results.resize(detail.inputs.size());
  run.files.clear();
  run.files_read.clear();
}

void apply(Execution& execution, const Event& event, const MapRunFilesFound& detail) {
  WaitingMapRun& run = map_run_of(execution, event);
  run.files = detail.files;
  run.headers = detail.headers;
}

void apply(Execution& execution, const Event& event, const MapRunFileRead& detail) {
  map_run_of(execution, event).files_read.push_back(detail.items);
}

void apply(Execution& execution, const Event& event, const MapRunUpdated& detail) {
  map_run_of(execution, event).limits = detail.limits;
}

void apply(Execution& execution, const Event& event, const MapRunChildrenStarted& detail) {
  WaitingMapRun& run = map_run_of(execution, event);
  std::uint64_t left = detail.count;
  for (; left > 0 && !run.to_redrive.empty(); --left) run.to_redrive.erase(run.to_redrive.begin());
  run.started += left;
}

// What a child was given is kept: a file of results and a failed child's entry show it.
void apply(Execution& execution, const Event& event, const MapRunChildEnded& detail) {
  WaitingMapRun& run = map_run_of(execution, event);
  run.results.at(detail.index) = {.how = detail.how,
                                  .output = detail.output,
                                  .error = detail.error,
                                  .cause = detail.cause,
                                  .start_time = detail.start_time,
                                  .stop_time = detail.stop_time,
                                  .redrive_count = detail.redrive_count,
                                  .is_final = detail.is_final};
  ++run.ended;
  if (detail.how != MapRunChildEnded::How::Succeeded) {
    run.failed_items += run.items_of(detail.index);
  }
}

void apply(Execution& execution, const Event& event, const MapRunFileWritten&) {
  ++map_run_of(execution, event).written;
}

// AWS: these begin a new Map Run when they are redriven.
bool is_lost_to_redrive(const MapRunEnded& detail) {
  return detail.error == "States.DataLimitExceeded" || detail.error == "States.Runtime";
}

// AWS, since November 2024: what follows the Map follows its MapRunStarted; a failed run is what
// MapStateFailed follows.
void apply(Execution& execution, const Event& event, const MapRunEnded& detail) {
  Frame& frame = frame_of(execution, event.frame);
  if (detail.how == MapRunEnded::How::Succeeded || is_lost_to_redrive(detail)) {
    frame.waiting = Ready{};
  } else {
    map_run_of(execution, event).is_closed = true;
  }
  if (detail.how != MapRunEnded::How::Failed) return;
  frame.failing_event = event.id;
  follow(frame, event);
}

void apply(Execution& execution, const Event& event, const MapRunRedriven& detail) {
  WaitingMapRun& run = map_run_of(execution, event);
  run.is_closed = false;
  run.redrive_count = detail.redrive_count;
  run.redrive_time = event.time;
  run.failed_items = 0;
  run.ended = 0;
  for (std::uint64_t i = 0; i < run.started; ++i) {
    if (run.results[i] && run.results[i]->how == MapRunChildEnded::How::Succeeded) {
      ++run.ended;
    } else {
      run.results[i].reset();
      run.to_redrive.insert(i);
    }
  }
  follow(frame_of(execution, event.frame), event);
}

}  // namespace

void evolve(Execution& execution, const Event& event) {
  if (event.id != 0) {
    PRESSO_ASSERT(event.id == execution.last_event_id + 1);
    execution.last_event_id = event.id;
  }
  std::visit([&](const auto& detail) { apply(execution, event, detail); }, event.detail);
}

}  // namespace presso::run
