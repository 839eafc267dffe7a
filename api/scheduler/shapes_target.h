// The target of a schedule, with the parameters of each service it may be.
// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Target.html
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

inline constexpr std::string_view kLaunchTypes[] = {"EC2", "FARGATE", "EXTERNAL"};
inline constexpr std::string_view kStates[] = {"ENABLED", "DISABLED"};
inline constexpr std::string_view kConstraintTypes[] = {"distinctInstance", "memberOf"};
inline constexpr std::string_view kStrategyTypes[] = {"random", "spread", "binpack"};
inline constexpr std::string_view kPropagation[] = {"TASK_DEFINITION"};

struct DeadLetterConfig {
  std::optional<std::string> arn;

  static constexpr std::string_view kName = "DeadLetterConfig";
  static constexpr auto fields() {
    using S = DeadLetterConfig;
    return std::tuple{field("Arn", &S::arn, {.min = 1, .max = 1600, .pattern = &kQueueArn})};
  }
};

struct CapacityProviderStrategyItem {
  std::optional<std::int64_t> base;
  std::string capacity_provider;
  std::optional<std::int64_t> weight;

  static constexpr std::string_view kName = "CapacityProviderStrategyItem";
  static constexpr auto fields() {
    using S = CapacityProviderStrategyItem;
    return std::tuple{field("base", &S::base, {.min = 0, .max = 100000}),
                      field("capacityProvider", &S::capacity_provider, {.min = 1, .max = 255}),
                      field("weight", &S::weight, {.min = 0, .max = 1000})};
  }
};

inline constexpr Constraint kSecurityGroupsItem = {.min = 1, .max = 1000};

inline constexpr Constraint kSubnetsItem = {.min = 1, .max = 1000};

struct AwsVpcConfiguration {
  std::optional<std::string> assign_public_ip;
  std::optional<std::vector<std::string>> security_groups;
  std::vector<std::string> subnets;

  static constexpr std::string_view kName = "AwsVpcConfiguration";
  static constexpr auto fields() {
    using S = AwsVpcConfiguration;
    return std::tuple{field("AssignPublicIp", &S::assign_public_ip, {.values = kStates}),
                      field("SecurityGroups", &S::security_groups,
                            {.min = 1, .max = 5, .item = &kSecurityGroupsItem}),
                      field("Subnets", &S::subnets, {.min = 1, .max = 16, .item = &kSubnetsItem})};
  }
};

struct NetworkConfiguration {
  std::optional<AwsVpcConfiguration> awsvpc_configuration;

  static constexpr std::string_view kName = "NetworkConfiguration";
  static constexpr auto fields() {
    using S = NetworkConfiguration;
    return std::tuple{field("awsvpcConfiguration", &S::awsvpc_configuration)};
  }
};

struct PlacementConstraint {
  std::optional<std::string> expression;
  std::optional<std::string> type;

  static constexpr std::string_view kName = "PlacementConstraint";
  static constexpr auto fields() {
    using S = PlacementConstraint;
    return std::tuple{field("expression", &S::expression, {.min = 0, .max = 2000}),
                      field("type", &S::type, {.values = kConstraintTypes})};
  }
};

struct PlacementStrategy {
  std::optional<std::string> strategy_field;
  std::optional<std::string> type;

  static constexpr std::string_view kName = "PlacementStrategy";
  static constexpr auto fields() {
    using S = PlacementStrategy;
    return std::tuple{field("field", &S::strategy_field, {.min = 0, .max = 255}),
                      field("type", &S::type, {.values = kStrategyTypes})};
  }
};

struct EcsParameters {
  std::optional<std::vector<CapacityProviderStrategyItem>> capacity_provider_strategy;
  std::optional<bool> enable_ecs_managed_tags;
  std::optional<bool> enable_execute_command;
  std::optional<std::string> group;
  std::optional<std::string> launch_type;
  std::optional<NetworkConfiguration> network_configuration;
  std::optional<std::vector<PlacementConstraint>> placement_constraints;
  std::optional<std::vector<PlacementStrategy>> placement_strategy;
  std::optional<std::string> platform_version;
  std::optional<std::string> propagate_tags;
  std::optional<std::string> reference_id;
  std::optional<std::vector<Json>> tags;
  std::optional<std::int64_t> task_count;
  std::string task_definition_arn;

