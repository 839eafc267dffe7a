// A rule's target, with the parameters of each service it may be.
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/events/constraints.h"
#include "api/events/shapes_bus.h"
#include "api/events/shapes_tag.h"
#include "api/field.h"

namespace presso::api::events {

inline constexpr Constraint kTransformerName = {.min = 1, .max = 256, .pattern = &kTransformerKey};
inline constexpr Constraint kTransformerPath = {.max = 256};
inline constexpr Constraint kTransformerPaths = {
    .max = 100, .item = &kTransformerPath, .key = &kTransformerName};
struct InputTransformer {
  std::optional<std::map<std::string, std::string>> input_paths_map;
  std::string input_template;

  static constexpr std::string_view kName = "InputTransformer";
  static constexpr auto fields() {
    using S = InputTransformer;
    return std::tuple{field("InputPathsMap", &S::input_paths_map, kTransformerPaths),
                      field("InputTemplate", &S::input_template, {.min = 1, .max = 8192})};
  }
};

struct KinesisParameters {
  std::string partition_key_path;

  static constexpr std::string_view kName = "KinesisParameters";
  static constexpr auto fields() {
    using S = KinesisParameters;
    return std::tuple{field("PartitionKeyPath", &S::partition_key_path, {.max = 256})};
  }
};

inline constexpr Constraint kRunCommandValue = {.min = 1, .max = 256};
inline constexpr Constraint kRunCommandValues = {.min = 1, .max = 50, .item = &kRunCommandValue};
struct RunCommandTarget {
  std::string key;
  std::vector<std::string> values;

  static constexpr std::string_view kName = "RunCommandTarget";
  static constexpr auto fields() {
    using S = RunCommandTarget;
    return std::tuple{field("Key", &S::key, {.min = 1, .max = 128, .pattern = &kRunCommandKey}),
                      field("Values", &S::values, kRunCommandValues)};
  }
};

struct RunCommandParameters {
  std::vector<RunCommandTarget> run_command_targets;

  static constexpr std::string_view kName = "RunCommandParameters";
  static constexpr auto fields() {
    using S = RunCommandParameters;
    return std::tuple{field("RunCommandTargets", &S::run_command_targets, {.min = 1, .max = 5})};
  }
};

inline constexpr std::string_view kAssignPublicIpValues[] = {"ENABLED", "DISABLED"};
struct AwsVpcConfiguration {
  std::vector<std::string> subnets;
  std::optional<std::vector<std::string>> security_groups;
  std::optional<std::string> assign_public_ip;

  static constexpr std::string_view kName = "AwsVpcConfiguration";
  static constexpr auto fields() {
    using S = AwsVpcConfiguration;
    return std::tuple{
        field("Subnets", &S::subnets), field("SecurityGroups", &S::security_groups),
        field("AssignPublicIp", &S::assign_public_ip, {.values = kAssignPublicIpValues})};
  }
};

struct NetworkConfiguration {
  std::optional<AwsVpcConfiguration> aws_vpc_configuration;

  static constexpr std::string_view kName = "NetworkConfiguration";
  static constexpr auto fields() {
    using S = NetworkConfiguration;
    return std::tuple{field("awsvpcConfiguration", &S::aws_vpc_configuration)};
  }
};

struct CapacityProviderStrategyItem {
  std::string capacity_provider;
  std::optional<std::int64_t> weight;
  std::optional<std::int64_t> base;

