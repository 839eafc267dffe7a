// Rules: what is sent and answered. Their targets: shapes_target.h.
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/events/constraints.h"
#include "api/events/shapes_tag.h"
#include "api/events/shapes_target.h"
#include "api/field.h"

namespace presso::api::events {

struct PutRuleRequest {
  std::string name;
  std::optional<std::string> schedule_expression;
  std::optional<std::string> event_pattern;
  std::optional<std::string> state;
  std::optional<std::string> description;
  std::optional<std::string> role_arn;
  std::optional<std::vector<Tag>> tags;
  std::optional<std::string> event_bus_name;

  static constexpr auto fields() {
    using S = PutRuleRequest;
    return std::tuple{field("Name", &S::name, kRule),
                      field("ScheduleExpression", &S::schedule_expression, kSchedule),
                      field("EventPattern", &S::event_pattern, kEventPattern),
                      field("State", &S::state, kRuleState),
                      field("Description", &S::description, kDescription),
                      field("RoleArn", &S::role_arn, kArn),
                      field("Tags", &S::tags),
                      field("EventBusName", &S::event_bus_name, kBusReference)};
  }
};
struct PutRuleResponse {
  std::optional<std::string> rule_arn;

  static constexpr auto fields() {
    return std::tuple{field("RuleArn", &PutRuleResponse::rule_arn, kArn)};
  }
};

// What names a rule: DescribeRule, EnableRule, DisableRule.
struct RuleRequest {
  std::string name;
  std::optional<std::string> event_bus_name;

  static constexpr auto fields() {
    using S = RuleRequest;
    return std::tuple{field("Name", &S::name, kRule),
                      field("EventBusName", &S::event_bus_name, kBusReference)};
  }
};
struct DescribeRuleResponse {
  std::optional<std::string> name;
  std::optional<std::string> arn;
  std::optional<std::string> event_pattern;
  std::optional<std::string> schedule_expression;
  std::optional<std::string> state;
  std::optional<std::string> description;
  std::optional<std::string> role_arn;
  std::optional<std::string> managed_by;
  std::optional<std::string> event_bus_name;
  std::optional<std::string> created_by;

  static constexpr auto fields() {
    using S = DescribeRuleResponse;
    return std::tuple{field("Name", &S::name, kRule),
                      field("Arn", &S::arn, kArn),
                      field("EventPattern", &S::event_pattern, kEventPattern),
                      field("ScheduleExpression", &S::schedule_expression, kSchedule),
                      field("State", &S::state, kRuleState),
                      field("Description", &S::description, kDescription),
                      field("RoleArn", &S::role_arn, kArn),
                      field("ManagedBy", &S::managed_by, kOwner),
                      field("EventBusName", &S::event_bus_name, kBus),
                      field("CreatedBy", &S::created_by, kOwner)};
  }
};

struct ListRulesRequest {
  std::optional<std::string> name_prefix;
  std::optional<std::string> event_bus_name;
  std::optional<std::string> next_token;
  std::optional<std::int64_t> limit;

  static constexpr auto fields() {
    using S = ListRulesRequest;
    return std::tuple{field("NamePrefix", &S::name_prefix, kRule),
                      field("EventBusName", &S::event_bus_name, kBusReference),
                      field("NextToken", &S::next_token, kPageToken),
                      field("Limit", &S::limit, kLimit)};
  }
};
struct Rule {
  std::optional<std::string> name;
  std::optional<std::string> arn;
  std::optional<std::string> event_pattern;
  std::optional<std::string> state;
  std::optional<std::string> description;
  std::optional<std::string> schedule_expression;
  std::optional<std::string> role_arn;
  std::optional<std::string> managed_by;
  std::optional<std::string> event_bus_name;

  static constexpr std::string_view kName = "Rule";
  static constexpr auto fields() {
    using S = Rule;
    return std::tuple{field("Name", &S::name, kRule),
                      field("Arn", &S::arn, kArn),
                      field("EventPattern", &S::event_pattern, kEventPattern),
                      field("State", &S::state, kRuleState),
                      field("Description", &S::description, kDescription),
                      field("ScheduleExpression", &S::schedule_expression, kSchedule),
                      field("RoleArn", &S::role_arn, kArn),
                      field("ManagedBy", &S::managed_by, kOwner),
                      field("EventBusName", &S::event_bus_name, kBus)};
  }
};
struct ListRulesResponse {
  std::optional<std::vector<Rule>> rules;
  std::optional<std::string> next_token;

