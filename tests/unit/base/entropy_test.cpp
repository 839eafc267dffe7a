#include "base/entropy.h"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

using presso::SeededEntropy;

namespace {

// Hands out what it was given, over and over.
class ListedEntropy final : public presso::Entropy {
 public:
  explicit ListedEntropy(std::vector<std::uint64_t> values) : values_{std::move(values)} {}
  [[nodiscard]] std::uint64_t next() override { return values_[drawn_++ % values_.size()]; }
  [[nodiscard]] std::size_t drawn() const { return drawn_; }

 private:
  std::vector<std::uint64_t> values_;
  std::size_t drawn_ = 0;
};

bool has_uuid_shape(const std::string& uuid) {
  constexpr std::string_view kShape = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
  if (uuid.size() != kShape.size()) return false;
  for (std::size_t i = 0; i < uuid.size(); ++i) {
    const std::string_view allowed = kShape[i] == 'x'   ? "0123456789abcdef"
                                     : kShape[i] == 'y' ? "89ab"
                                                        : kShape.substr(i, 1);
    if (allowed.find(uuid[i]) == std::string_view::npos) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("the same seed gives the same run, another seed another") {
  SeededEntropy one{42};
  SeededEntropy same{42};
  SeededEntropy other{43};
  bool differs = false;
  for (int i = 0; i < 100; ++i) {
    const std::uint64_t drawn = one.next();
    CHECK(drawn == same.next());
    differs = differs || drawn != other.next();
  }
  CHECK(differs);
}

TEST_CASE("the first draws of seed 0 are those of the published generators") {
  SeededEntropy entropy{0};
  CHECK(entropy.next() == 0x99ec5f36cb75f2b4);
  CHECK(entropy.next() == 0xbf6e1f784956452a);
  CHECK(entropy.next() == 0x1a5f849d4933e6e0);
}

TEST_CASE("next_below stays below its bound and reaches every value") {
  SeededEntropy entropy{1};
  for (const std::uint64_t bound : {1, 2, 3, 7}) {
    std::set<std::uint64_t> seen;
    for (int i = 0; i < 200; ++i) seen.insert(presso::next_below(entropy, bound));
    CHECK(seen.size() == bound);
    CHECK(*seen.rbegin() == bound - 1);
  }
  CHECK(presso::next_below(entropy, 1ULL << 63) < 1ULL << 63);
}

TEST_CASE("next_below draws again what would favour small values") {
  // 2^64 mod 3 is 1: of the 2^64 values just 0 is one too many.
  ListedEntropy entropy{{0, 5}};
  CHECK(presso::next_below(entropy, 3) == 2);
  CHECK(entropy.drawn() == 2);
}

TEST_CASE("next_fraction is at least 0 and below 1") {
  ListedEntropy lowest{{0}};
  CHECK(presso::next_fraction(lowest) == 0.0);
  ListedEntropy highest{{~0ULL}};
  CHECK(presso::next_fraction(highest) < 1.0);
  CHECK(presso::next_fraction(highest) > 0.999999);
  SeededEntropy entropy{7};
  double sum = 0;
  for (int i = 0; i < 10'000; ++i) sum += presso::next_fraction(entropy);
  CHECK(sum / 10'000 == doctest::Approx(0.5).epsilon(0.05));
}

TEST_CASE("uuids have the shape of version 4 and do not repeat") {
  SeededEntropy entropy{3};
  std::set<std::string> seen;
  for (int i = 0; i < 10'000; ++i) {
    const std::string uuid = presso::next_uuid(entropy);
    CHECK(has_uuid_shape(uuid));
    seen.insert(uuid);
  }
  CHECK(seen.size() == 10'000);
  ListedEntropy zeros{{0}};
  CHECK(presso::next_uuid(zeros) == "00000000-0000-4000-8000-000000000000");
  ListedEntropy ones{{~0ULL}};
  CHECK(presso::next_uuid(ones) == "ffffffff-ffff-4fff-bfff-ffffffffffff");
}
