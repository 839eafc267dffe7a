// Executions: what is sent and answered.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/field.h"
#include "api/states/constraints.h"
#include "api/states/shapes_machine.h"

namespace presso::api::states {

struct StartExecutionRequest {
  std::string state_machine_arn;
  std::optional<std::string> name;
  std::optional<std::string> input;
  std::optional<std::string> trace_header;

  static constexpr auto fields() {
    using S = StartExecutionRequest;
    return std::tuple{field("stateMachineArn", &S::state_machine_arn, kArn),
                      field("name", &S::name, kName), field("input", &S::input, kData),
                      field("traceHeader", &S::trace_header, kTraceHeader)};
  }
};
struct StartExecutionResponse {
  std::string execution_arn;
  Time start_date;

  static constexpr auto fields() {
    using S = StartExecutionResponse;
    return std::tuple{field("executionArn", &S::execution_arn, kArn),
                      field("startDate", &S::start_date)};
  }
};

struct StartSyncExecutionRequest {
  std::string state_machine_arn;
  std::optional<std::string> name;
  std::optional<std::string> input;
  std::optional<std::string> trace_header;
  std::optional<std::string> included_data;

  static constexpr auto fields() {
    using S = StartSyncExecutionRequest;
    return std::tuple{field("stateMachineArn", &S::state_machine_arn, kArn),
                      field("name", &S::name, kName), field("input", &S::input, kData),
                      field("traceHeader", &S::trace_header, kTraceHeader),
                      field("includedData", &S::included_data, kIncludedData)};
  }
};
struct DataDetails {
  std::optional<bool> included;

  static constexpr std::string_view kName = "CloudWatchEventsExecutionDataDetails";
  static constexpr auto fields() { return std::tuple{field("included", &DataDetails::included)}; }
};
struct BillingDetails {
  std::int64_t billed_memory_used_in_mb = 0;
  std::int64_t billed_duration_in_milliseconds = 0;

  static constexpr std::string_view kName = "BillingDetails";
  static constexpr auto fields() {
    using S = BillingDetails;
    return std::tuple{
        field("billedMemoryUsedInMB", &S::billed_memory_used_in_mb, {.min = 0}),
        field("billedDurationInMilliseconds", &S::billed_duration_in_milliseconds, {.min = 0})};
  }
};
inline constexpr std::string_view kSyncStatusValues[] = {"SUCCEEDED", "FAILED", "TIMED_OUT"};
struct StartSyncExecutionResponse {
  std::string execution_arn;
  std::string state_machine_arn;
  std::string name;
  Time start_date;
  Time stop_date;
  std::string status;
  std::optional<std::string> error;
  std::optional<std::string> cause;
  std::optional<std::string> input;
  std::optional<DataDetails> input_details;
  std::optional<std::string> output;
  std::optional<DataDetails> output_details;
  std::optional<std::string> trace_header;
  BillingDetails billing_details;

  static constexpr auto fields() {
    using S = StartSyncExecutionResponse;
    return std::tuple{field("executionArn", &S::execution_arn, kArn),
                      field("stateMachineArn", &S::state_machine_arn, kArn),
                      field("name", &S::name, kName),
                      field("startDate", &S::start_date),
                      field("stopDate", &S::stop_date),
                      field("status", &S::status, {.values = kSyncStatusValues}),
                      field("error", &S::error, kError),
                      field("cause", &S::cause, kCause),
                      field("input", &S::input, kData),
                      field("inputDetails", &S::input_details),
                      field("output", &S::output, kData),
                      field("outputDetails", &S::output_details),
                      field("traceHeader", &S::trace_header, kTraceHeader),
                      field("billingDetails", &S::billing_details)};
  }
};

struct StopExecutionRequest {
  std::string execution_arn;
  std::optional<std::string> error;
  std::optional<std::string> cause;

  static constexpr auto fields() {
    using S = StopExecutionRequest;
    return std::tuple{field("executionArn", &S::execution_arn, kArn),
                      field("error", &S::error, kError), field("cause", &S::cause, kCause)};
  }
};
struct StopExecutionResponse {
  Time stop_date;

  static constexpr auto fields() {
    return std::tuple{field("stopDate", &StopExecutionResponse::stop_date)};
  }
};

struct RedriveExecutionRequest {
  std::string execution_arn;
  std::optional<std::string> client_token;

