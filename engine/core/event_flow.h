// Events → rules → targets → executions → events, within the turn.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/arn.h"
#include "base/json_fwd.h"
#include "base/result.h"
#include "bus/event.h"
#include "bus/rule_book.h"
#include "engine/core/caller.h"
#include "engine/core/effect.h"

namespace presso::core {

class Core;
struct RouteEvent;
struct RouteStatus;
struct StartByRule;

// One of PutEvents' result entries: an id, or why the entry was refused.
struct PutEventsResult {
  std::string event_id;
  std::string error_code;
  std::string error_message;
};

class EventFlow {
 public:
  explicit EventFlow(Core& core) : core_(core) {}

  // Entry by entry, in order; refused ones keep their place. An accepted event is routed within
  // this turn, after what is being done now.
  [[nodiscard]] std::vector<PutEventsResult> put_events(const Caller&,
                                                        std::vector<bus::PutEventsEntry>);
  // An event of a service itself (source "aws.states"), without the checks for callers.
  void emit(bus::Event);

  // The buses, rules and targets of one account and region; the buses that always exist are there
  // from the first look. Whoever changes something stores it.
  [[nodiscard]] bus::RuleBook& book(const Caller&);
  void store(const Caller&, const bus::Bus&);
  void store(const Caller&, const bus::Rule&);
  void erase_bus(const Caller&, std::string_view name);
  void erase_rule(const Caller&, std::string_view bus, std::string_view name);

  // From documents of the kinds "event-bus" and "rule"; buses come first (kinds are in order).
  [[nodiscard]] Result<void> restore(const std::string& kind, const Json& value);

  // An event that reached a bus of `home`: to its subscribers and its rules' targets.
  void route(const RouteEvent&);
  void route(const RouteStatus&);
  // A rule's target that is a state machine.
  void start(const StartByRule&);
  // A scheduled rule is due: `event` is for its targets alone.
  void fire(const bus::Rule&, bus::Event);

  // By its ARN, of any account and region; null when there is none.
  [[nodiscard]] const bus::Rule* find_rule(const std::string& arn);
  // How many rules events have matched since the start of the process, archives' not among them.
  [[nodiscard]] std::uint64_t matches() const { return matches_; }
  // All with a schedule that are enabled.
  [[nodiscard]] std::vector<const bus::Rule*> scheduled_rules() const;

 private:
  // `sent_by`: the rule that sent the event from another bus to this one, if one did.
  void deliver(const bus::SharedEvent&, const bus::Rule&, const bus::Target&,
               const std::string& sent_by = {});
  void forward(const bus::SharedEvent&, const bus::Rule&, const bus::Target&, const Arn&);
  // Once for each target in the life of the process.
  void warn_of_third_bus(const bus::Rule&, const bus::Target&, const std::string& sent_by);
  void publish(const Caller&, const std::string& bus, Published::Content,
               const std::string& sent_by = {});

  Core& core_;
  std::map<Caller, bus::RuleBook> books_;
  std::uint64_t published_ = 0;
  std::uint64_t matches_ = 0;
  std::set<std::pair<std::string, std::string>> third_buses_;  // rules and targets warned of
};

}  // namespace presso::core