  static constexpr std::string_view kName = "CapacityProviderStrategyItem";
  static constexpr auto fields() {
    using S = CapacityProviderStrategyItem;
    return std::tuple{field("capacityProvider", &S::capacity_provider, {.min = 1, .max = 255}),
                      field("weight", &S::weight, {.min = 0, .max = 1000}),
                      field("base", &S::base, {.min = 0, .max = 100'000})};
  }
};

inline constexpr std::string_view kConstraintTypeValues[] = {"distinctInstance", "memberOf"};
struct PlacementConstraint {
  std::optional<std::string> type;
  std::optional<std::string> expression;

  static constexpr std::string_view kName = "PlacementConstraint";
  static constexpr auto fields() {
    using S = PlacementConstraint;
    return std::tuple{field("type", &S::type, {.values = kConstraintTypeValues}),
                      field("expression", &S::expression, {.max = 2000})};
  }
};

inline constexpr std::string_view kStrategyTypeValues[] = {"random", "spread", "binpack"};
struct PlacementStrategy {
  std::optional<std::string> type;
  std::optional<std::string> field;

  static constexpr std::string_view kName = "PlacementStrategy";
  static constexpr auto fields() {
    using S = PlacementStrategy;
    return std::tuple{api::field("type", &S::type, {.values = kStrategyTypeValues}),
                      api::field("field", &S::field, {.max = 255})};
  }
};

inline constexpr std::string_view kLaunchTypeValues[] = {"EC2", "FARGATE", "EXTERNAL"};
inline constexpr std::string_view kPropagateTagsValues[] = {"TASK_DEFINITION"};
struct EcsParameters {
  std::string task_definition_arn;
  std::optional<std::int64_t> task_count;
  std::optional<std::string> launch_type;
  std::optional<NetworkConfiguration> network_configuration;
  std::optional<std::string> platform_version;
  std::optional<std::string> group;
  std::optional<std::vector<CapacityProviderStrategyItem>> capacity_provider_strategy;
  std::optional<bool> enable_ecs_managed_tags;
  std::optional<bool> enable_execute_command;
  std::optional<std::vector<PlacementConstraint>> placement_constraints;
  std::optional<std::vector<PlacementStrategy>> placement_strategy;
  std::optional<std::string> propagate_tags;
  std::optional<std::string> reference_id;
  std::optional<std::vector<Tag>> tags;

  static constexpr std::string_view kName = "EcsParameters";
  static constexpr auto fields() {
    using S = EcsParameters;
    return std::tuple{field("TaskDefinitionArn", &S::task_definition_arn, kArn),
                      field("TaskCount", &S::task_count, {.min = 1}),
                      field("LaunchType", &S::launch_type, {.values = kLaunchTypeValues}),
                      field("NetworkConfiguration", &S::network_configuration),
                      field("PlatformVersion", &S::platform_version),
                      field("Group", &S::group),
                      field("CapacityProviderStrategy", &S::capacity_provider_strategy, {.max = 6}),
                      field("EnableECSManagedTags", &S::enable_ecs_managed_tags),
                      field("EnableExecuteCommand", &S::enable_execute_command),
                      field("PlacementConstraints", &S::placement_constraints, {.max = 10}),
                      field("PlacementStrategy", &S::placement_strategy, {.max = 5}),
                      field("PropagateTags", &S::propagate_tags, {.values = kPropagateTagsValues}),
                      field("ReferenceId", &S::reference_id, {.max = 1024}),
                      field("Tags", &S::tags)};
  }
};

struct BatchArrayProperties {
  std::optional<std::int64_t> size;

  static constexpr std::string_view kName = "BatchArrayProperties";
  static constexpr auto fields() {
    using S = BatchArrayProperties;
    return std::tuple{field("Size", &S::size)};
  }
};

struct BatchRetryStrategy {
  std::optional<std::int64_t> attempts;

  static constexpr std::string_view kName = "BatchRetryStrategy";
  static constexpr auto fields() {
    using S = BatchRetryStrategy;
    return std::tuple{field("Attempts", &S::attempts)};
  }
};

struct BatchParameters {
  std::string job_definition;
  std::string job_name;
  std::optional<BatchArrayProperties> array_properties;
  std::optional<BatchRetryStrategy> retry_strategy;

  static constexpr std::string_view kName = "BatchParameters";
  static constexpr auto fields() {
    using S = BatchParameters;
    return std::tuple{field("JobDefinition", &S::job_definition), field("JobName", &S::job_name),
                      field("ArrayProperties", &S::array_properties),
                      field("RetryStrategy", &S::retry_strategy)};
  }
};

struct SqsParameters {
  std::optional<std::string> message_group_id;

  static constexpr std::string_view kName = "SqsParameters";
  static constexpr auto fields() {
    using S = SqsParameters;
    return std::tuple{field("MessageGroupId", &S::message_group_id, {.max = 100})};
  }
};

inline constexpr Constraint kPathValue = {.pattern = &kNotBlank};
inline constexpr Constraint kHeaderKey = {.max = 512, .pattern = &kHeaderName};
inline constexpr Constraint kHeader = {.max = 512, .pattern = &kHeaderValue};
inline constexpr Constraint kHeaders = {.item = &kHeader, .key = &kHeaderKey};
inline constexpr Constraint kQueryKey = {.max = 512, .pattern = &kQueryName};
inline constexpr Constraint kQueryText = {.max = 512, .pattern = &kQueryValue};
inline constexpr Constraint kQuery = {.item = &kQueryText, .key = &kQueryKey};
struct HttpParameters {
  std::optional<std::vector<std::string>> path_parameter_values;
  std::optional<std::map<std::string, std::string>> header_parameters;
  std::optional<std::map<std::string, std::string>> query_string_parameters;

  static constexpr std::string_view kName = "HttpParameters";
  static constexpr auto fields() {
    using S = HttpParameters;
    return std::tuple{
        field("PathParameterValues", &S::path_parameter_values, {.item = &kPathValue}),
        field("HeaderParameters", &S::header_parameters, kHeaders),
        field("QueryStringParameters", &S::query_string_parameters, kQuery)};
  }
};

inline constexpr Constraint kSql = {.min = 1, .max = 100'000, .is_sensitive = true};
inline constexpr Constraint kSqls = {.min = 0, .max = 40, .item = &kSql, .is_sensitive = true};
struct RedshiftDataParameters {
  std::optional<std::string> secret_manager_arn;
  std::string database;
  std::optional<std::string> db_user;
  std::optional<std::string> sql;
  std::optional<std::string> statement_name;
  std::optional<bool> with_event;
  std::optional<std::vector<std::string>> sqls;

  static constexpr std::string_view kName = "RedshiftDataParameters";
  static constexpr auto fields() {
    using S = RedshiftDataParameters;
    return std::tuple{field("SecretManagerArn", &S::secret_manager_arn,
                            {.min = 1, .max = 1600, .pattern = &kSecretArnOrPath}),
                      field("Database", &S::database, {.min = 1, .max = 64}),
                      field("DbUser", &S::db_user, {.min = 1, .max = 128}),
                      field("Sql", &S::sql, kSql),
                      field("StatementName", &S::statement_name, {.min = 1, .max = 500}),
                      field("WithEvent", &S::with_event),
                      field("Sqls", &S::sqls, kSqls)};
  }
};

struct SageMakerPipelineParameter {
  std::string name;
  std::string value;

  static constexpr std::string_view kName = "SageMakerPipelineParameter";
  static constexpr auto fields() {
    using S = SageMakerPipelineParameter;
    return std::tuple{field("Name", &S::name, {.min = 1, .max = 256, .pattern = &kPipelineName}),
                      field("Value", &S::value, {.max = 1024})};
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

struct RetryPolicy {
  std::optional<std::int64_t> maximum_retry_attempts;
  std::optional<std::int64_t> maximum_event_age_in_seconds;

  static constexpr std::string_view kName = "RetryPolicy";
  static constexpr auto fields() {
    using S = RetryPolicy;
    return std::tuple{
        field("MaximumRetryAttempts", &S::maximum_retry_attempts, {.min = 0, .max = 185}),
        field("MaximumEventAgeInSeconds", &S::maximum_event_age_in_seconds,
              {.min = 60, .max = 86'400})};
  }
};

struct AppSyncParameters {
  std::optional<std::string> graphql_operation;

  static constexpr std::string_view kName = "AppSyncParameters";
  static constexpr auto fields() {
    using S = AppSyncParameters;
    return std::tuple{field("GraphQLOperation", &S::graphql_operation,
                            {.min = 1, .max = 1'048'576, .is_sensitive = true})};
  }
};

struct Target {
  std::string id;
  std::string arn;
  std::optional<std::string> role_arn;
  std::optional<std::string> input;
  std::optional<std::string> input_path;
  std::optional<InputTransformer> input_transformer;
  std::optional<KinesisParameters> kinesis_parameters;
  std::optional<RunCommandParameters> run_command_parameters;
  std::optional<EcsParameters> ecs_parameters;
  std::optional<BatchParameters> batch_parameters;
  std::optional<SqsParameters> sqs_parameters;
  std::optional<HttpParameters> http_parameters;
  std::optional<RedshiftDataParameters> redshift_data_parameters;
  std::optional<SageMakerPipelineParameters> sage_maker_pipeline_parameters;
  std::optional<DeadLetterConfig> dead_letter_config;
  std::optional<RetryPolicy> retry_policy;
  std::optional<AppSyncParameters> app_sync_parameters;

  static constexpr std::string_view kName = "Target";
  static constexpr auto fields() {
    using S = Target;
    return std::tuple{field("Id", &S::id, kTargetId),
                      field("Arn", &S::arn, kArn),
                      field("RoleArn", &S::role_arn, kArn),
                      field("Input", &S::input, {.max = 8192}),
                      field("InputPath", &S::input_path, {.max = 256}),
                      field("InputTransformer", &S::input_transformer),
                      field("KinesisParameters", &S::kinesis_parameters),
                      field("RunCommandParameters", &S::run_command_parameters),
                      field("EcsParameters", &S::ecs_parameters),
                      field("BatchParameters", &S::batch_parameters),
                      field("SqsParameters", &S::sqs_parameters),
                      field("HttpParameters", &S::http_parameters),
                      field("RedshiftDataParameters", &S::redshift_data_parameters),
                      field("SageMakerPipelineParameters", &S::sage_maker_pipeline_parameters),
                      field("DeadLetterConfig", &S::dead_letter_config),
                      field("RetryPolicy", &S::retry_policy),
                      field("AppSyncParameters", &S::app_sync_parameters)};
  }
};

inline constexpr Constraint kTargets = {.min = 1, .max = 100};

}  // namespace presso::api::events
