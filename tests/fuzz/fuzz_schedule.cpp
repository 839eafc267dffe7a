// A schedule expression. Parses, and follows it: times only grow, and the search for them ends.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "bus/schedule.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace presso;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  for (const auto of : {bus::Schedule::Of::Rule, bus::Schedule::Of::Scheduler}) {
    const auto schedule = bus::Schedule::parse(text, of);
    if (!schedule) continue;
    Time last = time_of_epoch_ms(1'767'225'600'000);
    for (int i = 0; i < 3; ++i) {
      const auto next = schedule->next({.after = last, .anchor = last});
      if (!next) break;
      PRESSO_ASSERT(*next > last);
      last = *next;
    }
  }
  return 0;
}
