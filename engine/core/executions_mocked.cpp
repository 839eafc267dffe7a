// Executions that run under a test case of the mock configuration: their details name it, and hold
// for each mocked state which attempts were answered. And those whose calls a mock rule decides on:
// rules are asked for what the test case leaves.
#include <utility>

#include "base/assert.h"
#include "base/json.h"
#include "base/json_members.h"
#include "engine/core/core.h"
#include "engine/core/executions.h"
#include "engine/run/dataflow.h"

namespace presso::core {

namespace {

constexpr char kMocked[] = "mocked";
constexpr char kMockCalls[] = "mockCalls";

// A child of a Map Run runs what its machine's Map holds: "NAME/LABEL".
std::string_view plain_name(std::string_view machine_name) {
  return machine_name.substr(0, machine_name.find('/'));
}

// The place of this attempt among those of the state, the first time at the end.
std::uint64_t attempt_of(Json& details, const std::string& state, std::uint64_t event) {
  Json& attempts = details[kMocked][state];
  if (!attempts.is_array()) attempts = Json::array();
  std::uint64_t place = 0;
  for (const Json& known : attempts) {
    if (known == event) return place;
    ++place;
  }
  attempts.push_back(event);
  return place;
}

// AWS's own configuration has the invoke API's answer for a function called by its ARN, too.
SharedJson result_of(const asl::Resource& resource, const SharedJson& returned) {
  if (resource.kind != asl::Resource::Kind::LambdaFunction) return returned;
  const Json* payload = find_member(returned.value(), "Payload");
  return payload == nullptr ? returned : SharedJson{*payload};
}

// Which call of the execution this is to the rule, from 1. Its row is stored in any case: the task
// was scheduled in this turn.
std::uint64_t count_call(ExecutionRow& row, const std::string& rule) {
  Json details = details_of(row);
  Json& count = details[kMockCalls][rule];
  const std::uint64_t calls = count.is_number_unsigned() ? count.get<std::uint64_t>() + 1 : 1;
  count = calls;
  row.details = dump_json(details);
  return calls;
}

MockedAnswer evaluate(const MockRule::Returned& returned, const run::RunTask& command,
                      run::Scope scope, const Env& env) {
  if (!command.token.empty()) scope.set_task_token(command.token);
  auto value = run::evaluate(returned.value, scope, env);
  if (!value) return run::Failure{.error = value.error().code, .cause = value.error().message};
  const auto checked = check_mock_result(command.resource, value->value(), returned.validation);
  if (checked) return *std::move(value);
  return run::Failure{.error = "States.Runtime", .cause = checked.error().message};
}

}  // namespace

Result<void> Executions::check_test_case(const std::string& machine_arn,
                                         const std::optional<std::string>& test_case) const {
  if (!test_case) return {};
  const auto arn = parse_arn(machine_arn);
  PRESSO_ASSERT(arn.has_value());
  const std::string name = arn->resource.substr(arn->resource.find(':') + 1);
  const Mocks* mocks = core_.mocks();
  if (mocks != nullptr && mocks->has_case(name, *test_case)) return {};
  if (core_.mock_rules().has_case(name, *test_case)) return {};
  return Error{"InvalidArn", "Invalid Arn: 'The mock configuration has no test case " + *test_case +
                                 " of the state machine " + name + "'"};
}

std::optional<MockedAnswer> Executions::mocked(Live& live, const run::RunTask& command) {
  const Mocks* mocks = core_.mocks();
  if (mocks == nullptr || live.row.details.find(kTestCase) == std::string::npos) return {};
  Json details = details_of(live.row);
  const std::string test_case = text_at(details, kTestCase);
  const run::Frame* frame = run::find_waiting(live.execution, command.task);
  if (test_case.empty() || frame == nullptr) return {};
  const std::string& state = frame->state->name;
  const MockedResponses* responses =
      mocks->find(plain_name(live.execution.identity.machine_name), test_case, state);
  if (responses == nullptr) return {};
  const std::uint64_t attempt = attempt_of(details, state, command.task.event);
  live.row.details = dump_json(details);
  return Mocks::answer(*responses, state, attempt);
}

bool Executions::take_mocked(Live& live, const run::RunTask& command) {
  if (core_.mock_rules().is_idle()) return false;
  const run::Execution& execution = live.execution;
  const run::Frame* frame = run::find_waiting(execution, command.task);
  if (frame == nullptr) frame = run::find_map_run(execution, command.task);
  if (frame == nullptr) return false;
  const Caller caller{execution.identity.account, execution.identity.region};
  const bool has_case = live.row.details.find(kTestCase) != std::string::npos;
  const std::string test_case = has_case ? text_at(details_of(live.row), kTestCase) : "";
  const bool is_arn = command.resource.kind != asl::Resource::Kind::Integration;
  return core_.mock_rules().take(
      {.id = command.task,
       .call = {.service = is_arn ? "" : std::string_view{command.resource.service},
                .action = is_arn ? "" : std::string_view{command.resource.action},
                .arn = is_arn ? std::string_view{command.resource.arn} : "",
                .parameters = command.parameters.text(),
                .caller = caller},
       .arguments = &command.parameters.value(),
       .machine = execution.identity.machine_name,
       .state = frame->state->name,
       .test_case = test_case,
       .is_kept = !live.is_express,
       .count_in_execution = [&](const std::string& rule) { return count_call(live.row, rule); },
       .evaluate =
           [&](const MockRule::Returned& returned) {
             const Env env{.now = core_.now(), .entropy = &core_.entropy()};
             return evaluate(returned, command,
                             run::Scope{execution, *frame, command.parameters.value()}, env);
           }});
}

void Executions::go_through(TaskId task) {
  Live* found = live(task.execution);
  if (found == nullptr) return;
  if (const run::Frame* frame = run::find_waiting(found->execution, task)) {
    const auto& waiting = std::get<run::WaitingTask>(frame->waiting);
    return make_call(*found, {.task = task,
                              .resource = std::get<asl::TaskState>(frame->state->detail).resource,
                              .parameters = waiting.parameters,
                              .token = waiting.token});
  }
  if (run::find_map_run(found->execution, task) == nullptr) return;
  for (const run::Command& command : run::resume(found->execution)) {
    const auto* call = std::get_if<run::RunTask>(&command);
    if (call != nullptr && call->task == task) make_call(*found, *call);
  }
}

void Executions::answer_mocked(const AnswerMocked& mocked) {
  Live* found = live(mocked.task.execution);
  if (found == nullptr) return;
  if (run::find_map_run(found->execution, mocked.task) != nullptr) {
    if (const auto* failed = std::get_if<run::Failure>(&mocked.answer)) {
      return apply(*found, run::CallFailed{mocked.task, *failed});
    }
    return apply(*found, run::CallSucceeded{mocked.task, std::get<SharedJson>(mocked.answer)});
  }
  const run::Frame* frame = run::find_waiting(found->execution, mocked.task);
  if (frame == nullptr) return;
  const auto& resource = std::get<asl::TaskState>(frame->state->detail).resource;
  const auto* failure = std::get_if<run::Failure>(&mocked.answer);
  const bool is_activity = resource.kind == asl::Resource::Kind::Activity;
  const bool outlives_its_call = resource.pattern != asl::IntegrationPattern::RequestResponse;
  if (!is_activity && !outlives_its_call) {
    if (failure != nullptr) return apply(*found, run::CallFailed{mocked.task, *failure});
    const SharedJson& returned = std::get<SharedJson>(mocked.answer);
    return apply(*found, run::CallSucceeded{mocked.task, result_of(resource, returned)});
  }
  const SharedJson nothing{Json::object()};
  if (is_activity) {
    apply(*found, run::ActivityTaken{mocked.task, std::nullopt});
  } else {
    apply(*found,
          run::CallSucceeded{mocked.task,
                             failure != nullptr ? nothing : std::get<SharedJson>(mocked.answer)});
  }
  if (failure != nullptr) return apply(*found, run::TaskGivenUp{mocked.task, *failure});
  apply(*found, run::TaskDone{mocked.task, std::get<SharedJson>(mocked.answer)});
}

}  // namespace presso::core
