// rate = "rate(" value " " unit ")"        the unit is singular for 1 and plural for all others
// cron = "cron(" minutes hours day-of-month month day-of-week year ")"
// field = item ( "," item )*
// item  = "*" | "?" | range [ "/" step ] | "L" | "L-" n | n "W" | "LW" | n "L" | n "#" n
// One of the two day fields is "?", the other is not.
#include "bus/schedule.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>
#include <string>

#include "base/text.h"

namespace presso::bus {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                      "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::array<std::string_view, 7> kWeekdays = {"SUN", "MON", "TUE", "WED",
                                                       "THU", "FRI", "SAT"};

enum class Kind { Plain, DayOfMonth, DayOfWeek };

struct Field {
  int low;
  int high;
  std::span<const std::string_view> names;  // the first stands for `low`
  Kind kind;
};

constexpr std::array<Field, 6> kFields = {{{0, 59, {}, Kind::Plain},
                                           {0, 23, {}, Kind::Plain},
                                           {1, 31, {}, Kind::DayOfMonth},
                                           {1, 12, kMonths, Kind::Plain},
                                           {1, 7, kWeekdays, Kind::DayOfWeek},
                                           {1970, 2199, {}, Kind::Plain}}};

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

bool is_range(const Field& field, std::string_view text) {
  if (text == "*") return true;
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return parse_value(field, text).has_value();
  return parse_value(field, text.substr(0, dash)) && parse_value(field, text.substr(dash + 1));
}

bool is_day_of_month(const Field& field, std::string_view text) {
  if (text == "L" || text == "LW") return true;
  if (text.starts_with("L-")) return parse_value(field, text.substr(2)).has_value();
  return text.ends_with('W') && parse_value(field, text.substr(0, text.size() - 1));
}

bool is_day_of_week(const Field& field, std::string_view text) {
  if (text == "L") return true;
  if (text.ends_with('L')) return parse_value(field, text.substr(0, text.size() - 1)).has_value();
  const auto hash = text.find('#');
  if (hash == std::string_view::npos) return false;
  const auto week = parse_number(text.substr(hash + 1));
  return parse_value(field, text.substr(0, hash)) && week && *week >= 1 && *week <= 5;
}

bool is_item(const Field& field, std::string_view text) {
  if (field.kind == Kind::DayOfMonth && is_day_of_month(field, text)) return true;
  if (field.kind == Kind::DayOfWeek && is_day_of_week(field, text)) return true;
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return is_range(field, text);
  const auto step = parse_number(text.substr(slash + 1));
  return is_range(field, text.substr(0, slash)) && step && *step > 0;
}

bool is_field(const Field& field, std::string_view text) {
  if (text == "?") return field.kind != Kind::Plain;
  const auto items = split(text, ',');
  return std::all_of(items.begin(), items.end(),
                     [&](std::string_view item) { return is_item(field, item); });
}

bool is_cron(std::string_view text) {
  const auto fields = split(text, ' ');
  if (fields.size() != kFields.size()) return false;
  for (std::size_t i = 0; i < kFields.size(); ++i) {
    if (!is_field(kFields[i], fields[i])) return false;
  }
  return (fields[2] == "?") != (fields[4] == "?");
}

bool is_rate(std::string_view text) {
  const auto space = text.find(' ');
  if (space == std::string_view::npos) return false;
  const auto value = parse_number(text.substr(0, space));
  if (!value || *value < 1) return false;
  std::string unit{text.substr(space + 1)};
  if (*value > 1) {
    if (!unit.ends_with('s')) return false;
    unit.pop_back();
  }
  return unit == "minute" || unit == "hour" || unit == "day";
}

}  // namespace

bool is_schedule_expression(std::string_view text) {
  if (!text.ends_with(')')) return false;
  const std::string_view inner = text.substr(0, text.size() - 1);
  if (inner.starts_with("rate(")) return is_rate(inner.substr(5));
  if (inner.starts_with("cron(")) return is_cron(inner.substr(5));
  return false;
}

}  // namespace presso::bus
