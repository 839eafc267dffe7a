// Global endpoints: what is sent and answered.
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEndpoint.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "api/events/constraints.h"
#include "api/events/patterns.h"
#include "api/field.h"

namespace presso::api::events {

inline constexpr std::string_view kReplicationStates[] = {"ENABLED", "DISABLED"};
inline constexpr std::string_view kEndpointStates[] = {
    "ACTIVE",        "CREATING",      "UPDATING",     "DELETING",
    "CREATE_FAILED", "UPDATE_FAILED", "DELETE_FAILED"};

struct Primary {
  std::string health_check;

  static constexpr std::string_view kName = "Primary";
  static constexpr auto fields() {
    using S = Primary;
    return std::tuple{field("HealthCheck", &S::health_check,
                            {.min = 1, .max = 1600, .pattern = &kHealthCheckArn})};
  }
};

struct Secondary {
  std::string route;

  static constexpr std::string_view kName = "Secondary";
  static constexpr auto fields() {
    using S = Secondary;
    return std::tuple{field("Route", &S::route, {.min = 9, .max = 20, .pattern = &kRegionName})};
  }
};

struct FailoverConfig {
  Primary primary;
  Secondary secondary;

  static constexpr std::string_view kName = "FailoverConfig";
  static constexpr auto fields() {
    using S = FailoverConfig;
    return std::tuple{field("Primary", &S::primary), field("Secondary", &S::secondary)};
  }
};

struct RoutingConfig {
  FailoverConfig failover_config;

  static constexpr std::string_view kName = "RoutingConfig";
  static constexpr auto fields() {
    using S = RoutingConfig;
    return std::tuple{field("FailoverConfig", &S::failover_config)};
  }
};

struct ReplicationConfig {
  std::optional<std::string> state;

  static constexpr std::string_view kName = "ReplicationConfig";
  static constexpr auto fields() {
    using S = ReplicationConfig;
    return std::tuple{field("State", &S::state, {.values = kReplicationStates})};
  }
};

struct EndpointEventBus {
  std::string event_bus_arn;

  static constexpr std::string_view kName = "EndpointEventBus";
  static constexpr auto fields() {
    using S = EndpointEventBus;
    return std::tuple{field("EventBusArn", &S::event_bus_arn,
                            {.min = 1, .max = 512, .pattern = &kEndpointBusArn})};
  }
};

struct CreateEndpointRequest {
  std::string name;
  std::optional<std::string> description;
  RoutingConfig routing_config;
  std::optional<ReplicationConfig> replication_config;
  std::vector<EndpointEventBus> event_buses;
  std::optional<std::string> role_arn;

  static constexpr auto fields() {
    using S = CreateEndpointRequest;
    return std::tuple{field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kNamePattern}),
                      field("Description", &S::description, {.max = 512, .pattern = &kOneLine}),
                      field("RoutingConfig", &S::routing_config),
                      field("ReplicationConfig", &S::replication_config),
                      field("EventBuses", &S::event_buses, {.min = 2, .max = 2}),
                      field("RoleArn", &S::role_arn, {.min = 1, .max = 256, .pattern = &kRoleArn})};
  }
};

struct CreateEndpointResponse {
  std::optional<std::string> name;
  std::optional<std::string> arn;
  std::optional<RoutingConfig> routing_config;
  std::optional<ReplicationConfig> replication_config;
  std::optional<std::vector<EndpointEventBus>> event_buses;
  std::optional<std::string> role_arn;
  std::optional<std::string> state;

  static constexpr auto fields() {
    using S = CreateEndpointResponse;
    return std::tuple{field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kNamePattern}),
                      field("Arn", &S::arn, {.min = 1, .max = 1600, .pattern = &kEndpointArn}),
                      field("RoutingConfig", &S::routing_config),
                      field("ReplicationConfig", &S::replication_config),
                      field("EventBuses", &S::event_buses, {.min = 2, .max = 2}),
                      field("RoleArn", &S::role_arn, {.min = 1, .max = 256, .pattern = &kRoleArn}),
                      field("State", &S::state, {.values = kEndpointStates})};
  }
};

struct DescribeEndpointRequest {
  std::string name;
  std::optional<std::string> home_region;

  static constexpr auto fields() {
    using S = DescribeEndpointRequest;
    return std::tuple{
        field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kNamePattern}),
        field("HomeRegion", &S::home_region, {.min = 9, .max = 20, .pattern = &kRegionName})};
  }
};

struct DescribeEndpointResponse {
  std::optional<std::string> name;
  std::optional<std::string> description;
  std::optional<std::string> arn;
  std::optional<RoutingConfig> routing_config;
  std::optional<ReplicationConfig> replication_config;
  std::optional<std::vector<EndpointEventBus>> event_buses;
  std::optional<std::string> role_arn;
  std::optional<std::string> endpoint_id;
  std::optional<std::string> endpoint_url;
  std::optional<std::string> state;
  std::optional<std::string> state_reason;
  std::optional<Time> creation_time;
  std::optional<Time> last_modified_time;

  static constexpr auto fields() {
    using S = DescribeEndpointResponse;
    return std::tuple{
        field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kNamePattern}),
        field("Description", &S::description, {.max = 512, .pattern = &kOneLine}),
        field("Arn", &S::arn, {.min = 1, .max = 1600, .pattern = &kEndpointArn}),
        field("RoutingConfig", &S::routing_config),
        field("ReplicationConfig", &S::replication_config),
        field("EventBuses", &S::event_buses, {.min = 2, .max = 2}),
        field("RoleArn", &S::role_arn, {.min = 1, .max = 256, .pattern = &kRoleArn}),
        field("EndpointId", &S::endpoint_id, {.min = 1, .max = 50, .pattern = &kEndpointId}),
        field("EndpointUrl", &S::endpoint_url, {.min = 1, .max = 256, .pattern = &kEndpointUrl}),
        field("State", &S::state, {.values = kEndpointStates}),
        field("StateReason", &S::state_reason, {.min = 1, .max = 512, .pattern = &kOneLine}),
        field("CreationTime", &S::creation_time),
        field("LastModifiedTime", &S::last_modified_time)};
  }
};

