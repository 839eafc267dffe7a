// Time zones of the IANA database: what the wall clock shows at an instant, and back.
//
//   const auto zone = Zone::find("Europe/Berlin");   // nothing: there is no such zone
//   const LocalTime wall = zone->to_local(now);
//   const auto instant = zone->to_utc(wall);         // nothing: the clock skips that time
//
// The rules are the system's (tzdata), read once by the date library. Of a time that the clock
// shows twice, when it is set back, the first is meant.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace date {
class time_zone;
}

namespace presso {

// What a clock on the wall shows, as if it were UTC.
struct LocalTime {
  Duration since_epoch{0};

  friend auto operator<=>(const LocalTime&, const LocalTime&) = default;
};

class Zone {
 public:
  Zone() = default;  // UTC

  // By its name or one of its aliases: "America/New_York", "UTC".
  [[nodiscard]] static std::optional<Zone> find(const std::string& name);

  [[nodiscard]] LocalTime to_local(Time) const;
  [[nodiscard]] std::optional<Time> to_utc(LocalTime) const;

 private:
  explicit Zone(const date::time_zone* rules) : rules_(rules) {}

  const date::time_zone* rules_ = nullptr;  // null: UTC
};

}  // namespace presso
