#include <utility>

#include "api/events/documents.h"
#include "api/scheduler/handlers.h"
#include "base/arn.h"
#include "base/json_members.h"
#include "base/zone.h"
#include "bus/limits.h"
#include "bus/schedule.h"

namespace presso::api::scheduler {
namespace {

using core::kSchedule;
using events::list_documents;

Error validation(std::string message) { return {"ValidationException", std::move(message)}; }
Error no_schedule(const std::string& name) {
  return {"ResourceNotFoundException", "Schedule " + name + " does not exist."};
}

std::string document_name(const std::optional<std::string>& group, const std::string& name) {
  return group.value_or("default") + "/" + name;
}

Result<void> check_target(const Target& target) {
  if (!parse_arn(target.arn)) return validation("Provided Arn is not in correct format.");
  const auto arn = parse_arn(target.arn);
  const bool is_bus = arn->service == "events" && arn->resource.starts_with("event-bus/");
  if (is_bus && !target.event_bridge_parameters) {
    return validation("Parameter EventBridgeParameters must be specified for the target.");
  }
  if (arn->service == "kinesis" && !target.kinesis_parameters) {
    return validation("Parameter KinesisParameters must be specified for the target.");
  }
  if (arn->service == "ecs" && !target.ecs_parameters) {
    return validation("Parameter EcsParameters must be specified for the target.");
  }
  return {};
}

template <class Request>
Result<void> check_schedule(const Request& request) {
  const auto expression =
      bus::Schedule::parse(request.schedule_expression, bus::Schedule::Of::Scheduler);
  if (!expression) {
    return validation("Invalid Schedule Expression " + request.schedule_expression + ".");
  }
  const std::string zone = request.schedule_expression_timezone.value_or("UTC");
  if (!Zone::find(zone)) return validation("Invalid ScheduleExpressionTimezone " + zone + ".");
  const bool is_flexible = request.flexible_time_window.mode == "FLEXIBLE";
  if (is_flexible != request.flexible_time_window.maximum_window_in_minutes.has_value()) {
    return validation(is_flexible
                          ? "MaximumWindowInMinutes must be specified when Mode is FLEXIBLE."
                          : "MaximumWindowInMinutes must not be specified when Mode is OFF.");
  }
  if (request.start_date && request.end_date && *request.start_date >= *request.end_date) {
    return validation("The StartDate must come before the EndDate.");
  }
  return check_target(request.target);
}

// AWS: what a request leaves out is shown with its default.
template <class Request>
Json document_of(const Caller& caller, const Request& request, Time created, Time now) {
  Json schedule = encode(request);
  const auto fill = [&](const char* name, const char* value) {
    if (find_member(schedule, name) == nullptr) schedule[name] = value;
  };
  schedule.erase("ClientToken");
  fill("GroupName", "default");
  fill("State", "ENABLED");
  fill("ScheduleExpressionTimezone", "UTC");
  fill("ActionAfterCompletion", "NONE");
  Json& policy = schedule["Target"]["RetryPolicy"];
  if (!policy.is_object()) policy = Json::object();
  const auto age_seconds = std::chrono::duration_cast<std::chrono::seconds>(bus::kDefaultEventAge);
  if (find_member(policy, "MaximumEventAgeInSeconds") == nullptr) {
    policy["MaximumEventAgeInSeconds"] = age_seconds.count();
  }
  if (find_member(policy, "MaximumRetryAttempts") == nullptr) {
    policy["MaximumRetryAttempts"] = bus::kDefaultRetryAttempts;
  }
  schedule["Arn"] =
      scheduler_arn(caller, "schedule/" + text_at(schedule, "GroupName") + "/" + request.name);
  schedule["CreationDate"] = to_epoch_seconds(created);
  schedule["LastModificationDate"] = to_epoch_seconds(now);
  schedule["clientToken"] = request.client_token.value_or("");
  return schedule;
}

std::string store(Core& core, const Caller& caller, const std::string& name, Json schedule) {
  const std::string arn = text_at(schedule, "Arn");
  core.registry().put(caller, kSchedule, name, std::move(schedule));
  core.schedules().schedule_changed(caller, name);
  return arn;
}

}  // namespace

Result<CreateScheduleResponse> create_schedule(Core& core, const Caller& caller,
                                               const CreateScheduleRequest& request) {
  if (auto valid = check_schedule(request); !valid) return valid.error();
  const auto group = find_group(core, caller, request.group_name.value_or("default"));
  if (!group) return group.error();
  const std::string name = document_name(request.group_name, request.name);
  if (const Json* old = core.registry().find(caller, kSchedule, name)) {
    const bool is_same =
        request.client_token && text_at(*old, "clientToken") == *request.client_token;
    if (is_same) return CreateScheduleResponse{text_at(*old, "Arn")};
    return Error{"ConflictException", "Schedule " + request.name + " already exists."};
  }
  return CreateScheduleResponse{
      store(core, caller, name, document_of(caller, request, core.now(), core.now()))};
}

Result<GetScheduleResponse> get_schedule(Core& core, const Caller& caller,
                                         const GetScheduleRequest& request) {
  const Json* schedule =
      core.registry().find(caller, kSchedule, document_name(request.group_name, request.name));
  if (schedule == nullptr) return no_schedule(request.name);
  return decode<GetScheduleResponse>(*schedule);
}

// AWS: an update replaces all of a schedule, and what it leaves out has its default again.
Result<UpdateScheduleResponse> update_schedule(Core& core, const Caller& caller,
                                               const UpdateScheduleRequest& request) {
  if (auto valid = check_schedule(request); !valid) return valid.error();
  const std::string name = document_name(request.group_name, request.name);
  const Json* old = core.registry().find(caller, kSchedule, name);
  if (old == nullptr) return no_schedule(request.name);
  Json schedule = document_of(caller, request, core.now(), core.now());
  schedule["CreationDate"] = *find_member(*old, "CreationDate");
  return UpdateScheduleResponse{store(core, caller, name, std::move(schedule))};
}

Result<Nothing> delete_schedule(Core& core, const Caller& caller,
                                const DeleteScheduleRequest& request) {
  const std::string name = document_name(request.group_name, request.name);
  if (core.registry().find(caller, kSchedule, name) == nullptr) return no_schedule(request.name);
  core.schedules().schedule_gone(caller, name);
  core.registry().erase(caller, kSchedule, name);
  return Nothing{};
}

Result<ListSchedulesResponse> list_schedules(Core& core, const Caller& caller,
                                             const ListSchedulesRequest& request) {
  if (request.group_name) {
    if (auto group = find_group(core, caller, *request.group_name); !group) return group.error();
  }
  const std::string group = request.group_name.value_or("");
  const std::string prefix = request.name_prefix.value_or("");
  const std::string state = request.state.value_or("");
  auto page = list_documents<ScheduleSummary>(
      core.registry().all(caller, kSchedule), "",
      PageToken{caller, "ListSchedules", Json::array({group, prefix, state})},
      {request.next_token, request.max_results}, [&](const Json& schedule) {
        return (group.empty() || text_at(schedule, "GroupName") == group) &&
               (state.empty() || text_at(schedule, "State") == state) &&
               text_at(schedule, "Name").starts_with(prefix);
      });
  if (!page) return page.error();
  return ListSchedulesResponse{std::move(page->next_token), std::move(page->items)};
}

}  // namespace presso::api::scheduler
