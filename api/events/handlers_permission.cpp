#include <algorithm>
#include <utility>

#include "api/events/documents.h"
#include "api/events/handlers.h"
#include "base/json_members.h"

namespace presso::api::events {
namespace {

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
constexpr std::size_t kMaxPolicyLength = 10'240;
constexpr std::size_t kMaxTags = 50;

Json empty_policy() { return Json{{"Version", "2012-10-17"}, {"Statement", Json::array()}}; }

Json statement_of(const PutPermissionRequest& request, const std::string& bus_arn) {
  Json statement{{"Sid", *request.statement_id}, {"Effect", "Allow"}};
  const std::string& principal = *request.principal;
  statement["Principal"] =
      principal == "*" ? Json("*") : Json{{"AWS", "arn:aws:iam::" + principal + ":root"}};
  statement["Action"] = *request.action;
  statement["Resource"] = bus_arn;
  if (request.condition) {
    const Condition& condition = *request.condition;
    statement["Condition"] = Json{{condition.type, Json{{condition.key, condition.value}}}};
  }
  return statement;
}

bool has_id(const Json& statement, const std::string& id) {
  return text_at(statement, "Sid") == id;
}

// A statement of the same id is replaced where it stands.
Result<Json> with_statement(const bus::Bus& bus, const PutPermissionRequest& request) {
  if (!request.action || !request.principal || !request.statement_id) {
    return not_valid("Parameter(s) Action, Principal and StatementId must be specified.");
  }
  Json policy = bus.policy.value_or(empty_policy());
  Json& statements = policy["Statement"];
  if (!statements.is_array()) statements = Json::array({statements});
  const auto old = std::find_if(statements.begin(), statements.end(), [&](const Json& one) {
    return has_id(one, *request.statement_id);
  });
  Json statement = statement_of(request, bus.arn);
  if (old == statements.end()) {
    statements.push_back(std::move(statement));
  } else {
    *old = std::move(statement);
  }
  return policy;
}

Result<Json> given_policy(const std::string& text) {
  auto policy = parse_json(text);
  if (!policy || !policy->is_object() || find_member(*policy, "Statement") == nullptr) {
    return not_valid(
        "Parameter Policy is not valid. Reason: The policy is not a valid JSON document.");
  }
  return *std::move(policy);
}

// The tags of a bus or a rule, and how to store their owner.
struct Tagged {
  bus::Bus* bus = nullptr;
  bus::Rule* rule = nullptr;

