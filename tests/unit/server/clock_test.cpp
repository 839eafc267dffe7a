#include "server/clock.h"

#include <doctest/doctest.h>

namespace presso::server {
namespace {

constexpr Time kStart = time_of_epoch_ms(1'767'225'600'000);

// The system's time, as a test sets it.
struct System {
  Time now = kStart;
  [[nodiscard]] Clock clock(ClockMode mode) {
    return Clock{mode, [this] { return now; }};
  }
};

TEST_CASE("a real clock follows the system, never backwards") {
  System system;
  Clock clock = system.clock(ClockMode::Real);
  CHECK(clock.now() == kStart);
  system.now += seconds(5);
  CHECK(clock.now() == kStart + seconds(5));
  system.now -= seconds(60);
  CHECK(clock.now() == kStart + seconds(5));
  system.now += seconds(61);
  CHECK(clock.now() == kStart + seconds(6));
}

TEST_CASE("a system clock that is set back does not hold the time up") {
  Time system = kStart;
  SteadySystem::Steady steady{};
  const auto pass = [&](Duration time) {
    system += time;
    steady += time;
  };
  Clock clock{ClockMode::Real, SteadySystem{[&] { return system; }, [&] { return steady; }}};
  pass(seconds(5));
  CHECK(clock.now() == kStart + seconds(5));
  system -= seconds(3'600);
  CHECK(clock.now() == kStart + seconds(5));
  CHECK(clock.time_until(kStart + seconds(6)) == seconds(1));
  pass(seconds(2));
  CHECK(clock.now() == kStart + seconds(7));
  // Half of the way forward again, then all of it, and then beyond.
  system += seconds(1'800);
  CHECK(clock.now() == kStart + seconds(7));
  system += seconds(1'800);
  CHECK(clock.now() == kStart + seconds(7));
  pass(seconds(1));
  CHECK(clock.now() == kStart + seconds(8));
  system += seconds(3'600);
  CHECK(clock.now() == kStart + seconds(3'608));
  CHECK(clock.offset() == Duration{0});
}

TEST_CASE("a system clock that is corrected a little is followed") {
  Time system = kStart;
  SteadySystem::Steady steady{};
  SteadySystem source{[&] { return system; }, [&] { return steady; }};
  for (int i = 0; i < 100; ++i) {
    steady += seconds(1);
    system += seconds(1) + Duration{i % 2 == 0 ? 400 : -400};
    CHECK(source() == system);
  }
}

TEST_CASE("a real clock that was advanced goes on from there") {
  System system;
  Clock clock = system.clock(ClockMode::Real);
  clock.hold();
  system.now += seconds(1);
  CHECK(clock.now() == kStart);
  clock.hold_at(kStart + seconds(300));
  CHECK(clock.now() == kStart + seconds(300));
  CHECK_FALSE(clock.time_until(kStart + seconds(301)));
  clock.release(seconds(900));
  CHECK(clock.now() == kStart + seconds(901));
  CHECK(clock.offset() == seconds(900));
  system.now += seconds(1);
  CHECK(clock.now() == kStart + seconds(902));
}

TEST_CASE("a frozen clock moves only when advanced") {
  System system;
  Clock clock = system.clock(ClockMode::Frozen);
  system.now += seconds(100);
  CHECK(clock.now() == kStart);
  CHECK(clock.offset() == seconds(-100));
  CHECK_FALSE(clock.time_until(kStart + seconds(1)));
  CHECK(clock.time_until(kStart) == Duration{0});
  clock.hold();
  clock.hold_at(kStart + seconds(3));
  clock.release(seconds(10));
  CHECK(clock.now() == kStart + seconds(10));
}

TEST_CASE("a clock that thaws goes on from where it stood, and one that freezes stays there") {
  System system;
  Clock clock = system.clock(ClockMode::Frozen);
  system.now += seconds(100);
  clock.set_mode(ClockMode::Real);
  CHECK(clock.now() == kStart);
  system.now += seconds(7);
  CHECK(clock.now() == kStart + seconds(7));
  CHECK(clock.offset() == seconds(-100));
  clock.set_mode(ClockMode::Frozen);
  system.now += seconds(7);
  CHECK(clock.now() == kStart + seconds(7));
}

TEST_CASE("a jump moves on and keeps running; a jump back is none") {
  System system;
  Clock clock = system.clock(ClockMode::Auto);
  CHECK(clock.time_until(kStart + seconds(60)) == seconds(60));
  clock.jump_to(kStart + seconds(60));
  CHECK(clock.now() == kStart + seconds(60));
  system.now += seconds(1);
  CHECK(clock.now() == kStart + seconds(61));
  clock.jump_to(kStart);
  CHECK(clock.now() == kStart + seconds(61));
  CHECK(clock.offset() == seconds(60));
}

TEST_CASE("modes have names") {
  for (const ClockMode mode : {ClockMode::Real, ClockMode::Frozen, ClockMode::Auto}) {
    CHECK(clock_mode_of(to_string(mode)) == mode);
  }
  CHECK_FALSE(clock_mode_of("REAL"));
  CHECK_FALSE(clock_mode_of(""));
}

}  // namespace
}  // namespace presso::server
