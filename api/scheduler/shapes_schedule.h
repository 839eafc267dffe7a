// Schedules: what is sent and answered.
// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "api/field.h"
#include "api/scheduler/patterns.h"
#include "api/scheduler/shapes_target.h"

namespace presso::api::scheduler {

inline constexpr std::string_view kCompletionActions[] = {"NONE", "DELETE"};
inline constexpr std::string_view kWindowModes[] = {"OFF", "FLEXIBLE"};

struct FlexibleTimeWindow {
  std::optional<std::int64_t> maximum_window_in_minutes;
  std::string mode;

  static constexpr std::string_view kName = "FlexibleTimeWindow";
  static constexpr auto fields() {
    using S = FlexibleTimeWindow;
    return std::tuple{
        field("MaximumWindowInMinutes", &S::maximum_window_in_minutes, {.min = 1, .max = 1440}),
        field("Mode", &S::mode, {.values = kWindowModes})};
  }
};

struct CreateScheduleRequest {
  std::optional<std::string> action_after_completion;
  std::optional<std::string> client_token;
  std::optional<std::string> description;
  std::optional<Time> end_date;
  FlexibleTimeWindow flexible_time_window;
  std::optional<std::string> group_name;
  std::optional<std::string> kms_key_arn;
  std::string name;
  std::string schedule_expression;
  std::optional<std::string> schedule_expression_timezone;
  std::optional<Time> start_date;
  std::optional<std::string> state;
  Target target;

  static constexpr auto fields() {
    using S = CreateScheduleRequest;
    return std::tuple{
        field("ActionAfterCompletion", &S::action_after_completion, {.values = kCompletionActions}),
        field("ClientToken", &S::client_token, {.min = 1, .max = 64, .pattern = &kToken}),
        field("Description", &S::description, {.min = 0, .max = 512}),
        field("EndDate", &S::end_date),
        field("FlexibleTimeWindow", &S::flexible_time_window),
        field("GroupName", &S::group_name, {.min = 1, .max = 64, .pattern = &kResourceName}),
        field("KmsKeyArn", &S::kms_key_arn, {.min = 1, .max = 2048, .pattern = &kKmsKeyArn}),
        field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kResourceName}),
        field("ScheduleExpression", &S::schedule_expression, {.min = 1, .max = 256}),
        field("ScheduleExpressionTimezone", &S::schedule_expression_timezone,
              {.min = 1, .max = 50}),
        field("StartDate", &S::start_date),
        field("State", &S::state, {.values = kStates}),
        field("Target", &S::target)};
  }
};

struct CreateScheduleResponse {
  std::string schedule_arn;

  static constexpr auto fields() {
    using S = CreateScheduleResponse;
    return std::tuple{
        field("ScheduleArn", &S::schedule_arn, {.min = 1, .max = 1224, .pattern = &kScheduleArn})};
  }
};

struct GetScheduleRequest {
  std::optional<std::string> group_name;
  std::string name;

  static constexpr auto fields() {
    using S = GetScheduleRequest;
    return std::tuple{
        field("GroupName", &S::group_name, {.min = 1, .max = 64, .pattern = &kResourceName}),
        field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kResourceName})};
  }
};

struct GetScheduleResponse {
  std::optional<std::string> action_after_completion;
  std::optional<std::string> arn;
  std::optional<Time> creation_date;
  std::optional<std::string> description;
  std::optional<Time> end_date;
  std::optional<FlexibleTimeWindow> flexible_time_window;
  std::optional<std::string> group_name;
  std::optional<std::string> kms_key_arn;
  std::optional<Time> last_modification_date;
  std::optional<std::string> name;
  std::optional<std::string> schedule_expression;
  std::optional<std::string> schedule_expression_timezone;
  std::optional<Time> start_date;
  std::optional<std::string> state;
  std::optional<Target> target;

  static constexpr auto fields() {
    using S = GetScheduleResponse;
    return std::tuple{
        field("ActionAfterCompletion", &S::action_after_completion, {.values = kCompletionActions}),
        field("Arn", &S::arn, {.min = 1, .max = 1224, .pattern = &kScheduleArn}),
        field("CreationDate", &S::creation_date),
        field("Description", &S::description, {.min = 0, .max = 512}),
        field("EndDate", &S::end_date),
        field("FlexibleTimeWindow", &S::flexible_time_window),
        field("GroupName", &S::group_name, {.min = 1, .max = 64, .pattern = &kResourceName}),
        field("KmsKeyArn", &S::kms_key_arn, {.min = 1, .max = 2048, .pattern = &kKmsKeyArn}),
        field("LastModificationDate", &S::last_modification_date),
        field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kResourceName}),
        field("ScheduleExpression", &S::schedule_expression, {.min = 1, .max = 256}),
        field("ScheduleExpressionTimezone", &S::schedule_expression_timezone,
              {.min = 1, .max = 50}),
        field("StartDate", &S::start_date),
        field("State", &S::state, {.values = kStates}),
        field("Target", &S::target)};
  }
};

