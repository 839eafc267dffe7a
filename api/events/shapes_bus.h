// Event buses: what is sent and answered.
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/events/constraints.h"
#include "api/events/shapes_tag.h"
#include "api/field.h"

namespace presso::api::events {

struct DeadLetterConfig {
  std::optional<std::string> arn;

  static constexpr std::string_view kName = "DeadLetterConfig";
  static constexpr auto fields() { return std::tuple{field("Arn", &DeadLetterConfig::arn, kArn)}; }
};

inline constexpr std::string_view kIncludeDetailValues[] = {"NONE", "FULL"};
inline constexpr std::string_view kLevelValues[] = {"OFF", "ERROR", "INFO", "TRACE"};
struct LogConfig {
  std::optional<std::string> include_detail;
  std::optional<std::string> level;

  static constexpr std::string_view kName = "LogConfig";
  static constexpr auto fields() {
    using S = LogConfig;
    return std::tuple{field("IncludeDetail", &S::include_detail, {.values = kIncludeDetailValues}),
                      field("Level", &S::level, {.values = kLevelValues})};
  }
};

struct CreateEventBusRequest {
  std::string name;
  std::optional<std::string> event_source_name;
  std::optional<std::string> description;
  std::optional<std::string> kms_key_identifier;
  std::optional<DeadLetterConfig> dead_letter_config;
  std::optional<LogConfig> log_config;
  std::optional<std::vector<Tag>> tags;

  static constexpr auto fields() {
    using S = CreateEventBusRequest;
    return std::tuple{field("Name", &S::name, kBus),
                      field("EventSourceName", &S::event_source_name,
                            {.min = 1, .max = 256, .pattern = &kPartnerSource}),
                      field("Description", &S::description, kDescription),
                      field("KmsKeyIdentifier", &S::kms_key_identifier, kKmsKeyIdentifier),
                      field("DeadLetterConfig", &S::dead_letter_config),
                      field("LogConfig", &S::log_config),
                      field("Tags", &S::tags)};
  }
};
struct CreateEventBusResponse {
  std::optional<std::string> event_bus_arn;
  std::optional<std::string> description;
  std::optional<std::string> kms_key_identifier;
  std::optional<DeadLetterConfig> dead_letter_config;
  std::optional<LogConfig> log_config;

  static constexpr auto fields() {
    using S = CreateEventBusResponse;
    return std::tuple{field("EventBusArn", &S::event_bus_arn),
                      field("Description", &S::description, kDescription),
                      field("KmsKeyIdentifier", &S::kms_key_identifier, kKmsKeyIdentifier),
                      field("DeadLetterConfig", &S::dead_letter_config),
                      field("LogConfig", &S::log_config)};
  }
};

struct DescribeEventBusRequest {
  std::optional<std::string> name;

  static constexpr auto fields() {
    return std::tuple{field("Name", &DescribeEventBusRequest::name, kBusReference)};
  }
};
struct DescribeEventBusResponse {
  std::optional<std::string> name;
  std::optional<std::string> arn;
  std::optional<std::string> description;
  std::optional<std::string> kms_key_identifier;
  std::optional<DeadLetterConfig> dead_letter_config;
  std::optional<std::string> policy;
  std::optional<LogConfig> log_config;
  std::optional<Time> creation_time;
  std::optional<Time> last_modified_time;

  static constexpr auto fields() {
    using S = DescribeEventBusResponse;
    return std::tuple{field("Name", &S::name),
                      field("Arn", &S::arn),
                      field("Description", &S::description, kDescription),
                      field("KmsKeyIdentifier", &S::kms_key_identifier, kKmsKeyIdentifier),
                      field("DeadLetterConfig", &S::dead_letter_config),
                      field("Policy", &S::policy),
                      field("LogConfig", &S::log_config),
                      field("CreationTime", &S::creation_time),
                      field("LastModifiedTime", &S::last_modified_time)};
  }
};

struct ListEventBusesRequest {
  std::optional<std::string> name_prefix;
  std::optional<std::string> next_token;
  std::optional<std::int64_t> limit;

  static constexpr auto fields() {
    using S = ListEventBusesRequest;
    return std::tuple{field("NamePrefix", &S::name_prefix, kBus),
                      field("NextToken", &S::next_token, kPageToken),
                      field("Limit", &S::limit, kLimit)};
  }
};
struct EventBus {
  std::optional<std::string> name;
  std::optional<std::string> arn;
  std::optional<std::string> description;
  std::optional<std::string> policy;
  std::optional<Time> creation_time;
  std::optional<Time> last_modified_time;

  static constexpr std::string_view kName = "EventBus";
  static constexpr auto fields() {
    using S = EventBus;
    return std::tuple{field("Name", &S::name),
                      field("Arn", &S::arn),
                      field("Description", &S::description, kDescription),
                      field("Policy", &S::policy),
                      field("CreationTime", &S::creation_time),
                      field("LastModifiedTime", &S::last_modified_time)};
  }
};
struct ListEventBusesResponse {
  std::optional<std::vector<EventBus>> event_buses;
  std::optional<std::string> next_token;

  static constexpr auto fields() {
    using S = ListEventBusesResponse;
    return std::tuple{field("EventBuses", &S::event_buses),
                      field("NextToken", &S::next_token, kPageToken)};
  }
};

struct DeleteEventBusRequest {
  std::string name;

  static constexpr auto fields() {
    return std::tuple{field("Name", &DeleteEventBusRequest::name, kBus)};
  }
};

}  // namespace presso::api::events
