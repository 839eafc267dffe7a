// Schedules: what is due at a time of its own. Scheduled rules, and the schedules of EventBridge
// Scheduler.
//
// One timer each: the time for which it is scheduled, and when it fires, which a flexible window
// moves behind that. A timer is a document of the kind "timer", written whenever it moves, so that
// what fell due while the process was away fires at the next start, all of it and in order.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "bus/rule.h"
#include "bus/schedule.h"
#include "engine/core/caller.h"

namespace presso::core {

class Core;

class Schedules {
 public:
  explicit Schedules(Core& core) : core_(core) {}

  // A rule that was put, enabled or disabled. Its timer goes on unless its expression is new.
  void rule_changed(const bus::Rule&);
  void rule_gone(const std::string& rule_arn);
  // A schedule, by the name of its document in the registry, that was created or updated: begins
  // anew.
  void schedule_changed(const Caller&, const std::string& name);
  void schedule_gone(const Caller&, const std::string& name);

  [[nodiscard]] Result<void> restore(const std::string& key, const Json& value);
  // After all documents were restored.
  void recovered();

  std::size_t fire_due(std::size_t limit);
  [[nodiscard]] std::optional<Time> next_deadline() const;

 private:
  struct Timer {
    bus::Schedule expression;
    std::string text;  // of the expression
    Zone zone;
    Time anchor{};
    Time scheduled{};
    Time due{};
    std::optional<Time> end;          // of a schedule: nothing is scheduled after it
    std::int64_t window_minutes = 0;  // of a schedule
    bool is_rule = true;
    Caller caller;
    std::string name;  // of a rule its ARN, of a schedule its document
  };
  struct Kept {  // of a timer, before its owner is known
    std::string text;
    Time anchor{};
    Time scheduled{};
    Time due{};
  };

  // Nothing: the expression's last time is past.
  [[nodiscard]] bool advance(Timer&, Time after);
  void arm(const std::string& key, Timer);
  void disarm(const std::string& key);
  void keep(const std::string& key, const Timer&);
  void fire(const Timer&);
  void fire_rule(const Timer&);
  void fire_schedule(const Timer&);
  // What a schedule's completion asks for.
  void complete(const Timer&);
  [[nodiscard]] static Timer rule_timer(const bus::Schedule&, const bus::Rule&);
  [[nodiscard]] std::optional<Timer> timer_of(const Caller&, const Json& schedule) const;

  Core& core_;
  std::map<std::string, Timer> timers_;
  std::set<std::pair<Time, std::string>> due_;
  std::map<std::string, Kept> kept_;  // read back, not taken up yet
};

}  // namespace presso::core
