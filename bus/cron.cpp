#include "bus/cron.h"

#include <date/date.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <span>
#include <string>

#include "base/text.h"

namespace presso::bus {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                      "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::array<std::string_view, 7> kWeekdays = {"SUN", "MON", "TUE", "WED",
                                                       "THU", "FRI", "SAT"};
constexpr int kSaturday = 7;

struct Field {
  int low;
  int high;
  std::span<const std::string_view> names;  // the first stands for `low`
};

constexpr Field kMinutes{0, 59, {}};
constexpr Field kHours{0, 23, {}};
constexpr Field kDaysOfMonth{1, 31, {}};
constexpr Field kMonthsOfYear{1, 12, kMonths};
constexpr Field kDaysOfWeek{1, 7, kWeekdays};
constexpr Field kYears{kFirstCronYear, kLastCronYear, {}};

std::optional<int> parse_number(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return text.front() == '-' ? std::nullopt : std::optional{number};
}

std::optional<int> parse_value(const Field& field, std::string_view text) {
  for (std::size_t i = 0; i < field.names.size(); ++i) {
    if (to_lower_ascii(field.names[i]) == to_lower_ascii(text)) {
      return field.low + static_cast<int>(i);
    }
  }
  const auto number = parse_number(text);
  return number && *number >= field.low && *number <= field.high ? number : std::nullopt;
}

struct Range {
  int first;
  int last;
};

// "*", "n" or "n-m"; a single value before a step runs to the field's end.
std::optional<Range> parse_range(const Field& field, std::string_view text, bool has_step) {
  if (text == "*") return Range{field.low, field.high};
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) {
    const auto value = parse_value(field, text);
    if (!value) return std::nullopt;
    return Range{*value, has_step ? field.high : *value};
  }
  const auto first = parse_value(field, text.substr(0, dash));
  const auto last = parse_value(field, text.substr(dash + 1));
  if (!first || !last) return std::nullopt;
  if (*last < *first && field.low == kFirstCronYear) return std::nullopt;
  return Range{*first, *last};
}

// item = range [ "/" step ]
template <std::size_t size>
bool add_plain(const Field& field, std::string_view text, int base, std::bitset<size>& set) {
  const auto slash = text.find('/');
  int step = 1;
  if (slash != std::string_view::npos) {
    const auto given = parse_number(text.substr(slash + 1));
    if (!given || *given < 1 || *given > field.high) return false;
    step = *given;
    text = text.substr(0, slash);
  }
  const auto range = parse_range(field, text, slash != std::string_view::npos);
  if (!range) return false;
  const int span = field.high - field.low + 1;
  const int length = (range->last - range->first + span) % span;
  for (int i = 0; i <= length; i += step) {
    const int value = field.low + (range->first - field.low + i) % span;
    set.set(static_cast<std::size_t>(value - base));
  }
  return true;
}

bool add_day_of_month(std::string_view text, Cron::DaysOfMonth& days) {
  if (text == "L") {
    days.before_last.push_back(0);
    return true;
  }
  if (text == "LW") return days.is_last_weekday = true;
  if (text.starts_with("L-")) {
    const auto before = parse_value(kDaysOfMonth, text.substr(2));
    if (before) days.before_last.push_back(*before);
    return before.has_value();
  }
  if (text.ends_with('W')) {
    const auto day = parse_value(kDaysOfMonth, text.substr(0, text.size() - 1));
    if (day) days.near.push_back(*day);
    return day.has_value();
  }
  return add_plain(kDaysOfMonth, text, 0, days.days);
}

bool add_day_of_week(std::string_view text, Cron::DaysOfWeek& days) {
  if (text == "L") {
    days.days.set(kSaturday);
    return true;
  }
  if (text.ends_with('L')) {
    const auto day = parse_value(kDaysOfWeek, text.substr(0, text.size() - 1));
    if (day) days.last.push_back(*day);
    return day.has_value();
  }
  const auto hash = text.find('#');
  if (hash == std::string_view::npos) return add_plain(kDaysOfWeek, text, 0, days.days);
  const auto day = parse_value(kDaysOfWeek, text.substr(0, hash));
  const auto week = parse_number(text.substr(hash + 1));
  if (!day || !week || *week < 1 || *week > 5) return false;
  days.nth.emplace_back(*day, *week);
  return true;
}

