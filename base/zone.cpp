#include "base/zone.h"

#include <date/tz.h>

#include <stdexcept>

namespace presso {

// The library has no form of the look-up that does not throw.
std::optional<Zone> Zone::find(const std::string& name) {
  if (name == "UTC") return Zone{};
  try {
    return Zone{date::locate_zone(name)};
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

LocalTime Zone::to_local(Time time) const {
  if (rules_ == nullptr) return {time.time_since_epoch()};
  return {rules_->to_local(time).time_since_epoch()};
}

std::optional<Time> Zone::to_utc(LocalTime local) const {
  if (rules_ == nullptr) return Time{local.since_epoch};
  const date::local_time<Duration> wall{local.since_epoch};
  const date::local_info info = rules_->get_info(wall);
  if (info.result == date::local_info::nonexistent) return std::nullopt;
  return Time{local.since_epoch - std::chrono::duration_cast<Duration>(info.first.offset)};
}

}  // namespace presso
