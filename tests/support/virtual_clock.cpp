#include "tests/support/virtual_clock.h"

#include "base/assert.h"

namespace presso::test {

void VirtualClock::advance_to(Time time) {
  PRESSO_ASSERT(time >= now_);
  now_ = time;
}

}  // namespace presso::test
