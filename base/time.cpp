#include "base/time.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace presso {

namespace {

namespace chrono = std::chrono;

void append_digits(std::string& text, std::int64_t number, std::size_t width) {
  const std::string digits = std::to_string(number);
  if (digits.size() < width) text.append(width - digits.size(), '0');
  text += digits;
}

std::string to_iso(Time time, bool with_milliseconds) {
  const auto day = chrono::floor<chrono::days>(time);
  const chrono::year_month_day date{day};
  const chrono::hh_mm_ss clock{time - day};
  std::string text;
  append_digits(text, static_cast<int>(date.year()), 4);
  append_digits(text += '-', static_cast<unsigned>(date.month()), 2);
  append_digits(text += '-', static_cast<unsigned>(date.day()), 2);
  append_digits(text += 'T', clock.hours().count(), 2);
  append_digits(text += ':', clock.minutes().count(), 2);
  append_digits(text += ':', clock.seconds().count(), 2);
  if (with_milliseconds) append_digits(text += '.', clock.subseconds().count(), 3);
  return text += 'Z';
}

bool is_digit(char character) { return character >= '0' && character <= '9'; }

// What is left of a text that is read from the front.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_{text} {}

  bool skip(char expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // Exactly `digits` digits.
  std::optional<int> number(std::size_t digits) {
    if (rest_.size() < digits) return std::nullopt;
    int value = 0;
    for (const char digit : rest_.substr(0, digits)) {
      if (!is_digit(digit)) return std::nullopt;
      value = value * 10 + (digit - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }
  std::string_view digits() {
    std::size_t size = 0;
    while (size < rest_.size() && is_digit(rest_[size])) ++size;
    const std::string_view found = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return found;
  }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

// full-date = 4DIGIT "-" 2DIGIT "-" 2DIGIT
std::optional<chrono::sys_days> parse_date(Cursor& cursor) {
  const auto year = cursor.number(4);
  if (!year || !cursor.skip('-')) return std::nullopt;
  const auto month = cursor.number(2);
  if (!month || !cursor.skip('-')) return std::nullopt;
  const auto day = cursor.number(2);
  if (!day) return std::nullopt;
  const chrono::year_month_day date{chrono::year{*year},
                                    chrono::month{static_cast<unsigned>(*month)},
                                    chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return chrono::sys_days{date};
}

// 2DIGIT ":" 2DIGIT, below 24:00
std::optional<chrono::minutes> parse_hours_minutes(Cursor& cursor) {
  const auto hour = cursor.number(2);
  if (!hour || *hour > 23 || !cursor.skip(':')) return std::nullopt;
  const auto minute = cursor.number(2);
  if (!minute || *minute > 59) return std::nullopt;
  return chrono::hours{*hour} + chrono::minutes{*minute};
}

// partial-time = 2DIGIT ":" 2DIGIT ":" 2DIGIT ["." 1*DIGIT]
// A second 60 is refused: which minutes have one is known only from tables that change.
std::optional<Duration> parse_clock(Cursor& cursor) {
  const auto minutes = parse_hours_minutes(cursor);
  if (!minutes || !cursor.skip(':')) return std::nullopt;
  const auto second = cursor.number(2);
  if (!second || *second > 59) return std::nullopt;
  int milliseconds = 0;
  if (cursor.skip('.')) {
    const std::string_view fraction = cursor.digits();
    if (fraction.empty()) return std::nullopt;
    for (std::size_t i = 0; i < 3; ++i) {
      milliseconds = milliseconds * 10 + (i < fraction.size() ? fraction[i] - '0' : 0);
    }
  }
  return *minutes + chrono::seconds{*second} + Duration{milliseconds};
}

// time-offset = "Z" / ("+" / "-") 2DIGIT ":" 2DIGIT
std::optional<Duration> parse_offset(Cursor& cursor) {
  if (cursor.skip('Z')) return Duration{0};
  const bool is_west = cursor.skip('-');
  if (!is_west && !cursor.skip('+')) return std::nullopt;
  const auto offset = parse_hours_minutes(cursor);
  if (!offset) return std::nullopt;
  return is_west ? -*offset : *offset;
}

}  // namespace

std::string to_iso_milliseconds(Time time) { return to_iso(time, true); }

std::string to_iso_seconds(Time time) { return to_iso(time, false); }

double to_epoch_seconds(Time time) { return static_cast<double>(epoch_ms(time)) / 1000.0; }

std::optional<Time> parse_rfc3339(std::string_view text) {
  Cursor cursor{text};
  const auto date = parse_date(cursor);
  if (!date || !cursor.skip('T')) return std::nullopt;
  const auto clock = parse_clock(cursor);
  if (!clock) return std::nullopt;
  const auto offset = parse_offset(cursor);
  if (!offset || !cursor.at_end()) return std::nullopt;
  return Time{*date} + *clock - *offset;
}

}  // namespace presso