  static constexpr std::string_view kName = "EcsParameters";
  static constexpr auto fields() {
    using S = EcsParameters;
    return std::tuple{
        field("CapacityProviderStrategy", &S::capacity_provider_strategy, {.min = 0, .max = 6}),
        field("EnableECSManagedTags", &S::enable_ecs_managed_tags),
        field("EnableExecuteCommand", &S::enable_execute_command),
        field("Group", &S::group, {.min = 1, .max = 255}),
        field("LaunchType", &S::launch_type, {.values = kLaunchTypes}),
        field("NetworkConfiguration", &S::network_configuration),
        field("PlacementConstraints", &S::placement_constraints, {.min = 0, .max = 10}),
        field("PlacementStrategy", &S::placement_strategy, {.min = 0, .max = 5}),
        field("PlatformVersion", &S::platform_version, {.min = 1, .max = 64}),
        field("PropagateTags", &S::propagate_tags, {.values = kPropagation}),
        field("ReferenceId", &S::reference_id, {.min = 0, .max = 1024}),
        field("Tags", &S::tags, {.min = 0, .max = 50}),
        field("TaskCount", &S::task_count, {.min = 1, .max = 10}),
        field("TaskDefinitionArn", &S::task_definition_arn, {.min = 1, .max = 1600})};
  }
};

struct EventBridgeParameters {
  std::string detail_type;
  std::string source;

  static constexpr std::string_view kName = "EventBridgeParameters";
  static constexpr auto fields() {
    using S = EventBridgeParameters;
    return std::tuple{field("DetailType", &S::detail_type, {.min = 1, .max = 128}),
                      field("Source", &S::source, {.min = 1, .max = 256, .pattern = &kSource})};
  }
};

struct KinesisParameters {
  std::string partition_key;

  static constexpr std::string_view kName = "KinesisParameters";
  static constexpr auto fields() {
    using S = KinesisParameters;
    return std::tuple{field("PartitionKey", &S::partition_key, {.min = 1, .max = 256})};
  }
};

struct RetryPolicy {
  std::optional<std::int64_t> maximum_event_age_in_seconds;
  std::optional<std::int64_t> maximum_retry_attempts;

  static constexpr std::string_view kName = "RetryPolicy";
  static constexpr auto fields() {
    using S = RetryPolicy;
    return std::tuple{
        field("MaximumEventAgeInSeconds", &S::maximum_event_age_in_seconds,
              {.min = 60, .max = 86400}),
        field("MaximumRetryAttempts", &S::maximum_retry_attempts, {.min = 0, .max = 185})};
  }
};

struct SageMakerPipelineParameter {
  std::string name;
  std::string value;

  static constexpr std::string_view kName = "SageMakerPipelineParameter";
  static constexpr auto fields() {
    using S = SageMakerPipelineParameter;
    return std::tuple{field("Name", &S::name, {.min = 1, .max = 256, .pattern = &kParameterName}),
                      field("Value", &S::value, {.min = 1, .max = 1024})};
  }
};

struct SageMakerPipelineParameters {
  std::optional<std::vector<SageMakerPipelineParameter>> pipeline_parameter_list;

  static constexpr std::string_view kName = "SageMakerPipelineParameters";
  static constexpr auto fields() {
    using S = SageMakerPipelineParameters;
    return std::tuple{
        field("PipelineParameterList", &S::pipeline_parameter_list, {.min = 0, .max = 200})};
  }
};

struct SqsParameters {
  std::optional<std::string> message_group_id;

  static constexpr std::string_view kName = "SqsParameters";
  static constexpr auto fields() {
    using S = SqsParameters;
    return std::tuple{field("MessageGroupId", &S::message_group_id, {.min = 1, .max = 128})};
  }
};

struct Target {
  std::string arn;
  std::optional<DeadLetterConfig> dead_letter_config;
  std::optional<EcsParameters> ecs_parameters;
  std::optional<EventBridgeParameters> event_bridge_parameters;
  std::optional<std::string> input;
  std::optional<KinesisParameters> kinesis_parameters;
  std::optional<RetryPolicy> retry_policy;
  std::string role_arn;
  std::optional<SageMakerPipelineParameters> sage_maker_pipeline_parameters;
  std::optional<SqsParameters> sqs_parameters;

  static constexpr std::string_view kName = "Target";
  static constexpr auto fields() {
    using S = Target;
    return std::tuple{field("Arn", &S::arn, {.min = 1, .max = 1600}),
                      field("DeadLetterConfig", &S::dead_letter_config),
                      field("EcsParameters", &S::ecs_parameters),
                      field("EventBridgeParameters", &S::event_bridge_parameters),
                      field("Input", &S::input, {.min = 1}),
                      field("KinesisParameters", &S::kinesis_parameters),
                      field("RetryPolicy", &S::retry_policy),
                      field("RoleArn", &S::role_arn, {.min = 1, .max = 1600, .pattern = &kRoleArn}),
                      field("SageMakerPipelineParameters", &S::sage_maker_pipeline_parameters),
                      field("SqsParameters", &S::sqs_parameters)};
  }
};

}  // namespace presso::api::scheduler
