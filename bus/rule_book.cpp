#include "bus/rule_book.h"

#include <algorithm>
#include <utility>

#include "base/arn.h"
#include "bus/pattern.h"
#include "bus/schedule.h"
#include "bus/transform.h"

namespace presso::bus {

struct RuleBook::Shelf {
  Bus bus;
  std::map<std::string, Rule, std::less<>> rules;
  RuleIndex index;
  std::map<RuleKey, const Rule*> by_key;
  std::map<std::string, RuleKey, std::less<>> keys;  // of the rules in the index
  std::uint64_t next_key = 0;

  // All rules are counted only where that decides: a bus may have very many.
  [[nodiscard]] bool is_full(std::size_t quota) const {
    if (rules.size() < quota) return false;
    const auto is_own = [](const auto& entry) { return !entry.second.managed_by; };
    return std::cmp_greater_equal(std::ranges::count_if(rules, is_own), quota);
  }

  void unindex(std::string_view name) {
    const auto key = keys.find(name);
    if (key == keys.end()) return;
    index.remove(key->second);
    by_key.erase(key->second);
    keys.erase(key);
  }
  // A rule that is disabled or has only a schedule matches nothing.
  void reindex(const Rule& rule, const std::optional<Pattern>& pattern) {
    unindex(rule.name);
    if (!pattern || rule.state == RuleState::Disabled) return;
    const RuleKey key{next_key++};
    index.add(key, *pattern);
    by_key[key] = &rule;
    keys[rule.name] = key;
  }
};

namespace {

constexpr std::string_view kDefaultBus = "default";

Error limit_exceeded() {
  return {"LimitExceededException", "The requested resource exceeds the maximum number allowed."};
}
Error validation(std::string message) { return {"ValidationException", std::move(message)}; }

Error no_bus(const std::string& name) {
  return {"ResourceNotFoundException", "Event bus " + name + " does not exist."};
}
Error no_rule(std::string_view name, const std::string& bus) {
  return {"ResourceNotFoundException",
          "Rule " + std::string{name} + " does not exist on EventBus " + bus + "."};
}

// AWS: "You cannot modify these managed rules by using DisableRule, EnableRule, PutTargets,
// PutRule, TagResource, or UntagResource"; DeleteRule and RemoveTargets have a Force.
Result<void> check_unmanaged(const Rule& rule, bool is_forced = false) {
  if (!rule.managed_by || is_forced) return {};
  return Error{"ManagedRuleException", "Rule " + rule.name + " is a managed rule of " +
                                           *rule.managed_by + " and cannot be modified."};
}

bool is_target_arn(std::string_view text) {
  return parse_arn(text).has_value() || text.starts_with("http://") || text.starts_with("https://");
}

Result<void> validate_target(const Target& target) {
  if (!is_target_arn(target.arn)) {
    return validation("Parameter " + target.arn +
                      " is not valid. Reason: Provided Arn is not in correct format.");
  }
  const auto arn = parse_arn(target.arn);
  if (arn && arn->service == "sqs" && arn->resource.ends_with(".fifo") &&
      find_member(target.parameters, "SqsParameters") == nullptr) {
    return validation("Parameter(s) SqsParameters must be specified for target: " + target.id +
                      ".");
  }
  return validate_input(target);
}

// The whole rule with its pattern compiled: what can be wrong with PutRule besides its shape.
Result<std::optional<Pattern>> validate_rule(const PutRule& request, std::string_view bus) {
  if (!request.event_pattern && !request.schedule_expression) {
    return validation("Parameter(s) EventPattern or ScheduleExpression must be specified.");
  }
  if (request.schedule_expression) {
    if (bus != kDefaultBus) {
      return validation("ScheduleExpression is supported only on the default event bus.");
    }
    if (!is_schedule_expression(*request.schedule_expression)) {
      return validation("Parameter ScheduleExpression is not valid.");
    }
  }
  if (!request.event_pattern) return std::optional<Pattern>{};
  auto pattern = Pattern::compile(*request.event_pattern);
  if (!pattern) return pattern.error();
  return std::optional<Pattern>{std::move(*pattern)};
}

std::string bus_arn(const Home& home, const std::string& name) {
  return to_string(Arn{home.partition, "events", home.region, home.account, "event-bus/" + name});
}
std::string rule_arn(const Home& home, const std::string& bus, const std::string& name) {
  const std::string resource = bus == kDefaultBus ? "rule/" + name : "rule/" + bus + "/" + name;
  return to_string(Arn{home.partition, "events", home.region, home.account, resource});
}

}  // namespace

RuleBook::RuleBook(Home home, const std::vector<std::string>& bus_names, Time now, Quotas quotas)
    : home_(std::move(home)), quotas_(quotas) {
  std::vector<std::string> names{std::string{kDefaultBus}};
  names.insert(names.end(), bus_names.begin(), bus_names.end());
  for (std::string& name : names) {
    Bus bus;
    bus.arn = bus_arn(home_, name);
    bus.name = std::move(name);
    bus.creation_time = now;
    bus.last_modified_time = now;
    put_bus(std::move(bus));
  }
}
RuleBook::~RuleBook() = default;
RuleBook::RuleBook(RuleBook&&) noexcept = default;
RuleBook& RuleBook::operator=(RuleBook&&) noexcept = default;

void RuleBook::put_bus(Bus bus) {
  auto& shelf = shelves_[bus.name];
  if (!shelf) shelf = std::make_unique<Shelf>();
  shelf->bus = std::move(bus);
}

RuleBook::Shelf* RuleBook::find_shelf(const BusReference& reference) const {
  std::string_view name = reference ? std::string_view{*reference} : kDefaultBus;
  const auto arn = parse_arn(name);
  if (arn) {
    constexpr std::string_view kResource = "event-bus/";
    const bool is_ours = arn->service == "events" && arn->account == home_.account &&
                         arn->region == home_.region && arn->resource.starts_with(kResource);
    if (!is_ours) return nullptr;
    name = std::string_view{arn->resource}.substr(kResource.size());
  }
  const auto found = shelves_.find(name);
  return found == shelves_.end() ? nullptr : found->second.get();
}

Result<RuleBook::Shelf*> RuleBook::shelf(const BusReference& reference) const {
  if (Shelf* found = find_shelf(reference)) return found;
  return no_bus(reference.value_or(std::string{kDefaultBus}));
}

Result<Rule*> RuleBook::find_rule(std::string_view name, const BusReference& reference) const {
  auto found = shelf(reference);
  if (!found) return found.error();
  const auto rule = (*found)->rules.find(name);
  if (rule == (*found)->rules.end()) return no_rule(name, (*found)->bus.name);
  return &rule->second;
}

Result<const Bus*> RuleBook::create_bus(CreateBus request, Time now) {
  if (shelves_.find(request.name) != shelves_.end()) {
    return Error{"ResourceAlreadyExistsException",
                 "Event bus " + request.name + " already exists."};
  }
  if (request.name.find('/') != std::string::npos && !request.event_source_name) {
    return validation("Event bus name must not contain '/'.");
  }
  if (shelves_.size() >= quotas_.buses) return limit_exceeded();
  Bus bus;
  bus.arn = bus_arn(home_, request.name);
  bus.name = request.name;
  bus.description = std::move(request.description);
  bus.kms_key_identifier = std::move(request.kms_key_identifier);
  bus.dead_letter_arn = std::move(request.dead_letter_arn);
  bus.event_source_name = std::move(request.event_source_name);
  bus.log_config = std::move(request.log_config);
  bus.tags = std::move(request.tags);
  bus.creation_time = now;
  bus.last_modified_time = now;
  put_bus(std::move(bus));
  return &shelves_.at(request.name)->bus;
}

Result<const Bus*> RuleBook::describe_bus(const BusReference& reference) const {
  auto found = shelf(reference);
  if (!found) return found.error();
  return &(*found)->bus;
}

std::vector<const Bus*> RuleBook::list_buses(std::string_view prefix) const {
  std::vector<const Bus*> buses;
  for (const auto& [name, shelf] : shelves_) {
    if (name.starts_with(prefix)) buses.push_back(&shelf->bus);
  }
  return buses;
}

Result<bool> RuleBook::delete_bus(const BusReference& reference) {
  const Shelf* found = find_shelf(reference);
  if (found == nullptr) return no_bus(reference.value_or(std::string{kDefaultBus}));
  if (found->bus.name == kDefaultBus) return validation("Cannot delete event bus default.");
  if (!found->rules.empty()) return validation("Event bus can't be deleted since it has rules.");
  shelves_.erase(shelves_.find(found->bus.name));
  return true;
}

Result<Bus*> RuleBook::bus_to_change(const BusReference& reference) {
  auto found = shelf(reference);
  if (!found) return found.error();
  return &(*found)->bus;
}

Result<Rule*> RuleBook::rule_to_change(std::string_view name, const BusReference& reference) {
  auto rule = find_rule(name, reference);
  if (!rule) return rule;
  if (auto free = check_unmanaged(**rule); !free) return free.error();
  return rule;
}

Result<const Rule*> RuleBook::put_managed_rule(Rule rule) {
  auto found = shelf(rule.event_bus_name);
  if (!found) return found.error();
  rule.arn = rule_arn(home_, rule.event_bus_name, rule.name);
  const std::string name = rule.name;
  if (auto done = restore(std::move(rule)); !done) return done.error();
  return &(*found)->rules.at(name);
}

void RuleBook::erase_managed_rule(std::string_view name, const BusReference& reference) {
  Shelf* found = find_shelf(reference);
  if (found == nullptr) return;
  const auto rule = found->rules.find(name);
  if (rule == found->rules.end()) return;
  found->unindex(name);
  found->rules.erase(rule);
}

Result<const Rule*> RuleBook::put_rule(PutRule request) {
  auto found = shelf(request.bus);
  if (!found) return found.error();
  Shelf& shelf = **found;
  auto pattern = validate_rule(request, shelf.bus.name);
  if (!pattern) return pattern.error();
  const auto old = shelf.rules.find(request.name);
  const bool is_new = old == shelf.rules.end();
  if (!is_new) {
    if (auto free = check_unmanaged(old->second); !free) return free.error();
  }
  if (is_new && shelf.is_full(quotas_.rules_per_bus)) return limit_exceeded();
  Rule& rule = shelf.rules[request.name];
  if (is_new) rule.tags = std::move(request.tags);
  rule.arn = rule_arn(home_, shelf.bus.name, request.name);
  rule.name = std::move(request.name);
  rule.event_bus_name = shelf.bus.name;
  rule.event_pattern = std::move(request.event_pattern);
  rule.schedule_expression = std::move(request.schedule_expression);
  rule.state = request.state.value_or(RuleState::Enabled);
  rule.description = std::move(request.description);
  rule.role_arn = std::move(request.role_arn);
  rule.created_by = home_.account;
  shelf.reindex(rule, *pattern);
  return &rule;
}

Result<const Rule*> RuleBook::describe_rule(std::string_view name,
                                            const BusReference& reference) const {
  auto rule = find_rule(name, reference);
  if (!rule) return rule.error();
  return *rule;
}

Result<std::vector<const Rule*>> RuleBook::list_rules(std::string_view prefix,
                                                      const BusReference& reference) const {
  auto found = shelf(reference);
  if (!found) return found.error();
  std::vector<const Rule*> rules;
  for (const auto& [name, rule] : (*found)->rules) {
    if (name.starts_with(prefix)) rules.push_back(&rule);
  }
  return rules;
}

Result<const Rule*> RuleBook::set_state(std::string_view name, const BusReference& reference,
                                        RuleState state) {
  auto rule = rule_to_change(name, reference);
  if (!rule) return rule.error();
  std::optional<Pattern> pattern;
  if ((*rule)->event_pattern) {
    auto compiled = Pattern::compile(*(*rule)->event_pattern);
    if (!compiled) return compiled.error();
    pattern = std::move(*compiled);
  }
  (*rule)->state = state;
  find_shelf(reference)->reindex(**rule, pattern);
  return *rule;
}

Result<const Rule*> RuleBook::enable_rule(std::string_view name, const BusReference& reference) {
  return set_state(name, reference, RuleState::Enabled);
}

Result<const Rule*> RuleBook::disable_rule(std::string_view name, const BusReference& reference) {
  return set_state(name, reference, RuleState::Disabled);
}

Result<std::optional<Rule>> RuleBook::delete_rule(std::string_view name,
                                                  const BusReference& reference, bool is_forced) {
  auto found = shelf(reference);
  if (!found) return found.error();
  const auto rule = (*found)->rules.find(name);
  if (rule == (*found)->rules.end()) return std::optional<Rule>{};
  if (auto free = check_unmanaged(rule->second, is_forced); !free) return free.error();
  if (!rule->second.targets.empty()) {
    return validation("Rule can't be deleted since it has targets.");
  }
  (*found)->unindex(name);
  std::optional<Rule> deleted{std::move(rule->second)};
  (*found)->rules.erase(rule);
  return deleted;
}

Result<std::vector<FailedTarget>> RuleBook::put_targets(std::string_view name,
                                                        const BusReference& reference,
                                                        std::vector<Target> targets) {
  auto rule = rule_to_change(name, reference);
  if (!rule) return rule.error();
  for (const Target& target : targets) {
    if (auto valid = validate_target(target); !valid) return valid.error();
  }
  std::vector<Target> all = (*rule)->targets;
  for (Target& target : targets) {
    const auto same = std::find_if(all.begin(), all.end(),
                                   [&](const Target& old) { return old.id == target.id; });
    if (same == all.end()) {
      all.push_back(std::move(target));
    } else {
      *same = std::move(target);
    }
  }
  if (all.size() > quotas_.targets_per_rule) return limit_exceeded();
  (*rule)->targets = std::move(all);
  return std::vector<FailedTarget>{};
}

Result<std::vector<FailedTarget>> RuleBook::remove_targets(std::string_view name,
                                                           const BusReference& reference,
                                                           const std::vector<std::string>& ids,
                                                           bool is_forced) {
  auto rule = find_rule(name, reference);
  if (!rule) return rule.error();
  if (auto free = check_unmanaged(**rule, is_forced); !free) return free.error();
  std::vector<FailedTarget> failed;
  for (const std::string& id : ids) {
    const auto removed =
        std::erase_if((*rule)->targets, [&](const Target& target) { return target.id == id; });
    if (removed == 0) {
      failed.push_back({id, "ResourceNotFoundException",
                        "Target " + id + " does not exist on Rule " + (*rule)->name + "."});
    }
  }
  return failed;
}

Result<std::vector<Target>> RuleBook::list_targets(std::string_view name,
                                                   const BusReference& reference) const {
  auto rule = find_rule(name, reference);
  if (!rule) return rule.error();
  return (*rule)->targets;
}

Result<std::vector<std::string>> RuleBook::list_rule_names_by_target(
    std::string_view target_arn, const BusReference& reference) const {
  auto found = shelf(reference);
  if (!found) return found.error();
  std::vector<std::string> names;
  for (const auto& [name, rule] : (*found)->rules) {
    const bool has_target =
        std::any_of(rule.targets.begin(), rule.targets.end(),
                    [&](const Target& target) { return target.arn == target_arn; });
    if (has_target) names.push_back(name);
  }
  return names;
}

std::optional<std::string> RuleBook::find_bus(const BusReference& reference) const {
  const Shelf* found = find_shelf(reference);
  return found == nullptr ? std::nullopt : std::optional{found->bus.name};
}

bool RuleBook::has_rules(std::string_view bus) const {
  const auto found = shelves_.find(bus);
  return found != shelves_.end() && !found->second->rules.empty();
}

std::vector<const Rule*> RuleBook::match(std::string_view bus, const Event& event) const {
  const auto found = shelves_.find(bus);
  if (found == shelves_.end()) return {};
  std::vector<const Rule*> rules;
  for (const RuleKey key : found->second->index.match(event)) {
    rules.push_back(found->second->by_key.at(key));
  }
  // Keys say in which order rules were put, which a restart forgets.
  std::sort(rules.begin(), rules.end(),
            [](const Rule* left, const Rule* right) { return left->name < right->name; });
  return rules;
}

void RuleBook::restore(Bus bus) { put_bus(std::move(bus)); }

Result<void> RuleBook::restore(Rule rule) {
  auto found = shelf(rule.event_bus_name);
  if (!found) return found.error();
  std::optional<Pattern> pattern;
  if (rule.event_pattern) {
    auto compiled = Pattern::compile(*rule.event_pattern);
    if (!compiled) return compiled.error();
    pattern = std::move(*compiled);
  }
  Rule& kept = (*found)->rules[rule.name];
  kept = std::move(rule);
  (*found)->reindex(kept, pattern);
  return {};
}

}  // namespace presso::bus
