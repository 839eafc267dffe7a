#include "engine/run/step.h"

#include <algorithm>
#include <tuple>

#include "engine/run/limits.h"
#include "engine/run/map_run_step.h"
#include "engine/run/states/states.h"
#include "engine/run/stepper.h"

namespace presso::run {

namespace {

struct Awaited {
  Frame* frame = nullptr;
  const WaitingTask* task = nullptr;
  const asl::TaskState* state = nullptr;
};

std::optional<Awaited> awaited(Stepper& step, TaskId id) {
  const Frame* found = find_waiting(step.execution(), id);
  if (found == nullptr) return std::nullopt;
  Frame* frame = step.find(found->id);
  return Awaited{frame, std::get_if<WaitingTask>(&frame->waiting),
                 std::get_if<asl::TaskState>(&frame->state->detail)};
}

// The fields that all events of one attempt share.
template <class TaskEvent>
TaskEvent event_of(const Awaited& awaited) {
  TaskEvent event;
  if constexpr (requires { event.kind; }) event.kind = awaited.task->kind;
  if (awaited.task->kind == TaskKind::Integration) {
    event.resource_type = awaited.state->resource.service;
    event.resource = awaited.state->resource.history_name();
  }
  return event;
}

void task_failed(Stepper& step, const Awaited& task, TaskFailed::How how, const Failure& failure) {
  auto failed = event_of<TaskFailed>(task);
  failed.how = how;
  failed.error = failure.error;
  failed.cause = failure.cause;
  step.emit(*task.frame, std::move(failed));
  step.fail(*task.frame, failure);
}

void task_succeeded(Stepper& step, const Awaited& task, const SharedJson& output) {
  if (is_too_large(output)) {
    return task_failed(step, task, TaskFailed::How::Failed, too_large(task.state->resource.arn));
  }
  auto succeeded = event_of<TaskSucceeded>(task);
  succeeded.output = output;
  step.emit(*task.frame, std::move(succeeded));
  finish_task(step, *task.frame, *task.state, output);
}

bool outlives_its_call(const Awaited& task) {
  return task.task->kind == TaskKind::Integration &&
         task.state->resource.pattern != asl::IntegrationPattern::RequestResponse;
}

void apply(Stepper& step, const Start& start) {
  Execution& execution = step.execution();
  ExecutionStarted started;
  started.input = start.input;
  started.role_arn = execution.identity.role_arn;
  started.alias_arn = start.alias_arn;
  started.version_arn = start.version_arn;
  const bool is_map_child = !execution.identity.map_state.empty();
  if (execution.definition->timeout_seconds && !is_map_child) {
    started.deadline = step.env().now + seconds(*execution.definition->timeout_seconds);
  }
  if (start.time_limit) {
    const Time end = step.env().now + *start.time_limit;
    started.deadline = std::min(started.deadline.value_or(end), end);
  }
  step.emit_execution(std::move(started), 0);
  step.command(StatusChanged{});
  step.start_root();
}

void apply(Stepper& step, const CallSucceeded& input) {
  if (const Frame* run = find_map_run(step.execution(), input.task)) {
    return map_run_answered(step, *step.find(run->id), input.output);
  }
  const auto task = awaited(step, input.task);
  if (!task || task->task->is_submitted) return;
  if (!outlives_its_call(*task)) return task_succeeded(step, *task, input.output);
  auto submitted = event_of<TaskSubmitted>(*task);
  submitted.output = input.output;
  step.emit(*task->frame, std::move(submitted));
}

// AWS: the call of a task that would outlive it was to submit the task.
void apply(Stepper& step, const CallFailed& input) {
  if (const Frame* run = find_map_run(step.execution(), input.task)) {
    return map_run_failed(step, *step.find(run->id), input.failure);
  }
  const auto task = awaited(step, input.task);
  if (!task || task->task->is_submitted) return;
  const auto how =
      outlives_its_call(*task) ? TaskFailed::How::SubmitFailed : TaskFailed::How::Failed;
  task_failed(step, *task, how, input.failure);
}

void apply(Stepper& step, const TaskDone& input) {
  if (const auto task = awaited(step, input.task)) task_succeeded(step, *task, input.output);
}

void apply(Stepper& step, const TaskGivenUp& input) {
  if (const auto task = awaited(step, input.task)) {
    task_failed(step, *task, TaskFailed::How::Failed, input.failure);
  }
}

void apply(Stepper& step, const MapChildEnded& input) {
  if (const Frame* run = find_map_run(step.execution(), input.run)) {
    map_child_ended(step, *step.find(run->id), input);
  }
}

void apply(Stepper& step, const UpdateMapRun& input) {
  if (const Frame* run = find_map_run(step.execution(), input.run)) {
    update_map_run(step, *step.find(run->id), input.limits);
  }
}

void apply(Stepper& step, const TaskHeartbeat& input) {
  const auto task = awaited(step, input.task);
  if (!task || !task->task->heartbeat_seconds) return;
  step.emit_private(task->frame->id,
                    HeartbeatReceived{step.env().now + seconds(*task->task->heartbeat_seconds)});
}

void apply(Stepper& step, const ActivityTaken& input) {
  const auto task = awaited(step, input.task);
  if (!task || task->task->is_started) return;
  auto started = event_of<TaskStarted>(*task);
  started.worker_name = input.worker_name;
  if (task->task->heartbeat_seconds) {
    started.heartbeat_deadline = step.env().now + seconds(*task->task->heartbeat_seconds);
  }
  step.emit(*task->frame, std::move(started));
}

struct Due {
  Time at;
  FrameId frame;
};

std::optional<Time> deadline_of(const Waiting& waiting) {
  if (const auto* timer = std::get_if<WaitingTimer>(&waiting)) return timer->until;
  if (const auto* retry = std::get_if<WaitingRetry>(&waiting)) return retry->at;
  const auto* task = std::get_if<WaitingTask>(&waiting);
  if (task == nullptr) return std::nullopt;
  if (!task->deadline) return task->heartbeat_deadline;
  if (!task->heartbeat_deadline) return task->deadline;
  return std::min(*task->deadline, *task->heartbeat_deadline);
}

std::vector<Due> due_frames(const Execution& execution, Time now) {
  std::vector<Due> due;
  for (const auto& [id, frame] : execution.frames) {
    const auto at = deadline_of(frame.waiting);
    if (at && *at <= now) due.push_back({*at, id});
  }
  std::stable_sort(due.begin(), due.end(),
                   [](const Due& left, const Due& right) { return left.at < right.at; });
  return due;
}

Failure timeout_of(const WaitingTask& task) {
  Failure failure{.error = "States.Timeout", .cause = std::nullopt};
  failure.is_missed_heartbeat =
      task.heartbeat_deadline && (!task.deadline || *task.heartbeat_deadline < *task.deadline);
  return failure;
}

// AWS: attempts that time out together are all recorded before the first failure is acted upon.
void fire(Stepper& step, const std::vector<Due>& due) {
  std::vector<std::pair<FrameId, Failure>> failures;
  for (const auto& [at, id] : due) {
    Frame& frame = *step.find(id);
    const auto* waiting = std::get_if<WaitingTask>(&frame.waiting);
    if (waiting == nullptr) continue;
    const TaskId task{step.execution().identity.number, waiting->scheduled_event};
    const Failure failure = timeout_of(*waiting);
    auto failed = event_of<TaskFailed>(*awaited(step, task));
    failed.how = TaskFailed::How::TimedOut;
    failed.error = failure.error;
    step.command(CancelTask{task});
    step.emit(frame, std::move(failed));
    failures.emplace_back(id, failure);
  }
  for (const auto& [at, id] : due) {
    Frame* frame = step.find(id);
    if (frame == nullptr || !step.is_running()) continue;
    if (std::holds_alternative<WaitingTimer>(frame->waiting))
      finish_wait(step, *frame);
    else if (std::holds_alternative<WaitingRetry>(frame->waiting))
      begin(step, *frame);
  }
  for (const auto& [id, failure] : failures) {
    Frame* frame = step.find(id);
    if (frame != nullptr && step.is_running()) step.fail(*frame, failure);
  }
}

void apply(Stepper& step, const DeadlineReached&) {
  const Execution& execution = step.execution();
  const Time now = step.env().now;
  auto due = due_frames(execution, now);
  if (execution.deadline && *execution.deadline <= now) {
    // What was due before the whole ran out still happened before it.
    std::erase_if(due, [&](const Due& entry) { return entry.at >= *execution.deadline; });
    fire(step, due);
    step.settle();
    if (!step.is_running()) return;
    return step.end({ExecutionEnded::How::TimedOut, "States.Timeout", std::nullopt}, 0);
  }
  fire(step, due);
}

void apply(Stepper& step, const Continue&) { step.wake_all_ready(); }

void apply(Stepper& step, const Stop& stop) {
  step.end({ExecutionEnded::How::Aborted, stop.failure.error, stop.failure.cause}, 0);
}

// AWS: a Parallel or Map that failed because something was too large is rerun as a whole.
bool reruns_children(const Execution& execution) {
  if (execution.status != Status::Failed) return false;
  if (execution.failure.error != "States.DataLimitExceeded") return false;
  const Frame& root = execution.frames.begin()->second;
  return std::holds_alternative<WaitingChildren>(root.waiting);
}

void apply(Stepper& step, const Redrive&) {
  const Execution& execution = step.execution();
  ExecutionRedriven redriven;
  redriven.redrive_count = execution.redrive_count + 1;
  if (execution.definition->timeout_seconds) {
    redriven.deadline = step.env().now + seconds(*execution.definition->timeout_seconds);
  }
  redriven.reruns_children = reruns_children(execution);
  step.emit_execution(redriven, execution.last_event_id);
  step.command(StatusChanged{});
  step.wake_all_ready();
  std::vector<FrameId> runs;
  for (const auto& [id, frame] : execution.frames) {
    if (std::holds_alternative<WaitingMapRun>(frame.waiting)) runs.push_back(id);
  }
  for (const FrameId id : runs) {
    Frame* frame = step.find(id);
    if (frame != nullptr && step.is_running()) redrive_map_run(step, *frame);
  }
}

}  // namespace

Outcome step(Execution& execution, const Input& input, const Env& env,
             const Surroundings& surroundings) {
  PRESSO_ASSERT(env.entropy != nullptr);
  Stepper stepper{execution, env, surroundings};
  const bool is_redrive = std::holds_alternative<Redrive>(input);
  if (is_redrive ? !is_unsuccessful(execution.status) : is_terminal(execution.status)) {
    return stepper.take();
  }
  std::visit([&](const auto& what) { apply(stepper, what); }, input);
  stepper.settle();
  return stepper.take();
}

}  // namespace presso::run
