#include <algorithm>
#include <utility>

#include "api/events/documents.h"
#include "api/scheduler/handlers.h"
#include "base/json_members.h"

namespace presso::api::scheduler {
namespace {

using core::kSchedule;
using core::kScheduleGroup;
using events::list_documents;

constexpr std::string_view kDefaultGroup = "default";
// Its tags, under a name that no answer shows.
constexpr char kTags[] = "tags";

Error no_group(const std::string& name) {
  return {"ResourceNotFoundException", "Schedule group " + name + " does not exist."};
}

Json new_group(const Caller& caller, const std::string& name, Time now) {
  Json group{{"Arn", scheduler_arn(caller, "schedule-group/" + name)},
             {"Name", name},
             {"State", "ACTIVE"},
             {"CreationDate", to_epoch_seconds(now)},
             {"LastModificationDate", to_epoch_seconds(now)}};
  group[kTags] = Json::object();
  return group;
}

// The name in a group's ARN; empty for what is not the caller's.
std::string group_in(const Caller& caller, const std::string& arn) {
  const std::string prefix = scheduler_arn(caller, "schedule-group/");
  return arn.starts_with(prefix) ? arn.substr(prefix.size()) : std::string{};
}

}  // namespace

std::string scheduler_arn(const Caller& caller, const std::string& resource) {
  return "arn:aws:scheduler:" + caller.region + ":" + caller.account + ":" + resource;
}

Result<Json> find_group(Core& core, const Caller& caller, const std::string& name) {
  const Json* group = core.registry().find(caller, kScheduleGroup, name);
  if (group != nullptr) return *group;
  if (name == kDefaultGroup) return new_group(caller, name, core.settings().started);
  return no_group(name);
}

// AWS: a request that comes again with the same token is answered as before.
Result<CreateScheduleGroupResponse> create_schedule_group(
    Core& core, const Caller& caller, const CreateScheduleGroupRequest& request) {
  const auto old = find_group(core, caller, request.name);
  if (old) {
    const bool is_same =
        request.client_token && text_at(*old, "clientToken") == *request.client_token;
    if (!is_same) {
      return Error{"ConflictException", "Schedule group " + request.name + " already exists."};
    }
    return CreateScheduleGroupResponse{text_at(*old, "Arn")};
  }
  Json group = new_group(caller, request.name, core.now());
  group["clientToken"] = request.client_token.value_or("");
  for (const Tag& one : request.tags.value_or(std::vector<Tag>{}))
    group[kTags][one.key] = one.value;
  const std::string arn = text_at(group, "Arn");
  core.registry().put(caller, kScheduleGroup, request.name, std::move(group));
  return CreateScheduleGroupResponse{arn};
}

Result<GetScheduleGroupResponse> get_schedule_group(Core& core, const Caller& caller,
                                                    const GetScheduleGroupRequest& request) {
  const auto group = find_group(core, caller, request.name);
  if (!group) return group.error();
  return decode<GetScheduleGroupResponse>(*group);
}

// AWS: a group's schedules go with it.
Result<Nothing> delete_schedule_group(Core& core, const Caller& caller,
                                      const DeleteScheduleGroupRequest& request) {
  if (request.name == kDefaultGroup) {
    return Error{"ValidationException", "The default schedule group cannot be deleted."};
  }
  if (const auto group = find_group(core, caller, request.name); !group) return group.error();
  std::vector<std::string> names;
  for (const auto& [name, schedule] : core.registry().all(caller, kSchedule)) {
    if (text_at(schedule, "GroupName") == request.name) names.push_back(name);
  }
  for (const std::string& name : names) {
    core.schedules().schedule_gone(caller, name);
    core.registry().erase(caller, kSchedule, name);
  }
  core.registry().erase(caller, kScheduleGroup, request.name);
  return Nothing{};
}

Result<ListScheduleGroupsResponse> list_schedule_groups(Core& core, const Caller& caller,
                                                        const ListScheduleGroupsRequest& request) {
  core::Registry::Documents groups = core.registry().all(caller, kScheduleGroup);
  const auto fallback = find_group(core, caller, std::string{kDefaultGroup});
  groups.emplace(kDefaultGroup, *fallback);
  const std::string prefix = request.name_prefix.value_or("");
  auto page = list_documents<ScheduleGroupSummary>(
      groups, prefix, PageToken{caller, "ListScheduleGroups", Json(prefix)},
      {request.next_token, request.max_results}, [](const Json&) { return true; });
  if (!page) return page.error();
  return ListScheduleGroupsResponse{std::move(page->next_token), std::move(page->items)};
}

Result<ListTagsForResourceResponse> list_tags(Core& core, const Caller& caller,
                                              const ListTagsForResourceRequest& request) {
  const auto group = find_group(core, caller, group_in(caller, request.resource_arn));
  if (!group) return group.error();
  std::vector<Tag> tags;
  for (const auto& [key, value] : find_member(*group, kTags)->items()) {
    tags.push_back({key, value.get<std::string>()});
  }
  return ListTagsForResourceResponse{std::move(tags)};
}

Result<Nothing> tag(Core& core, const Caller& caller, const TagResourceRequest& request) {
  const std::string name = group_in(caller, request.resource_arn);
  auto group = find_group(core, caller, name);
  if (!group) return group.error();
  for (const Tag& one : request.tags) (*group)[kTags][one.key] = one.value;
  core.registry().put(caller, kScheduleGroup, name, *std::move(group));
  return Nothing{};
}

Result<Nothing> untag(Core& core, const Caller& caller, const UntagResourceRequest& request) {
  const std::string name = group_in(caller, request.resource_arn);
  auto group = find_group(core, caller, name);
  if (!group) return group.error();
  for (const std::string& key : request.tag_keys) (*group)[kTags].erase(key);
  core.registry().put(caller, kScheduleGroup, name, *std::move(group));
  return Nothing{};
}

}  // namespace presso::api::scheduler
