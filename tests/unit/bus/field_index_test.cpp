#include "bus/field_index.h"

#include <doctest/doctest.h>

namespace presso::bus {
namespace {

std::vector<Clause> range(std::int64_t low, std::int64_t high) {
  return {Test{NumericRange{.low = low, .high = high, .is_low_open = false, .is_high_open = true}}};
}

}  // namespace

TEST_CASE("ranges that lie apart stay cheap, however many there are") {
  FieldIndex index;
  for (std::uint32_t i = 0; i < 20'000; ++i) index.add(range(i * 1'000, (i + 1) * 1'000), i);
  CHECK(index.cost(range(20'000'000, 20'001'000)) < 40);
}

TEST_CASE("ranges over each other cost as many as a value would find") {
  FieldIndex index;
  for (std::uint32_t i = 0; i < 1'000; ++i) index.add(range(i, 1'000'000), i);
  CHECK(index.cost(range(0, 1'000'000)) > 900);
}

TEST_CASE("ranges of one point each are told by their number alone") {
  FieldIndex index;
  for (std::uint32_t i = 0; i < 50; ++i) index.add(range(7, 7), i);
  CHECK(index.cost(range(7, 8)) == 70);
}

}  // namespace presso::bus
