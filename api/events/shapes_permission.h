// Permissions, tags and the rest of a bus: what is sent and answered.
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "api/events/constraints.h"
#include "api/events/patterns.h"
#include "api/events/shapes_bus.h"
#include "api/events/shapes_tag.h"
#include "api/field.h"

namespace presso::api::events {

struct Condition {
  std::string type;
  std::string key;
  std::string value;

  static constexpr std::string_view kName = "Condition";
  static constexpr auto fields() {
    using S = Condition;
    return std::tuple{field("Type", &S::type), field("Key", &S::key), field("Value", &S::value)};
  }
};

struct PutPermissionRequest {
  std::optional<std::string> event_bus_name;
  std::optional<std::string> action;
  std::optional<std::string> principal;
  std::optional<std::string> statement_id;
  std::optional<Condition> condition;
  std::optional<std::string> policy;

  static constexpr auto fields() {
    using S = PutPermissionRequest;
    return std::tuple{
        field("EventBusName", &S::event_bus_name, {.min = 1, .max = 256, .pattern = &kNamePattern}),
        field("Action", &S::action, {.min = 1, .max = 64, .pattern = &kPermissionAction}),
        field("Principal", &S::principal, {.min = 1, .max = 12, .pattern = &kPrincipal}),
        field("StatementId", &S::statement_id, {.min = 1, .max = 64, .pattern = &kStatementId}),
        field("Condition", &S::condition),
        field("Policy", &S::policy)};
  }
};

struct RemovePermissionRequest {
  std::optional<std::string> statement_id;
  std::optional<bool> remove_all_permissions;
  std::optional<std::string> event_bus_name;

  static constexpr auto fields() {
    using S = RemovePermissionRequest;
    return std::tuple{
        field("StatementId", &S::statement_id, {.min = 1, .max = 64, .pattern = &kStatementId}),
        field("RemoveAllPermissions", &S::remove_all_permissions),
        field("EventBusName", &S::event_bus_name,
              {.min = 1, .max = 256, .pattern = &kNamePattern})};
  }
};

struct UpdateEventBusRequest {
  std::optional<std::string> name;
  std::optional<std::string> kms_key_identifier;
  std::optional<std::string> description;
  std::optional<DeadLetterConfig> dead_letter_config;
  std::optional<LogConfig> log_config;

  static constexpr auto fields() {
    using S = UpdateEventBusRequest;
    return std::tuple{
        field("Name", &S::name, {.min = 1, .max = 256, .pattern = &kBusName}),
        field("KmsKeyIdentifier", &S::kms_key_identifier, {.max = 2048, .pattern = &kKmsKey}),
        field("Description", &S::description, {.max = 512}),
        field("DeadLetterConfig", &S::dead_letter_config), field("LogConfig", &S::log_config)};
  }
};

struct UpdateEventBusResponse {
  std::optional<std::string> arn;
  std::optional<std::string> name;
  std::optional<std::string> kms_key_identifier;
  std::optional<std::string> description;
  std::optional<DeadLetterConfig> dead_letter_config;
  std::optional<LogConfig> log_config;

  static constexpr auto fields() {
    using S = UpdateEventBusResponse;
    return std::tuple{
        field("Arn", &S::arn),
        field("Name", &S::name, {.min = 1, .max = 256, .pattern = &kBusName}),
        field("KmsKeyIdentifier", &S::kms_key_identifier, {.max = 2048, .pattern = &kKmsKey}),
        field("Description", &S::description, {.max = 512}),
        field("DeadLetterConfig", &S::dead_letter_config),
        field("LogConfig", &S::log_config)};
  }
};

struct ListTagsForResourceRequest {
  std::string resource_arn;

  static constexpr auto fields() {
    using S = ListTagsForResourceRequest;
    return std::tuple{field("ResourceARN", &S::resource_arn, {.min = 1, .max = 1600})};
  }
};

struct ListTagsForResourceResponse {
  std::optional<std::vector<Tag>> tags;

  static constexpr auto fields() {
    using S = ListTagsForResourceResponse;
    return std::tuple{field("Tags", &S::tags)};
  }
};

struct TagResourceRequest {
  std::string resource_arn;
  std::vector<Tag> tags;

  static constexpr auto fields() {
    using S = TagResourceRequest;
    return std::tuple{field("ResourceARN", &S::resource_arn, {.min = 1, .max = 1600}),
                      field("Tags", &S::tags)};
  }
};

inline constexpr Constraint kTagKeyListItem = {.min = 1, .max = 128};

struct UntagResourceRequest {
  std::string resource_arn;
  std::vector<std::string> tag_keys;

  static constexpr auto fields() {
    using S = UntagResourceRequest;
    return std::tuple{field("ResourceARN", &S::resource_arn, {.min = 1, .max = 1600}),
                      field("TagKeys", &S::tag_keys, {.item = &kTagKeyListItem})};
  }
};

}  // namespace presso::api::events
