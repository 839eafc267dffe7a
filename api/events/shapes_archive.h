// Archives: what is sent and answered.
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateArchive.html
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

inline constexpr std::string_view kArchiveStates[] = {"ENABLED",  "DISABLED",      "CREATING",
                                                      "UPDATING", "CREATE_FAILED", "UPDATE_FAILED"};

struct CreateArchiveRequest {
  std::string archive_name;
  std::string event_source_arn;
  std::optional<std::string> description;
  std::optional<std::string> event_pattern;
  std::optional<std::int64_t> retention_days;
  std::optional<std::string> kms_key_identifier;

  static constexpr auto fields() {
    using S = CreateArchiveRequest;
    return std::tuple{
        field("ArchiveName", &S::archive_name, {.min = 1, .max = 48, .pattern = &kNamePattern}),
        field("EventSourceArn", &S::event_source_arn,
              {.min = 1, .max = 1600, .pattern = &kArchiveArn}),
        field("Description", &S::description, {.max = 512, .pattern = &kOneLine}),
        field("EventPattern", &S::event_pattern, {.max = 4096}),
        field("RetentionDays", &S::retention_days, {.min = 0}),
        field("KmsKeyIdentifier", &S::kms_key_identifier, {.max = 2048, .pattern = &kKmsKey})};
  }
};

struct CreateArchiveResponse {
  std::optional<std::string> archive_arn;
  std::optional<std::string> state;
  std::optional<std::string> state_reason;
  std::optional<Time> creation_time;

  static constexpr auto fields() {
    using S = CreateArchiveResponse;
    return std::tuple{
        field("ArchiveArn", &S::archive_arn, {.min = 1, .max = 1600, .pattern = &kArchiveArn}),
        field("State", &S::state, {.values = kArchiveStates}),
        field("StateReason", &S::state_reason, {.max = 512, .pattern = &kOneLine}),
        field("CreationTime", &S::creation_time)};
  }
};

struct DescribeArchiveRequest {
  std::string archive_name;

  static constexpr auto fields() {
    using S = DescribeArchiveRequest;
    return std::tuple{
        field("ArchiveName", &S::archive_name, {.min = 1, .max = 48, .pattern = &kNamePattern})};
  }
};

struct DescribeArchiveResponse {
  std::optional<std::string> archive_arn;
  std::optional<std::string> archive_name;
  std::optional<std::string> event_source_arn;
  std::optional<std::string> description;
  std::optional<std::string> event_pattern;
  std::optional<std::string> state;
  std::optional<std::string> state_reason;
  std::optional<std::string> kms_key_identifier;
  std::optional<std::int64_t> retention_days;
  std::optional<std::int64_t> size_bytes;
  std::optional<std::int64_t> event_count;
  std::optional<Time> creation_time;

  static constexpr auto fields() {
    using S = DescribeArchiveResponse;
    return std::tuple{
        field("ArchiveArn", &S::archive_arn, {.min = 1, .max = 1600, .pattern = &kArchiveArn}),
        field("ArchiveName", &S::archive_name, {.min = 1, .max = 48, .pattern = &kNamePattern}),
        field("EventSourceArn", &S::event_source_arn,
              {.min = 1, .max = 1600, .pattern = &kArchiveArn}),
        field("Description", &S::description, {.max = 512, .pattern = &kOneLine}),
        field("EventPattern", &S::event_pattern, {.max = 4096}),
        field("State", &S::state, {.values = kArchiveStates}),
        field("StateReason", &S::state_reason, {.max = 512, .pattern = &kOneLine}),
        field("KmsKeyIdentifier", &S::kms_key_identifier, {.max = 2048, .pattern = &kKmsKey}),
        field("RetentionDays", &S::retention_days, {.min = 0}),
        field("SizeBytes", &S::size_bytes),
        field("EventCount", &S::event_count),
        field("CreationTime", &S::creation_time)};
  }
};

