// Time that moves only when it is told to.
#pragma once

#include "base/time.h"

namespace presso::test {

class VirtualClock {
 public:
  // 2026-01-01T00:00:00Z: a start that reads well as an offset.
  static constexpr Time kStart = time_of_epoch_ms(1'767'225'600'000);

  explicit VirtualClock(Time start = kStart) : now_{start} {}

  [[nodiscard]] Time now() const { return now_; }
  // Never backwards.
  void advance_to(Time);

 private:
  Time now_;
};

}  // namespace presso::test