  [[nodiscard]] bus::Tags& tags() const { return bus != nullptr ? bus->tags : rule->tags; }
  void store(Core& core, const Caller& caller) const {
    if (bus != nullptr) {
      core.events().store(caller, *bus);
    } else {
      core.events().store(caller, *rule);
    }
  }
};

Result<Tagged> find_tagged(Core& core, const Caller& caller, const std::string& arn) {
  bus::RuleBook& book = core.events().book(caller);
  if (const std::string name = name_in_arn(caller, arn, "event-bus/"); !name.empty()) {
    const auto bus = book.bus_to_change(name);
    if (!bus) return bus.error();
    return Tagged{.bus = *bus};
  }
  if (const std::string path = name_in_arn(caller, arn, "rule/"); !path.empty()) {
    const auto slash = path.rfind('/');
    const bool is_default = slash == std::string::npos;
    const auto rule = book.rule_to_change(is_default ? path : path.substr(slash + 1),
                                          is_default ? "default" : path.substr(0, slash));
    if (!rule) return rule.error();
    return Tagged{.rule = *rule};
  }
  return not_found("Resource " + arn + " does not exist.");
}

void set_tag(bus::Tags& tags, const Tag& tag) {
  const auto old =
      std::ranges::find_if(tags, [&](const auto& one) { return one.first == tag.key; });
  if (old == tags.end()) {
    tags.emplace_back(tag.key, tag.value);
  } else {
    old->second = tag.value;
  }
}

}  // namespace

bus::Tags tags_of(const std::optional<std::vector<Tag>>& given) {
  bus::Tags tags;
  for (const Tag& tag : given.value_or(std::vector<Tag>{})) set_tag(tags, tag);
  return tags;
}

Result<Nothing> put_permission(Core& core, const Caller& caller,
                               const PutPermissionRequest& request) {
  const auto bus = core.events().book(caller).bus_to_change(request.event_bus_name);
  if (!bus) return bus.error();
  auto policy = request.policy ? given_policy(*request.policy) : with_statement(**bus, request);
  if (!policy) return policy.error();
  if (dump_json(*policy).size() > kMaxPolicyLength) {
    return Error{"PolicyLengthExceededException", "The event bus policy is too long."};
  }
  (*bus)->policy = *std::move(policy);
  (*bus)->last_modified_time = core.now();
  core.events().store(caller, **bus);
  return Nothing{};
}

Result<Nothing> remove_permission(Core& core, const Caller& caller,
                                  const RemovePermissionRequest& request) {
  const auto bus = core.events().book(caller).bus_to_change(request.event_bus_name);
  if (!bus) return bus.error();
  std::optional<Json>& policy = (*bus)->policy;
  if (request.remove_all_permissions.value_or(false)) {
    policy.reset();
  } else {
    if (!policy) return not_found("EventBus does not have a policy.");
    Json kept = Json::array();
    const Json& statements = (*policy)["Statement"];
    for (const Json& one : statements) {
      if (!has_id(one, request.statement_id.value_or(""))) kept.push_back(one);
    }
    if (kept.size() == statements.size()) {
      return not_found("Statement with the provided id does not exist.");
    }
    if (kept.empty()) {
      policy.reset();
    } else {
      (*policy)["Statement"] = std::move(kept);
    }
  }
  (*bus)->last_modified_time = core.now();
  core.events().store(caller, **bus);
  return Nothing{};
}

Result<UpdateEventBusResponse> update_event_bus(Core& core, const Caller& caller,
                                                const UpdateEventBusRequest& request) {
  const auto found = core.events().book(caller).bus_to_change(request.name);
  if (!found) return found.error();
  bus::Bus& bus = **found;
  if (request.description) bus.description = request.description;
  if (request.kms_key_identifier) bus.kms_key_identifier = request.kms_key_identifier;
  if (request.dead_letter_config) bus.dead_letter_arn = request.dead_letter_config->arn;
  if (request.log_config) bus.log_config = encode(*request.log_config);
  bus.last_modified_time = core.now();
  core.events().store(caller, bus);
  UpdateEventBusResponse response;
  response.arn = bus.arn;
  response.name = bus.name;
  response.kms_key_identifier = bus.kms_key_identifier;
  response.description = bus.description;
  if (bus.dead_letter_arn) response.dead_letter_config = DeadLetterConfig{bus.dead_letter_arn};
  if (bus.log_config.is_object()) {
    auto config = decode<LogConfig>(bus.log_config);
    if (config) response.log_config = *std::move(config);
  }
  return response;
}

Result<ListTagsForResourceResponse> list_tags_for_resource(
    Core& core, const Caller& caller, const ListTagsForResourceRequest& request) {
  // A managed rule's tags may be read, so this does not ask for a rule to change.
  const auto* rule = core.events().find_rule(request.resource_arn);
  auto tagged = find_tagged(core, caller, request.resource_arn);
  if (!tagged && (rule == nullptr || !rule->managed_by)) return tagged.error();
  std::vector<Tag> tags;
  for (const auto& [key, value] : tagged ? tagged->tags() : rule->tags)
    tags.push_back({key, value});
  return ListTagsForResourceResponse{std::move(tags)};
}

Result<Nothing> tag_resource(Core& core, const Caller& caller, const TagResourceRequest& request) {
  auto tagged = find_tagged(core, caller, request.resource_arn);
  if (!tagged) return tagged.error();
  bus::Tags tags = tagged->tags();
  for (const Tag& tag : request.tags) set_tag(tags, tag);
  if (tags.size() > kMaxTags) return not_valid("The resource has more than 50 tags.");
  tagged->tags() = std::move(tags);
  tagged->store(core, caller);
  return Nothing{};
}

Result<Nothing> untag_resource(Core& core, const Caller& caller,
                               const UntagResourceRequest& request) {
  auto tagged = find_tagged(core, caller, request.resource_arn);
  if (!tagged) return tagged.error();
  std::erase_if(tagged->tags(), [&](const auto& tag) {
    return std::ranges::find(request.tag_keys, tag.first) != request.tag_keys.end();
  });
  tagged->store(core, caller);
  return Nothing{};
}

}  // namespace presso::api::events
