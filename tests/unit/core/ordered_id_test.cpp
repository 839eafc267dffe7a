#include "engine/core/ordered_id.h"

#include <doctest/doctest.h>

#include <set>

using namespace presso;
using namespace presso::core;

TEST_CASE("ordered UUIDs are of version 4, in the order of their milliseconds, and unlike") {
  SeededEntropy entropy{1};
  const Time time = time_of_epoch_ms(0x0199'c82c'c000);
  const std::string id = ordered_uuid(time, entropy);
  CHECK(id.substr(0, 15) == "0199c82c-c000-4");
  CHECK(id.size() == 36);
  CHECK(std::string{"89ab"}.find(id[19]) != std::string::npos);
  CHECK(id < ordered_uuid(time + Duration{1}, entropy));
  CHECK(ordered_uuid(time + Duration{0x4000}, entropy).substr(0, 13) == "0199c82d-0000");
  std::set<std::string> ids;
  for (int i = 0; i < 10'000; ++i) ids.insert(ordered_uuid(time, entropy));
  CHECK(ids.size() == 10'000);
}
