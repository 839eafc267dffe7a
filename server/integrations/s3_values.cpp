#include "server/integrations/s3_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "base/json.h"
#include "base/text.h"
#include "base/time.h"

namespace presso::server {

namespace {

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

std::string iso_text(Time time) {
  return epoch_ms(time) % 1000 == 0 ? to_iso_seconds(time) : to_iso_milliseconds(time);
}

std::string two_digits(unsigned number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

std::string joined(const Json& list) {
  std::string text;
  for (const Json& item : list) {
    const auto part = s3_text(S3Kind::Text, item);
    if (part) text += (text.empty() ? "" : ",") + *part;
  }
  return text;
}

}  // namespace

// IMF-fixdate: "Wed, 21 Oct 2015 07:28:00 GMT".
std::optional<std::string> iso_of_http_date(std::string_view text) {
  const auto parts = split(text, ' ');
  if (parts.size() != 6 || parts[1].size() != 2 || parts[5] != "GMT") return std::nullopt;
  const auto month = std::find(kMonths.begin(), kMonths.end(), parts[2]);
  if (month == kMonths.end()) return std::nullopt;
  std::string iso{parts[3]};
  iso += "-" + two_digits(static_cast<unsigned>(month - kMonths.begin()) + 1) + "-";
  iso.append(parts[1]).append("T").append(parts[4]).append("Z");
  const auto time = parse_rfc3339(iso);
  if (!time) return std::nullopt;
  return iso_text(*time);
}

std::optional<std::string> http_date_of_iso(std::string_view text) {
  const auto time = parse_rfc3339(text);
  if (!time) return std::nullopt;
  const auto day = std::chrono::floor<std::chrono::days>(*time);
  const std::chrono::year_month_day date{day};
  const std::string iso = to_iso_seconds(*time);
  return std::string{kDays[std::chrono::weekday{day}.c_encoding()]} + ", " +
         two_digits(static_cast<unsigned>(date.day())) + " " +
         std::string{kMonths[static_cast<unsigned>(date.month()) - 1]} + " " + iso.substr(0, 4) +
         " " + iso.substr(11, 8) + " GMT";
}

Json s3_value(S3Kind kind, std::string_view text) {
  switch (kind) {
    case S3Kind::Integer: {
      std::int64_t number = 0;
      const char* end = text.data() + text.size();
      const auto [stopped, error] = std::from_chars(text.data(), end, number);
      if (error == std::errc{} && stopped == end) return number;
      break;
    }
    case S3Kind::Boolean:
      if (text == "true" || text == "false") return text == "true";
      break;
    case S3Kind::HttpDate:
      if (auto iso = iso_of_http_date(text)) return *std::move(iso);
      break;
    case S3Kind::IsoDate:
      if (const auto time = parse_rfc3339(text)) return iso_text(*time);
      break;
    case S3Kind::Text:
    case S3Kind::List: break;
  }
  return std::string{text};
}

std::optional<std::string> s3_text(S3Kind kind, const Json& value) {
  if (value.is_array()) {
    if (kind != S3Kind::List) return std::nullopt;
    return joined(value);
  }
  if (value.is_null() || value.is_object()) return std::nullopt;
  const auto* text = as_string(&value);
  if (text == nullptr) return dump_json(value);
  if (kind == S3Kind::HttpDate) return http_date_of_iso(*text);
  return *text;
}

}  // namespace presso::server
