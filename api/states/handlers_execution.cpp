#include <algorithm>
#include <string>
#include <utility>

#include "api/states/handlers.h"
#include "engine/core/executions.h"
#include "engine/core/names.h"

namespace presso::api::states {
namespace {

// "STATE-MACHINE-ARN#TEST-CASE", as Step Functions Local has it: no ARN has a '#'.
template <class Request>
core::StartExecution start_of(const Request& request) {
  core::StartExecution start;
  const std::size_t hash = request.state_machine_arn.find('#');
  start.machine_arn = request.state_machine_arn.substr(0, hash);
  if (hash != std::string::npos) start.test_case = request.state_machine_arn.substr(hash + 1);
  start.name = request.name;
  if (request.input) start.input = *request.input;
  start.trace_header = request.trace_header;
  return start;
}

// AWS: time is billed by 100 ms, memory by 64 MB.
BillingDetails billing_of(const run::Execution& execution) {
  constexpr std::int64_t kUnitMs = 100;
  constexpr std::int64_t kMemoryMb = 64;
  const std::int64_t ms = (*execution.stop_time - execution.start_time).count();
  return {kMemoryMb, std::max<std::int64_t>((ms + kUnitMs - 1) / kUnitMs, 1) * kUnitMs};
}

StartSyncExecutionResponse sync_response(const run::Execution& ended, bool wants_data) {
  StartSyncExecutionResponse response;
  response.execution_arn = ended.identity.arn;
  response.state_machine_arn = ended.identity.machine_arn;
  response.name = ended.identity.name;
  response.start_date = ended.start_time;
  response.stop_date = ended.stop_time.value_or(ended.start_time);
  response.status = run::to_string(ended.status);
  response.error = ended.failure.error;
  response.cause = ended.failure.cause;
  if (wants_data) response.input = ended.input.text();
  response.input_details = DataDetails{wants_data};
  if (ended.output.has_value()) {
    if (wants_data) response.output = ended.output.text();
    response.output_details = DataDetails{wants_data};
  }
  response.billing_details = billing_of(ended);
  return response;
}

// InvalidArn, ExecutionDoesNotExist: it is somebody else's.
Result<void> check_execution(const std::string& execution_arn, const Caller& caller) {
  if (const auto arn = core::check_arn(execution_arn, "execution"); !arn) return arn.error();
  if (core::belongs_to(execution_arn, caller)) return {};
  return Error{"ExecutionDoesNotExist", "Execution Does Not Exist: '" + execution_arn + "'"};
}

Result<Nothing> nothing_or_error(const Result<void>& result) {
  if (!result) return result.error();
  return Nothing{};
}

}  // namespace

core::Keys keys_of(const StartExecutionRequest& request) {
  return core::keys_of_start(start_of(request));
}
core::Keys keys_of(const StopExecutionRequest& request) {
  return core::keys_of_execution(request.execution_arn);
}
core::Keys keys_of(const RedriveExecutionRequest& request) {
  return core::keys_of_execution(request.execution_arn);
}
core::Keys keys_of(const DescribeStateMachineForExecutionRequest& request) {
  return core::keys_of_execution(request.execution_arn);
}
core::Keys keys_of(const SendTaskSuccessRequest& request) {
  return core::keys_of_token(request.task_token);
}
core::Keys keys_of(const SendTaskFailureRequest& request) {
  return core::keys_of_token(request.task_token);
}
core::Keys keys_of(const SendTaskHeartbeatRequest& request) {
  return core::keys_of_token(request.task_token);
}

Result<StartExecutionResponse> start_execution(Core& core, const Caller& caller,
                                               const StartExecutionRequest& request) {
  auto started = core.executions().start(caller, start_of(request));
  if (!started) return started.error();
  return StartExecutionResponse{std::move(started->arn), started->start_time};
}

void start_sync_execution(Core& core, const Caller& caller,
                          const StartSyncExecutionRequest& request,
                          Later<StartSyncExecutionResponse> later) {
  const bool wants_data = request.included_data != "METADATA_ONLY";
  const auto started = core.executions().start_sync(
      caller, start_of(request),
      [&core, later, wants_data, header = request.trace_header](const auto& ended) {
        auto response = sync_response(ended, wants_data);
        response.trace_header = header;
        later.reply(core, response);
      });
  if (!started) later.reply(core, started.error());
}

Result<StopExecutionResponse> stop_execution(Core& core, const Caller& caller,
                                             const StopExecutionRequest& request) {
  if (const auto valid = check_execution(request.execution_arn, caller); !valid) {
    return valid.error();
  }
  const auto stopped =
      core.executions().stop(request.execution_arn, {request.error, request.cause});
  if (!stopped) return stopped.error();
  return StopExecutionResponse{*stopped};
}

Result<RedriveExecutionResponse> redrive_execution(Core& core, const Caller& caller,
                                                   const RedriveExecutionRequest& request) {
  if (const auto valid = check_execution(request.execution_arn, caller); !valid) {
    return valid.error();
  }
  const auto redriven = core.executions().redrive(request.execution_arn, request.client_token);
  if (!redriven) return redriven.error();
  return RedriveExecutionResponse{*redriven};
}

Result<Nothing> send_task_success(Core& core, const Caller&,
                                  const SendTaskSuccessRequest& request) {
  return nothing_or_error(core.executions().succeed_task(request.task_token, request.output));
}

Result<Nothing> send_task_failure(Core& core, const Caller&,
                                  const SendTaskFailureRequest& request) {
  return nothing_or_error(
      core.executions().fail_task(request.task_token, {request.error, request.cause}));
}

Result<Nothing> send_task_heartbeat(Core& core, const Caller&,
                                    const SendTaskHeartbeatRequest& request) {
  return nothing_or_error(core.executions().heartbeat(request.task_token));
}

}  // namespace presso::api::states
