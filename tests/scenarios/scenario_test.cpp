#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "base/text.h"
#include "tests/scenarios/scenario.h"

namespace presso::test {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> scenario_files() {
  std::vector<fs::path> files;
  for (const auto& entry :
       fs::directory_iterator{fs::path{PRESSO_SOURCE_DIR} / "tests/scenarios"}) {
    if (entry.path().extension() == ".scn") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string read_file(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// The first line that differs, with what was expected there.
std::string difference(const std::vector<std::string>& actual,
                       const std::vector<std::string>& expected) {
  const std::size_t least = std::min(actual.size(), expected.size());
  std::size_t at = 0;
  while (at < least && actual[at] == expected[at]) ++at;
  if (at == actual.size() && at == expected.size()) return "";
  const auto line = [&](const std::vector<std::string>& lines) {
    return at < lines.size() ? lines[at] : std::string{"(nothing)"};
  };
  return "\n  expected: " + line(expected) + "\n  came:     " + line(actual);
}

std::string with_expectations(const std::string& text, const std::vector<Scenario>& scenarios,
                              const std::vector<std::vector<std::string>>& played) {
  const auto lines = split(text, '\n');
  std::string result;
  std::size_t at = 0;
  const auto copy_to = [&](std::size_t end) {
    for (; at < end; ++at) result += std::string{lines[at]} + (at + 1 < lines.size() ? "\n" : "");
  };
  for (std::size_t i = 0; i < scenarios.size(); ++i) {
    if (scenarios[i].expected_begin == 0) continue;
    copy_to(scenarios[i].expected_begin);
    for (const std::string& line : played[i]) result += "  " + line + "\n";
    at = scenarios[i].expected_end;
  }
  copy_to(lines.size());
  return result;
}

}  // namespace

TEST_CASE("scenarios come out as they are written") {
  const bool is_update = std::getenv("PRESSO_UPDATE") != nullptr;
  int count = 0;
  for (const fs::path& path : scenario_files()) {
    const std::string text = read_file(path);
    const auto scenarios = parse_scenarios(text);
    REQUIRE_MESSAGE(scenarios.has_value(), path.filename().string()
                                               << ": "
                                               << (scenarios ? "" : scenarios.error().message));
    std::vector<std::vector<std::string>> played;
    for (const Scenario& scenario : *scenarios) {
      ++count;
      const std::string where = path.filename().string() + ": " + scenario.name;
      const auto lines = play(scenario);
      played.push_back(lines ? *lines : std::vector{"! " + lines.error().message});
      for (const std::string& line : played.back()) {
        if (line.starts_with("!")) FAIL_CHECK(where << "\n  " << line);
      }
      const std::string differs = difference(played.back(), scenario.expected);
      if (!is_update && !differs.empty()) FAIL_CHECK(where << differs);
    }
    if (!is_update) continue;
    const std::string updated = with_expectations(text, *scenarios, played);
    if (updated != text) std::ofstream{path, std::ios::binary} << updated;
  }
  CHECK(count > 0);
}

}  // namespace presso::test
