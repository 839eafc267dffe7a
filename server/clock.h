// The only reader of the system clock, and the one place where virtual time is made:
// now = system time + offset.
//
//   real     the offset moves only when somebody advances the clock
//   frozen   now stands still until somebody advances it
//   auto     real, and whoever runs the clock jumps to the next deadline when nothing else can
//   happen
//
// While the clock is held, during an advance, it stands at the instant it was held at, in any mode.
// Never backwards, and where the system clock is set back, on at the machine's pace. One owner, the
// core thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "base/time.h"

namespace presso::server {

enum class ClockMode { Real, Frozen, Auto };
[[nodiscard]] std::string_view to_string(ClockMode);  // "real"
[[nodiscard]] std::optional<ClockMode> clock_mode_of(std::string_view);

// The system's UTC time, for what leaves the process: signatures.
[[nodiscard]] Time system_now();

// The system's time without its steps back: whatever waits for a time of day would wait for as long
// as the step was. What it is ahead by then it gives up when the system clock is set forward again;
// a process that starts later knows nothing of it.
class SteadySystem {
 public:
  using Steady = std::chrono::steady_clock::time_point;

  explicit SteadySystem(std::function<Time()> system = system_now,
                        std::function<Steady()> steady = std::chrono::steady_clock::now)
      : system_(std::move(system)),
        steady_(std::move(steady)),
        seen_system_(system_()),
        seen_steady_(steady_()) {}

  [[nodiscard]] Time operator()();

 private:
  std::function<Time()> system_;
  std::function<Steady()> steady_;
  Time seen_system_;  // at the last look
  Steady seen_steady_;
  Duration ahead_{0};
};

class Clock {
 public:
  using Source = std::function<Time()>;

  explicit Clock(ClockMode, Source source = SteadySystem{});

  [[nodiscard]] Time now();
  [[nodiscard]] ClockMode mode() const { return mode_; }
  // How far ahead of the system clock: negative while frozen in the past.
  [[nodiscard]] Duration offset();
  // How long to sleep, in real time, until `now()` is at least `time`; nothing: it will not be by
  // itself.
  [[nodiscard]] std::optional<Duration> time_until(Time);

  void set_mode(ClockMode);
  // Moves on to `time`; one that has passed changes nothing.
  void jump_to(Time);

  // Stands still at `now`, or moves to `time` and stands there.
  void hold();
  void hold_at(Time);
  // Goes on as if it had run all the while and been advanced by `advanced` since `hold`.
  void release(Duration advanced);

 private:
  [[nodiscard]] Time running_now() const { return source_() + offset_; }

  ClockMode mode_;
  Source source_;
  Duration offset_{0};
  Time last_;
  bool is_held_ = false;
  Time held_since_;  // what `now` was at `hold`
};

}  // namespace presso::server
