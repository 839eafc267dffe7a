// State machines: what is sent and answered.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/field.h"
#include "api/states/constraints.h"
#include "api/states/shapes_tag.h"

namespace presso::api::states {

struct CloudWatchLogsLogGroup {
  std::optional<std::string> log_group_arn;

  static constexpr std::string_view kName = "CloudWatchLogsLogGroup";
  static constexpr auto fields() {
    return std::tuple{field("logGroupArn", &CloudWatchLogsLogGroup::log_group_arn, kArn)};
  }
};

struct LogDestination {
  std::optional<CloudWatchLogsLogGroup> log_group;

  static constexpr std::string_view kName = "LogDestination";
  static constexpr auto fields() {
    return std::tuple{field("cloudWatchLogsLogGroup", &LogDestination::log_group)};
  }
};

inline constexpr std::string_view kLogLevelValues[] = {"ALL", "ERROR", "FATAL", "OFF"};
struct LoggingConfiguration {
  std::optional<std::string> level;
  std::optional<bool> include_execution_data;
  std::optional<std::vector<LogDestination>> destinations;

  static constexpr std::string_view kName = "LoggingConfiguration";
  static constexpr auto fields() {
    using S = LoggingConfiguration;
    return std::tuple{field("level", &S::level, {.values = kLogLevelValues}),
                      field("includeExecutionData", &S::include_execution_data),
                      field("destinations", &S::destinations)};
  }
};

struct TracingConfiguration {
  std::optional<bool> enabled;

  static constexpr std::string_view kName = "TracingConfiguration";
  static constexpr auto fields() {
    return std::tuple{field("enabled", &TracingConfiguration::enabled)};
  }
};

inline constexpr std::string_view kEncryptionValues[] = {"AWS_OWNED_KEY",
                                                         "CUSTOMER_MANAGED_KMS_KEY"};
struct EncryptionConfiguration {
  std::optional<std::string> kms_key_id;
  std::optional<std::int64_t> kms_data_key_reuse_period_seconds;
  std::string type;

  static constexpr std::string_view kName = "EncryptionConfiguration";
  static constexpr auto fields() {
    using S = EncryptionConfiguration;
    return std::tuple{field("kmsKeyId", &S::kms_key_id, {.min = 1, .max = 2048}),
                      field("kmsDataKeyReusePeriodSeconds", &S::kms_data_key_reuse_period_seconds,
                            {.min = 60, .max = 900}),
                      field("type", &S::type, {.values = kEncryptionValues})};
  }
};

using VariableReferences = std::map<std::string, std::vector<std::string>>;
inline constexpr Constraint kVariableNames = {.item = &kSensitive};
inline constexpr Constraint kVariableReferences = {
    .item = &kVariableNames, .key = &kName, .is_sensitive = true};

struct CreateStateMachineRequest {
  std::string name;
  std::string definition;
  std::string role_arn;
  std::optional<std::string> type;
  std::optional<LoggingConfiguration> logging;
  std::optional<std::vector<Tag>> tags;
  std::optional<TracingConfiguration> tracing;
  std::optional<bool> publish;
  std::optional<std::string> version_description;
  std::optional<EncryptionConfiguration> encryption;

  static constexpr auto fields() {
    using S = CreateStateMachineRequest;
    return std::tuple{field("name", &S::name, kName),
                      field("definition", &S::definition, kDefinition),
                      field("roleArn", &S::role_arn, kArn),
                      field("type", &S::type, kType),
                      field("loggingConfiguration", &S::logging),
                      field("tags", &S::tags),
                      field("tracingConfiguration", &S::tracing),
                      field("publish", &S::publish),
                      field("versionDescription", &S::version_description, kDescription),
                      field("encryptionConfiguration", &S::encryption)};
  }
};
struct CreateStateMachineResponse {
  std::string state_machine_arn;
  Time creation_date;
  std::optional<std::string> state_machine_version_arn;

  static constexpr auto fields() {
    using S = CreateStateMachineResponse;
    return std::tuple{field("stateMachineArn", &S::state_machine_arn, kArn),
                      field("creationDate", &S::creation_date),
                      field("stateMachineVersionArn", &S::state_machine_version_arn, kArn)};
  }
};

struct UpdateStateMachineRequest {
  std::string state_machine_arn;
  std::optional<std::string> definition;
  std::optional<std::string> role_arn;
  std::optional<LoggingConfiguration> logging;
  std::optional<TracingConfiguration> tracing;
  std::optional<bool> publish;
  std::optional<std::string> version_description;
  std::optional<EncryptionConfiguration> encryption;

  static constexpr auto fields() {
    using S = UpdateStateMachineRequest;
    return std::tuple{field("stateMachineArn", &S::state_machine_arn, kArn),
                      field("definition", &S::definition, kDefinition),
                      field("roleArn", &S::role_arn, kArn),
                      field("loggingConfiguration", &S::logging),
                      field("tracingConfiguration", &S::tracing),
                      field("publish", &S::publish),
                      field("versionDescription", &S::version_description, kDescription),
                      field("encryptionConfiguration", &S::encryption)};
  }
};
struct UpdateStateMachineResponse {
  Time update_date;
  std::optional<std::string> revision_id;
  std::optional<std::string> state_machine_version_arn;

