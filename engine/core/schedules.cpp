#include "engine/core/schedules.h"

#include <algorithm>
#include <cmath>

#include "base/arn.h"
#include "base/entropy.h"
#include "base/json_members.h"
#include "engine/core/core.h"
#include "engine/core/scheduled_target.h"

namespace presso::core {

namespace {

constexpr char kTimer[] = "timer";
constexpr Duration kMillisecond{1};

std::string schedule_key(const Caller& caller, const std::string& name) {
  return "schedule:" + caller.account + "/" + caller.region + "/" + name;
}

std::optional<Time> time_at(const Json& json, std::string_view name) {
  const Json* value = find_member(json, name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return time_of_epoch_ms(std::llround(value->get<double>() * 1'000));
}
std::int64_t integer_at(const Json& json, std::string_view name) {
  const Json* value = find_member(json, name);
  return value != nullptr && value->is_number_integer() ? value->get<std::int64_t>() : 0;
}

// AWS: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
bus::Event scheduled_event(const bus::Rule& rule, Time scheduled, std::string id) {
  const auto arn = parse_arn(rule.arn);
  PRESSO_ASSERT(arn.has_value());
  return {.id = std::move(id),
          .detail_type = "Scheduled Event",
          .source = "aws.events",
          .account = arn->account,
          .region = arn->region,
          .time = scheduled,
          .resources = {rule.arn},
          .trace_header = std::nullopt,
          .replay_name = std::nullopt};
}

}  // namespace

Schedules::Timer Schedules::rule_timer(const bus::Schedule& expression, const bus::Rule& rule) {
  return {.expression = expression,
          .text = *rule.schedule_expression,
          .zone = {},
          .end = {},
          .caller = {},
          .name = rule.arn};
}

void Schedules::rule_changed(const bus::Rule& rule) {
  const auto expression =
      rule.schedule_expression && rule.state != bus::RuleState::Disabled
          ? bus::Schedule::parse(*rule.schedule_expression, bus::Schedule::Of::Rule)
          : std::nullopt;
  if (!expression) {
    disarm(rule.arn);
    return;
  }
  const auto old = timers_.find(rule.arn);
  if (old != timers_.end() && old->second.text == *rule.schedule_expression) return;
  disarm(rule.arn);
  Timer timer = rule_timer(*expression, rule);
  timer.anchor = core_.now();
  if (advance(timer, core_.now())) arm(rule.arn, std::move(timer));
}

void Schedules::rule_gone(const std::string& rule_arn) { disarm(rule_arn); }

std::optional<Schedules::Timer> Schedules::timer_of(const Caller& caller,
                                                    const Json& schedule) const {
  const std::string text = text_at(schedule, "ScheduleExpression");
  const auto expression = bus::Schedule::parse(text, bus::Schedule::Of::Scheduler);
  const auto zone = Zone::find(text_at(schedule, "ScheduleExpressionTimezone"));
  if (!expression || !zone || text_at(schedule, "State") != "ENABLED") return std::nullopt;
  Timer timer{.expression = *expression,
              .text = text,
              .zone = *zone,
              .end = time_at(schedule, "EndDate"),
              .is_rule = false,
              .caller = caller,
              .name = text_at(schedule, "GroupName") + "/" + text_at(schedule, "Name")};
  if (const Json* window = find_member(schedule, "FlexibleTimeWindow")) {
    timer.window_minutes = integer_at(*window, "MaximumWindowInMinutes");
  }
  return timer;
}

// AWS: a rate without a start date begins at once, with one it counts from there.
void Schedules::schedule_changed(const Caller& caller, const std::string& name) {
  const std::string key = schedule_key(caller, name);
  disarm(key);
  const Json* document = core_.registry().find(caller, kSchedule, name);
  if (document == nullptr) return;
  auto timer = timer_of(caller, *document);
  if (!timer) return;
  timer->anchor = time_at(*document, "StartDate").value_or(core_.now());
  const Time first = std::max(timer->anchor, core_.now());
  if (advance(*timer, first - kMillisecond)) arm(key, *std::move(timer));
}

void Schedules::schedule_gone(const Caller& caller, const std::string& name) {
  disarm(schedule_key(caller, name));
}

bool Schedules::advance(Timer& timer, Time after) {
  const auto next =
      timer.expression.next({.after = after, .anchor = timer.anchor, .zone = timer.zone});
  if (!next || (timer.end && *next > *timer.end)) return false;
  timer.scheduled = *next;
  timer.due = *next;
  if (timer.window_minutes > 0) {
    const auto window_ms = static_cast<std::uint64_t>(timer.window_minutes) * 60'000;
    timer.due += Duration{static_cast<std::int64_t>(next_below(core_.entropy(), window_ms))};
  }
  return true;
}

void Schedules::arm(const std::string& key, Timer timer) {
  keep(key, timer);
  due_.emplace(timer.due, key);
  timers_.insert_or_assign(key, std::move(timer));
}

void Schedules::disarm(const std::string& key) {
  const auto it = timers_.find(key);
  if (it == timers_.end()) return;
  due_.erase({it->second.due, key});
  timers_.erase(it);
  core_.erase_document(kTimer, key);
}

void Schedules::keep(const std::string& key, const Timer& timer) {
  core_.put_document(kTimer, key,
                     Json{{"expression", timer.text},
                          {"anchor", epoch_ms(timer.anchor)},
                          {"scheduled", epoch_ms(timer.scheduled)},
                          {"due", epoch_ms(timer.due)}});
}

Result<void> Schedules::restore(const std::string& key, const Json& value) {
  Kept kept{.text = text_at(value, "expression"),
            .anchor = time_of_epoch_ms(integer_at(value, "anchor")),
            .scheduled = time_of_epoch_ms(integer_at(value, "scheduled")),
            .due = time_of_epoch_ms(integer_at(value, "due"))};
  if (kept.text.empty()) return Error{"DocumentCorrupt", "it has no text 'expression'"};
  kept_[key] = std::move(kept);
  return {};
}

void Schedules::recovered() {
  const auto take_up = [&](const std::string& key, Timer timer) {
    const auto kept = kept_.find(key);
    if (kept == kept_.end() || kept->second.text != timer.text) return;
    timer.anchor = kept->second.anchor;
    timer.scheduled = kept->second.scheduled;
    timer.due = kept->second.due;
    due_.emplace(timer.due, key);
    timers_.insert_or_assign(key, std::move(timer));
  };
  for (const bus::Rule* rule : core_.events().scheduled_rules()) {
    const auto expression =
        bus::Schedule::parse(*rule->schedule_expression, bus::Schedule::Of::Rule);
    if (!expression) continue;
    take_up(rule->arn, rule_timer(*expression, *rule));
  }
  for (const auto& [caller, document] : core_.registry().everywhere(kSchedule)) {
    auto timer = timer_of(caller, *document);
    if (!timer) continue;
    const std::string key = schedule_key(caller, timer->name);
    take_up(key, *std::move(timer));
  }
  kept_.clear();
}

std::size_t Schedules::fire_due(std::size_t limit) {
  std::size_t fired = 0;
  for (; fired < limit && !due_.empty() && due_.begin()->first <= core_.now(); ++fired) {
    const std::string key = due_.begin()->second;
    due_.erase(due_.begin());
    const Timer now = timers_.at(key);
    Timer next = now;
    if (advance(next, now.scheduled)) {
      arm(key, std::move(next));
      fire(now);
    } else {
      timers_.erase(key);
      core_.erase_document(kTimer, key);
      fire(now);
      if (!now.is_rule) complete(now);
    }
  }
  return fired;
}

std::optional<Time> Schedules::next_deadline() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first;
}

void Schedules::fire(const Timer& timer) {
  if (timer.is_rule) {
    fire_rule(timer);
  } else {
    fire_schedule(timer);
  }
}

void Schedules::fire_rule(const Timer& timer) {
  const auto rule = core_.events().find_rule(timer.name);
  if (rule == nullptr) return;
  core_.events().fire(*rule, scheduled_event(*rule, timer.scheduled, next_uuid(core_.entropy())));
}

void Schedules::fire_schedule(const Timer& timer) {
  const Json* document = core_.registry().find(timer.caller, kSchedule, timer.name);
  if (document == nullptr) return;
  invoke_scheduled(core_, timer.caller, *document, timer.scheduled);
}

void Schedules::complete(const Timer& timer) {
  const Json* document = core_.registry().find(timer.caller, kSchedule, timer.name);
  if (document == nullptr || text_at(*document, "ActionAfterCompletion") != "DELETE") return;
  core_.registry().erase(timer.caller, kSchedule, timer.name);
}

}  // namespace presso::core
