// TestState: a state with its mock is answered at once; one without makes its call first.
#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "api/states/handlers.h"
#include "api/states/test_context.h"
#include "base/assert.h"
#include "base/json.h"
#include "engine/asl/parse.h"
#include "engine/core/api_endpoint.h"
#include "engine/core/inside.h"
#include "engine/core/json_fault.h"
#include "engine/core/mock_result.h"
#include "engine/core/names.h"
#include "engine/run/test_state.h"

namespace presso::api::states {
namespace {

using asl::StateType;
using core::FieldValidation;
using run::StateTest;

// AWS: the name of a state that came without a machine.
constexpr const char* kStateName = "StateName";

Error invalid(std::string message) { return Error{"ValidationException", std::move(message)}; }

bool is_compound(const asl::State& state) {
  return state.type() == StateType::Map || state.type() == StateType::Parallel;
}

// Activities, .sync and .waitForTaskToken have no answer that could be waited for here.
bool needs_mock(const asl::State& state) {
  const auto* task = std::get_if<asl::TaskState>(&state.detail);
  if (task == nullptr) return is_compound(state);
  return task->resource.kind == asl::Resource::Kind::Activity ||
         task->resource.pattern != asl::IntegrationPattern::RequestResponse;
}

struct Subject {
  std::shared_ptr<const asl::Definition> definition;
  std::string name;