  static constexpr auto fields() {
    using S = RedriveExecutionRequest;
    return std::tuple{field("executionArn", &S::execution_arn, kArn),
                      field("clientToken", &S::client_token, kClientToken)};
  }
};
struct RedriveExecutionResponse {
  Time redrive_date;

  static constexpr auto fields() {
    return std::tuple{field("redriveDate", &RedriveExecutionResponse::redrive_date)};
  }
};

struct DescribeExecutionRequest {
  std::string execution_arn;
  std::optional<std::string> included_data;

  static constexpr auto fields() {
    using S = DescribeExecutionRequest;
    return std::tuple{field("executionArn", &S::execution_arn, kArn),
                      field("includedData", &S::included_data, kIncludedData)};
  }
};
inline constexpr std::string_view kRedriveValues[] = {"REDRIVABLE", "NOT_REDRIVABLE",
                                                      "REDRIVABLE_BY_MAP_RUN"};
struct DescribeExecutionResponse {
  std::string execution_arn;
  std::string state_machine_arn;
  std::optional<std::string> name;
  std::string status;
  Time start_date;
  std::optional<Time> stop_date;
  std::optional<std::string> input;
  std::optional<DataDetails> input_details;
  std::optional<std::string> output;
  std::optional<DataDetails> output_details;
  std::optional<std::string> trace_header;
  std::optional<std::string> map_run_arn;
  std::optional<std::string> error;
  std::optional<std::string> cause;
  std::optional<std::string> state_machine_version_arn;
  std::optional<std::string> state_machine_alias_arn;
  std::optional<std::int64_t> redrive_count;
  std::optional<Time> redrive_date;
  std::optional<std::string> redrive_status;
  std::optional<std::string> redrive_status_reason;

  static constexpr auto fields() {
    using S = DescribeExecutionResponse;
    return std::tuple{field("executionArn", &S::execution_arn, kArn),
                      field("stateMachineArn", &S::state_machine_arn, kArn),
                      field("name", &S::name, kName),
                      field("status", &S::status, kStatus),
                      field("startDate", &S::start_date),
                      field("stopDate", &S::stop_date),
                      field("input", &S::input, kData),
                      field("inputDetails", &S::input_details),
                      field("output", &S::output, kData),
                      field("outputDetails", &S::output_details),
                      field("traceHeader", &S::trace_header, kTraceHeader),
                      field("mapRunArn", &S::map_run_arn, kLongArn),
                      field("error", &S::error, kError),
                      field("cause", &S::cause, kCause),
                      field("stateMachineVersionArn", &S::state_machine_version_arn, kArn),
                      field("stateMachineAliasArn", &S::state_machine_alias_arn, kArn),
                      field("redriveCount", &S::redrive_count),
                      field("redriveDate", &S::redrive_date),
                      field("redriveStatus", &S::redrive_status, {.values = kRedriveValues}),
                      field("redriveStatusReason", &S::redrive_status_reason, kData)};
  }
};

inline constexpr std::string_view kRedriveFilterValues[] = {"REDRIVEN", "NOT_REDRIVEN"};
struct ListExecutionsRequest {
  std::optional<std::string> state_machine_arn;
  std::optional<std::string> status_filter;
  std::optional<std::int64_t> max_results;
  std::optional<std::string> next_token;
  std::optional<std::string> map_run_arn;
  std::optional<std::string> redrive_filter;

  static constexpr auto fields() {
    using S = ListExecutionsRequest;
    return std::tuple{field("stateMachineArn", &S::state_machine_arn, kArn),
                      field("statusFilter", &S::status_filter, kStatus),
                      field("maxResults", &S::max_results, kPageSize),
                      field("nextToken", &S::next_token, kExecutionsPageToken),
                      field("mapRunArn", &S::map_run_arn, kLongArn),
                      field("redriveFilter", &S::redrive_filter, {.values = kRedriveFilterValues})};
  }
};
struct ExecutionListItem {
  std::string execution_arn;
  std::string state_machine_arn;
  std::string name;
  std::string status;
  Time start_date;
  std::optional<Time> stop_date;
  std::optional<std::string> map_run_arn;
  std::optional<std::int64_t> item_count;
  std::optional<std::string> state_machine_version_arn;
  std::optional<std::string> state_machine_alias_arn;
  std::optional<std::int64_t> redrive_count;
  std::optional<Time> redrive_date;