  static constexpr auto fields() {
    using S = ListRulesResponse;
    return std::tuple{field("Rules", &S::rules), field("NextToken", &S::next_token, kPageToken)};
  }
};

struct DeleteRuleRequest {
  std::string name;
  std::optional<std::string> event_bus_name;
  std::optional<bool> force;

  static constexpr auto fields() {
    using S = DeleteRuleRequest;
    return std::tuple{field("Name", &S::name, kRule),
                      field("EventBusName", &S::event_bus_name, kBusReference),
                      field("Force", &S::force)};
  }
};

struct ListRuleNamesByTargetRequest {
  std::string target_arn;
  std::optional<std::string> event_bus_name;
  std::optional<std::string> next_token;
  std::optional<std::int64_t> limit;

  static constexpr auto fields() {
    using S = ListRuleNamesByTargetRequest;
    return std::tuple{field("TargetArn", &S::target_arn, kArn),
                      field("EventBusName", &S::event_bus_name, kBusReference),
                      field("NextToken", &S::next_token, kPageToken),
                      field("Limit", &S::limit, kLimit)};
  }
};
struct ListRuleNamesByTargetResponse {
  std::optional<std::vector<std::string>> rule_names;
  std::optional<std::string> next_token;

  static constexpr auto fields() {
    using S = ListRuleNamesByTargetResponse;
    return std::tuple{field("RuleNames", &S::rule_names, {.item = &kRule}),
                      field("NextToken", &S::next_token, kPageToken)};
  }
};

struct PutTargetsRequest {
  std::string rule;
  std::optional<std::string> event_bus_name;
  std::vector<Target> targets;

  static constexpr auto fields() {
    using S = PutTargetsRequest;
    return std::tuple{field("Rule", &S::rule, kRule),
                      field("EventBusName", &S::event_bus_name, kBusReference),
                      field("Targets", &S::targets, kTargets)};
  }
};
struct PutTargetsResultEntry {
  std::optional<std::string> target_id;
  std::optional<std::string> error_code;
  std::optional<std::string> error_message;

  static constexpr std::string_view kName = "PutTargetsResultEntry";
  static constexpr auto fields() {
    using S = PutTargetsResultEntry;
    return std::tuple{field("TargetId", &S::target_id, kTargetId),
                      field("ErrorCode", &S::error_code), field("ErrorMessage", &S::error_message)};
  }
};
// What PutTargets and RemoveTargets answer.
struct ChangeTargetsResponse {
  std::optional<std::int64_t> failed_entry_count;
  std::optional<std::vector<PutTargetsResultEntry>> failed_entries;

  static constexpr auto fields() {
    using S = ChangeTargetsResponse;
    return std::tuple{field("FailedEntryCount", &S::failed_entry_count),
                      field("FailedEntries", &S::failed_entries)};
  }
};

inline constexpr Constraint kTargetIds = {.min = 1, .max = 100, .item = &kTargetId};
struct RemoveTargetsRequest {
  std::string rule;
  std::optional<std::string> event_bus_name;
  std::vector<std::string> ids;
  std::optional<bool> force;

  static constexpr auto fields() {
    using S = RemoveTargetsRequest;
    return std::tuple{field("Rule", &S::rule, kRule),
                      field("EventBusName", &S::event_bus_name, kBusReference),
                      field("Ids", &S::ids, kTargetIds), field("Force", &S::force)};
  }
};

struct ListTargetsByRuleRequest {
  std::string rule;
  std::optional<std::string> event_bus_name;
  std::optional<std::string> next_token;
  std::optional<std::int64_t> limit;

  static constexpr auto fields() {
    using S = ListTargetsByRuleRequest;
    return std::tuple{
        field("Rule", &S::rule, kRule), field("EventBusName", &S::event_bus_name, kBusReference),
        field("NextToken", &S::next_token, kPageToken), field("Limit", &S::limit, kLimit)};
  }
};
struct ListTargetsByRuleResponse {
  std::optional<std::vector<Target>> targets;
  std::optional<std::string> next_token;

  static constexpr auto fields() {
    using S = ListTargetsByRuleResponse;
    return std::tuple{field("Targets", &S::targets, kTargets),
                      field("NextToken", &S::next_token, kPageToken)};
  }
};

}  // namespace presso::api::events
