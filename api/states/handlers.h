// What each operation of Step Functions does with a request that is well-formed. A row of
// operations.cpp for each.
#pragma once

#include "api/field.h"
#include "api/states/shapes_execution.h"
#include "api/states/shapes_machine.h"
#include "base/result.h"
#include "engine/core/core.h"
#include "engine/core/store.h"

namespace presso::api::states {

using core::Caller;
using core::Core;
using core::Reader;

// ---- state machines: handlers_machine.cpp ----
Result<CreateStateMachineResponse> create_state_machine(Core&, const Caller&,
                                                        const CreateStateMachineRequest&);
Result<UpdateStateMachineResponse> update_state_machine(Core&, const Caller&,
                                                        const UpdateStateMachineRequest&);
Result<DescribeStateMachineResponse> describe_state_machine(Core&, const Caller&,
                                                            const DescribeStateMachineRequest&);
Result<DescribeStateMachineForExecutionResponse> describe_state_machine_for_execution(
    Core&, const Caller&, const DescribeStateMachineForExecutionRequest&);
Result<ListStateMachinesResponse> list_state_machines(Core&, const Caller&,
                                                      const ListStateMachinesRequest&);
Result<Nothing> delete_state_machine(Core&, const Caller&, const DeleteStateMachineRequest&);
Result<ValidateStateMachineDefinitionResponse> validate_state_machine_definition(
    const ValidateStateMachineDefinitionRequest&);

// ---- executions and tasks: handlers_execution.cpp ----
Result<StartExecutionResponse> start_execution(Core&, const Caller&, const StartExecutionRequest&);
Result<StopExecutionResponse> stop_execution(Core&, const Caller&, const StopExecutionRequest&);
Result<Nothing> send_task_success(Core&, const Caller&, const SendTaskSuccessRequest&);
Result<Nothing> send_task_failure(Core&, const Caller&, const SendTaskFailureRequest&);
Result<Nothing> send_task_heartbeat(Core&, const Caller&, const SendTaskHeartbeatRequest&);

core::Keys keys_of(const StartExecutionRequest&);
core::Keys keys_of(const StopExecutionRequest&);
core::Keys keys_of(const DescribeStateMachineForExecutionRequest&);
core::Keys keys_of(const SendTaskSuccessRequest&);
core::Keys keys_of(const SendTaskFailureRequest&);
core::Keys keys_of(const SendTaskHeartbeatRequest&);

// ---- reads of executions: queries_execution.cpp, query_history.cpp ----
Result<DescribeExecutionResponse> describe_execution(Reader&, const Caller&,
                                                     const DescribeExecutionRequest&);
// In the core: does the owner of the list exist?
Result<void> check_list_executions(Core&, const Caller&, const ListExecutionsRequest&);
Result<ListExecutionsResponse> list_executions(Reader&, const Caller&,
                                               const ListExecutionsRequest&);
Result<GetExecutionHistoryResponse> get_execution_history(Reader&, const Caller&,
                                                          const GetExecutionHistoryRequest&);

}  // namespace presso::api::states
