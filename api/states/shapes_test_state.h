// TestState: what is sent and answered.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html
#pragma once

#include <optional>
#include <string>
#include <tuple>

#include "api/field.h"
#include "api/states/constraints.h"

namespace presso::api::states {

struct MockErrorOutput {
  std::optional<std::string> error;
  std::optional<std::string> cause;

  static constexpr std::string_view kName = "MockErrorOutput";
  static constexpr auto fields() {
    using S = MockErrorOutput;
    return std::tuple{field("error", &S::error, kError), field("cause", &S::cause, kCause)};
  }
};

inline constexpr std::string_view kFieldValidationValues[] = {"STRICT", "PRESENT", "NONE"};
struct MockInput {
  std::optional<std::string> result;
  std::optional<MockErrorOutput> error_output;
  std::optional<std::string> field_validation_mode;

  static constexpr std::string_view kName = "MockInput";
  static constexpr auto fields() {
    using S = MockInput;
    return std::tuple{field("result", &S::result, kData), field("errorOutput", &S::error_output),
                      field("fieldValidationMode", &S::field_validation_mode,
                            {.values = kFieldValidationValues})};
  }
};

inline constexpr Constraint kSensitiveName = {.min = 1, .max = 80, .is_sensitive = true};
inline constexpr Constraint kSensitiveCount = {.min = 0, .is_sensitive = true};
struct TestStateConfiguration {
  std::optional<std::int64_t> retrier_retry_count;
  std::optional<std::string> error_caused_by_state;
  std::optional<std::int64_t> map_iteration_failure_count;
  std::optional<std::string> map_item_reader_data;

  static constexpr std::string_view kName = "TestStateConfiguration";
  static constexpr auto fields() {
    using S = TestStateConfiguration;
    return std::tuple{
        field("retrierRetryCount", &S::retrier_retry_count, {.min = 0}),
        field("errorCausedByState", &S::error_caused_by_state, kSensitiveName),
        field("mapIterationFailureCount", &S::map_iteration_failure_count, {.min = 0}),
        field("mapItemReaderData", &S::map_item_reader_data, kData)};
  }
};

inline constexpr std::string_view kInspectionValues[] = {"INFO", "DEBUG", "TRACE"};
struct TestStateRequest {
  std::string definition;
  std::optional<std::string> role_arn;
  std::optional<std::string> input;
  std::optional<std::string> inspection_level;
  std::optional<bool> reveal_secrets;
  std::optional<std::string> variables;
  std::optional<std::string> state_name;
  std::optional<MockInput> mock;
  std::optional<std::string> context;
  std::optional<TestStateConfiguration> state_configuration;

  static constexpr auto fields() {
    using S = TestStateRequest;
    return std::tuple{field("definition", &S::definition, kDefinition),
                      field("roleArn", &S::role_arn, kArn),
                      field("input", &S::input, kData),
                      field("inspectionLevel", &S::inspection_level, {.values = kInspectionValues}),
                      field("revealSecrets", &S::reveal_secrets),
                      field("variables", &S::variables, kData),
                      field("stateName", &S::state_name, kSensitiveName),
                      field("mock", &S::mock),
                      field("context", &S::context, kData),
                      field("stateConfiguration", &S::state_configuration)};
  }
};

struct InspectionDataRequest {
  std::optional<std::string> protocol;
  std::optional<std::string> method;
  std::optional<std::string> url;
  std::optional<std::string> headers;
  std::optional<std::string> body;

  static constexpr std::string_view kName = "InspectionDataRequest";
  static constexpr auto fields() {
    using S = InspectionDataRequest;
    return std::tuple{field("protocol", &S::protocol), field("method", &S::method),
                      field("url", &S::url), field("headers", &S::headers),
                      field("body", &S::body)};
  }
};
struct InspectionDataResponse {
  std::optional<std::string> protocol;
  std::optional<std::string> status_code;
  std::optional<std::string> status_message;
  std::optional<std::string> headers;
  std::optional<std::string> body;

