#include "bus/rule.h"

#include <array>

namespace presso::bus {
namespace {

constexpr std::string_view kDocumentCorrupt = "DocumentCorrupt";

struct StateName {
  RuleState state;
  std::string_view name;
};
constexpr std::array<StateName, 3> kStates = {{{RuleState::Enabled, "ENABLED"},
                                               {RuleState::Disabled, "DISABLED"},
                                               {RuleState::EnabledWithAllCloudtrailManagementEvents,
                                                "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"}}};

void put(Json& json, const char* name, const std::optional<std::string>& text) {
  if (text) json[name] = *text;
}

// Reads members of one object, and keeps the first that is not as it should be.
class Reader {
 public:
  Reader(const Json& json, std::string_view code) : json_(json), code_(code) {
    if (!json.is_object()) fail("a value that should be an object");
  }

  std::string text(std::string_view name) {
    const Json* member = find_member(json_, name);
    if (member == nullptr || !member->is_string()) {
      fail(name);
      return {};
    }
    return member->get<std::string>();
  }
  std::optional<std::string> optional_text(std::string_view name) {
    if (find_member(json_, name) == nullptr) return std::nullopt;
    return text(name);
  }
  std::optional<std::int64_t> optional_integer(std::string_view name) {
    const Json* member = find_member(json_, name);
    if (member == nullptr) return std::nullopt;
    if (!member->is_number_integer()) {
      fail(name);
      return std::nullopt;
    }
    return member->get<std::int64_t>();
  }
  Time time(std::string_view name) {
    const auto ms = optional_integer(name);
    if (!ms) fail(name);
    return time_of_epoch_ms(ms.value_or(0));
  }
  void fail(std::string_view name) {
    if (error_) return;
    error_ = Error{std::string{code_}, "Parameter " + std::string{name} + " is not valid."};
  }
  void keep(const std::optional<Error>& error) {
    if (!error_) error_ = error;
  }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
  const Json& json_;
  std::string_view code_;
  std::optional<Error> error_;
};

constexpr std::array<std::string_view, 8> kRead = {
    "Id",        "Arn",         "RoleArn",          "Input",
    "InputPath", "RetryPolicy", "DeadLetterConfig", "InputTransformer"};

bool is_read(std::string_view name) {
  for (const std::string_view known : kRead) {
    if (known == name) return true;
  }
  return false;
}

InputTransformer read_transformer(const Json& json, Reader& target) {
  InputTransformer transformer;
  Reader reader{json, "ValidationException"};
  transformer.input_template = reader.text("InputTemplate");
  if (const Json* paths = find_member(json, "InputPathsMap")) {
    if (!paths->is_object()) {
      reader.fail("InputPathsMap");
    } else {
      for (const auto& [name, path] : paths->items()) {
        if (!path.is_string()) reader.fail("InputPathsMap");
        transformer.input_paths[name] = path.is_string() ? path.get<std::string>() : "";
      }
    }
  }
  target.keep(reader.error());
  return transformer;
}

Json document_state(const Bus& bus) {
  Json json = Json::object();
  json["Name"] = bus.name;
  json["Arn"] = bus.arn;
  put(json, "Description", bus.description);
  put(json, "KmsKeyIdentifier", bus.kms_key_identifier);
  if (bus.dead_letter_arn) json["DeadLetterConfig"] = {{"Arn", *bus.dead_letter_arn}};
  put(json, "EventSourceName", bus.event_source_name);
  if (!bus.log_config.is_null()) json["LogConfig"] = bus.log_config;
  if (bus.policy) json["Policy"] = *bus.policy;
  return json;
}

void put_tags(Json& json, const Tags& tags) {
  if (tags.empty()) return;
  Json& members = json["Tags"] = Json::object();
  for (const auto& [key, value] : tags) members[key] = value;
}

Tags read_tags(const Json& json, Reader& reader) {
  Tags tags;
  const Json* members = find_member(json, "Tags");
  if (members == nullptr) return tags;
  if (!members->is_object()) {
    reader.fail("Tags");
    return tags;
  }
  for (const auto& [key, value] : members->items()) {
    if (!value.is_string()) reader.fail("Tags");
    tags.emplace_back(key, value.is_string() ? value.get<std::string>() : "");
  }
  return tags;
}

std::optional<std::string> dead_letter_arn(const Json& json, Reader& reader) {
  const Json* config = find_member(json, "DeadLetterConfig");
  if (config == nullptr) return std::nullopt;
  Reader inner{*config, "ValidationException"};
  auto arn = inner.optional_text("Arn");
  reader.keep(inner.error());
  return arn;
}

}  // namespace

std::string_view to_string(RuleState state) {
  for (const StateName& known : kStates) {
    if (known.state == state) return known.name;
  }
  return "";
}

std::optional<RuleState> rule_state_of(std::string_view name) {
  for (const StateName& known : kStates) {
    if (known.name == name) return known.state;
  }
  return std::nullopt;
}

Json to_json(const Target& target) {
  Json json = Json::object();
  json["Id"] = target.id;
  json["Arn"] = target.arn;
  put(json, "RoleArn", target.role_arn);
  put(json, "Input", target.input);
  put(json, "InputPath", target.input_path);
  if (target.input_transformer) {
    Json& transformer = json["InputTransformer"];
    if (!target.input_transformer->input_paths.empty()) {
      Json& paths = transformer["InputPathsMap"];
      for (const auto& [name, path] : target.input_transformer->input_paths) paths[name] = path;
    }
    transformer["InputTemplate"] = target.input_transformer->input_template;
  }
  for (const auto& [name, value] : target.parameters.items()) json[name] = value;
  if (target.dead_letter_arn) json["DeadLetterConfig"] = {{"Arn", *target.dead_letter_arn}};
  if (target.retry_policy) {
    Json& policy = json["RetryPolicy"] = Json::object();
    const RetryPolicy& retry = *target.retry_policy;
    if (retry.maximum_retry_attempts)
      policy["MaximumRetryAttempts"] = *retry.maximum_retry_attempts;
    if (retry.maximum_event_age_in_seconds) {
      policy["MaximumEventAgeInSeconds"] = *retry.maximum_event_age_in_seconds;
    }
  }
  return json;
}

Result<Target> target_from_json(const Json& json) {
  Target target;
  Reader reader{json, "ValidationException"};
  target.id = reader.text("Id");
  target.arn = reader.text("Arn");
  target.role_arn = reader.optional_text("RoleArn");
  target.input = reader.optional_text("Input");
  target.input_path = reader.optional_text("InputPath");
  target.dead_letter_arn = dead_letter_arn(json, reader);
  if (const Json* transformer = find_member(json, "InputTransformer")) {
    target.input_transformer = read_transformer(*transformer, reader);
  }
  if (const Json* policy = find_member(json, "RetryPolicy")) {
    Reader inner{*policy, "ValidationException"};
    target.retry_policy = RetryPolicy{inner.optional_integer("MaximumRetryAttempts"),
                                      inner.optional_integer("MaximumEventAgeInSeconds")};
    reader.keep(inner.error());
  }
  if (reader.error()) return *reader.error();
  for (const auto& [name, value] : json.items()) {
    if (!is_read(name)) target.parameters[name] = value;
  }
  return target;
}

Json to_json(const Bus& bus) {
  Json json = document_state(bus);
  json["CreationTimeMs"] = epoch_ms(bus.creation_time);
  json["LastModifiedTimeMs"] = epoch_ms(bus.last_modified_time);
  put_tags(json, bus.tags);
  return json;
}

Result<Bus> bus_from_json(const Json& json) {
  Bus bus;
  Reader reader{json, kDocumentCorrupt};
  bus.name = reader.text("Name");
  bus.arn = reader.text("Arn");
  bus.description = reader.optional_text("Description");
  bus.kms_key_identifier = reader.optional_text("KmsKeyIdentifier");
  bus.dead_letter_arn = dead_letter_arn(json, reader);
  bus.event_source_name = reader.optional_text("EventSourceName");
  if (const Json* config = find_member(json, "LogConfig")) bus.log_config = *config;
  if (const Json* policy = find_member(json, "Policy")) bus.policy = *policy;
  bus.creation_time = reader.time("CreationTimeMs");
  bus.last_modified_time = reader.time("LastModifiedTimeMs");
  bus.tags = read_tags(json, reader);
  if (reader.error()) return *reader.error();
  return bus;
}

Json to_json(const Rule& rule) {
  Json json = Json::object();
  json["Name"] = rule.name;
  json["Arn"] = rule.arn;
  json["EventBusName"] = rule.event_bus_name;
  put(json, "EventPattern", rule.event_pattern);
  put(json, "ScheduleExpression", rule.schedule_expression);
  json["State"] = std::string{to_string(rule.state)};
  put(json, "Description", rule.description);
  put(json, "RoleArn", rule.role_arn);
  put(json, "ManagedBy", rule.managed_by);
  json["CreatedBy"] = rule.created_by;
  Json& targets = json["Targets"] = Json::array();
  for (const Target& target : rule.targets) targets.push_back(to_json(target));
  put_tags(json, rule.tags);
  return json;
}

Result<Rule> rule_from_json(const Json& json) {
  Rule rule;
  Reader reader{json, kDocumentCorrupt};
  rule.name = reader.text("Name");
  rule.arn = reader.text("Arn");
  rule.event_bus_name = reader.text("EventBusName");
  rule.event_pattern = reader.optional_text("EventPattern");
  rule.schedule_expression = reader.optional_text("ScheduleExpression");
  const auto state = rule_state_of(reader.text("State"));
  if (!state) reader.fail("State");
  rule.state = state.value_or(RuleState::Disabled);
  rule.description = reader.optional_text("Description");
  rule.role_arn = reader.optional_text("RoleArn");
  rule.managed_by = reader.optional_text("ManagedBy");
  rule.created_by = reader.text("CreatedBy");
  rule.tags = read_tags(json, reader);
  const Json* targets = find_member(json, "Targets");
  if (targets == nullptr || !targets->is_array()) {
    reader.fail("Targets");
  } else {
    for (const Json& target : *targets) {
      auto read = target_from_json(target);
      if (!read) {
        reader.keep(Error{std::string{kDocumentCorrupt}, read.error().message});
        break;
      }
      rule.targets.push_back(std::move(*read));
    }
  }
  if (reader.error()) return *reader.error();
  return rule;
}

}  // namespace presso::bus
