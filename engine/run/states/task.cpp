#include "engine/run/dataflow.h"
#include "engine/run/states/states.h"

namespace presso::run {

namespace {

TaskKind kind_of(const asl::Resource& resource) {
  switch (resource.kind) {
    case asl::Resource::Kind::LambdaFunction: return TaskKind::Lambda;
    case asl::Resource::Kind::Activity: return TaskKind::Activity;
    case asl::Resource::Kind::Integration: return TaskKind::Integration;
  }
  PRESSO_ASSERT(false);
}

// A token is made where somebody may answer by it: a callback's worker, an activity's. AWS: what is
// to be awaited (.sync) may be ended by its token, too.
bool shows_token(const asl::Resource& resource) {
  return resource.kind == asl::Resource::Kind::Integration &&
         resource.pattern != asl::IntegrationPattern::RequestResponse;
}
bool has_token(const asl::Resource& resource) {
  return resource.kind == asl::Resource::Kind::Activity || shows_token(resource);
}

Computed<std::optional<std::int64_t>> maybe_number(const std::optional<asl::NumberField>& field,
                                                   std::string_view name, const Scope& scope,
                                                   const Env& env) {
  if (!field) return std::optional<std::int64_t>{};
  const auto value = number(*field, name, scope, env);
  if (!value) return value.error();
  return std::optional{*value};
}

// Everything that TaskScheduled holds but the times.
Computed<TaskScheduled> schedule(Stepper& step, const Frame& frame, const asl::TaskState& task,
                                 const SharedJson& input) {
  TaskScheduled scheduled;
  scheduled.kind = kind_of(task.resource);
  const bool is_integration = scheduled.kind == TaskKind::Integration;
  scheduled.resource_type = is_integration ? task.resource.service : "";
  scheduled.resource = is_integration ? task.resource.history_name() : task.resource.arn;
  scheduled.region = is_integration ? step.execution().identity.region : "";
  Scope scope{step.execution(), frame, input.value()};
  if (has_token(task.resource)) {
    const TaskId id{step.execution().identity.number, step.next_event_id()};
    scheduled.token = make_token(id, *step.env().entropy);
  }
  if (shows_token(task.resource)) scope.set_task_token(scheduled.token);
  auto parameters = fill(task.parameters, input, scope, step.env());
  if (!parameters) return parameters.error();
  scheduled.parameters = std::move(*parameters);
  auto credentials = fill(task.credentials, {}, scope, step.env());
  if (!credentials) return credentials.error();
  scheduled.credentials = std::move(*credentials);
  auto timeout = maybe_number(task.timeout_seconds, "TimeoutSeconds", scope, step.env());
  if (!timeout) return timeout.error();
  scheduled.timeout_seconds = *timeout;
  auto heartbeat = maybe_number(task.heartbeat_seconds, "HeartbeatSeconds", scope, step.env());
  if (!heartbeat) return heartbeat.error();
  scheduled.heartbeat_seconds = *heartbeat;
  return scheduled;
}

}  // namespace

// AWS: an activity's heartbeat clock starts when a worker takes the task, every other one at once.
void begin_task(Stepper& step, Frame& frame, const asl::TaskState& task) {
  const auto input = effective_input(step, frame);
  if (!input) return;
  // AWS: what is wrong with an activity is found before anything of its task.
  const bool is_activity = task.resource.kind == asl::Resource::Kind::Activity;
  const auto& has_activity = step.surroundings().has_activity;
  if (is_activity && has_activity && !has_activity(task.resource.arn)) {
    return step.fail(
        frame, Error{"States.Runtime", "The activity " + task.resource.arn + " does not exist."});
  }
  auto scheduled = schedule(step, frame, task, *input);
  if (!scheduled) return step.fail(frame, scheduled.error());
  if (is_too_large(scheduled->parameters)) return step.fail(frame, too_large(frame.state->name));
  const Time now = step.env().now;
  if (scheduled->timeout_seconds) {
    scheduled->deadline = now + seconds(*scheduled->timeout_seconds);
  }
  if (scheduled->heartbeat_seconds && !is_activity) {
    scheduled->heartbeat_deadline = now + seconds(*scheduled->heartbeat_seconds);
  }
  RunTask run{.task = {step.execution().identity.number, step.next_event_id()},
              .resource = task.resource,
              .parameters = scheduled->parameters,
              .token = scheduled->token};
  step.emit(frame, std::move(*scheduled));
  step.command(std::move(run));
  if (!is_activity) step.started_later(frame.id);
}

void finish_task(Stepper& step, Frame& frame, const asl::TaskState& task,
                 const SharedJson& result) {
  exit_with_result(step, frame,
                   {.result_selector = task.result_selector, .result_path = task.result_path},
                   result);
}

}  // namespace presso::run
