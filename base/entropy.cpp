#include "base/entropy.h"

#include <bit>
#include <cstddef>
#include <string_view>

#include "base/assert.h"

namespace presso {

namespace {

std::uint64_t split_mix(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15;
  std::uint64_t mixed = state;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}

}  // namespace

SeededEntropy::SeededEntropy(std::uint64_t seed) {
  for (std::uint64_t& word : state_) word = split_mix(seed);
}

std::uint64_t SeededEntropy::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

std::uint64_t next_below(Entropy& entropy, std::uint64_t bound) {
  PRESSO_ASSERT(bound > 0);
  // The first 2^64 mod bound values would make the small remainders likelier; they are drawn again.
  const std::uint64_t unfair = (std::uint64_t{0} - bound) % bound;
  for (;;) {
    const std::uint64_t drawn = entropy.next();
    if (drawn >= unfair) return drawn % bound;
  }
}

double next_fraction(Entropy& entropy) {
  return static_cast<double>(entropy.next() >> 11) * 0x1.0p-53;
}

std::string next_uuid(Entropy& entropy) {
  constexpr std::string_view kHex = "0123456789abcdef";
  constexpr std::string_view kShape = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
  std::array<std::uint64_t, 2> bits = {entropy.next(), entropy.next()};
  std::string uuid{kShape};
  std::size_t drawn = 0;
  for (char& character : uuid) {
    if (character != 'x' && character != 'y') continue;
    std::uint64_t& source = bits[drawn++ / 16];
    const std::uint64_t nibble = source & 0xf;
    source >>= 4;
    character = kHex[character == 'y' ? (nibble & 0x3) | 0x8 : nibble];
  }
  return uuid;
}

}  // namespace presso
