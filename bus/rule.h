// Bus, Rule and Target: what PutRule and its kin configure, as plain values, with their stored
// forms. The stored form of each has the members of the API's shapes, so a document reads like
// AWS's answer.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"

namespace presso::bus {

struct InputTransformer {
  std::map<std::string, std::string> input_paths;  // name → JSONPath
  std::string input_template;

  friend bool operator==(const InputTransformer&, const InputTransformer&) = default;
};

// Absent members mean AWS's defaults: 185 attempts, 24 hours.
struct RetryPolicy {
  std::optional<std::int64_t> maximum_retry_attempts;
  std::optional<std::int64_t> maximum_event_age_in_seconds;

  friend bool operator==(const RetryPolicy&, const RetryPolicy&) = default;
};

struct Target {
  std::string id;
  std::string arn;
  std::optional<std::string> role_arn;
  std::optional<std::string> input;
  std::optional<std::string> input_path;
  std::optional<InputTransformer> input_transformer;
  std::optional<RetryPolicy> retry_policy;
  std::optional<std::string> dead_letter_arn;  // DeadLetterConfig.Arn
  // The service's own members as they came, by name: HttpParameters, SqsParameters, EcsParameters,
  // …
  Json parameters = Json::object();

  friend bool operator==(const Target&, const Target&) = default;
};

// In the order in which they were first given.
using Tags = std::vector<std::pair<std::string, std::string>>;

enum class RuleState { Enabled, Disabled, EnabledWithAllCloudtrailManagementEvents };

struct Rule {
  std::string name;
  std::string arn;
  std::string event_bus_name;
  std::optional<std::string> event_pattern;
  std::optional<std::string> schedule_expression;
  RuleState state = RuleState::Enabled;
  std::optional<std::string> description;
  std::optional<std::string> role_arn;
  std::optional<std::string> managed_by;
  std::string created_by;       // the account
  std::vector<Target> targets;  // in the order in which they were first put
  Tags tags;

  friend bool operator==(const Rule&, const Rule&) = default;
};

struct Bus {
  std::string name;
  std::string arn;
  std::optional<std::string> description;
  std::optional<std::string> kms_key_identifier;
  std::optional<std::string> dead_letter_arn;
  std::optional<std::string> event_source_name;
  Json log_config;             // null, or as it came
  std::optional<Json> policy;  // the document
  Time creation_time{};
  Time last_modified_time{};
  Tags tags;

  friend bool operator==(const Bus&, const Bus&) = default;
};

[[nodiscard]] std::string_view to_string(RuleState);  // "ENABLED", …
[[nodiscard]] std::optional<RuleState> rule_state_of(std::string_view);

// The API's Target shape, both ways: `from` takes what PutTargets was sent. Fails with
// "ValidationException" for a member of the wrong type.
[[nodiscard]] Json to_json(const Target&);
[[nodiscard]] Result<Target> target_from_json(const Json&);

// Documents: one for a bus, one for a rule with its targets. Fail with "DocumentCorrupt".
[[nodiscard]] Json to_json(const Bus&);
[[nodiscard]] Result<Bus> bus_from_json(const Json&);
[[nodiscard]] Json to_json(const Rule&);
[[nodiscard]] Result<Rule> rule_from_json(const Json&);

}  // namespace presso::bus
