// What each operation of Step Functions does with a request that is well-formed. A row of
// operations.cpp for each.
#pragma once

#include "api/field.h"
#include "api/operation.h"
#include "api/states/shapes_activity.h"
#include "api/states/shapes_execution.h"
#include "api/states/shapes_machine.h"
#include "api/states/shapes_map_run.h"
#include "api/states/shapes_tag.h"
#include "api/states/shapes_test_state.h"
#include "api/states/shapes_version.h"
#include "base/result.h"
#include "engine/core/core.h"
#include "engine/core/store.h"

namespace presso::api::states {

using core::Caller;
using core::Core;
using core::Reader;

// ---- state machines: handlers_machine.cpp ----
// The caller's own; another's does not exist.
Result<const core::StateMachine*> find_machine(Core&, const Caller&, const std::string& arn);
// The same, and StateMachineDeleting.
Result<const core::StateMachine*> find_usable_machine(Core&, const Caller&, const std::string& arn);
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

// ---- versions and aliases: handlers_version.cpp ----
Result<PublishStateMachineVersionResponse> publish_state_machine_version(
    Core&, const Caller&, const PublishStateMachineVersionRequest&);
Result<Nothing> delete_state_machine_version(Core&, const Caller&,
                                             const DeleteStateMachineVersionRequest&);
Result<ListStateMachineVersionsResponse> list_state_machine_versions(
    Core&, const Caller&, const ListStateMachineVersionsRequest&);
Result<CreateStateMachineAliasResponse> create_state_machine_alias(
    Core&, const Caller&, const CreateStateMachineAliasRequest&);
Result<UpdateStateMachineAliasResponse> update_state_machine_alias(
    Core&, const Caller&, const UpdateStateMachineAliasRequest&);
Result<DescribeStateMachineAliasResponse> describe_state_machine_alias(
    Core&, const Caller&, const DescribeStateMachineAliasRequest&);
Result<Nothing> delete_state_machine_alias(Core&, const Caller&,
                                           const DeleteStateMachineAliasRequest&);
Result<ListStateMachineAliasesResponse> list_state_machine_aliases(
    Core&, const Caller&, const ListStateMachineAliasesRequest&);

// ---- activities: handlers_activity.cpp ----
Result<CreateActivityResponse> create_activity(Core&, const Caller&, const CreateActivityRequest&);
Result<Nothing> delete_activity(Core&, const Caller&, const DeleteActivityRequest&);
Result<DescribeActivityResponse> describe_activity(Core&, const Caller&,
                                                   const DescribeActivityRequest&);
Result<ListActivitiesResponse> list_activities(Core&, const Caller&, const ListActivitiesRequest&);
void get_activity_task(Core&, const Caller&, const GetActivityTaskRequest&,
                       Later<GetActivityTaskResponse>);

// ---- tags: handlers_tag.cpp ----
Result<Nothing> tag_resource(Core&, const Caller&, const TagResourceRequest&);
Result<Nothing> untag_resource(Core&, const Caller&, const UntagResourceRequest&);
Result<ListTagsForResourceResponse> list_tags_for_resource(Core&, const Caller&,
                                                           const ListTagsForResourceRequest&);
// ---- Map Runs: handlers_map_run.cpp ----
Result<DescribeMapRunResponse> describe_map_run(Core&, const Caller&, const DescribeMapRunRequest&);
core::Keys keys_of(const ListMapRunsRequest&);
Result<ListMapRunsResponse> list_map_runs(Core&, const Caller&, const ListMapRunsRequest&);
Result<Nothing> update_map_run(Core&, const Caller&, const UpdateMapRunRequest&);

// ---- one state on its own: handlers_test_state.cpp ----
void test_state(Core&, const Caller&, const TestStateRequest&, Later<TestStateResponse>);

// What a request that creates something carries along.
[[nodiscard]] core::TagList tag_list(const std::optional<std::vector<Tag>>&);

// ---- executions and tasks: handlers_execution.cpp ----
Result<StartExecutionResponse> start_execution(Core&, const Caller&, const StartExecutionRequest&);
void start_sync_execution(Core&, const Caller&, const StartSyncExecutionRequest&,
                          Later<StartSyncExecutionResponse>);
Result<StopExecutionResponse> stop_execution(Core&, const Caller&, const StopExecutionRequest&);
Result<RedriveExecutionResponse> redrive_execution(Core&, const Caller&,
                                                   const RedriveExecutionRequest&);
Result<Nothing> send_task_success(Core&, const Caller&, const SendTaskSuccessRequest&);
Result<Nothing> send_task_failure(Core&, const Caller&, const SendTaskFailureRequest&);
Result<Nothing> send_task_heartbeat(Core&, const Caller&, const SendTaskHeartbeatRequest&);

core::Keys keys_of(const StartExecutionRequest&);
core::Keys keys_of(const StopExecutionRequest&);
core::Keys keys_of(const RedriveExecutionRequest&);
core::Keys keys_of(const DescribeStateMachineForExecutionRequest&);
core::Keys keys_of(const SendTaskSuccessRequest&);
core::Keys keys_of(const SendTaskFailureRequest&);
core::Keys keys_of(const SendTaskHeartbeatRequest&);

// ---- reads of executions: queries_execution.cpp, query_history.cpp ----
Result<DescribeExecutionResponse> describe_execution(Reader&, const Caller&,
                                                     const DescribeExecutionRequest&);
// Of what executions are listed of: of a Map Run that goes on, under which of its redrives. A child
// that did not succeed under an earlier one waits for its turn.
struct ListedOwner {
  std::optional<std::uint64_t> attempt;
};
// In the core: does the owner of the list exist?
Result<ListedOwner> check_list_executions(Core&, const Caller&, const ListExecutionsRequest&);
Result<ListExecutionsResponse> list_executions(Reader&, const Caller&, const ListExecutionsRequest&,
                                               const ListedOwner&);
Result<GetExecutionHistoryResponse> get_execution_history(Reader&, const Caller&,
                                                          const GetExecutionHistoryRequest&);

}  // namespace presso::api::states