struct UpdateEndpointRequest {
  std::string name;
  std::optional<std::string> description;
  std::optional<RoutingConfig> routing_config;
  std::optional<ReplicationConfig> replication_config;
  std::optional<std::vector<EndpointEventBus>> event_buses;
  std::optional<std::string> role_arn;

  static constexpr auto fields() {
    using S = UpdateEndpointRequest;
    return std::tuple{field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kNamePattern}),
                      field("Description", &S::description, {.max = 512, .pattern = &kOneLine}),
                      field("RoutingConfig", &S::routing_config),
                      field("ReplicationConfig", &S::replication_config),
                      field("EventBuses", &S::event_buses, {.min = 2, .max = 2}),
                      field("RoleArn", &S::role_arn, {.min = 1, .max = 256, .pattern = &kRoleArn})};
  }
};

struct UpdateEndpointResponse {
  std::optional<std::string> name;
  std::optional<std::string> arn;
  std::optional<RoutingConfig> routing_config;
  std::optional<ReplicationConfig> replication_config;
  std::optional<std::vector<EndpointEventBus>> event_buses;
  std::optional<std::string> role_arn;
  std::optional<std::string> endpoint_id;
  std::optional<std::string> endpoint_url;
  std::optional<std::string> state;

  static constexpr auto fields() {
    using S = UpdateEndpointResponse;
    return std::tuple{
        field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kNamePattern}),
        field("Arn", &S::arn, {.min = 1, .max = 1600, .pattern = &kEndpointArn}),
        field("RoutingConfig", &S::routing_config),
        field("ReplicationConfig", &S::replication_config),
        field("EventBuses", &S::event_buses, {.min = 2, .max = 2}),
        field("RoleArn", &S::role_arn, {.min = 1, .max = 256, .pattern = &kRoleArn}),
        field("EndpointId", &S::endpoint_id, {.min = 1, .max = 50, .pattern = &kEndpointId}),
        field("EndpointUrl", &S::endpoint_url, {.min = 1, .max = 256, .pattern = &kEndpointUrl}),
        field("State", &S::state, {.values = kEndpointStates})};
  }
};

struct ListEndpointsRequest {
  std::optional<std::string> name_prefix;
  std::optional<std::string> home_region;
  std::optional<std::string> next_token;
  std::optional<std::int64_t> max_results;

  static constexpr auto fields() {
    using S = ListEndpointsRequest;
    return std::tuple{
        field("NamePrefix", &S::name_prefix, {.min = 1, .max = 64, .pattern = &kNamePattern}),
        field("HomeRegion", &S::home_region, {.min = 9, .max = 20, .pattern = &kRegionName}),
        field("NextToken", &S::next_token, {.min = 1, .max = 2048}),
        field("MaxResults", &S::max_results, {.min = 1, .max = 100})};
  }
};

struct Endpoint {
  std::optional<std::string> name;
  std::optional<std::string> description;
  std::optional<std::string> arn;
  std::optional<RoutingConfig> routing_config;
  std::optional<ReplicationConfig> replication_config;
  std::optional<std::vector<EndpointEventBus>> event_buses;
  std::optional<std::string> role_arn;
  std::optional<std::string> endpoint_id;
  std::optional<std::string> endpoint_url;
  std::optional<std::string> state;
  std::optional<std::string> state_reason;
  std::optional<Time> creation_time;
  std::optional<Time> last_modified_time;

  static constexpr std::string_view kName = "Endpoint";
  static constexpr auto fields() {
    using S = Endpoint;
    return std::tuple{
        field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kNamePattern}),
        field("Description", &S::description, {.max = 512, .pattern = &kOneLine}),
        field("Arn", &S::arn, {.min = 1, .max = 1600, .pattern = &kEndpointArn}),
        field("RoutingConfig", &S::routing_config),
        field("ReplicationConfig", &S::replication_config),
        field("EventBuses", &S::event_buses, {.min = 2, .max = 2}),
        field("RoleArn", &S::role_arn, {.min = 1, .max = 256, .pattern = &kRoleArn}),
        field("EndpointId", &S::endpoint_id, {.min = 1, .max = 50, .pattern = &kEndpointId}),
        field("EndpointUrl", &S::endpoint_url, {.min = 1, .max = 256, .pattern = &kEndpointUrl}),
        field("State", &S::state, {.values = kEndpointStates}),
        field("StateReason", &S::state_reason, {.min = 1, .max = 512, .pattern = &kOneLine}),
        field("CreationTime", &S::creation_time),
        field("LastModifiedTime", &S::last_modified_time)};
  }
};

struct ListEndpointsResponse {
  std::optional<std::vector<Endpoint>> endpoints;
  std::optional<std::string> next_token;

  static constexpr auto fields() {
    using S = ListEndpointsResponse;
    return std::tuple{field("Endpoints", &S::endpoints),
                      field("NextToken", &S::next_token, {.min = 1, .max = 2048})};
  }
};

struct DeleteEndpointRequest {
  std::string name;

  static constexpr auto fields() {
    using S = DeleteEndpointRequest;
    return std::tuple{field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kNamePattern})};
  }
};

}  // namespace presso::api::events
