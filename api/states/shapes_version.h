// Versions and aliases of state machines: what is sent and answered.
// https://docs.aws.amazon.com/step-functions/latest/dg/concepts-cd-aliasing-versioning.html
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/field.h"
#include "api/states/constraints.h"

namespace presso::api::states {

struct PublishStateMachineVersionRequest {
  std::string state_machine_arn;
  std::optional<std::string> revision_id;
  std::optional<std::string> description;

  static constexpr auto fields() {
    using S = PublishStateMachineVersionRequest;
    return std::tuple{field("stateMachineArn", &S::state_machine_arn, kArn),
                      field("revisionId", &S::revision_id),
                      field("description", &S::description, kDescription)};
  }
};
struct PublishStateMachineVersionResponse {
  Time creation_date;
  std::string state_machine_version_arn;

  static constexpr auto fields() {
    using S = PublishStateMachineVersionResponse;
    return std::tuple{field("creationDate", &S::creation_date),
                      field("stateMachineVersionArn", &S::state_machine_version_arn, kArn)};
  }
};

struct DeleteStateMachineVersionRequest {
  std::string state_machine_version_arn;

  static constexpr auto fields() {
    using S = DeleteStateMachineVersionRequest;
    return std::tuple{field("stateMachineVersionArn", &S::state_machine_version_arn, kLongArn)};
  }
};

struct ListStateMachineVersionsRequest {
  std::string state_machine_arn;
  std::optional<std::string> next_token;
  std::optional<std::int64_t> max_results;

  static constexpr auto fields() {
    using S = ListStateMachineVersionsRequest;
    return std::tuple{field("stateMachineArn", &S::state_machine_arn, kArn),
                      field("nextToken", &S::next_token, kPageToken),
                      field("maxResults", &S::max_results, kPageSize)};
  }
};
struct StateMachineVersionListItem {
  std::string state_machine_version_arn;
  Time creation_date;

  static constexpr std::string_view kName = "StateMachineVersionListItem";
  static constexpr auto fields() {
    using S = StateMachineVersionListItem;
    return std::tuple{field("stateMachineVersionArn", &S::state_machine_version_arn, kLongArn),
                      field("creationDate", &S::creation_date)};
  }
};
struct ListStateMachineVersionsResponse {
  std::vector<StateMachineVersionListItem> versions;
  std::optional<std::string> next_token;

  static constexpr auto fields() {
    using S = ListStateMachineVersionsResponse;
    return std::tuple{field("stateMachineVersions", &S::versions),
                      field("nextToken", &S::next_token, kPageToken)};
  }
};

struct RoutingConfigurationListItem {
  std::string state_machine_version_arn;
  std::int64_t weight = 0;

  static constexpr std::string_view kName = "RoutingConfigurationListItem";
  static constexpr auto fields() {
    using S = RoutingConfigurationListItem;
    return std::tuple{field("stateMachineVersionArn", &S::state_machine_version_arn, kArn),
                      field("weight", &S::weight, {.min = 0, .max = 100})};
  }
};
using RoutingConfiguration = std::vector<RoutingConfigurationListItem>;
inline constexpr Constraint kRouting = {.min = 1, .max = 2};
inline constexpr Constraint kNewAliasName = {.min = 1, .max = 80, .pattern = &kAliasName};

struct CreateStateMachineAliasRequest {
  std::optional<std::string> description;
  std::string name;
  RoutingConfiguration routing;

  static constexpr auto fields() {
    using S = CreateStateMachineAliasRequest;
    return std::tuple{field("description", &S::description, kDescription),
                      field("name", &S::name, kNewAliasName),
                      field("routingConfiguration", &S::routing, kRouting)};
  }
};
struct CreateStateMachineAliasResponse {
  std::string state_machine_alias_arn;
  Time creation_date;

  static constexpr auto fields() {
    using S = CreateStateMachineAliasResponse;
    return std::tuple{field("stateMachineAliasArn", &S::state_machine_alias_arn, kArn),
                      field("creationDate", &S::creation_date)};
  }
};

struct UpdateStateMachineAliasRequest {
  std::string state_machine_alias_arn;
  std::optional<std::string> description;
  std::optional<RoutingConfiguration> routing;

  static constexpr auto fields() {
    using S = UpdateStateMachineAliasRequest;
    return std::tuple{field("stateMachineAliasArn", &S::state_machine_alias_arn, kArn),
                      field("description", &S::description, kDescription),
                      field("routingConfiguration", &S::routing, kRouting)};
  }
};
struct UpdateStateMachineAliasResponse {
  Time update_date;

  static constexpr auto fields() {
    return std::tuple{field("updateDate", &UpdateStateMachineAliasResponse::update_date)};
  }
};

struct DescribeStateMachineAliasRequest {
  std::string state_machine_alias_arn;

  static constexpr auto fields() {
    using S = DescribeStateMachineAliasRequest;
    return std::tuple{field("stateMachineAliasArn", &S::state_machine_alias_arn, kArn)};
  }
};
struct DescribeStateMachineAliasResponse {
  std::string state_machine_alias_arn;
  std::string name;
  std::optional<std::string> description;
  RoutingConfiguration routing;
  Time creation_date;
  Time update_date;

  static constexpr auto fields() {
    using S = DescribeStateMachineAliasResponse;
    return std::tuple{field("stateMachineAliasArn", &S::state_machine_alias_arn, kArn),
                      field("name", &S::name, kName),
                      field("description", &S::description, kDescription),
                      field("routingConfiguration", &S::routing, kRouting),
                      field("creationDate", &S::creation_date),
                      field("updateDate", &S::update_date)};
  }
};

struct DeleteStateMachineAliasRequest {
  std::string state_machine_alias_arn;

  static constexpr auto fields() {
    using S = DeleteStateMachineAliasRequest;
    return std::tuple{field("stateMachineAliasArn", &S::state_machine_alias_arn, kArn)};
  }
};

struct ListStateMachineAliasesRequest {
  std::string state_machine_arn;
  std::optional<std::string> next_token;
  std::optional<std::int64_t> max_results;

  static constexpr auto fields() {
    using S = ListStateMachineAliasesRequest;
    return std::tuple{field("stateMachineArn", &S::state_machine_arn, kArn),
                      field("nextToken", &S::next_token, kPageToken),
                      field("maxResults", &S::max_results, kPageSize)};
  }
};
struct StateMachineAliasListItem {
  std::string state_machine_alias_arn;
  Time creation_date;

  static constexpr std::string_view kName = "StateMachineAliasListItem";
  static constexpr auto fields() {
    using S = StateMachineAliasListItem;
    return std::tuple{field("stateMachineAliasArn", &S::state_machine_alias_arn, kLongArn),
                      field("creationDate", &S::creation_date)};
  }
};
struct ListStateMachineAliasesResponse {
  std::vector<StateMachineAliasListItem> aliases;
  std::optional<std::string> next_token;

  static constexpr auto fields() {
    using S = ListStateMachineAliasesResponse;
    return std::tuple{field("stateMachineAliases", &S::aliases),
                      field("nextToken", &S::next_token, kPageToken)};
  }
};

}  // namespace presso::api::states