  static constexpr auto fields() {
    using S = UpdateStateMachineResponse;
    return std::tuple{field("updateDate", &S::update_date), field("revisionId", &S::revision_id),
                      field("stateMachineVersionArn", &S::state_machine_version_arn, kArn)};
  }
};

struct DescribeStateMachineRequest {
  std::string state_machine_arn;
  std::optional<std::string> included_data;

  static constexpr auto fields() {
    using S = DescribeStateMachineRequest;
    return std::tuple{field("stateMachineArn", &S::state_machine_arn, kArn),
                      field("includedData", &S::included_data, kIncludedData)};
  }
};
inline constexpr std::string_view kMachineStatusValues[] = {"ACTIVE", "DELETING"};
struct DescribeStateMachineResponse {
  std::string state_machine_arn;
  std::string name;
  std::optional<std::string> status;
  std::string definition;
  std::string role_arn;
  std::string type;
  Time creation_date;
  std::optional<LoggingConfiguration> logging;
  std::optional<TracingConfiguration> tracing;
  std::optional<std::string> label;
  std::optional<std::string> revision_id;
  std::optional<std::string> description;
  std::optional<EncryptionConfiguration> encryption;
  std::optional<VariableReferences> variable_references;

  static constexpr auto fields() {
    using S = DescribeStateMachineResponse;
    return std::tuple{field("stateMachineArn", &S::state_machine_arn, kArn),
                      field("name", &S::name, kName),
                      field("status", &S::status, {.values = kMachineStatusValues}),
                      field("definition", &S::definition, kDefinition),
                      field("roleArn", &S::role_arn, kArn),
                      field("type", &S::type, kType),
                      field("creationDate", &S::creation_date),
                      field("loggingConfiguration", &S::logging),
                      field("tracingConfiguration", &S::tracing),
                      field("label", &S::label),
                      field("revisionId", &S::revision_id),
                      field("description", &S::description, kDescription),
                      field("encryptionConfiguration", &S::encryption),
                      field("variableReferences", &S::variable_references, kVariableReferences)};
  }
};

struct ListStateMachinesRequest {
  std::optional<std::int64_t> max_results;
  std::optional<std::string> next_token;

  static constexpr auto fields() {
    using S = ListStateMachinesRequest;
    return std::tuple{field("maxResults", &S::max_results, kPageSize),
                      field("nextToken", &S::next_token, kPageToken)};
  }
};
struct StateMachineListItem {
  std::string state_machine_arn;
  std::string name;
  std::string type;
  Time creation_date;

  static constexpr std::string_view kName = "StateMachineListItem";
  static constexpr auto fields() {
    using S = StateMachineListItem;
    return std::tuple{field("stateMachineArn", &S::state_machine_arn, kArn),
                      field("name", &S::name, states::kName), field("type", &S::type, kType),
                      field("creationDate", &S::creation_date)};
  }
};
struct ListStateMachinesResponse {
  std::vector<StateMachineListItem> state_machines;
  std::optional<std::string> next_token;

  static constexpr auto fields() {
    using S = ListStateMachinesResponse;
    return std::tuple{field("stateMachines", &S::state_machines),
                      field("nextToken", &S::next_token, kPageToken)};
  }
};

struct DeleteStateMachineRequest {
  std::string state_machine_arn;

  static constexpr auto fields() {
    return std::tuple{
        field("stateMachineArn", &DeleteStateMachineRequest::state_machine_arn, kArn)};
  }
};

inline constexpr std::string_view kSeverityValues[] = {"ERROR", "WARNING"};
struct ValidateStateMachineDefinitionRequest {
  std::string definition;
  std::optional<std::string> type;
  std::optional<std::string> severity;
  std::optional<std::int64_t> max_results;

  static constexpr auto fields() {
    using S = ValidateStateMachineDefinitionRequest;
    return std::tuple{field("definition", &S::definition, kDefinition),
                      field("type", &S::type, kType),
                      field("severity", &S::severity, {.values = kSeverityValues}),
                      field("maxResults", &S::max_results, {.min = 0, .max = 100})};
  }
};
struct ValidateStateMachineDefinitionDiagnostic {
  std::string severity;
  std::string code;
  std::string message;
  std::optional<std::string> location;

  static constexpr std::string_view kName = "ValidateStateMachineDefinitionDiagnostic";
  static constexpr auto fields() {
    using S = ValidateStateMachineDefinitionDiagnostic;
    return std::tuple{field("severity", &S::severity, {.values = kSeverityValues}),
                      field("code", &S::code, kSensitive),
                      field("message", &S::message, kSensitive),
                      field("location", &S::location, kSensitive)};
  }
};
inline constexpr std::string_view kValidationValues[] = {"OK", "FAIL"};
struct ValidateStateMachineDefinitionResponse {
  std::string result;
  std::vector<ValidateStateMachineDefinitionDiagnostic> diagnostics;
  std::optional<bool> truncated;

  static constexpr auto fields() {
    using S = ValidateStateMachineDefinitionResponse;
    return std::tuple{field("result", &S::result, {.values = kValidationValues}),
                      field("diagnostics", &S::diagnostics), field("truncated", &S::truncated)};
  }
};

}  // namespace presso::api::states
