// Instants as JavaScript's Date has them: milliseconds since the epoch as a double, NaN when there
// is no such instant. All in UTC.
#pragma once

#include <string_view>

namespace presso::jsonata {

struct CivilTime {
  double year = 0;
  double month = 0;  // from zero
  double day = 1;
  double hour = 0;
  double minute = 0;
  double second = 0;
  double millisecond = 0;
};

// Date.UTC: parts beyond their range carry over; years 0 to 99 are those of the twentieth century.
[[nodiscard]] double date_utc(const CivilTime& time);
[[nodiscard]] CivilTime civil_time(double millis);

// The part of an instant that a component of a picture names (YMDdFWwXxHhmsf); NaN for others.
[[nodiscard]] double time_fragment(double millis, char component);

// The same for several parts of one instant.
class TimeFragments {
 public:
  explicit TimeFragments(double millis);
  [[nodiscard]] double operator[](char component) const;

 private:
  double millis_;  // NaN: no instant
  CivilTime civil_;
};

// Date.parse of the forms of ISO 8601 that $toMillis lets through.
[[nodiscard]] bool is_iso_timestamp(std::string_view text);
[[nodiscard]] double parse_iso_timestamp(std::string_view text);

}  // namespace presso::jsonata
