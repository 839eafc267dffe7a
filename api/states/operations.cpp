#include "api/states/operations.h"

#include "api/states/handlers.h"

namespace presso::api::states {
namespace {

constexpr Operation kOperations[] = {
    command<create_state_machine>("CreateStateMachine"),
    command<delete_state_machine>("DeleteStateMachine"),
    query<describe_execution>("DescribeExecution"),
    command<describe_state_machine>("DescribeStateMachine"),
    command<describe_state_machine_for_execution>("DescribeStateMachineForExecution"),
    query<get_execution_history>("GetExecutionHistory"),
    checked_query<check_list_executions, list_executions>("ListExecutions"),
    command<list_state_machines>("ListStateMachines"),
    command<send_task_failure>("SendTaskFailure"),
    command<send_task_heartbeat>("SendTaskHeartbeat"),
    command<send_task_success>("SendTaskSuccess"),
    command<start_execution>("StartExecution"),
    command<stop_execution>("StopExecution"),
    command<update_state_machine>("UpdateStateMachine"),
    reply<validate_state_machine_definition>("ValidateStateMachineDefinition"),
};

constexpr std::string_view kAbsent[] = {
    "CreateActivity",
    "CreateStateMachineAlias",
    "DeleteActivity",
    "DeleteStateMachineAlias",
    "DeleteStateMachineVersion",
    "DescribeActivity",
    "DescribeMapRun",
    "DescribeStateMachineAlias",
    "GetActivityTask",
    "ListActivities",
    "ListMapRuns",
    "ListStateMachineAliases",
    "ListStateMachineVersions",
    "ListTagsForResource",
    "PublishStateMachineVersion",
    "RedriveExecution",
    "StartSyncExecution",
    "TagResource",
    "TestState",
    "UntagResource",
    "UpdateMapRun",
    "UpdateStateMachineAlias",
};

}  // namespace

std::span<const Operation> operations() { return kOperations; }
std::span<const std::string_view> absent_operations() { return kAbsent; }

}  // namespace presso::api::states
