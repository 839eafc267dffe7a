#include "server/clock.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "base/assert.h"

namespace presso::server {
namespace {

constexpr std::array<std::pair<ClockMode, std::string_view>, 3> kModes = {
    {{ClockMode::Real, "real"}, {ClockMode::Frozen, "frozen"}, {ClockMode::Auto, "auto"}}};

// Two clocks that are read one after the other differ by what happened in between.
constexpr Duration kShortestStep = seconds(1);

}  // namespace

std::string_view to_string(ClockMode mode) {
  for (const auto& [each, name] : kModes) {
    if (each == mode) return name;
  }
  return {};
}

std::optional<ClockMode> clock_mode_of(std::string_view text) {
  for (const auto& [mode, name] : kModes) {
    if (name == text) return mode;
  }
  return std::nullopt;
}

Time system_now() {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

Time SteadySystem::operator()() {
  const Time system = system_();
  const Steady steady = steady_();
  const Duration passed = std::chrono::duration_cast<Duration>(steady - seen_steady_);
  const Duration step = system - seen_system_ - passed;
  if (step <= -kShortestStep) ahead_ -= step;
  if (step >= kShortestStep) ahead_ -= std::min(ahead_, step);
  seen_system_ = system;
  seen_steady_ = steady;
  return system + ahead_;
}

Clock::Clock(ClockMode mode, Source source)
    : mode_(mode), source_(std::move(source)), last_(source_()), held_since_(last_) {}

Time Clock::now() {
  if (mode_ != ClockMode::Frozen && !is_held_) last_ = std::max(last_, running_now());
  return last_;
}

Duration Clock::offset() {
  const Time at = now();
  return mode_ == ClockMode::Frozen || is_held_ ? at - source_() : offset_;
}

std::optional<Duration> Clock::time_until(Time time) {
  if (now() >= time) return Duration{0};
  if (mode_ == ClockMode::Frozen || is_held_) return std::nullopt;
  return time - running_now();
}

// A clock that thaws goes on from where it stood.
void Clock::set_mode(ClockMode mode) {
  const Time at = now();
  mode_ = mode;
  if (!is_held_) offset_ = at - source_();
}

void Clock::jump_to(Time time) {
  if (time <= now()) return;
  last_ = time;
  offset_ = time - source_();
}

void Clock::hold() {
  held_since_ = now();
  is_held_ = true;
}

void Clock::hold_at(Time time) {
  PRESSO_ASSERT(is_held_);
  last_ = std::max(last_, time);
}

void Clock::release(Duration advanced) {
  PRESSO_ASSERT(is_held_);
  is_held_ = false;
  if (mode_ == ClockMode::Frozen) {
    last_ = std::max(last_, held_since_ + advanced);
  } else {
    offset_ += advanced;
    last_ = std::max(last_, running_now());
  }
}

}  // namespace presso::server
