#include <string>
#include <utility>

#include "api/states/handlers.h"
#include "engine/core/executions.h"
#include "engine/core/names.h"

namespace presso::api::states {
namespace {

core::StartExecution start_of(const StartExecutionRequest& request) {
  core::StartExecution start;
  start.machine_arn = request.state_machine_arn;
  start.name = request.name;
  if (request.input) start.input = *request.input;
  start.trace_header = request.trace_header;
  return start;
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

Result<StopExecutionResponse> stop_execution(Core& core, const Caller& caller,
                                             const StopExecutionRequest& request) {
  if (const auto arn = core::check_arn(request.execution_arn, "execution"); !arn) {
    return arn.error();
  }
  if (!core::belongs_to(request.execution_arn, caller)) {
    return Error{"ExecutionDoesNotExist",
                 "Execution Does Not Exist: '" + request.execution_arn + "'"};
  }
  const auto stopped =
      core.executions().stop(request.execution_arn, {request.error, request.cause});
  if (!stopped) return stopped.error();
  return StopExecutionResponse{*stopped};
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
