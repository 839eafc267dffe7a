// API destinations: what is sent and answered.
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateApiDestination.html
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

inline constexpr std::string_view kHttpMethods[] = {"HEAD", "POST", "PATCH",  "DELETE",
                                                    "PUT",  "GET",  "OPTIONS"};
inline constexpr std::string_view kApiDestinationStates[] = {"ACTIVE", "INACTIVE"};

struct CreateApiDestinationRequest {
  std::string name;
  std::optional<std::string> description;
  std::string connection_arn;
  std::string invocation_endpoint;
  std::string http_method;
  std::optional<std::int64_t> invocation_rate_limit_per_second;

  static constexpr auto fields() {
    using S = CreateApiDestinationRequest;
    return std::tuple{
        field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kNamePattern}),
        field("Description", &S::description, {.max = 512, .pattern = &kOneLine}),
        field("ConnectionArn", &S::connection_arn,
              {.min = 1, .max = 1600, .pattern = &kConnectionArn}),
        field("InvocationEndpoint", &S::invocation_endpoint,
              {.min = 1, .max = 2048, .pattern = &kHttpsUrl}),
        field("HttpMethod", &S::http_method, {.values = kHttpMethods}),
        field("InvocationRateLimitPerSecond", &S::invocation_rate_limit_per_second, {.min = 1})};
  }
};

struct CreateApiDestinationResponse {
  std::optional<std::string> api_destination_arn;
  std::optional<std::string> api_destination_state;
  std::optional<Time> creation_time;
  std::optional<Time> last_modified_time;

  static constexpr auto fields() {
    using S = CreateApiDestinationResponse;
    return std::tuple{
        field("ApiDestinationArn", &S::api_destination_arn,
              {.min = 1, .max = 1600, .pattern = &kApiDestinationArn}),
        field("ApiDestinationState", &S::api_destination_state, {.values = kApiDestinationStates}),
        field("CreationTime", &S::creation_time),
        field("LastModifiedTime", &S::last_modified_time)};
  }
};

struct DescribeApiDestinationRequest {
  std::string name;

  static constexpr auto fields() {
    using S = DescribeApiDestinationRequest;
    return std::tuple{field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kNamePattern})};
  }
};

struct DescribeApiDestinationResponse {
  std::optional<std::string> api_destination_arn;
  std::optional<std::string> name;
  std::optional<std::string> description;
  std::optional<std::string> api_destination_state;
  std::optional<std::string> connection_arn;
  std::optional<std::string> invocation_endpoint;
  std::optional<std::string> http_method;
  std::optional<std::int64_t> invocation_rate_limit_per_second;
  std::optional<Time> creation_time;
  std::optional<Time> last_modified_time;

  static constexpr auto fields() {
    using S = DescribeApiDestinationResponse;
    return std::tuple{
        field("ApiDestinationArn", &S::api_destination_arn,
              {.min = 1, .max = 1600, .pattern = &kApiDestinationArn}),
        field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kNamePattern}),
        field("Description", &S::description, {.max = 512, .pattern = &kOneLine}),
        field("ApiDestinationState", &S::api_destination_state, {.values = kApiDestinationStates}),
        field("ConnectionArn", &S::connection_arn,
              {.min = 1, .max = 1600, .pattern = &kConnectionArn}),
        field("InvocationEndpoint", &S::invocation_endpoint,
              {.min = 1, .max = 2048, .pattern = &kHttpsUrl}),
        field("HttpMethod", &S::http_method, {.values = kHttpMethods}),
        field("InvocationRateLimitPerSecond", &S::invocation_rate_limit_per_second, {.min = 1}),
        field("CreationTime", &S::creation_time),
        field("LastModifiedTime", &S::last_modified_time)};
  }
};

struct UpdateApiDestinationRequest {
  std::string name;
  std::optional<std::string> description;
  std::optional<std::string> connection_arn;
  std::optional<std::string> invocation_endpoint;
  std::optional<std::string> http_method;
  std::optional<std::int64_t> invocation_rate_limit_per_second;