  [[nodiscard]] const asl::State& state() const { return *definition->find(name); }
};

Result<Subject> parse_subject(const TestStateRequest& request) {
  asl::Parsed parsed;
  if (request.state_name) {
    parsed = asl::parse(request.definition, asl::MachineType::Standard);
  } else if (const auto state = parse_json(request.definition)) {
    Json machine = Json::object();
    machine["StartAt"] = kStateName;
    machine["States"] = Json::object();
    machine["States"][kStateName] = *state;
    parsed = asl::parse_fragment(dump_json(machine));
  } else {
    parsed = asl::parse(request.definition, asl::MachineType::Standard);
  }
  if (parsed.definition == nullptr) {
    return Error{"InvalidDefinition", asl::invalid_definition_message(parsed.diagnostics)};
  }
  Subject subject{parsed.definition, request.state_name.value_or(kStateName)};
  if (subject.definition->find(subject.name) == nullptr) {
    return invalid("State not found in definition");
  }
  return subject;
}

Result<void> check_mock(const TestStateRequest& request, const asl::State& state) {
  const auto& configuration = request.state_configuration;
  if (!request.mock) {
    if (configuration && configuration->map_iteration_failure_count) {
      return invalid(
          "TestState does not support MapIterationFailureCount when a mock is not specified.");
    }
    if (!needs_mock(state)) return {};
    return Error{"InvalidDefinition",
                 "TestState API does not support Map or Parallel states. Supported state types "
                 "include: [Task, Wait, Pass, Succeed, Fail, Choice]"};
  }
  if (state.type() != StateType::Task && !is_compound(state)) {
    return invalid("State type '" + std::string{asl::to_string(state.type())} +
                   "' is not supported when a mock is specified");
  }
  if (request.mock->result.has_value() == request.mock->error_output.has_value()) {
    return invalid("A test mock must have exactly one of the following: result, errorOutput.");
  }
  return {};
}

FieldValidation validation_of(const MockInput& mock) {
  if (mock.field_validation_mode == "NONE") return FieldValidation::None;
  if (mock.field_validation_mode == "PRESENT") return FieldValidation::Present;
  return FieldValidation::Strict;
}

// Nothing for a mocked failure.
Result<SharedJson> mock_result(const MockInput& mock, const asl::State& state) {
  if (!mock.result) return SharedJson{};
  auto result = SharedJson::parse(*mock.result);
  if (!result) return invalid("Mocked result must be a valid JSON.");
  const auto* map = std::get_if<asl::MapState>(&state.detail);
  const bool is_written = map != nullptr && map->result_writer.has_value();
  if (is_written && !result->value().is_object())
    return invalid("Mocked result must be an object.");
  if (is_compound(state) && !is_written && !result->value().is_array()) {
    return invalid("Mocked result must be an array.");
  }
  if (const auto* task = std::get_if<asl::TaskState>(&state.detail)) {
    const auto checked =
        core::check_mock_result(task->resource, result->value(), validation_of(mock));
    if (!checked) return checked.error();
  }
  return result;
}

Result<SharedJson> parse_data(const std::string& text) {
  auto data = SharedJson::parse(text);
  if (data) return data;
  std::string fault = core::json_fault(text);
  if (fault.empty()) fault = "Invalid execution input.";
  return Error{"InvalidExecutionInput", "Invalid State Machine Execution Input: '" + fault + "'"};
}

Result<std::vector<run::Assignment>> parse_variables(const std::optional<std::string>& text) {
  std::vector<run::Assignment> variables;
  if (!text) return variables;
  const auto object = parse_json(*text);
  if (!object || !object->is_object()) return invalid("Variables must be a JSON object.");
  for (const auto& [name, value] : object->items()) variables.push_back({name, SharedJson{value}});
  return variables;
}

run::Identity identity_of(Core& core, const Caller& caller, const TestStateRequest& request) {
  run::Identity identity;
  identity.number = core.executions().reserve_number();
  identity.name = next_uuid(core.entropy());
  identity.machine_name = next_uuid(core.entropy());
  identity.machine_arn = core::machine_arn(caller, identity.machine_name);
  identity.arn =
      to_string(Arn{.service = "states",
                    .region = caller.region,
                    .account = caller.account,
                    .resource = "express:" + identity.machine_name + ":" + identity.name});
  identity.role_arn = request.role_arn.value_or("");
  identity.account = caller.account;
  identity.region = caller.region;
  return identity;
}

// AWS: it differs from a running execution's: there is no RedriveCount, and the state has the name
// of one that came alone, whatever it is called.
SharedJson made_context(Core& core, const run::Identity& identity, const SharedJson& input,
                        const asl::State& state) {
  const std::string time = to_iso_milliseconds(core.now());
  Json context = Json::object();
  context["Execution"] = Json{
      {"Id", identity.arn}, {"Input", input.value()}, {"StartTime", time}, {"Name", identity.name}};
  context["Execution"]["RoleArn"] =
      identity.role_arn.empty() ? Json(nullptr) : Json(identity.role_arn);
  context["StateMachine"] = Json{{"Id", identity.machine_arn}, {"Name", identity.machine_name}};
  context["State"] = Json{{"Name", kStateName}, {"EnteredTime", time}};
  if (state.type() == StateType::Task || is_compound(state)) context["State"]["RetryCount"] = 0;
  const auto* task = std::get_if<asl::TaskState>(&state.detail);
  if (task && task->resource.pattern == asl::IntegrationPattern::WaitForTaskToken) {
    context["Task"] = Json{{"Token", run::make_token({identity.number, 0}, core.entropy())}};
  }
  return SharedJson{std::move(context)};
}

// ---- the answer ----

std::string_view to_text(StateTest::Status status) {
  switch (status) {
    case StateTest::Status::Succeeded: return "SUCCEEDED";
    case StateTest::Status::Retriable: return "RETRIABLE";
    case StateTest::Status::CaughtError: return "CAUGHT_ERROR";
    case StateTest::Status::Failed:
    case StateTest::Status::Open: return "FAILED";
  }
  return {};
}

using DataField = std::optional<std::string> InspectionData::*;
constexpr std::pair<std::string_view, DataField> kDataFields[] = {
    {"input", &InspectionData::input},
    {"afterArguments", &InspectionData::after_arguments},
    {"afterInputPath", &InspectionData::after_input_path},
    {"afterParameters", &InspectionData::after_parameters},
    {"result", &InspectionData::result},
    {"afterResultSelector", &InspectionData::after_result_selector},
    {"afterResultPath", &InspectionData::after_result_path},
    {"afterItemsPath", &InspectionData::after_items_path},
    {"afterItemSelector", &InspectionData::after_item_selector},
    {"afterItemBatcher", &InspectionData::after_item_batcher}};

void add_exchange(const core::HttpExchange& exchange, InspectionData& data) {
  if (const auto& sent = exchange.request) {
    data.request =
        InspectionDataRequest{sent->protocol, sent->method, sent->url, sent->headers, sent->body};
  }
  if (const auto& got = exchange.response) {
    data.response = InspectionDataResponse{got->protocol, got->status_code, got->status_message,
                                           got->headers, got->body};
  }
}

std::optional<InspectionErrorDetails> error_details(const StateTest::Verdict& verdict) {
  InspectionErrorDetails details;
  if (verdict.catcher) {
    details.catch_index = static_cast<std::int64_t>(*verdict.catcher);
    return details;
  }
  if (!verdict.retrier) return std::nullopt;
  details.retry_index = static_cast<std::int64_t>(*verdict.retrier);
  if (verdict.backoff) {
    details.retry_backoff_interval_seconds =
        std::chrono::duration_cast<std::chrono::seconds>(*verdict.backoff).count();
  }
  return details;
}

std::optional<std::string> variables_text(const std::vector<run::Assignment>& given,
                                          const std::vector<run::Assignment>& assigned) {
  Json all = Json::object();
  for (const auto* list : {&given, &assigned}) {
    for (const run::Assignment& variable : *list) all[variable.name] = variable.value.value();
  }
  return all.empty() ? std::nullopt : std::optional{dump_json(all)};
}

// A test under way, and what it was asked with.
struct Trial {
  TestStateRequest request;
  StateTest test;
  std::vector<run::Assignment> variables;
  std::shared_ptr<core::HttpExchange> exchange = nullptr;  // of a call of http:invoke

