// rate = "rate(" value " " unit ")"        the unit is singular for 1 and plural for all others
// at   = "at(" yyyy "-" mm "-" dd "T" hh ":" mm ":" ss ")"
#include "bus/schedule.h"

#include <date/date.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

namespace presso::bus {
namespace {

constexpr std::int64_t kMaxRate = 1'000'000'000;

struct Unit {
  std::string_view name;
  Duration length;
};
constexpr Unit kUnits[] = {
    {"minute", seconds(60)}, {"hour", seconds(3'600)}, {"day", seconds(86'400)}};

std::optional<Duration> parse_rate(std::string_view text, Schedule::Of of) {
  const auto space = text.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + space, value);
  if (error != std::errc{} || end != text.data() + space) return std::nullopt;
  if (value < 1 || value > kMaxRate) return std::nullopt;
  std::string_view unit = text.substr(space + 1);
  const bool is_plural = unit.ends_with('s');
  if (of == Schedule::Of::Rule && is_plural != (value > 1)) return std::nullopt;
  if (is_plural) unit.remove_suffix(1);
  for (const Unit& known : kUnits) {
    if (known.name == unit) return known.length * value;
  }
  return std::nullopt;
}

// As RFC 3339 without a zone.
std::optional<LocalTime> parse_at(std::string_view text) {
  constexpr std::size_t kLength = 19;
  if (text.size() != kLength) return std::nullopt;
  const auto time = parse_rfc3339(std::string{text} + "Z");
  if (!time) return std::nullopt;
  return LocalTime{time->time_since_epoch()};
}

Time next_of_rate(Duration every, const Schedule::From& from) {
  if (from.after < from.anchor) return from.anchor;
  const auto passed = (from.after - from.anchor) / every;
  return from.anchor + every * (passed + 1);
}

std::optional<Time> next_of_day(const Cron& cron, date::local_days day, const Schedule::From& from,
                                LocalTime earliest) {
  for (std::size_t hour = 0; hour < cron.hours.size(); ++hour) {
    if (!cron.hours.test(hour)) continue;
    const Duration begin = day.time_since_epoch() + std::chrono::hours{hour};
    if (begin + seconds(3'600) <= earliest.since_epoch) continue;
    for (std::size_t minute = 0; minute < cron.minutes.size(); ++minute) {
      if (!cron.minutes.test(minute)) continue;
      const LocalTime local{begin + std::chrono::minutes{minute}};
      if (local <= earliest) continue;
      const auto time = from.zone.to_utc(local);
      if (time && *time > from.after) return time;
    }
  }
  return std::nullopt;
}

// Day by day, skipping whole months and years that are not in question. A time that the clock shows
// twice stands for the first, so nothing that is later than `after` shows less than it.
std::optional<Time> next_of_cron(const Cron& cron, const Schedule::From& from) {
  const LocalTime earliest = from.zone.to_local(from.after);
  auto day = std::max(date::floor<date::days>(date::local_time<Duration>{earliest.since_epoch}),
                      date::local_days{date::year{kFirstCronYear} / 1 / 1});
  for (;;) {
    const date::year_month_day ymd{day};
    const int year = static_cast<int>(ymd.year());
    if (year > kLastCronYear) return std::nullopt;
    const auto month = static_cast<unsigned>(ymd.month());
    if (!cron.years.test(static_cast<std::size_t>(year - kFirstCronYear))) {
      day = date::local_days{(ymd.year() + date::years{1}) / 1 / 1};
      continue;
    }
    if (!cron.months.test(month)) {
      day = date::local_days{ymd.year() / ymd.month() / 1 + date::months{1}};
      continue;
    }
    if (cron.is_day(
            {year, static_cast<int>(month), static_cast<int>(static_cast<unsigned>(ymd.day()))})) {
      if (const auto time = next_of_day(cron, day, from, earliest)) return time;
    }
    day += date::days{1};
  }
}

template <class Inner>
bool is_call(std::string_view& text, Inner name) {
  if (!text.starts_with(name) || !text.ends_with(')')) return false;
  text.remove_prefix(std::string_view{name}.size());
  text.remove_suffix(1);
  return true;
}

}  // namespace

std::optional<Schedule> Schedule::parse(std::string_view text, Of of) {
  if (is_call(text, "rate(")) {
    const auto every = parse_rate(text, of);
    return every ? std::optional{Schedule{*every}} : std::nullopt;
  }
  if (is_call(text, "cron(")) {
    auto cron = Cron::parse(text);
    return cron ? std::optional{Schedule{std::move(*cron)}} : std::nullopt;
  }
  if (of == Of::Scheduler && is_call(text, "at(")) {
    const auto at = parse_at(text);
    return at ? std::optional{Schedule{*at}} : std::nullopt;
  }
  return std::nullopt;
}

std::optional<Time> Schedule::next(const From& from) const {
  if (const auto* every = std::get_if<Duration>(&what_)) return next_of_rate(*every, from);
  if (const auto* cron = std::get_if<Cron>(&what_)) return next_of_cron(*cron, from);
  const auto at = from.zone.to_utc(std::get<LocalTime>(what_));
  return at && *at > from.after ? at : std::nullopt;
}

bool is_schedule_expression(std::string_view text) {
  return Schedule::parse(text, Schedule::Of::Rule).has_value();
}

}  // namespace presso::bus