template <class Add>
bool for_each_item(std::string_view text, Add add) {
  const auto items = split(text, ',');
  return std::all_of(items.begin(), items.end(), add);
}

date::year_month_day to_ymd(const CronDate& date) {
  return date::year{date.year} / date::month{static_cast<unsigned>(date.month)} /
         date::day{static_cast<unsigned>(date.day)};
}
// 1 is Sunday.
int weekday_of(const CronDate& date) {
  return static_cast<int>(date::weekday{date::sys_days{to_ymd(date)}}.c_encoding()) + 1;
}
int last_day_of(const CronDate& date) {
  const auto last =
      date::year{date.year} / date::month{static_cast<unsigned>(date.month)} / date::last;
  return static_cast<int>(static_cast<unsigned>(last.day()));
}

// The weekday nearest to `day`, without leaving the month; 0 when the month has no such day.
int nearest_weekday(CronDate date, int day) {
  const int last = last_day_of(date);
  if (day > last) return 0;
  date.day = day;
  const int weekday = weekday_of(date);
  if (weekday == kSaturday) return day == 1 ? 3 : day - 1;
  if (weekday == 1) return day == last ? day - 2 : day + 1;
  return day;
}

bool is_day_of_month(const Cron::DaysOfMonth& days, const CronDate& date) {
  if (days.days.test(static_cast<std::size_t>(date.day))) return true;
  const int last = last_day_of(date);
  if (days.is_last_weekday && nearest_weekday(date, last) == date.day) return true;
  return std::ranges::any_of(days.before_last,
                             [&](int before) { return last - before == date.day; }) ||
         std::ranges::any_of(days.near,
                             [&](int day) { return nearest_weekday(date, day) == date.day; });
}

bool is_day_of_week(const Cron::DaysOfWeek& days, const CronDate& date) {
  const int weekday = weekday_of(date);
  if (days.days.test(static_cast<std::size_t>(weekday))) return true;
  const bool is_last = date.day + 7 > last_day_of(date);
  return std::ranges::any_of(days.last, [&](int day) { return day == weekday && is_last; }) ||
         std::ranges::any_of(days.nth, [&](const auto& nth) {
           return nth.first == weekday && (date.day + 6) / 7 == nth.second;
         });
}

}  // namespace

std::optional<Cron> Cron::parse(std::string_view text) {
  const auto fields = split(text, ' ');
  if (fields.size() != 6) return std::nullopt;
  if ((fields[2] == "?") == (fields[4] == "?")) return std::nullopt;
  Cron cron;
  const auto plain = [&](std::string_view field_text, const Field& field, int base, auto& set) {
    return for_each_item(field_text,
                         [&](std::string_view item) { return add_plain(field, item, base, set); });
  };
  const bool is_valid =
      plain(fields[0], kMinutes, 0, cron.minutes) && plain(fields[1], kHours, 0, cron.hours) &&
      plain(fields[3], kMonthsOfYear, 0, cron.months) &&
      plain(fields[5], kYears, kFirstCronYear, cron.years) &&
      (fields[2] == "?" || for_each_item(fields[2],
                                         [&](std::string_view item) {
                                           return add_day_of_month(item, cron.days_of_month);
                                         })) &&
      (fields[4] == "?" || for_each_item(fields[4], [&](std::string_view item) {
         return add_day_of_week(item, cron.days_of_week);
       }));
  if (!is_valid) return std::nullopt;
  return cron;
}

bool Cron::is_day(const CronDate& date) const {
  return years.test(static_cast<std::size_t>(date.year - kFirstCronYear)) &&
         months.test(static_cast<std::size_t>(date.month)) &&
         (is_day_of_month(days_of_month, date) || is_day_of_week(days_of_week, date));
}

}  // namespace presso::bus
