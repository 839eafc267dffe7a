#include "lang/jsonata/calendar.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace presso::jsonata {

namespace {

constexpr double kDay = 86'400'000;
constexpr double kMaxMillis = 8.64e15;

double not_a_number() { return std::numeric_limits<double>::quiet_NaN(); }

// Days from the epoch to the first of a month (Howard Hinnant's days_from_civil).
double days_to_month(double year, double month) {
  year += std::floor(month / 12);
  month = std::fmod(std::fmod(month, 12) + 12, 12);
  const auto y = static_cast<std::int64_t>(year) - (month < 2 ? 1 : 0);
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const std::int64_t of_era = y - era * 400;
  const auto m = static_cast<std::int64_t>(month) + 1;
  const std::int64_t of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5;
  const std::int64_t days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
  return static_cast<double>(era * 146'097 + days - 719'468);
}

double clipped(double millis) {
  return std::abs(millis) <= kMaxMillis ? std::trunc(millis) : not_a_number();
}

struct Month {
  double year;
  double month;

  [[nodiscard]] Month next() const {
    return month == 11 ? Month{year + 1, 0} : Month{year, month + 1};
  }
  [[nodiscard]] Month previous() const {
    return month == 0 ? Month{year - 1, 11} : Month{year, month - 1};
  }
};

// From one (Monday) to seven.
double day_of_week(double millis) {
  const double days = std::floor(millis / kDay);
  const double from_sunday = std::fmod(std::fmod(days + 4, 7) + 7, 7);
  return from_sunday == 0 ? 7 : from_sunday;
}

// The Monday of the first week with at least four days in the month.
double first_week(Month month) {
  const double first = date_utc({.year = month.year, .month = month.month});
  const double day = day_of_week(first);
  return day > 4 ? first + (8 - day) * kDay : first - (day - 1) * kDay;
}

double weeks_between(double start, double end) { return (end - start) / (kDay * 7) + 1; }

// The week of `today` counted from the first week of a period, or of the one before or after it.
double week_of(double today, const Month (&around)[3], double most) {
  double week = weeks_between(first_week(around[1]), today);
  if (week > most) {
    if (today >= first_week(around[2])) week = 1;
  } else if (week < 1) {
    week = weeks_between(first_week(around[0]), today);
  }
  return std::floor(week);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads the parts of a timestamp one after the other.
struct Reader {
  std::string_view text;
  std::size_t at = 0;

  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at + ahead < text.size() ? text[at + ahead] : '\0';
  }
  // `count` digits, the first at most `first_at_most`, after `mark`.
  bool part(char mark, int count, char first_at_most, double& value) {
    std::size_t from = at + (mark == '\0' ? 0 : 1);
    if (mark != '\0' && peek() != mark) return false;
    if (from + static_cast<std::size_t>(count) > text.size()) return false;
    if (text[from] > first_at_most) return false;
    double read = 0;
    for (int i = 0; i < count; ++i, ++from) {
      if (!is_digit(text[from])) return false;
      read = read * 10 + (text[from] - '0');
    }
    value = read;
    at = from;
    return true;
  }
};

struct Timestamp {
  double year = 0;
  double month = 1;
  double day = 1;
  bool has_time = false;
  double hour = 0;
  double minute = 0;
  double second = 0;
  bool has_fraction = false;
  double millisecond = 0;
  double offset_minutes = 0;
  double offset_hours = 0;
  bool has_offset = false;
};

// \d{4}(-[01]\d)?(-[0-3]\d)?(T[0-2]\d:[0-5]\d:[0-5]\d)?(\.\d+)?([+-][0-2]\d:?[0-5]\d|Z)?
bool read_timestamp(std::string_view text, Timestamp& time) {
  Reader reader{text};
  if (!reader.part('\0', 4, '9', time.year)) return false;
  // "-0330" after a year is an offset, as is what does not fit a month.
  const auto is_offset = [&] { return reader.at + 5 == text.size() && is_digit(reader.peek(3)); };
  if (!is_offset() && reader.part('-', 2, '1', time.month)) {
    if (!is_offset()) reader.part('-', 2, '3', time.day);
  } else if (!is_offset()) {
    reader.part('-', 2, '3', time.day);
  }
  if (reader.peek() == 'T') {
    const bool is_whole = reader.part('T', 2, '2', time.hour) &&
                          reader.part(':', 2, '5', time.minute) &&
                          reader.part(':', 2, '5', time.second);
    if (!is_whole) return false;
    time.has_time = true;
  }
  if (reader.peek() == '.') {
    ++reader.at;
    double weight = 100;
    const std::size_t start = reader.at;
    for (; is_digit(reader.peek()); ++reader.at, weight = std::floor(weight / 10)) {
      time.millisecond += (reader.peek() - '0') * weight;
    }
    if (reader.at == start) return false;
    time.has_fraction = true;
  }
  if (reader.peek() == 'Z') {
    ++reader.at;
  } else if (reader.peek() == '+' || reader.peek() == '-') {
    const double sign = reader.peek() == '+' ? 1 : -1;
    if (!reader.part(reader.peek(), 2, '2', time.offset_hours)) return false;
    if (!reader.part(reader.peek() == ':' ? ':' : '\0', 2, '5', time.offset_minutes)) return false;
    time.has_offset = true;
    const double hours = time.offset_hours;
    time.offset_minutes = sign * (hours * 60 + time.offset_minutes);
  }
  return reader.at == text.size();
}

}  // namespace

