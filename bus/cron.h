// Cron expressions of six fields: minutes, hours, day of month, month, day of week, year.
//
//   const auto cron = Cron::parse("0 18 ? * MON-FRI *");   // nothing: not valid
//   cron->is_day({2026, 11, 23})                          // a Monday; times: bus/schedule.h
//
// cron  = minutes hours day-of-month month day-of-week year
// field = item ( "," item )*
// item  = "*" | "?" | range [ "/" step ] | "L" | "L-" n | n "W" | "LW" | n "L" | n "#" n
// One of the two day fields is "?", the other is not. Days of the week are 1-7 from Sunday. A range
// whose end lies before its start runs through the end of the field, but for years.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
#pragma once

#include <bitset>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace presso::bus {

inline constexpr int kFirstCronYear = 1970;
inline constexpr int kLastCronYear = 2199;

struct CronDate {
  int year = kFirstCronYear;
  int month = 1;
  int day = 1;
};

struct Cron {
  std::bitset<60> minutes;
  std::bitset<24> hours;
  std::bitset<13> months;
  std::bitset<kLastCronYear - kFirstCronYear + 1> years;

  // Of the two, the one whose field is "?" is empty.
  struct DaysOfMonth {
    std::bitset<32> days;
    std::vector<int> before_last;  // L-n; 0 for L
    std::vector<int> near;         // nW: the weekday nearest to the n-th, in its month
    bool is_last_weekday = false;  // LW
  } days_of_month;
  struct DaysOfWeek {
    std::bitset<8> days;
    std::vector<int> last;                 // nL: the last such day of the month
    std::vector<std::pair<int, int>> nth;  // n#m: the m-th such day of the month
  } days_of_week;

  [[nodiscard]] static std::optional<Cron> parse(std::string_view text);
  // Year, month and day fields; `date` is a date that exists.
  [[nodiscard]] bool is_day(const CronDate& date) const;
};

}  // namespace presso::bus
