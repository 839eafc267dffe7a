// Definitions that the service is known to accept or to refuse, kept outside the repository:
// PRESSO_ASL_DEFINITIONS names their folder (index.json, valid/, invalid/).
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/json.h"
#include "engine/asl/parse.h"
#include "tests/unit/asl/asl_test.h"

namespace presso::asl {
namespace {

namespace fs = std::filesystem;

fs::path folder() {
  const char* chosen = std::getenv("PRESSO_ASL_DEFINITIONS");
  if (chosen != nullptr) return chosen;
  return fs::path{PRESSO_SOURCE_DIR} / ".." / "shared" / "asl-definitions";
}

std::string read(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST_CASE("collected definitions are accepted and refused as the service does") {
  const auto index_text = read(folder() / "index.json");
  if (index_text.empty()) {
    MESSAGE("skipped: no collected definitions in " << folder().string());
    return;
  }
  const auto index = parse_json(index_text);
  REQUIRE(index.has_value());
  int accepted = 0;
  for (const auto& entry : *index) {
    const auto& file = *as_string(find_member(entry, "file"));
    CAPTURE(file);
    const auto faults = diagnose(read(folder() / file));
    if (!find_member(entry, "valid")->get<bool>()) {
      CHECK_FALSE(faults.empty());
      continue;
    }
    CHECK_MESSAGE(faults.empty(), joined(faults));
    ++accepted;
  }
  CHECK(accepted > 0);
}

}  // namespace
}  // namespace presso::asl
