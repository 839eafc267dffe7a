#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "engine/run/event_codec.h"
#include "tests/support/gen.h"

namespace presso::run {
namespace {

bool are_equal(const std::vector<Event>& left, const std::vector<Event>& right) {
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (!test::is_equal(left[i], right[i])) return false;
  }
  return true;
}

// One of the ways in which bytes go wrong: cut, changed, doubled, made up.
std::string spoil(std::string pack, Entropy& entropy) {
  const auto position = [&] { return next_below(entropy, pack.size() + 1); };
  switch (next_below(entropy, 4)) {
    case 0: pack.resize(position()); break;
    case 1:
      for (auto left = 1 + next_below(entropy, 4); left > 0 && !pack.empty(); --left) {
        pack[next_below(entropy, pack.size())] = static_cast<char>(entropy.next());
      }
      break;
    case 2: pack.insert(position(), pack.substr(position())); break;
    default: {
      std::string noise(1, '\1');
      for (auto left = next_below(entropy, 64); left > 0; --left) {
        noise +=
            static_cast<char>(next_below(entropy, 3) == 0 ? entropy.next() : entropy.next() % 8);
      }
      return noise;
    }
  }
  return pack;
}

}  // namespace

TEST_CASE("decode gives back every event that encode took") {
  const std::uint64_t seed = test::seed_or(20);
  CAPTURE(seed);
  SeededEntropy entropy{seed};
  for (int round = 0; round < 500; ++round) {
    const auto events = test::random_events(entropy, next_below(entropy, 40));
    const auto decoded = decode(encode(events));
    REQUIRE(decoded.has_value());
    REQUIRE(are_equal(*decoded, events));
  }
}

TEST_CASE("the same events give the same bytes, whichever handles hold their values") {
  const std::uint64_t seed = test::seed_or(21);
  CAPTURE(seed);
  SeededEntropy entropy{seed};
  for (int round = 0; round < 100; ++round) {
    const auto events = test::random_events(entropy, 20);
    const std::string pack = encode(events);
    REQUIRE(encode(*decode(pack)) == pack);
  }
}

TEST_CASE("decode survives any bytes, and what it takes for events can be stored again") {
  const std::uint64_t seed = test::seed_or(22);
  CAPTURE(seed);
  SeededEntropy entropy{seed};
  int accepted = 0;
  for (int round = 0; round < 20'000; ++round) {
    const auto events = test::random_events(entropy, 1 + next_below(entropy, 4));
    const auto decoded = decode(spoil(encode(events), entropy));
    if (!decoded) {
      REQUIRE(decoded.error().code == "CorruptHistory");
      continue;
    }
    ++accepted;
    const auto again = decode(encode(*decoded));
    REQUIRE(again.has_value());
    REQUIRE(are_equal(*again, *decoded));
  }
  CHECK(accepted > 0);
}

}  // namespace presso::run