  static constexpr std::string_view kName = "ExecutionListItem";
  static constexpr auto fields() {
    using S = ExecutionListItem;
    return std::tuple{field("executionArn", &S::execution_arn, kArn),
                      field("stateMachineArn", &S::state_machine_arn, kArn),
                      field("name", &S::name, states::kName),
                      field("status", &S::status, kStatus),
                      field("startDate", &S::start_date),
                      field("stopDate", &S::stop_date),
                      field("mapRunArn", &S::map_run_arn, kLongArn),
                      field("itemCount", &S::item_count, {.min = 0}),
                      field("stateMachineVersionArn", &S::state_machine_version_arn, kArn),
                      field("stateMachineAliasArn", &S::state_machine_alias_arn, kArn),
                      field("redriveCount", &S::redrive_count),
                      field("redriveDate", &S::redrive_date)};
  }
};
struct ListExecutionsResponse {
  std::vector<ExecutionListItem> executions;
  std::optional<std::string> next_token;

  static constexpr auto fields() {
    using S = ListExecutionsResponse;
    return std::tuple{field("executions", &S::executions),
                      field("nextToken", &S::next_token, kExecutionsPageToken)};
  }
};

struct GetExecutionHistoryRequest {
  std::string execution_arn;
  std::optional<std::int64_t> max_results;
  std::optional<bool> reverse_order;
  std::optional<std::string> next_token;
  std::optional<bool> include_execution_data;

  static constexpr auto fields() {
    using S = GetExecutionHistoryRequest;
    return std::tuple{field("executionArn", &S::execution_arn, kArn),
                      field("maxResults", &S::max_results, kPageSize),
                      field("reverseOrder", &S::reverse_order),
                      field("nextToken", &S::next_token, kPageToken),
                      field("includeExecutionData", &S::include_execution_data)};
  }
};
struct GetExecutionHistoryResponse {
  std::vector<Json> events;  // in the public form that engine/run/history.h makes
  std::optional<std::string> next_token;

  static constexpr auto fields() {
    using S = GetExecutionHistoryResponse;
    return std::tuple{field("events", &S::events), field("nextToken", &S::next_token, kPageToken)};
  }
};

struct DescribeStateMachineForExecutionRequest {
  std::string execution_arn;
  std::optional<std::string> included_data;

  static constexpr auto fields() {
    using S = DescribeStateMachineForExecutionRequest;
    return std::tuple{field("executionArn", &S::execution_arn, kArn),
                      field("includedData", &S::included_data, kIncludedData)};
  }
};
struct DescribeStateMachineForExecutionResponse {
  std::string state_machine_arn;
  std::string name;
  std::string definition;
  std::string role_arn;
  Time update_date;
  std::optional<LoggingConfiguration> logging;
  std::optional<TracingConfiguration> tracing;
  std::optional<std::string> map_run_arn;
  std::optional<std::string> label;
  std::optional<std::string> revision_id;
  std::optional<EncryptionConfiguration> encryption;
  std::optional<VariableReferences> variable_references;

  static constexpr auto fields() {
    using S = DescribeStateMachineForExecutionResponse;
    return std::tuple{field("stateMachineArn", &S::state_machine_arn, kArn),
                      field("name", &S::name, kName),
                      field("definition", &S::definition, kDefinition),
                      field("roleArn", &S::role_arn, kArn),
                      field("updateDate", &S::update_date),
                      field("loggingConfiguration", &S::logging),
                      field("tracingConfiguration", &S::tracing),
                      field("mapRunArn", &S::map_run_arn, kLongArn),
                      field("label", &S::label),
                      field("revisionId", &S::revision_id),
                      field("encryptionConfiguration", &S::encryption),
                      field("variableReferences", &S::variable_references, kVariableReferences)};
  }
};

struct SendTaskSuccessRequest {
  std::string task_token;
  std::string output;

  static constexpr auto fields() {
    using S = SendTaskSuccessRequest;
    return std::tuple{field("taskToken", &S::task_token, kTaskToken),
                      field("output", &S::output, kData)};
  }
};
struct SendTaskFailureRequest {
  std::string task_token;
  std::optional<std::string> error;
  std::optional<std::string> cause;

  static constexpr auto fields() {
    using S = SendTaskFailureRequest;
    return std::tuple{field("taskToken", &S::task_token, kTaskToken),
                      field("error", &S::error, kError), field("cause", &S::cause, kCause)};
  }
};
struct SendTaskHeartbeatRequest {
  std::string task_token;

  static constexpr auto fields() {
    return std::tuple{field("taskToken", &SendTaskHeartbeatRequest::task_token, kTaskToken)};
  }
};

}  // namespace presso::api::states
