#include "engine/core/ordered_id.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace presso::core {

std::string ordered_uuid(Time now, Entropy& entropy) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  constexpr std::size_t kOrdered = 12;  // digits
  std::string uuid = next_uuid(entropy);
  auto left = static_cast<std::uint64_t>(epoch_ms(now));
  std::size_t at = kOrdered + 1;  // one dash is among them
  while (at-- > 0) {
    if (uuid[at] == '-') continue;
    uuid[at] = kDigits[left & 0xf];
    left >>= 4;
  }
  return uuid;
}

}  // namespace presso::core
