#include "tests/vectors/vector_files.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

namespace presso {

namespace {

Json read_json(const std::filesystem::path& path) {
  std::ifstream stream{path};
  std::stringstream text;
  text << stream.rdbuf();
  auto value = parse_json(text.str());
  REQUIRE_MESSAGE(value.has_value(), path.string() << (value ? "" : value.error().message));
  return *std::move(value);
}

}  // namespace

std::size_t for_each_vector(const std::string& folder,
                            const std::function<void(const Json&, const Json&)>& check) {
  std::vector<std::filesystem::path> paths;
  const auto root = std::filesystem::path{PRESSO_SOURCE_DIR} / "tests" / "vectors";
  for (const auto& entry : std::filesystem::directory_iterator{root / folder}) {
    if (entry.path().extension() == ".json") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::size_t count = 0;
  for (const auto& path : paths) {
    const Json file = read_json(path);
    for (const Json& test : *find_member(file, "cases")) {
      INFO(path.filename().string() << ": " << dump_json(test));
      check(test, file);
      ++count;
    }
  }
  return count;
}

}  // namespace presso