  static constexpr std::string_view kName = "InspectionDataResponse";
  static constexpr auto fields() {
    using S = InspectionDataResponse;
    return std::tuple{field("protocol", &S::protocol), field("statusCode", &S::status_code),
                      field("statusMessage", &S::status_message), field("headers", &S::headers),
                      field("body", &S::body)};
  }
};
struct InspectionErrorDetails {
  std::optional<std::int64_t> catch_index;
  std::optional<std::int64_t> retry_index;
  std::optional<std::int64_t> retry_backoff_interval_seconds;

  static constexpr std::string_view kName = "InspectionErrorDetails";
  static constexpr auto fields() {
    using S = InspectionErrorDetails;
    return std::tuple{
        field("catchIndex", &S::catch_index, kSensitiveCount),
        field("retryIndex", &S::retry_index, kSensitiveCount),
        field("retryBackoffIntervalSeconds", &S::retry_backoff_interval_seconds, kSensitiveCount)};
  }
};
struct InspectionData {
  std::optional<std::string> input;
  std::optional<std::string> after_arguments;
  std::optional<std::string> after_input_path;
  std::optional<std::string> after_parameters;
  std::optional<std::string> result;
  std::optional<std::string> after_result_selector;
  std::optional<std::string> after_result_path;
  std::optional<InspectionDataRequest> request;
  std::optional<InspectionDataResponse> response;
  std::optional<std::string> variables;
  std::optional<InspectionErrorDetails> error_details;
  std::optional<std::string> after_items_path;
  std::optional<std::string> after_item_selector;
  std::optional<std::string> after_item_batcher;
  std::optional<std::string> after_items_pointer;
  std::optional<std::int64_t> tolerated_failure_count;
  std::optional<double> tolerated_failure_percentage;
  std::optional<std::int64_t> max_concurrency;

  static constexpr std::string_view kName = "InspectionData";
  static constexpr Constraint kPercentage = {.min = 0, .max = 100, .is_sensitive = true};
  static constexpr auto fields() {
    using S = InspectionData;
    return std::tuple{
        field("input", &S::input, kData),
        field("afterArguments", &S::after_arguments, kData),
        field("afterInputPath", &S::after_input_path, kData),
        field("afterParameters", &S::after_parameters, kData),
        field("result", &S::result, kData),
        field("afterResultSelector", &S::after_result_selector, kData),
        field("afterResultPath", &S::after_result_path, kData),
        field("request", &S::request),
        field("response", &S::response),
        field("variables", &S::variables, kData),
        field("errorDetails", &S::error_details),
        field("afterItemsPath", &S::after_items_path, kData),
        field("afterItemSelector", &S::after_item_selector, kData),
        field("afterItemBatcher", &S::after_item_batcher, kData),
        field("afterItemsPointer", &S::after_items_pointer, kData),
        field("toleratedFailureCount", &S::tolerated_failure_count, kSensitiveCount),
        field("toleratedFailurePercentage", &S::tolerated_failure_percentage, kPercentage),
        field("maxConcurrency", &S::max_concurrency, kSensitiveCount)};
  }
};

inline constexpr std::string_view kTestStatusValues[] = {"SUCCEEDED", "FAILED", "RETRIABLE",
                                                         "CAUGHT_ERROR"};
struct TestStateResponse {
  std::optional<std::string> output;
  std::optional<std::string> error;
  std::optional<std::string> cause;
  std::optional<InspectionData> inspection_data;
  std::optional<std::string> next_state;
  std::string status;

  static constexpr auto fields() {
    using S = TestStateResponse;
    return std::tuple{field("output", &S::output, kData),
                      field("error", &S::error, kError),
                      field("cause", &S::cause, kCause),
                      field("inspectionData", &S::inspection_data),
                      field("nextState", &S::next_state, kName),
                      field("status", &S::status, {.values = kTestStatusValues})};
  }
};

}  // namespace presso::api::states
