// Time: an instant, UTC, in milliseconds. Duration: a span, in milliseconds. Nothing here reads a
// clock; the shell does, and hands `now` in.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace presso {

using Duration = std::chrono::milliseconds;
using Time = std::chrono::time_point<std::chrono::system_clock, Duration>;

[[nodiscard]] constexpr Time time_of_epoch_ms(std::int64_t epoch_ms) {
  return Time{Duration{epoch_ms}};
}
[[nodiscard]] constexpr std::int64_t epoch_ms(Time time) { return time.time_since_epoch().count(); }
[[nodiscard]] constexpr Duration seconds(std::int64_t count) { return std::chrono::seconds{count}; }

// "2026-11-22T09:43:10.123Z": what the context object and histories show.
[[nodiscard]] std::string to_iso_milliseconds(Time);
// "2026-11-22T09:43:10Z": what an event's `time` shows.
[[nodiscard]] std::string to_iso_seconds(Time);
// Seconds since the epoch with a fraction of milliseconds: times in AWS JSON answers.
[[nodiscard]] double to_epoch_seconds(Time);

// RFC 3339 section 5.6 as the Amazon States Language restricts it: upper-case `T` and `Z`, or a
// numeric offset; a fraction of any length, cut to milliseconds. Nothing for any other text, and
// for days that do not exist.
[[nodiscard]] std::optional<Time> parse_rfc3339(std::string_view text);

}  // namespace presso