  static constexpr auto fields() {
    using S = UpdateApiDestinationRequest;
    return std::tuple{
        field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kNamePattern}),
        field("Description", &S::description, {.max = 512, .pattern = &kOneLine}),
        field("ConnectionArn", &S::connection_arn,
              {.min = 1, .max = 1600, .pattern = &kConnectionArn}),
        field("InvocationEndpoint", &S::invocation_endpoint,
              {.min = 1, .max = 2048, .pattern = &kHttpsUrl}),
        field("HttpMethod", &S::http_method, {.values = kHttpMethods}),
        field("InvocationRateLimitPerSecond", &S::invocation_rate_limit_per_second, {.min = 1})};
  }
};

struct UpdateApiDestinationResponse {
  std::optional<std::string> api_destination_arn;
  std::optional<std::string> api_destination_state;
  std::optional<Time> creation_time;
  std::optional<Time> last_modified_time;

  static constexpr auto fields() {
    using S = UpdateApiDestinationResponse;
    return std::tuple{
        field("ApiDestinationArn", &S::api_destination_arn,
              {.min = 1, .max = 1600, .pattern = &kApiDestinationArn}),
        field("ApiDestinationState", &S::api_destination_state, {.values = kApiDestinationStates}),
        field("CreationTime", &S::creation_time),
        field("LastModifiedTime", &S::last_modified_time)};
  }
};

struct ListApiDestinationsRequest {
  std::optional<std::string> name_prefix;
  std::optional<std::string> connection_arn;
  std::optional<std::string> next_token;
  std::optional<std::int64_t> limit;

  static constexpr auto fields() {
    using S = ListApiDestinationsRequest;
    return std::tuple{
        field("NamePrefix", &S::name_prefix, {.min = 1, .max = 64, .pattern = &kNamePattern}),
        field("ConnectionArn", &S::connection_arn,
              {.min = 1, .max = 1600, .pattern = &kConnectionArn}),
        field("NextToken", &S::next_token, {.min = 1, .max = 2048}),
        field("Limit", &S::limit, {.min = 1, .max = 100})};
  }
};

struct ApiDestination {
  std::optional<std::string> api_destination_arn;
  std::optional<std::string> name;
  std::optional<std::string> api_destination_state;
  std::optional<std::string> connection_arn;
  std::optional<std::string> invocation_endpoint;
  std::optional<std::string> http_method;
  std::optional<std::int64_t> invocation_rate_limit_per_second;
  std::optional<Time> creation_time;
  std::optional<Time> last_modified_time;

  static constexpr std::string_view kName = "ApiDestination";
  static constexpr auto fields() {
    using S = ApiDestination;
    return std::tuple{
        field("ApiDestinationArn", &S::api_destination_arn,
              {.min = 1, .max = 1600, .pattern = &kApiDestinationArn}),
        field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kNamePattern}),
        field("ApiDestinationState", &S::api_destination_state, {.values = kApiDestinationStates}),
        field("ConnectionArn", &S::connection_arn,
              {.min = 1, .max = 1600, .pattern = &kConnectionArn}),
        field("InvocationEndpoint", &S::invocation_endpoint,
              {.min = 1, .max = 2048, .pattern = &kHttpsUrl}),
        field("HttpMethod", &S::http_method, {.values = kHttpMethods}),
        field("InvocationRateLimitPerSecond", &S::invocation_rate_limit_per_second, {.min = 1}),
        field("CreationTime", &S::creation_time),
        field("LastModifiedTime", &S::last_modified_time)};
  }
};

struct ListApiDestinationsResponse {
  std::optional<std::vector<ApiDestination>> api_destinations;
  std::optional<std::string> next_token;

  static constexpr auto fields() {
    using S = ListApiDestinationsResponse;
    return std::tuple{field("ApiDestinations", &S::api_destinations),
                      field("NextToken", &S::next_token, {.min = 1, .max = 2048})};
  }
};

struct DeleteApiDestinationRequest {
  std::string name;

  static constexpr auto fields() {
    using S = DeleteApiDestinationRequest;
    return std::tuple{field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kNamePattern})};
  }
};

}  // namespace presso::api::events