double date_utc(const CivilTime& time) {
  const double sum =
      time.year + time.month + time.day + time.hour + time.minute + time.second + time.millisecond;
  if (!std::isfinite(sum)) return not_a_number();
  double year = std::trunc(time.year);
  constexpr double kMaxYear = 300'000;
  constexpr double kMaxMonth = 12 * kMaxYear;
  if (std::abs(year) > kMaxYear || std::abs(time.month) > kMaxMonth) return not_a_number();
  if (year >= 0 && year <= 99) year += 1'900;
  const double days = days_to_month(year, std::trunc(time.month)) + std::trunc(time.day) - 1;
  const double within = std::trunc(time.hour) * 3'600'000 + std::trunc(time.minute) * 60'000 +
                        std::trunc(time.second) * 1'000 + std::trunc(time.millisecond);
  return clipped(days * kDay + within);
}

CivilTime civil_time(double millis) {
  const double days = std::floor(millis / kDay);
  double within = millis - days * kDay;
  // Howard Hinnant's civil_from_days.
  const auto shifted = static_cast<std::int64_t>(days) + 719'468;
  const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146'096) / 146'097;
  const std::int64_t of_era = shifted - era * 146'097;
  const std::int64_t years = (of_era - of_era / 1'460 + of_era / 36'524 - of_era / 146'096) / 365;
  const std::int64_t of_year = of_era - (365 * years + years / 4 - years / 100);
  const std::int64_t shifted_month = (5 * of_year + 2) / 153;
  const std::int64_t month = shifted_month < 10 ? shifted_month + 2 : shifted_month - 10;
  CivilTime time;
  time.day = static_cast<double>(of_year - (153 * shifted_month + 2) / 5 + 1);
  time.month = static_cast<double>(month);
  time.year = static_cast<double>(years + era * 400 + (month < 2 ? 1 : 0));
  time.hour = std::floor(within / 3'600'000);
  within -= time.hour * 3'600'000;
  time.minute = std::floor(within / 60'000);
  within -= time.minute * 60'000;
  time.second = std::floor(within / 1'000);
  time.millisecond = within - time.second * 1'000;
  return time;
}

TimeFragments::TimeFragments(double millis) : millis_(clipped(millis)) {
  if (!std::isnan(millis_)) civil_ = civil_time(millis_);
}

double time_fragment(double millis, char component) { return TimeFragments{millis}[component]; }

double TimeFragments::operator[](char component) const {
  if (std::isnan(millis_)) return millis_;
  const CivilTime& time = civil_;
  const auto today = [&] {
    return date_utc({.year = time.year, .month = time.month, .day = time.day});
  };
  const Month year{time.year, 0};
  const Month month{time.year, time.month};
  switch (component) {
    case 'Y': return time.year;
    case 'M': return time.month + 1;
    case 'D': return time.day;
    case 'd': return (today() - date_utc({.year = time.year})) / kDay + 1;
    case 'F': return day_of_week(millis_);
    case 'W': return week_of(today(), {{time.year - 1, 0}, year, {time.year + 1, 0}}, 52);
    case 'w': return week_of(today(), {month.previous(), month, month.next()}, 4);
    case 'X':
      if (millis_ < first_week(year)) return time.year - 1;
      return millis_ >= first_week({time.year + 1, 0}) ? time.year + 1 : time.year;
    case 'x':
      if (millis_ < first_week(month)) return month.previous().month + 1;
      return millis_ >= first_week(month.next()) ? month.next().month + 1 : time.month + 1;
    case 'H': return time.hour;
    case 'h': return std::fmod(time.hour, 12) == 0 ? 12 : std::fmod(time.hour, 12);
    case 'm': return time.minute;
    case 's': return time.second;
    case 'f': return time.millisecond;
    default: return not_a_number();
  }
}

bool is_iso_timestamp(std::string_view text) {
  Timestamp time;
  return read_timestamp(text, time);
}

double parse_iso_timestamp(std::string_view text) {
  Timestamp time;
  if (!read_timestamp(text, time)) return not_a_number();
  // A day beyond its month's last rolls over; anything else out of range is no date.
  const bool is_date = time.month >= 1 && time.month <= 12 && time.day >= 1 && time.day <= 31;
  const bool is_midnight =
      time.hour == 24 && time.minute == 0 && time.second == 0 && time.millisecond == 0;
  const bool is_time = time.hour < 24 || is_midnight;
  const bool is_offset = time.offset_hours < 24 && (!time.has_offset || time.has_time);
  const bool is_fraction = !time.has_fraction || time.has_time;
  if (!is_date || !is_time || !is_offset || !is_fraction) return not_a_number();
  const double days = days_to_month(time.year, time.month - 1) + time.day - 1;
  const double within = time.hour * 3'600'000 + (time.minute - time.offset_minutes) * 60'000 +
                        time.second * 1'000 + time.millisecond;
  return clipped(days * kDay + within);
}

}  // namespace presso::jsonata
