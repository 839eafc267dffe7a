// Randomness as a value that is handed in: the same seed gives the same run.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace presso {

class Entropy {
 public:
  virtual ~Entropy() = default;
  [[nodiscard]] virtual std::uint64_t next() = 0;
};

// xoshiro256**, seeded through splitmix64 (Blackman and Vigna). Not for secrets: task tokens and
// ids of a local server need to be unlikely to collide, not hard to guess.
class SeededEntropy final : public Entropy {
 public:
  explicit SeededEntropy(std::uint64_t seed);
  [[nodiscard]] std::uint64_t next() override;

 private:
  std::array<std::uint64_t, 4> state_{};
};

// 0 ≤ result < bound, without bias; bound > 0.
[[nodiscard]] std::uint64_t next_below(Entropy&, std::uint64_t bound);
// 0 ≤ result < 1, 53 bits.
[[nodiscard]] double next_fraction(Entropy&);
// RFC 4122 version 4, lower case: "f81d4fae-7dec-41d0-8765-00a0c91e6bf6".
[[nodiscard]] std::string next_uuid(Entropy&);

}  // namespace presso
