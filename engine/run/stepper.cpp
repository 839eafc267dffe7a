#include "engine/run/stepper.h"

#include <algorithm>

#include "base/assert.h"
#include "base/json.h"
#include "engine/run/dataflow.h"
#include "engine/run/evolve.h"
#include "engine/run/failure.h"
#include "engine/run/limits.h"
#include "engine/run/map_run_step.h"
#include "engine/run/states/states.h"

namespace presso::run {

namespace {

bool is_map(const Frame& frame) {
  return frame.state != nullptr && frame.state->type() == asl::StateType::Map;
}

// AWS: a state that can be waiting leaves a …StateAborted when its branch ends without it.
bool can_be_aborted(asl::StateType type) {
  switch (type) {
    case asl::StateType::Task:
    case asl::StateType::Wait:
    case asl::StateType::Parallel:
    case asl::StateType::Map: return true;
    case asl::StateType::Pass:
    case asl::StateType::Choice:
    case asl::StateType::Succeed:
    case asl::StateType::Fail: return false;
  }
  PRESSO_ASSERT(false);
}

}  // namespace

bool is_too_large(const SharedJson& value) { return value.text().size() > kStateDataBytes; }

Failure too_large(std::string_view what) {
  return {"States.DataLimitExceeded",
          "The state/task '" + std::string{what} +
              "' returned a result with a size exceeding the maximum number of bytes service "
              "limit."};
}

Frame* Stepper::find(FrameId id) {
  const auto it = execution_.frames.find(id);
  return it == execution_.frames.end() ? nullptr : &it->second;
}

void Stepper::record(Event event) {
  evolve(execution_, event);
  outcome_.events.push_back(std::move(event));
}

void Stepper::emit(const Frame& frame, Detail detail, std::optional<std::uint64_t> previous) {
  record({.id = next_event_id(),
          .previous = previous.value_or(frame.last_event),
          .time = env_.now,
          .frame = frame.id,
          .detail = std::move(detail)});
}

void Stepper::emit_private(FrameId frame, Detail detail) {
  record({.id = 0, .previous = 0, .time = env_.now, .frame = frame, .detail = std::move(detail)});
}

void Stepper::emit_execution(Detail detail, std::uint64_t previous) {
  record({.id = next_event_id(),
          .previous = previous,
          .time = env_.now,
          .frame = FrameId{0},
          .detail = std::move(detail)});
}

void Stepper::start_root() {
  PRESSO_ASSERT(execution_.frames.size() == 1);
  wake(execution_.frames.begin()->first);
}

void Stepper::wake_all_ready() {
  for (const auto& [id, frame] : execution_.frames) {
    if (std::holds_alternative<Ready>(frame.waiting)) wake(id);
  }
}

void Stepper::settle() {
  for (std::size_t transitions = 0; !ready_.empty() && is_running(); ++transitions) {
    if (transitions == kTransitionsPerStep) {
      command(ContinueLater{});
      break;
    }
    const FrameId id = ready_.front();
    ready_.pop_front();
    Frame* frame = find(id);
    if (frame != nullptr && std::holds_alternative<Ready>(frame->waiting)) advance(*frame);
    enforce_history_limit();
  }
  record_started();
}

// AWS: all that is scheduled in one go is recorded before the first of it is recorded as started.
void Stepper::record_started() {
  for (const FrameId id : scheduled_) {
    const Frame* frame = find(id);
    if (frame == nullptr || !is_running()) continue;
    const auto* task = std::get_if<WaitingTask>(&frame->waiting);
    if (task == nullptr || task->is_started) continue;
    const auto& resource = std::get<asl::TaskState>(frame->state->detail).resource;
    TaskStarted started;
    started.kind = task->kind;
    if (task->kind == TaskKind::Integration) {
      started.resource_type = resource.service;
      started.resource = resource.history_name();
    }
    emit(*frame, std::move(started));
  }
  scheduled_.clear();
}

// The last event that fits says why there are no more. AWS: of an Express execution no history is
// kept, and nothing bounds it but its time.
void Stepper::enforce_history_limit() {
  if (!is_running() || execution_.identity.is_express) return;
  if (execution_.last_event_id + kHistoryReserve < kHistoryEvents) return;
  end({ExecutionEnded::How::Failed, "States.Runtime",
       "The execution reached the maximum number of history events (" +
           std::to_string(kHistoryEvents) + ")."},
      execution_.last_event_id);
}

// AWS: "On the next state transition, the state machine's executions are terminated."
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_DeleteStateMachine.html
void Stepper::end_deleted(const Frame& frame) {
  const std::string_view name = execution_.identity.machine_name;
  end({ExecutionEnded::How::Failed, "States.Runtime",
       "State machine " + std::string{name.substr(0, name.find('/'))} + " has been deleted."},
      frame.last_event);
}

void Stepper::advance(Frame& frame) {
  if (frame.state == nullptr) {
    const auto& is_deleted = surroundings_.is_deleted;
    if (is_deleted && is_deleted(execution_.identity.machine_arn)) return end_deleted(frame);
    const asl::State* state = execution_.definition->find(frame.next);
    PRESSO_ASSERT(state != nullptr);
    emit(frame, StateEntered{state->type(), state->name, frame.input});
  }
  begin(*this, frame);
}

void Stepper::exit(Frame& frame, const SharedJson& output, std::vector<Assignment> assignments) {
  exit(frame, output, std::move(assignments), frame.state->next);
}

void Stepper::exit(Frame& frame, const SharedJson& output, std::vector<Assignment> assignments,
                   std::optional<std::string> next) {
  if (is_too_large(output)) return fail(frame, too_large(frame.state->name));
  emit(frame, StateExited{frame.state->type(), frame.state->name, output, std::move(assignments),
                          std::move(next)});
  if (std::holds_alternative<Finished>(frame.waiting)) return complete(frame);
  wake(frame.id);
}

void Stepper::complete(Frame& frame) {
  if (frame.parent) return complete_child(frame);
  const SharedJson output = std::get<Finished>(frame.waiting).output;
  emit_execution(ExecutionSucceeded{output}, frame.last_event);
  command(StatusChanged{});
}

void Stepper::complete_child(Frame& child) {
  Frame& parent = execution_.frames.at(*child.parent);
  ChildEnded ended{ChildEnded::How::Succeeded, "", child.index,
                   std::get<Finished>(child.waiting).output};
  if (is_map(parent)) {
    ended.name = parent.state->name;
    emit(child, std::move(ended));
  } else {
    emit_private(child.id, std::move(ended));
  }
  const auto& children = std::get<WaitingChildren>(parent.waiting);
  if (children.ended < children.length) return start_children(parent);
  Json results = Json::array();
  for (const SharedJson& result : children.results) results.push_back(result.value());
  const SharedJson all{std::move(results)};
  emit(parent, BranchesEnded{parent.state->type(), true, {}, {}});
  if (const auto* map = std::get_if<asl::MapState>(&parent.state->detail)) {
    return finish_map(*this, parent, *map, all);
  }
  finish_parallel(*this, parent, std::get<asl::ParallelState>(parent.state->detail), all);
}

// AWS: the first children follow the …StateStarted event; one that takes the place of another
// follows that one's last state event.
void Stepper::start_children(Frame& parent) {
  const auto& children = std::get<WaitingChildren>(parent.waiting);
  const std::uint64_t limit =
      children.max_concurrency == 0 ? children.length : children.max_concurrency;
  while (children.started < children.length && children.started - children.ended < limit) {
    const FrameId id{execution_.last_frame_id + 1};
    ChildStarted started{"", children.started, parent.id};
    if (is_map(parent)) {
      started.name = parent.state->name;
      record({.id = next_event_id(),
              .previous = children.last_child_event != 0 ? children.last_child_event
                                                         : children.started_event,
              .time = env_.now,
              .frame = id,
              .detail = std::move(started)});
    } else {
      emit_private(id, std::move(started));
    }
    wake(id);
  }
}

// AWS: what fails before the state has done anything follows what the state's Entered event
// follows, as if that were not there.
Failure failure_of(const Frame& frame, const Fault& fault) {
  return {fault.code, "An error occurred while executing the state '" + frame.state->name +
                          "' (entered at the event id #" + std::to_string(frame.entered_event) +
                          "). " + fault.message};
}

Failure Stepper::record_fault(const Frame& frame, const Fault& fault) {
  Failure failure = failure_of(frame, fault);
  if (!fault.field.empty()) {
    const bool is_new = frame.last_event == frame.entered_event;
    emit(frame, EvaluationFailed{fault.code, *failure.cause, fault.field, frame.state->name},
         is_new ? frame.event_before : frame.last_event);
  }
  return failure;
}

void Stepper::fail(Frame& frame, const Fault& fault) { fail(frame, record_fault(frame, fault)); }

// AWS: a Map whose fields cannot be evaluated is closed, though it was never opened.
void Stepper::fail_start(Frame& frame, const Fault& fault) {
  const Failure failure = record_fault(frame, fault);
  fail(frame, failure, fault.field.empty() ? 0 : frame.last_event);
}

void Stepper::fail(Frame& frame, const Failure& failure) {
  fail(frame, failure, frame.failing_event);
}

void Stepper::fail(Frame& frame, const Failure& failure, std::uint64_t open_until) {
  const Decision decision = decide(*frame.state, failure, frame.retries, *env_.entropy);
  if (const auto* retry = std::get_if<Retry>(&decision)) {
    return emit_private(frame.id, RetryScheduled{static_cast<std::uint32_t>(retry->retrier),
                                                 env_.now + retry->delay});
  }
  // A Parallel or Map whose children are over is closed before it is left; one that failed before
  // they began has nothing to close.
  if (open_until != 0) emit(frame, BranchesEnded{frame.state->type(), false, {}, {}}, open_until);
  if (const auto* caught = std::get_if<Catch>(&decision)) {
    return catch_failure(frame, failure, frame.state->catchers.at(caught->catcher));
  }
  if (frame.parent) return fail_child(frame, failure);
  end({ExecutionEnded::How::Failed, failure.error, failure.cause}, frame.last_event);
}

void Stepper::catch_failure(Frame& frame, const Failure& failure, const asl::Catcher& catcher) {
  const SharedJson error{error_output(failure)};
  const auto give_up = [&](const Fault& reason) {
    const Failure second = record_fault(frame, reason);
    if (frame.parent) return fail_child(frame, second);
    end({ExecutionEnded::How::Failed, second.error, second.cause}, frame.last_event);
  };
  const bool is_jsonata = uses_jsonata(frame);
  Scope scope{execution_, frame, is_jsonata ? frame.input.value() : error.value()};
  scope.set_error_output(error);
  auto assignments = assign(catcher.assign, scope, env_);
  if (!assignments) return give_up(assignments.error());
  const Computed<SharedJson> output = is_jsonata ? fill(catcher.output, error, scope, env_)
                                                 : place(catcher.result_path, frame.input, error);
  if (!output) return give_up(output.error());
  if (is_too_large(*output)) {
    return give_up({"States.DataLimitExceeded", *too_large(frame.state->name).cause});
  }
  exit(frame, *output, std::move(*assignments), catcher.next);
}

// AWS: first the failed iteration, then for each other one its state and itself, all following the
// event that failed; the same without iterations in a Parallel.
void Stepper::fail_child(Frame& child, const Failure& failure) {
  Frame& parent = execution_.frames.at(*child.parent);
  const std::uint64_t failing_event = child.last_event;
  const asl::StateType type = child.state->type();
  cancel_tasks_below(child);
  ChildEnded ended{ChildEnded::How::Failed, "", child.index, {}};
  if (is_map(parent)) ended.name = parent.state->name;
  if (is_map(parent)) {
    emit(child, std::move(ended));
  } else {
    emit_private(child.id, std::move(ended));
  }
  if (can_be_aborted(type)) emit(parent, StateAborted{type}, failing_event);
  abort_siblings(parent, failing_event);
  fail(parent, failure);
}

void Stepper::abort_siblings(const Frame& parent, std::uint64_t failing_event) {
  std::vector<FrameId> siblings;
  for (const auto& [id, frame] : execution_.frames) {
    if (frame.parent == parent.id) siblings.push_back(id);
  }
  for (const FrameId id : siblings) abort_child(execution_.frames.at(id), failing_event);
}

void Stepper::abort_child(Frame& child, std::uint64_t failing_event) {
  const Frame& parent = execution_.frames.at(*child.parent);
  const asl::State* state = child.state;
  cancel_tasks_below(child);
  ChildEnded ended{ChildEnded::How::Aborted, "", child.index, {}};
  if (is_map(parent)) {
    ended.name = parent.state->name;
    emit(child, std::move(ended), failing_event);
  } else {
    emit_private(child.id, std::move(ended));
  }
  if (state != nullptr && can_be_aborted(state->type())) {
    emit(parent, StateAborted{state->type()}, failing_event);
  }
}

void Stepper::cancel_tasks_below(const Frame& frame) {
  if (const auto* task = std::get_if<WaitingTask>(&frame.waiting)) {
    command(CancelTask{{execution_.identity.number, task->scheduled_event}});
  }
  abort_map_run(*this, frame);
  if (!std::holds_alternative<WaitingChildren>(frame.waiting)) return;
  for (const auto& [id, child] : execution_.frames) {
    if (child.parent == frame.id) cancel_tasks_below(child);
  }
}

void Stepper::cancel_tasks() {
  for (const auto& [id, frame] : execution_.frames) {
    abort_map_run(*this, frame);
    if (const auto* task = std::get_if<WaitingTask>(&frame.waiting)) {
      command(CancelTask{{execution_.identity.number, task->scheduled_event}});
    }
  }
}

void Stepper::end(ExecutionEnded ended, std::uint64_t previous) {
  cancel_tasks();
  emit_execution(std::move(ended), previous);
  command(StatusChanged{});
}

}  // namespace presso::run
