// What each operation of EventBridge Scheduler does with a request that is well-formed. A row of
// rest.cpp for each.
#pragma once

#include "api/field.h"
#include "api/scheduler/shapes_group.h"
#include "api/scheduler/shapes_schedule.h"
#include "base/result.h"
#include "engine/core/core.h"

namespace presso::api::scheduler {

using core::Caller;
using core::Core;

// ---- handlers_schedule.cpp ----
Result<CreateScheduleResponse> create_schedule(Core&, const Caller&, const CreateScheduleRequest&);
Result<GetScheduleResponse> get_schedule(Core&, const Caller&, const GetScheduleRequest&);
Result<UpdateScheduleResponse> update_schedule(Core&, const Caller&, const UpdateScheduleRequest&);
Result<Nothing> delete_schedule(Core&, const Caller&, const DeleteScheduleRequest&);
Result<ListSchedulesResponse> list_schedules(Core&, const Caller&, const ListSchedulesRequest&);

// ---- handlers_group.cpp ----
Result<CreateScheduleGroupResponse> create_schedule_group(Core&, const Caller&,
                                                          const CreateScheduleGroupRequest&);
Result<GetScheduleGroupResponse> get_schedule_group(Core&, const Caller&,
                                                    const GetScheduleGroupRequest&);
Result<Nothing> delete_schedule_group(Core&, const Caller&, const DeleteScheduleGroupRequest&);
Result<ListScheduleGroupsResponse> list_schedule_groups(Core&, const Caller&,
                                                        const ListScheduleGroupsRequest&);
Result<ListTagsForResourceResponse> list_tags(Core&, const Caller&,
                                              const ListTagsForResourceRequest&);
Result<Nothing> tag(Core&, const Caller&, const TagResourceRequest&);
Result<Nothing> untag(Core&, const Caller&, const UntagResourceRequest&);

// The group's document; `default` is always there. ResourceNotFoundException.
[[nodiscard]] Result<Json> find_group(Core&, const Caller&, const std::string& name);
// "arn:aws:scheduler:REGION:ACCOUNT:RESOURCE"
[[nodiscard]] std::string scheduler_arn(const Caller&, const std::string& resource);

}  // namespace presso::api::scheduler
