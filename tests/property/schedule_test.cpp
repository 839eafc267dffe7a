// Cron in time zones against the obvious calculation: every quarter of an hour of twenty years, is
// this one meant? Time passes as it does for a person with a clock on the wall, who takes down
// when the clock shows a time that is meant, and does not take down the same time twice.
#include "bus/schedule.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <iostream>
#include <set>
#include <string>
#include <vector>

#include "base/entropy.h"

namespace presso::bus {
namespace {

constexpr Duration kQuarter = seconds(15 * 60);

struct Meant {
  std::set<int> quarters;  // of an hour, 0 to 3
  std::set<int> hours;
  std::set<int> weekdays;    // 1 is Sunday; empty: every day
  std::set<int> month_days;  // empty: every day

  [[nodiscard]] std::string text() const {
    const auto list = [](const std::set<int>& values, int factor) {
      std::string joined;
      for (const int value : values) {
        joined += (joined.empty() ? "" : ",") + std::to_string(value * factor);
      }
      return joined;
    };
    const bool by_weekday = !weekdays.empty();
    return "cron(" + list(quarters, 15) + " " + list(hours, 1) + " " +
           (by_weekday           ? "?"
            : month_days.empty() ? "*"
                                 : list(month_days, 1)) +
           " * " + (by_weekday ? list(weekdays, 1) : "?") + " *)";
  }
};

// Howard Hinnant's civil_from_days, so that nothing of what is tested is used.
struct Civil {
  int day = 0;
  int weekday = 0;  // 1 is Sunday
};
Civil civil_of(std::int64_t days) {
  const std::int64_t z = days + 719'468;
  const std::int64_t era = z / 146'097;
  const std::int64_t doe = z - era * 146'097;
  const std::int64_t yoe = (doe - doe / 1'460 + doe / 36'524 - doe / 146'096) / 365;
  const std::int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const std::int64_t mp = (5 * doy + 2) / 153;
  return {.day = static_cast<int>(doy - (153 * mp + 2) / 5 + 1),
          .weekday = static_cast<int>((days + 4) % 7) + 1};
}

bool is_meant(const Meant& meant, LocalTime local) {
  const std::int64_t quarters = local.since_epoch / kQuarter;
  const Civil civil = civil_of(quarters / 96);
  if (!meant.quarters.contains(static_cast<int>(quarters % 4))) return false;
  if (!meant.hours.contains(static_cast<int>(quarters / 4 % 24))) return false;
  if (!meant.weekdays.empty()) return meant.weekdays.contains(civil.weekday);
  return meant.month_days.empty() || meant.month_days.contains(civil.day);
}

std::set<int> some_of(Entropy& entropy, int low, int high, std::uint64_t count) {
  std::set<int> values;
  const auto span = static_cast<std::uint64_t>(high - low + 1);
  while (values.size() < count) values.insert(low + static_cast<int>(next_below(entropy, span)));
  return values;
}

Meant random_meant(Entropy& entropy) {
  Meant meant{.quarters = some_of(entropy, 0, 3, 1 + next_below(entropy, 3)),
              .hours = some_of(entropy, 0, 3, 1 + next_below(entropy, 4)),
              .weekdays = {},
              .month_days = {}};
  switch (next_below(entropy, 3)) {
    case 0: meant.weekdays = some_of(entropy, 1, 7, 1 + next_below(entropy, 4)); break;
    case 1: meant.month_days = some_of(entropy, 1, 31, 1 + next_below(entropy, 9)); break;
    default: break;
  }
  return meant;
}

std::uint64_t seed() {
  const char* given = std::getenv("PRESSO_SEED");
  const std::uint64_t value = given == nullptr ? 20'260 : std::strtoull(given, nullptr, 10);
  std::cout << "schedule_test: PRESSO_SEED=" << value << "\n";
  return value;
}

}  // namespace

TEST_CASE("cron in a zone fires when a clock on the wall shows the time, through every change") {
  SeededEntropy entropy{seed()};
  const Time begin = time_of_epoch_ms(1'577'836'800'000);  // 2020-01-01
  const Time end = begin + seconds(20LL * 365 * 86'400);
  for (const char* name : {"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
                           "America/Sao_Paulo", "Asia/Kathmandu"}) {
    const auto zone = Zone::find(name);
    REQUIRE(zone.has_value());
    const Meant meant = random_meant(entropy);
    const auto schedule = Schedule::parse(meant.text(), Schedule::Of::Scheduler);
    INFO(name << " " << meant.text());
    REQUIRE(schedule.has_value());
    LocalTime latest{Duration::min()};
    std::optional<Time> next = schedule->next({.after = begin, .anchor = begin, .zone = *zone});
    std::size_t fired = 0;
    for (Time now = begin + kQuarter; now < end; now += kQuarter) {
      const LocalTime local = zone->to_local(now);
      const bool is_new = local > latest;
      if (is_new) latest = local;
      if (!is_new || !is_meant(meant, local)) continue;
      REQUIRE(next.has_value());
      REQUIRE(to_iso_seconds(*next) == to_iso_seconds(now));
      next = schedule->next({.after = now, .anchor = begin, .zone = *zone});
      ++fired;
    }
    CHECK(fired > 100);
  }
}

}  // namespace presso::bus
