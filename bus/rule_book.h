// RuleBook: the buses, rules and targets of one account in one region, and what an event matches.
//
// Operations check what the service checks beyond the shape of a request, and answer with AWS's
// error codes and texts. Where an operation takes a bus, its name and its ARN are both right, and
// nothing means `default`. Nothing here is stored: after a change the owner writes the document of
// the bus or rule that changed (to_json in rule.h), and after a restart hands all of them to
// `restore`.
#pragma once

#include <cstddef>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "bus/event.h"
#include "bus/limits.h"
#include "bus/rule.h"
#include "bus/rule_index.h"

namespace presso::bus {

struct Home {
  std::string account;
  std::string region;
  std::string partition = "aws";

  friend auto operator<=>(const Home&, const Home&) = default;
};

// The account's quotas. AWS begins with 100 buses and 300 rules and raises both on request; here
// the request is granted.
struct Quotas {
  std::size_t buses = std::numeric_limits<std::size_t>::max();
  std::size_t rules_per_bus = std::numeric_limits<std::size_t>::max();
  std::size_t targets_per_rule = kMaxTargetsPerRule;
};

using BusReference = std::optional<std::string>;  // a name, an ARN, or nothing: `default`

struct CreateBus {
  std::string name;
  std::optional<std::string> event_source_name;
  std::optional<std::string> description;
  std::optional<std::string> kms_key_identifier;
  std::optional<std::string> dead_letter_arn;
  Json log_config;
  Tags tags;
};

struct PutRule {
  std::string name;
  BusReference bus;
  std::optional<std::string> event_pattern;
  std::optional<std::string> schedule_expression;
  std::optional<RuleState> state;  // nothing: enabled, also when the rule was disabled before
  std::optional<std::string> description;
  std::optional<std::string> role_arn;
  Tags tags;  // of a rule that is new; AWS ignores them for one that is there
};

// One of PutTargets' or RemoveTargets' FailedEntries.
struct FailedTarget {
  std::string target_id;
  std::string error_code;
  std::string error_message;

  friend bool operator==(const FailedTarget&, const FailedTarget&) = default;
};

class RuleBook {
 public:
  // `default` and the named buses exist from the start.
  RuleBook(Home, const std::vector<std::string>& bus_names, Time now, Quotas = {});
  ~RuleBook();
  RuleBook(RuleBook&&) noexcept;
  RuleBook& operator=(RuleBook&&) noexcept;

  [[nodiscard]] const Home& home() const { return home_; }

  Result<const Bus*> create_bus(CreateBus, Time now);
  [[nodiscard]] Result<const Bus*> describe_bus(const BusReference&) const;
  [[nodiscard]] std::vector<const Bus*> list_buses(std::string_view prefix) const;  // by name
  // True. Its rules must be gone before. AWS: a bus that is not there cannot be deleted.
  Result<bool> delete_bus(const BusReference&);
  // For what concerns the bus alone: description, policy, tags, …
  [[nodiscard]] Result<Bus*> bus_to_change(const BusReference&);

  Result<const Rule*> put_rule(PutRule);
  [[nodiscard]] Result<const Rule*> describe_rule(std::string_view name, const BusReference&) const;
  [[nodiscard]] Result<std::vector<const Rule*>> list_rules(std::string_view prefix,
                                                            const BusReference&) const;
  Result<const Rule*> enable_rule(std::string_view name, const BusReference&);
  Result<const Rule*> disable_rule(std::string_view name, const BusReference&);
  // What the rule was, or nothing: deleting a rule that is not there succeeds. ManagedRuleException
  // for a rule that a service manages, unless it is forced.
  Result<std::optional<Rule>> delete_rule(std::string_view name, const BusReference&,
                                          bool is_forced = false);
  // For what concerns neither its name nor what it matches: tags.
  [[nodiscard]] Result<Rule*> rule_to_change(std::string_view name, const BusReference&);

  // Rules that a service manages for itself, with their targets; they count in no quota.
  Result<const Rule*> put_managed_rule(Rule);
  void erase_managed_rule(std::string_view name, const BusReference&);

  // All or nothing for what the request as a whole does wrong; each failed entry alone otherwise.
  Result<std::vector<FailedTarget>> put_targets(std::string_view rule, const BusReference&,
                                                std::vector<Target>);
  Result<std::vector<FailedTarget>> remove_targets(std::string_view rule, const BusReference&,
                                                   const std::vector<std::string>& ids,
                                                   bool is_forced = false);
  [[nodiscard]] Result<std::vector<Target>> list_targets(std::string_view rule,
                                                         const BusReference&) const;
  [[nodiscard]] Result<std::vector<std::string>> list_rule_names_by_target(
      std::string_view target_arn, const BusReference&) const;

  // The name of the bus, if it is here: for where an event was put.
  [[nodiscard]] std::optional<std::string> find_bus(const BusReference&) const;
  // The same by the name alone.
  [[nodiscard]] bool has_bus(std::string_view name) const { return shelves_.contains(name); }
  // Whether a bus, given by its name, has any rule at all.
  [[nodiscard]] bool has_rules(std::string_view bus) const;
  // Enabled rules of the bus, by name. The pointers hold until the next change.
  [[nodiscard]] std::vector<const Rule*> match(std::string_view bus, const Event&) const;

  // Puts back what a document held, as it was. A bus comes before its rules.
  void restore(Bus);
  Result<void> restore(Rule);

 private:
  struct Shelf;  // one bus with its rules and their index

  [[nodiscard]] Shelf* find_shelf(const BusReference&) const;
  [[nodiscard]] Result<Shelf*> shelf(const BusReference&) const;
  [[nodiscard]] Result<Rule*> find_rule(std::string_view name, const BusReference&) const;
  Result<const Rule*> set_state(std::string_view name, const BusReference&, RuleState);
  void put_bus(Bus);

  Home home_;
  Quotas quotas_;
  std::map<std::string, std::unique_ptr<Shelf>, std::less<>> shelves_;
};

}  // namespace presso::bus
