// Groups of schedules, and their tags: what is sent and answered.
// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateScheduleGroup.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "api/field.h"
#include "api/scheduler/patterns.h"

namespace presso::api::scheduler {

inline constexpr std::string_view kGroupStates[] = {"ACTIVE", "DELETING"};

struct Tag {
  std::string key;
  std::string value;

  static constexpr std::string_view kName = "Tag";
  static constexpr auto fields() {
    using S = Tag;
    return std::tuple{field("Key", &S::key, {.min = 1, .max = 128}),
                      field("Value", &S::value, {.min = 1, .max = 256})};
  }
};

struct CreateScheduleGroupRequest {
  std::optional<std::string> client_token;
  std::string name;
  std::optional<std::vector<Tag>> tags;

  static constexpr auto fields() {
    using S = CreateScheduleGroupRequest;
    return std::tuple{
        field("ClientToken", &S::client_token, {.min = 1, .max = 64, .pattern = &kToken}),
        field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kResourceName}),
        field("Tags", &S::tags, {.min = 0, .max = 200})};
  }
};

struct CreateScheduleGroupResponse {
  std::string schedule_group_arn;

  static constexpr auto fields() {
    using S = CreateScheduleGroupResponse;
    return std::tuple{field("ScheduleGroupArn", &S::schedule_group_arn,
                            {.min = 1, .max = 1224, .pattern = &kGroupArn})};
  }
};

struct GetScheduleGroupRequest {
  std::string name;

  static constexpr auto fields() {
    using S = GetScheduleGroupRequest;
    return std::tuple{field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kResourceName})};
  }
};

struct GetScheduleGroupResponse {
  std::optional<std::string> arn;
  std::optional<Time> creation_date;
  std::optional<Time> last_modification_date;
  std::optional<std::string> name;
  std::optional<std::string> state;

  static constexpr auto fields() {
    using S = GetScheduleGroupResponse;
    return std::tuple{field("Arn", &S::arn, {.min = 1, .max = 1224, .pattern = &kGroupArn}),
                      field("CreationDate", &S::creation_date),
                      field("LastModificationDate", &S::last_modification_date),
                      field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kResourceName}),
                      field("State", &S::state, {.values = kGroupStates})};
  }
};

struct DeleteScheduleGroupRequest {
  std::optional<std::string> client_token;
  std::string name;

  static constexpr auto fields() {
    using S = DeleteScheduleGroupRequest;
    return std::tuple{
        field("ClientToken", &S::client_token, {.min = 1, .max = 64, .pattern = &kToken}),
        field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kResourceName})};
  }
};

struct ListScheduleGroupsRequest {
  std::optional<std::int64_t> max_results;
  std::optional<std::string> name_prefix;
  std::optional<std::string> next_token;

  static constexpr auto fields() {
    using S = ListScheduleGroupsRequest;
    return std::tuple{
        field("MaxResults", &S::max_results, {.min = 1, .max = 100}),
        field("NamePrefix", &S::name_prefix, {.min = 1, .max = 64, .pattern = &kResourceName}),
        field("NextToken", &S::next_token, {.min = 1, .max = 2048})};
  }
};

struct ScheduleGroupSummary {
  std::optional<std::string> arn;
  std::optional<Time> creation_date;
  std::optional<Time> last_modification_date;
  std::optional<std::string> name;
  std::optional<std::string> state;

  static constexpr std::string_view kName = "ScheduleGroupSummary";
  static constexpr auto fields() {
    using S = ScheduleGroupSummary;
    return std::tuple{field("Arn", &S::arn, {.min = 1, .max = 1224, .pattern = &kGroupArn}),
                      field("CreationDate", &S::creation_date),
                      field("LastModificationDate", &S::last_modification_date),
                      field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kResourceName}),
                      field("State", &S::state, {.values = kGroupStates})};
  }
};

struct ListScheduleGroupsResponse {
  std::optional<std::string> next_token;
  std::vector<ScheduleGroupSummary> schedule_groups;

  static constexpr auto fields() {
    using S = ListScheduleGroupsResponse;
    return std::tuple{field("NextToken", &S::next_token, {.min = 1, .max = 2048}),
                      field("ScheduleGroups", &S::schedule_groups)};
  }
};

struct ListTagsForResourceRequest {
  std::string resource_arn;

  static constexpr auto fields() {
    using S = ListTagsForResourceRequest;
    return std::tuple{
        field("ResourceArn", &S::resource_arn, {.min = 1, .max = 1011, .pattern = &kGroupArn})};
  }
};

struct ListTagsForResourceResponse {
  std::optional<std::vector<Tag>> tags;

  static constexpr auto fields() {
    using S = ListTagsForResourceResponse;
    return std::tuple{field("Tags", &S::tags, {.min = 0, .max = 200})};
  }
};

struct TagResourceRequest {
  std::string resource_arn;
  std::vector<Tag> tags;

  static constexpr auto fields() {
    using S = TagResourceRequest;
    return std::tuple{
        field("ResourceArn", &S::resource_arn, {.min = 1, .max = 1011, .pattern = &kGroupArn}),
        field("Tags", &S::tags, {.min = 0, .max = 200})};
  }
};

inline constexpr Constraint kTagKeyListItem = {.min = 1, .max = 128};

struct UntagResourceRequest {
  std::string resource_arn;
  std::vector<std::string> tag_keys;

  static constexpr auto fields() {
    using S = UntagResourceRequest;
    return std::tuple{
        field("ResourceArn", &S::resource_arn, {.min = 1, .max = 1011, .pattern = &kGroupArn}),
        field("TagKeys", &S::tag_keys, {.min = 0, .max = 200, .item = &kTagKeyListItem})};
  }
};

}  // namespace presso::api::scheduler
