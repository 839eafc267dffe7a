#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/scenarios/scenario.h"
#include "tests/support/gen.h"

namespace presso::test {
namespace {

namespace fs = std::filesystem;

std::vector<Scenario> all_scenarios() {
  std::vector<Scenario> all;
  for (const auto& entry :
       fs::directory_iterator{fs::path{PRESSO_SOURCE_DIR} / "tests/scenarios"}) {
    if (entry.path().extension() != ".scn") continue;
    std::ostringstream text;
    text << std::ifstream{entry.path(), std::ios::binary}.rdbuf();
    const auto scenarios = parse_scenarios(text.str());
    REQUIRE(scenarios.has_value());
    all.insert(all.end(), scenarios->begin(), scenarios->end());
  }
  return all;
}

// What may or may not be awaited: most of it comes too late, twice or for nobody.
std::string random_happening(Entropy& entropy, std::uint64_t& time_ms) {
  if (next_below(entropy, 3) == 0) time_ms += next_below(entropy, 60'000);
  const std::string when = "+" + std::to_string(time_ms) + "ms ";
  const std::string task = " #" + std::to_string(1 + next_below(entropy, 40)) + " ";
  const std::string run = " #" + std::to_string(4 + next_below(entropy, 4));
  const std::string child = "child" + run + "[" + std::to_string(next_below(entropy, 4)) + "] ";
  switch (next_below(entropy, 20)) {
    case 0: return when + "restart";
    case 1: return when;
    case 2: return next_below(entropy, 10) == 0 ? when + "stop Random" : when;
    case 3: return when + "call" + task + "fails Oops because";
    case 4: return when + "task" + task + "fails States.Timeout";
    case 5: return when + "task" + task + "heartbeat";
    case 6: return when + "task" + task + "taken worker";
    case 7:
    case 8: return when + "task" + task + "succeeds " + dump_json(random_json(entropy));
    case 9: return when + "redrive";
    case 10: return when + child + "fails Oops because";
    case 11: return when + child + (next_below(entropy, 2) == 0 ? "times-out" : "aborts");
    case 12: return when + child + "succeeds " + dump_json(random_json(entropy));
    case 13: return when + "limits" + run + " " + std::to_string(next_below(entropy, 3)) + " 1 -";
    default: return when + "call" + task + "succeeds {\"again\":true,\"Attributes\":{}}";
  }
}

}  // namespace

TEST_CASE("whatever happens, what was stored folds to the live execution") {
  const std::uint64_t seed = seed_or(30);
  CAPTURE(seed);
  SeededEntropy entropy{seed};
  for (const Scenario& scenario : all_scenarios()) {
    CAPTURE(scenario.name);
    for (int round = 0; round < 3; ++round) {
      Scenario random = scenario;
      random.happenings.clear();
      std::uint64_t time_ms = 0;
      for (int i = 0; i < 60; ++i) {
        random.happenings.push_back(random_happening(entropy, time_ms));
      }
      const auto lines = play(random);
      REQUIRE(lines.has_value());
      for (const std::string& line : *lines) REQUIRE_FALSE(line.starts_with("!"));
    }
  }
}

}  // namespace presso::test