struct UpdateArchiveRequest {
  std::string archive_name;
  std::optional<std::string> description;
  std::optional<std::string> event_pattern;
  std::optional<std::int64_t> retention_days;
  std::optional<std::string> kms_key_identifier;

  static constexpr auto fields() {
    using S = UpdateArchiveRequest;
    return std::tuple{
        field("ArchiveName", &S::archive_name, {.min = 1, .max = 48, .pattern = &kNamePattern}),
        field("Description", &S::description, {.max = 512, .pattern = &kOneLine}),
        field("EventPattern", &S::event_pattern, {.max = 4096}),
        field("RetentionDays", &S::retention_days, {.min = 0}),
        field("KmsKeyIdentifier", &S::kms_key_identifier, {.max = 2048, .pattern = &kKmsKey})};
  }
};

struct UpdateArchiveResponse {
  std::optional<std::string> archive_arn;
  std::optional<std::string> state;
  std::optional<std::string> state_reason;
  std::optional<Time> creation_time;

  static constexpr auto fields() {
    using S = UpdateArchiveResponse;
    return std::tuple{
        field("ArchiveArn", &S::archive_arn, {.min = 1, .max = 1600, .pattern = &kArchiveArn}),
        field("State", &S::state, {.values = kArchiveStates}),
        field("StateReason", &S::state_reason, {.max = 512, .pattern = &kOneLine}),
        field("CreationTime", &S::creation_time)};
  }
};

struct ListArchivesRequest {
  std::optional<std::string> name_prefix;
  std::optional<std::string> event_source_arn;
  std::optional<std::string> state;
  std::optional<std::string> next_token;
  std::optional<std::int64_t> limit;

  static constexpr auto fields() {
    using S = ListArchivesRequest;
    return std::tuple{
        field("NamePrefix", &S::name_prefix, {.min = 1, .max = 48, .pattern = &kNamePattern}),
        field("EventSourceArn", &S::event_source_arn,
              {.min = 1, .max = 1600, .pattern = &kArchiveArn}),
        field("State", &S::state, {.values = kArchiveStates}),
        field("NextToken", &S::next_token, {.min = 1, .max = 2048}),
        field("Limit", &S::limit, {.min = 1, .max = 100})};
  }
};

struct Archive {
  std::optional<std::string> archive_name;
  std::optional<std::string> event_source_arn;
  std::optional<std::string> state;
  std::optional<std::string> state_reason;
  std::optional<std::int64_t> retention_days;
  std::optional<std::int64_t> size_bytes;
  std::optional<std::int64_t> event_count;
  std::optional<Time> creation_time;

  static constexpr std::string_view kName = "Archive";
  static constexpr auto fields() {
    using S = Archive;
    return std::tuple{
        field("ArchiveName", &S::archive_name, {.min = 1, .max = 48, .pattern = &kNamePattern}),
        field("EventSourceArn", &S::event_source_arn,
              {.min = 1, .max = 1600, .pattern = &kArchiveArn}),
        field("State", &S::state, {.values = kArchiveStates}),
        field("StateReason", &S::state_reason, {.max = 512, .pattern = &kOneLine}),
        field("RetentionDays", &S::retention_days, {.min = 0}),
        field("SizeBytes", &S::size_bytes),
        field("EventCount", &S::event_count),
        field("CreationTime", &S::creation_time)};
  }
};

struct ListArchivesResponse {
  std::optional<std::vector<Archive>> archives;
  std::optional<std::string> next_token;

  static constexpr auto fields() {
    using S = ListArchivesResponse;
    return std::tuple{field("Archives", &S::archives),
                      field("NextToken", &S::next_token, {.min = 1, .max = 2048})};
  }
};

struct DeleteArchiveRequest {
  std::string archive_name;

  static constexpr auto fields() {
    using S = DeleteArchiveRequest;
    return std::tuple{
        field("ArchiveName", &S::archive_name, {.min = 1, .max = 48, .pattern = &kNamePattern})};
  }
};

}  // namespace presso::api::events
