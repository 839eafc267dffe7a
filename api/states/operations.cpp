#include "api/states/operations.h"

#include "api/states/handlers.h"

namespace presso::api::states {
namespace {

// AWS: how long a worker's question waits for a task.
constexpr std::int64_t kPollSeconds = 60;

constexpr Operation kOperations[] = {
    command<create_activity>("CreateActivity"),
    command<create_state_machine>("CreateStateMachine"),
    command<create_state_machine_alias>("CreateStateMachineAlias"),
    command<delete_activity>("DeleteActivity"),
    command<delete_state_machine>("DeleteStateMachine"),
    command<delete_state_machine_alias>("DeleteStateMachineAlias"),
    command<delete_state_machine_version>("DeleteStateMachineVersion"),
    command<describe_activity>("DescribeActivity"),
    query<describe_execution>("DescribeExecution"),
    command<describe_map_run>("DescribeMapRun"),
    command<describe_state_machine>("DescribeStateMachine"),
    command<describe_state_machine_alias>("DescribeStateMachineAlias"),
    command<describe_state_machine_for_execution>("DescribeStateMachineForExecution"),
    long_poll<get_activity_task, kPollSeconds>("GetActivityTask"),
    query<get_execution_history>("GetExecutionHistory"),
    command<list_activities>("ListActivities"),
    checked_query<check_list_executions, list_executions>("ListExecutions"),
    command<list_map_runs>("ListMapRuns"),
    command<list_state_machine_aliases>("ListStateMachineAliases"),
    command<list_state_machine_versions>("ListStateMachineVersions"),
    command<list_state_machines>("ListStateMachines"),
    command<list_tags_for_resource>("ListTagsForResource"),
    command<publish_state_machine_version>("PublishStateMachineVersion"),
    command<redrive_execution>("RedriveExecution"),
    command<send_task_failure>("SendTaskFailure"),
    command<send_task_heartbeat>("SendTaskHeartbeat"),
    command<send_task_success>("SendTaskSuccess"),
    command<start_execution>("StartExecution"),
    deferred<start_sync_execution>("StartSyncExecution"),
    command<stop_execution>("StopExecution"),
    command<tag_resource>("TagResource"),
    deferred<test_state>("TestState"),
    command<untag_resource>("UntagResource"),
    command<update_map_run>("UpdateMapRun"),
    command<update_state_machine>("UpdateStateMachine"),
    command<update_state_machine_alias>("UpdateStateMachineAlias"),
    reply<validate_state_machine_definition>("ValidateStateMachineDefinition"),
};

}  // namespace

std::span<const Operation> operations() { return kOperations; }
std::span<const std::string_view> absent_operations() { return {}; }

}  // namespace presso::api::states
