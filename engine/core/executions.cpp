#include "engine/core/executions.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "base/assert.h"
#include "base/json.h"
#include "base/json_members.h"
#include "engine/core/api_endpoint.h"
#include "engine/core/core.h"
#include "engine/core/inside.h"
#include "engine/core/json_fault.h"
#include "engine/core/limits.h"
#include "engine/core/ordered_id.h"
#include "engine/core/status_event.h"
#include "engine/run/event_codec.h"
#include "engine/run/limits.h"

namespace presso::core {

namespace {

// AWS: an empty text, and one whose fault its parser has no words for, is "Invalid execution
// input."
Result<SharedJson> parse_data(std::string_view text, std::string_view otherwise) {
  if (text.size() > run::kStateDataBytes) {
    return Error{"TooLarge", "The size exceeds the maximum number of bytes service limit."};
  }
  auto parsed = SharedJson::parse(std::string{text});
  if (parsed) return parsed;
  std::string fault = json_fault(text);
  return Error{"NotJson", fault.empty() ? std::string{otherwise} : std::move(fault)};
}

Result<SharedJson> parse_input(std::string_view text) {
  auto input = parse_data(text, "Invalid execution input.");
  if (input) return input;
  return Error{"InvalidExecutionInput",
               "Invalid State Machine Execution Input: '" + input.error().message + "'"};
}

Error does_not_exist(const std::string& arn) {
  return Error{"ExecutionDoesNotExist", "Execution Does Not Exist: '" + arn + "'"};
}
Error invalid_token() { return Error{"InvalidToken", "Invalid Token: 'Invalid token'"}; }

std::string details_of(const StartExecution& request, const Resolved& resolved, const Core& core) {
  Json details = Json::object();
  if (!core.trace_context().empty()) details[kTraceContext] = core.trace_context();
  if (request.trace_header) details["traceHeader"] = *request.trace_header;
  if (resolved.version != nullptr) details["versionArn"] = resolved.version->arn();
  if (resolved.alias != nullptr) details["aliasArn"] = resolved.alias->arn;
  if (request.test_case) details[kTestCase] = *request.test_case;
  if (!request.rule_arn.empty()) details[kStartedByRule] = request.rule_arn;
  const std::string& origin = request.origin_arn.empty() ? core.asked_by() : request.origin_arn;
  if (!origin.empty()) details[kOrigin] = origin;
  return dump_json(details);
}
// Most were started without; then nothing of the details has to be read.
bool has_qualifier(const ExecutionRow& row) {
  return row.details.find("versionArn") != std::string::npos ||
         row.details.find("aliasArn") != std::string::npos;
}
run::Start start_of(const Resolved& resolved, SharedJson input) {
  run::Start start;
  start.input = std::move(input);
  if (resolved.version != nullptr) start.version_arn = resolved.version->arn();
  if (resolved.alias != nullptr) start.alias_arn = resolved.alias->arn;
  return start;
}

// The call that is not asked for again after this.
std::optional<TaskId> answered_by(const run::Input& input) {
  return std::visit(
      [](const auto& what) -> std::optional<TaskId> {
        using What = std::decay_t<decltype(what)>;
        if constexpr (std::is_same_v<What, run::TaskHeartbeat>) return std::nullopt;
        if constexpr (requires { what.task; }) return what.task;
        return std::nullopt;
      },
      input);
}

}  // namespace

Json details_of(const ExecutionRow& row) {
  if (row.details == "{}") return Json::object();
  auto details = parse_json(row.details);
  PRESSO_ASSERT(details.has_value());
  return *std::move(details);
}

Keys keys_of_execution(std::string_view execution_arn) {
  Keys keys;
  if (auto name = parse_execution_arn(execution_arn)) keys.names.push_back(*std::move(name));
  return keys;
}

Keys keys_of_token(std::string_view token) {
  Keys keys;
  if (const auto task = run::parse_token(token)) keys.numbers.push_back(task->execution);
  return keys;
}

Keys keys_of_start(const StartExecution& request) {
  Keys keys;
  if (!request.name) return keys;
  keys.names.emplace_back(split_qualifier(request.machine_arn).machine_arn, *request.name);
  return keys;
}

Executions::Executions(Core& core)
    : core_(core),
      surroundings_{
          .has_activity = [&core](std::string_view arn) { return core.activities().has(arn); },
          .is_deleted =
              [&core](std::string_view arn) { return core.machines().is_being_deleted(arn); }} {}

Result<Resolved> Executions::startable(const Caller& caller, const StartExecution& request) {
  if (request.name) {
    if (auto valid = check_name(*request.name); !valid) return valid.error();
  }
  auto resolved = core_.versions().resolve(request.machine_arn);
  if (resolved && !belongs_to(request.machine_arn, caller)) {
    return machine_does_not_exist(request.machine_arn);
  }
  if (!resolved) return resolved;
  if (resolved->machine->is_deleting) return machine_is_being_deleted(resolved->machine->arn);
  const auto has_case = check_test_case(resolved->machine->arn, request.test_case);
  if (!has_case) return has_case.error();
  return resolved;
}

Result<StartedExecution> Executions::start(const Caller& caller, const StartExecution& request) {
  const auto resolved = startable(caller, request);
  if (!resolved) return resolved.error();
  const StateMachine& found = *resolved->machine;
  if (found.type == asl::MachineType::Express) return start_express(*resolved, request, {});
  auto input = parse_input(request.input);
  if (!input) return input.error();
  std::string name = request.name ? *request.name : ordered_uuid(core_.now(), core_.entropy());
  if (const auto it = names_.find({found.arn, name}); it != names_.end()) {
    const Live& earlier = live_.at(it->second);
    std::string arn = execution_arn(found.arn, name);
    // AWS: the same name and input as a running execution is that execution.
    if (!run::is_terminal(earlier.row.status) && earlier.execution.input.text() == request.input) {
      return StartedExecution{std::move(arn), earlier.row.start_time, earlier.row.number};
    }
    return Error{"ExecutionAlreadyExists", "Execution Already Exists: '" + arn + "'"};
  }
  return begin(*resolved, std::move(name), *std::move(input), request);
}

StartedExecution Executions::begin(const Resolved& resolved, std::string name, SharedJson input,
                                   const StartExecution& request) {
  ++last_number_.value;
  const StateMachine& machine = *resolved.machine;
  ExecutionRow row{.number = last_number_,
                   .machine_arn = machine.arn,
                   .name = std::move(name),
                   .status = run::Status::Running,
                   .start_time = core_.now(),
                   .stop_time = std::nullopt,
                   .wake_at = std::nullopt,
                   .is_outstanding = false,
                   .next_seq = 0,
                   .revision = resolved.revision->id,
                   .details = details_of(request, resolved, core_)};
  run::Execution execution = run::make_execution(identity_of(row), resolved.revision->compiled);
  Live& live = keep(std::move(row), std::move(execution));
  running_.add(machine.arn);
  apply(live, start_of(resolved, std::move(input)));
  return {live.execution.identity.arn, live.row.start_time, live.row.number};
}

Result<void> Executions::start_sync(const Caller& caller, const StartExecution& request,
                                    Ended ended) {
  const auto resolved = startable(caller, request);
  if (!resolved) return resolved.error();
  if (resolved->machine->type != asl::MachineType::Express) {
    return Error{"StateMachineTypeNotSupported",
                 "This operation is not supported by this type of state machine"};
  }
  const auto started = start_express(*resolved, request, std::move(ended));
  if (!started) return started.error();
  return {};
}

Result<StartedExecution> Executions::start_express(const Resolved& resolved,
                                                   const StartExecution& request, Ended ended) {
  auto input = parse_input(request.input);
  if (!input) return input.error();
  ++last_number_.value;
  ExecutionRow row;
  row.number = last_number_;
  row.machine_arn = resolved.machine->arn;
  row.name = request.name ? *request.name : next_uuid(core_.entropy());
  row.start_time = core_.now();
  row.revision = resolved.revision->id;
  row.details = details_of(request, resolved, core_);
  run::Identity identity = identity_of(row);
  make_express(identity, core_.entropy());
  Live& live = live_[last_number_];
  live.row = std::move(row);
  live.execution = run::make_execution(std::move(identity), resolved.revision->compiled);
  live.is_express = true;
  live.log = resolved.revision->log;
  live.ended = std::move(ended);
  running_.add(live.row.machine_arn);
  run::Start start = start_of(resolved, *std::move(input));
  start.time_limit = kExpressTime;
  apply(live, start);
  return StartedExecution{live.execution.identity.arn, live.row.start_time, live.row.number};
}

run::Identity Executions::identity_of(const ExecutionRow& row) const {
  const auto arn = parse_arn(row.machine_arn);
  PRESSO_ASSERT(arn.has_value());
  const auto revision = core_.machines().revision(row.revision);
  PRESSO_ASSERT(revision != nullptr);
  // Only what a Map Run started has a machine with a label, "NAME/LABEL".
  const bool is_map_child = arn->resource.find('/') != std::string::npos;
  return {.number = row.number,
          .arn = execution_arn(row.machine_arn, row.name),
          .name = row.name,
          .machine_arn = row.machine_arn,
          .machine_name = arn->resource.substr(arn->resource.find(':') + 1),
          .map_state = is_map_child ? text_at(details_of(row), "mapState") : std::string{},
          .role_arn = revision->role_arn,
          .account = arn->account,
          .region = arn->region};
}

Result<Time> Executions::stop(const std::string& execution_arn, run::Failure failure) {
  if (auto valid = check_arn(execution_arn, "execution"); !valid) return valid.error();
  Live* found = live(execution_arn);
  if (found == nullptr) return does_not_exist(execution_arn);
  if (!run::is_terminal(found->row.status)) apply(*found, run::Stop{std::move(failure)});
  return found->execution.stop_time.value_or(found->row.stop_time.value_or(core_.now()));
}

Result<const ExecutionRow*> Executions::find(const std::string& execution_arn) const {
  if (auto valid = check_arn(execution_arn, "execution"); !valid) return valid.error();
  const auto name = parse_execution_arn(execution_arn);
  const auto it = name ? names_.find(*name) : names_.end();
  if (it == names_.end()) return does_not_exist(execution_arn);
  return &live_.at(it->second).row;
}

Result<void> Executions::succeed_task(const std::string& token, const std::string& output) {
  const auto waiting = waiting_for(token);
  if (!waiting) return waiting.error();
  auto parsed = parse_data(output, "Invalid output.");
  if (!parsed) {
    return Error{"InvalidOutput", "Invalid Output: '" + parsed.error().message + "'"};
  }
  const auto [live, task] = *waiting;
  apply(*live, run::TaskDone{task, *std::move(parsed)});
  return {};
}

Result<void> Executions::fail_task(const std::string& token, run::Failure failure) {
  const auto waiting = waiting_for(token);
  if (!waiting) return waiting.error();
  const auto [live, task] = *waiting;
  apply(*live, run::TaskGivenUp{task, std::move(failure)});
  return {};
}

Result<void> Executions::heartbeat(const std::string& token) {
  const auto waiting = waiting_for(token);
  if (!waiting) return waiting.error();
  const auto [live, task] = *waiting;
  apply(*live, run::TaskHeartbeat{task});
  return {};
}

// AWS: a token of a task that ended, timed out or was stopped is TaskTimedOut; a text that never
// was a token is InvalidToken.
auto Executions::waiting_for(const std::string& token) -> Result<std::pair<Live*, TaskId>> {
  const auto task = run::parse_token(token);
  if (!task) return invalid_token();
  Live* found = live(task->execution);
  if (found == nullptr) return invalid_token();
  const run::Frame* frame = run::find_waiting(found->execution, *task);
  if (frame == nullptr || std::get<run::WaitingTask>(frame->waiting).token != token) {
    return Error{"TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'"};
  }
  return std::pair{found, *task};
}

std::optional<run::WaitingTask> Executions::take_activity(
    TaskId task, const std::optional<std::string>& worker_name) {
  Live* found = live(task.execution);
  const run::Frame* frame = found == nullptr ? nullptr : run::find_waiting(found->execution, task);
  if (frame == nullptr) return std::nullopt;
  const run::WaitingTask waiting = std::get<run::WaitingTask>(frame->waiting);
  apply(*found, run::ActivityTaken{task, worker_name});
  return waiting;
}

void Executions::call_answered(CallAnswered answered) {
  Live* found = live(answered.task.execution);
  if (found == nullptr) return;
  if (run::find_waiting(found->execution, answered.task) == nullptr &&
      run::find_map_run(found->execution, answered.task) == nullptr) {
    return;
  }
  if (auto* failure = std::get_if<run::Failure>(&answered.result)) {
    apply(*found, run::CallFailed{answered.task, std::move(*failure)});
    return;
  }
  auto output = SharedJson::parse(std::move(std::get<std::string>(answered.result)));
  if (output) {
    call_succeeded(*found, answered.task, *std::move(output));
  } else {
    apply(*found, run::CallFailed{answered.task,
                                  {.error = "States.Runtime",
                                   .cause = "The result is no JSON: " + output.error().message}});
  }
}

// Of a .sync task the call was the start of a job.
void Executions::call_succeeded(Live& live, TaskId task, SharedJson output) {
  const run::Frame* frame = run::find_waiting(live.execution, task);
  const auto* state =
      frame == nullptr ? nullptr : std::get_if<asl::TaskState>(&frame->state->detail);
  if (state == nullptr || !Jobs::is_job(state->resource)) {
    return apply(live, run::CallSucceeded{task, std::move(output)});
  }
  const SharedJson parameters = std::get<run::WaitingTask>(frame->waiting).parameters;
  const Json none = Json::object();
  auto job = Jobs::started(state->resource, parameters.has_value() ? parameters.value() : none,
                           output.value());
  if (auto* failure = std::get_if<run::Failure>(&job)) {
    return apply(live, run::CallFailed{task, std::move(*failure)});
  }
  apply(live, run::CallSucceeded{task, std::move(output)});
  if (run::find_waiting(live.execution, task) == nullptr) return;
  auto& started = std::get<Job>(job);
  const run::Identity& identity = live.execution.identity;
  started.caller = {identity.account, identity.region};
  started.execution_arn = identity.arn;
  core_.jobs().await(task, std::move(started));
}

void Executions::run_inside(const RunInside& task) {
  Live* found = live(task.task.execution);
  if (found == nullptr || run::find_waiting(found->execution, task.task) == nullptr) return;
  InsideResult result = core::run_inside(core_, found->execution, task);
  if (auto* failure = std::get_if<run::Failure>(&result)) {
    apply(*found, run::CallFailed{task.task, std::move(*failure)});
  } else {
    apply(*found, run::CallSucceeded{task.task, std::move(std::get<SharedJson>(result))});
  }
}

void Executions::end_task(EndTask end) {
  Live* found = live(end.task.execution);
  if (found == nullptr || run::find_waiting(found->execution, end.task) == nullptr) return;
  if (auto* failure = std::get_if<run::Failure>(&end.result)) {
    apply(*found, run::TaskGivenUp{end.task, std::move(*failure)});
  } else {
    auto& output = std::get<std::string>(end.result);
    apply(*found, run::TaskDone{end.task, SharedJson::trusted(std::move(output))});
  }
}

void Executions::stop(ExecutionNumber number) {
  Live* found = live(number);
  if (found != nullptr && !run::is_terminal(found->row.status)) apply(*found, run::Stop{});
}

void Executions::apply(Live& live, const run::Input& input) {
  if (const auto task = answered_by(input)) core_.mock_rules().settled(*task);
  const Env env{.now = core_.now(), .entropy = &core_.entropy()};
  const run::Outcome outcome = run::step(live.execution, input, env, surroundings_);
  touched_.insert(live.row.number);
  if (!outcome.events.empty()) {
    live.is_changed = !live.is_express;
    if (live.is_express) {
      tell_express(live, outcome.events);
    } else {
      core_.batch().history.push_back(
          {live.row.number, live.row.next_seq++, run::encode(outcome.events)});
    }
    if (run::is_terminal(live.execution.status)) count_end(live);
    live.row.status = live.execution.status;
    live.row.start_time = live.execution.start_time;
    live.row.stop_time = live.execution.stop_time;
    index_deadline(live);
    if (live.log != nullptr) {
      if (auto log = log_of(*live.log, live.execution, outcome.events)) {
        core_.perform(Effect{*std::move(log)});
      }
    }
  }
  bool has_started =
      std::holds_alternative<run::Start>(input) || std::holds_alternative<run::Redrive>(input);
  for (const run::Command& command : outcome.commands) {
    if (std::holds_alternative<run::StatusChanged>(command)) {
      publish_status(live, has_started ? run::Status::Running : live.execution.status);
      has_started = false;
    } else {
      act(live, command);
    }
  }
}

void Executions::act(Live& live, const run::Command& command) {
  if (const auto* task = std::get_if<run::RunTask>(&command)) {
    run_task(live, *task);
  } else if (const auto* cancelled = std::get_if<run::CancelTask>(&command)) {
    const TaskId ended = cancelled->task;
    core_.mock_rules().settled(ended);
    if (core_.nested().cancelled(ended) || core_.activities().cancelled(ended) ||
        core_.jobs().cancelled(ended)) {
      return;
    }
    core_.perform(CancelCall{ended});
  } else if (const auto* child = std::get_if<run::StartMapChild>(&command)) {
    core_.enqueue(StartMapChild{*child});
  } else if (const auto* stopped = std::get_if<run::StopMapChild>(&command)) {
    core_.enqueue(StopMapChild{{run::child_machine_arn(stopped->map_run_arn),
                                run::child_name(stopped->map_run_arn, stopped->index)},
                               stopped->attempt});
  } else if (const auto* changed = std::get_if<run::MapRunChanged>(&command)) {
    core_.map_runs().changed(live.execution, changed->summary);
  } else {
    PRESSO_ASSERT(std::holds_alternative<run::ContinueLater>(command));
    unfinished_.insert(live.row.number);
  }
}

void Executions::run_task(Live& live, const run::RunTask& command) {
  if (auto answer = mocked(live, command)) {
    core_.enqueue(AnswerMocked{command.task, *std::move(answer)});
    return;
  }
  if (take_mocked(live, command)) return;
  make_call(live, command);
}

void Executions::make_call(Live& live, const run::RunTask& command) {
  if (runs_inside(command.resource)) {
    core_.enqueue(RunInside{command.task, command.resource, command.parameters});
    return;
  }
  if (command.resource.kind == asl::Resource::Kind::Activity) {
    core_.activities().schedule(command.task, command.resource.arn);
    return;
  }
  const run::Identity& identity = live.execution.identity;
  core_.perform(
      TaskCall{.task = command.task,
               .resource = command.resource,
               .parameters = command.parameters.text(),
               .caller = {identity.account, identity.region},
               .execution_arn = identity.arn,
               .connection = command.resource.service == "http"
                                 ? resolve_connection(core_.registry(), command.parameters.value())
                                 : ""});
}

// To the bus `default`, and the end also to whoever awaits it. AWS: no bus hears of an Express
// execution.
void Executions::publish_status(const Live& live, run::Status status) {
  if (live.is_express) {
    if (run::is_terminal(status) && live.ended) live.ended(live.execution);
    if (run::is_terminal(status)) tell_map_run(live);
    return;
  }
  const Json details = has_qualifier(live.row) ? details_of(live.row) : Json::object();
  core_.enqueue(RouteStatus{status_change(
      live.execution, {.id = status_event_id({.number = live.row.number,
                                              .start_time = live.row.start_time,
                                              .redrive_count = live.execution.redrive_count,
                                              .status = status}),
                       .now = core_.now(),
                       .status = status,
                       .version_arn = text_if(details, "versionArn"),
                       .alias_arn = text_if(details, "aliasArn")})});
  if (!run::is_terminal(status)) return;
  core_.nested().ended(live.execution);
  tell_map_run(live);
}

auto Executions::live(ExecutionNumber number) -> Live* {
  const auto it = live_.find(number);
  return it == live_.end() ? nullptr : &it->second;
}

auto Executions::live(const std::string& execution_arn) -> Live* {
  const auto name = parse_execution_arn(execution_arn);
  const auto it = name ? names_.find(*name) : names_.end();
  return it == names_.end() ? nullptr : live(it->second);
}

}  // namespace presso::core