struct UpdateScheduleRequest {
  std::optional<std::string> action_after_completion;
  std::optional<std::string> client_token;
  std::optional<std::string> description;
  std::optional<Time> end_date;
  FlexibleTimeWindow flexible_time_window;
  std::optional<std::string> group_name;
  std::optional<std::string> kms_key_arn;
  std::string name;
  std::string schedule_expression;
  std::optional<std::string> schedule_expression_timezone;
  std::optional<Time> start_date;
  std::optional<std::string> state;
  Target target;

  static constexpr auto fields() {
    using S = UpdateScheduleRequest;
    return std::tuple{
        field("ActionAfterCompletion", &S::action_after_completion, {.values = kCompletionActions}),
        field("ClientToken", &S::client_token, {.min = 1, .max = 64, .pattern = &kToken}),
        field("Description", &S::description, {.min = 0, .max = 512}),
        field("EndDate", &S::end_date),
        field("FlexibleTimeWindow", &S::flexible_time_window),
        field("GroupName", &S::group_name, {.min = 1, .max = 64, .pattern = &kResourceName}),
        field("KmsKeyArn", &S::kms_key_arn, {.min = 1, .max = 2048, .pattern = &kKmsKeyArn}),
        field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kResourceName}),
        field("ScheduleExpression", &S::schedule_expression, {.min = 1, .max = 256}),
        field("ScheduleExpressionTimezone", &S::schedule_expression_timezone,
              {.min = 1, .max = 50}),
        field("StartDate", &S::start_date),
        field("State", &S::state, {.values = kStates}),
        field("Target", &S::target)};
  }
};

struct UpdateScheduleResponse {
  std::string schedule_arn;

  static constexpr auto fields() {
    using S = UpdateScheduleResponse;
    return std::tuple{
        field("ScheduleArn", &S::schedule_arn, {.min = 1, .max = 1224, .pattern = &kScheduleArn})};
  }
};

struct DeleteScheduleRequest {
  std::optional<std::string> client_token;
  std::optional<std::string> group_name;
  std::string name;

  static constexpr auto fields() {
    using S = DeleteScheduleRequest;
    return std::tuple{
        field("ClientToken", &S::client_token, {.min = 1, .max = 64, .pattern = &kToken}),
        field("GroupName", &S::group_name, {.min = 1, .max = 64, .pattern = &kResourceName}),
        field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kResourceName})};
  }
};

struct ListSchedulesRequest {
  std::optional<std::string> group_name;
  std::optional<std::int64_t> max_results;
  std::optional<std::string> name_prefix;
  std::optional<std::string> next_token;
  std::optional<std::string> state;

  static constexpr auto fields() {
    using S = ListSchedulesRequest;
    return std::tuple{
        field("GroupName", &S::group_name, {.min = 1, .max = 64, .pattern = &kResourceName}),
        field("MaxResults", &S::max_results, {.min = 1, .max = 100}),
        field("NamePrefix", &S::name_prefix, {.min = 1, .max = 64, .pattern = &kResourceName}),
        field("NextToken", &S::next_token, {.min = 1, .max = 2048}),
        field("State", &S::state, {.values = kStates})};
  }
};

struct TargetSummary {
  std::string arn;

  static constexpr std::string_view kName = "TargetSummary";
  static constexpr auto fields() {
    using S = TargetSummary;
    return std::tuple{field("Arn", &S::arn, {.min = 1, .max = 1600})};
  }
};

struct ScheduleSummary {
  std::optional<std::string> arn;
  std::optional<Time> creation_date;
  std::optional<std::string> group_name;
  std::optional<Time> last_modification_date;
  std::optional<std::string> name;
  std::optional<std::string> state;
  std::optional<TargetSummary> target;

  static constexpr std::string_view kName = "ScheduleSummary";
  static constexpr auto fields() {
    using S = ScheduleSummary;
    return std::tuple{
        field("Arn", &S::arn, {.min = 1, .max = 1224, .pattern = &kScheduleArn}),
        field("CreationDate", &S::creation_date),
        field("GroupName", &S::group_name, {.min = 1, .max = 64, .pattern = &kResourceName}),
        field("LastModificationDate", &S::last_modification_date),
        field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kResourceName}),
        field("State", &S::state, {.values = kStates}),
        field("Target", &S::target)};
  }
};

struct ListSchedulesResponse {
  std::optional<std::string> next_token;
  std::vector<ScheduleSummary> schedules;

  static constexpr auto fields() {
    using S = ListSchedulesResponse;
    return std::tuple{field("NextToken", &S::next_token, {.min = 1, .max = 2048}),
                      field("Schedules", &S::schedules)};
  }
};

}  // namespace presso::api::scheduler