  [[nodiscard]] Env env(Core& core) const {
    return {.now = core.now(), .entropy = &core.entropy()};
  }
};

InspectionData inspection_of(Core& core, const Trial& trial) {
  InspectionData data;
  for (const auto& [name, value] : trial.test.inspect(trial.env(core))) {
    for (const auto& [known, member] : kDataFields) {
      if (known == name) data.*member = value.text();
    }
  }
  if (trial.exchange) add_exchange(*trial.exchange, data);
  const StateTest::Verdict& verdict = trial.test.verdict();
  data.variables = variables_text(trial.variables, verdict.assignments);
  if (verdict.status != StateTest::Status::Succeeded) data.error_details = error_details(verdict);
  const auto limits = trial.test.map_limits(trial.env(core));
  if (limits && trial.test.has_begun()) {
    data.max_concurrency = limits->max_concurrency;
    data.tolerated_failure_count = limits->tolerated_count;
    if (limits->tolerated_percentage) {
      data.tolerated_failure_percentage = static_cast<double>(*limits->tolerated_percentage);
    }
  }
  return data;
}

TestStateResponse response_of(Core& core, const Trial& trial) {
  const StateTest::Verdict& verdict = trial.test.verdict();
  TestStateResponse response;
  response.status = to_text(verdict.status);
  if (verdict.output.has_value()) response.output = verdict.output.text();
  response.error = verdict.failure.error;
  response.cause = verdict.failure.cause;
  response.next_state = verdict.next;
  if (trial.request.inspection_level.value_or("INFO") != "INFO") {
    response.inspection_data = inspection_of(core, trial);
  }
  return response;
}

// ---- the work ----

// More of a Map's items fail than it tolerates; a Map that tolerates nothing in writing is not
// asked.
Result<bool> exceeds_tolerance(Core& core, const Trial& trial) {
  const auto& configuration = trial.request.state_configuration;
  if (!configuration || !configuration->map_iteration_failure_count) return false;
  const std::int64_t failed = *configuration->map_iteration_failure_count;
  const auto iterations = static_cast<std::int64_t>(trial.test.iterations().value_or(0));
  if (failed > iterations) {
    return invalid(
        "Map iteration failure count must be less than or equal to the number of Map iterations");
  }
  const auto limits = trial.test.map_limits(trial.env(core));
  if (!limits) return false;
  if (limits->tolerated_count && failed > *limits->tolerated_count) return true;
  return limits->tolerated_percentage && failed * 100 > *limits->tolerated_percentage * iterations;
}

Result<void> apply_mock(Core& core, Trial& trial, const SharedJson& result) {
  if (trial.test.verdict().status != StateTest::Status::Open) return {};
  const auto exceeds = exceeds_tolerance(core, trial);
  if (!exceeds) return exceeds.error();
  const auto& error = trial.request.mock->error_output;
  if (error) {
    trial.test.fail({.error = error->error, .cause = error->cause}, trial.env(core));
  } else if (*exceeds) {
    trial.test.fail({.error = "States.ExceedToleratedFailureThreshold",
                     .cause = "The specified tolerated failure threshold was exceeded"},
                    trial.env(core));
  } else {
    trial.test.succeed(result, trial.env(core));
  }
  return {};
}

void take_answer(Core& core, Trial& trial, core::CallAnswered answered) {
  if (auto* failure = std::get_if<run::Failure>(&answered.result)) {
    return trial.test.fail(*failure, trial.env(core));
  }
  auto result = SharedJson::parse(std::move(std::get<std::string>(answered.result)));
  if (result) return trial.test.succeed(*result, trial.env(core));
  trial.test.fail({.error = "States.Runtime", .cause = "The result is no JSON."}, trial.env(core));
}

// The call of a Task without a mock; its answer ends the test.
void make_call(Core& core, const std::shared_ptr<Trial>& trial,
               const Later<TestStateResponse>& later) {
  const auto call = trial->test.call();
  PRESSO_ASSERT(call.has_value());
  const run::Identity& identity = trial->test.execution().identity;
  if (core::runs_inside(call->resource)) {
    core::InsideResult result = core::run_inside(core, trial->test.execution(),
                                                 {call->task, call->resource, call->parameters});
    if (const auto* failure = std::get_if<run::Failure>(&result)) {
      trial->test.fail(*failure, trial->env(core));
    } else {
      trial->test.succeed(std::get<SharedJson>(result), trial->env(core));
    }
    return later.reply(core, response_of(core, *trial));
  }
  const bool is_http = call->resource.service == "http";
  if (is_http && trial->request.inspection_level == "TRACE") {
    trial->exchange = std::make_shared<core::HttpExchange>();
    trial->exchange->reveals_secrets = trial->request.reveal_secrets.value_or(false);
  }
  core.call({.task = call->task,
             .resource = call->resource,
             .parameters = call->parameters.text(),
             .caller = {identity.account, identity.region},
             .execution_arn = identity.arn,
             .connection =
                 is_http ? core::resolve_connection(core.registry(), call->parameters.value()) : "",
             .exchange = trial->exchange},
            [&core, trial, later](core::CallAnswered answered) {
              take_answer(core, *trial, std::move(answered));
              later.reply(core, response_of(core, *trial));
            });
}

Result<std::shared_ptr<Trial>> make_trial(Core& core, const Caller& caller,
                                          const TestStateRequest& request, const Subject& subject) {
  auto input = parse_data(request.input.value_or("{}"));
  if (!input) return input.error();
  auto variables = parse_variables(request.variables);
  if (!variables) return variables.error();
  StateTest::Setup setup{.identity = identity_of(core, caller, request),
                         .definition = subject.definition,
                         .state = subject.name,
                         .input = *input,
                         .context = {},
                         .variables = *variables,
                         .retries = 0};
  if (request.context) {
    auto context = read_context(*request.context, subject.state());
    if (!context) return context.error();
    setup.context = *std::move(context);
  } else {
    setup.context = made_context(core, setup.identity, *input, subject.state());
  }
  const auto& configuration = request.state_configuration;
  if (configuration) setup.item_reader_data = configuration->map_item_reader_data;
  if (configuration && configuration->retrier_retry_count) {
    setup.retries = static_cast<std::uint32_t>(
        std::min<std::int64_t>(*configuration->retrier_retry_count, UINT32_MAX));
  }
  return std::make_shared<Trial>(Trial{request, StateTest{std::move(setup)}, *variables});
}

Result<std::shared_ptr<Trial>> begin_trial(Core& core, const Caller& caller,
                                           const TestStateRequest& request) {
  const auto subject = parse_subject(request);
  if (!subject) return subject.error();
  const auto valid = check_mock(request, subject->state());
  if (!valid) return valid.error();
  Result<SharedJson> mocked = SharedJson{};
  if (request.mock) mocked = mock_result(*request.mock, subject->state());
  if (!mocked) return mocked.error();
  auto trial = make_trial(core, caller, request, *subject);
  if (!trial) return trial.error();
  (*trial)->test.begin((*trial)->env(core));
  if (!request.mock) return trial;
  const auto applied = apply_mock(core, **trial, *mocked);
  if (!applied) return applied.error();
  return trial;
}

}  // namespace

void test_state(Core& core, const Caller& caller, const TestStateRequest& request,
                Later<TestStateResponse> later) {
  const auto trial = begin_trial(core, caller, request);
  if (!trial) return later.reply(core, trial.error());
  if ((*trial)->test.verdict().status == StateTest::Status::Open) {
    return make_call(core, *trial, later);
  }
  later.reply(core, response_of(core, **trial));
}

}  // namespace presso::api::states
