#include "server/versions.h"

#include <gnu/libc-version.h>

#include <CLI/Version.hpp>
#include <algorithm>
#include <boost/version.hpp>
#include <fstream>
#include <string_view>
#include <vector>

#include "lang/library_version.h"
#include "server/config.h"

// Of the program alone, which may be linked without.
extern "C" [[gnu::weak]] int mi_version(void);

namespace presso::server {
namespace {

LibraryVersion version_of_boost() {
  constexpr int kThousand = 1'000;
  constexpr int kHundred = 100;
  return {"Boost",
          std::to_string(BOOST_VERSION / (kHundred * kThousand)) + "." +
              std::to_string(BOOST_VERSION / kHundred % kThousand) + "." +
              std::to_string(BOOST_VERSION % kHundred),
          ""};
}

LibraryVersion version_of_mimalloc() {
  if (mi_version == nullptr) return {"mimalloc", "not used", ""};
  const int version = mi_version();
  const std::string text = std::to_string(version / 100) + "." + std::to_string(version / 10 % 10) +
                           "." + std::to_string(version % 10);
  return {"mimalloc", PRESSO_MIMALLOC_VERSION, text};
}

// The rules of time zones are the system's.
LibraryVersion version_of_tzdata() {
  constexpr std::string_view kBegin = "# version ";
  std::ifstream file{"/usr/share/zoneinfo/tzdata.zi"};
  std::string line;
  std::getline(file, line);
  return {"tzdata", "", line.starts_with(kBegin) ? line.substr(kBegin.size()) : "unknown"};
}

LibraryVersion version_of_c_library() {
  return {"glibc", std::to_string(__GLIBC__) + "." + std::to_string(__GLIBC_MINOR__),
          gnu_get_libc_version()};
}

std::string line_of(const LibraryVersion& library) {
  constexpr std::size_t kName = 16;
  constexpr std::size_t kVersion = 12;
  const auto padded = [](std::string text, std::size_t width) {
    text.resize(std::max(width, text.size() + 1), ' ');
    return text;
  };
  std::string line = "  " + padded(library.name, kName);
  if (library.running.empty()) return line + library.compiled + "\n";
  return line + padded(library.compiled.empty() ? "-" : library.compiled, kVersion) + "running " +
         library.running + "\n";
}

}  // namespace

std::string versions_text() {
  std::string text = "presso " + std::string{kVersion} + "\n";
  text += "built as " PRESSO_BUILD_TYPE " by " PRESSO_COMPILER ", C++" +
          std::to_string(__cplusplus / 100 % 100) + ", options:" PRESSO_BUILD_OPTIONS "\n";
  text += "libraries: as compiled, and as they run where they tell\n";
  const std::vector<LibraryVersion> libraries = {version_of_boost(),
                                                 {"CLI11", CLI11_VERSION, ""},
                                                 {"date", PRESSO_DATE_VERSION, ""},
                                                 version_of_expat(),
                                                 version_of_fmt(),
                                                 version_of_c_library(),
                                                 version_of_mimalloc(),
                                                 version_of_nlohmann_json(),
                                                 version_of_openssl(),
                                                 version_of_pcre2(),
                                                 version_of_simdjson(),
                                                 version_of_spdlog(),
                                                 version_of_sqlite(),
                                                 version_of_tzdata(),
                                                 {"yaml-cpp", PRESSO_YAML_VERSION, ""},
                                                 version_of_zlib()};
  for (const LibraryVersion& library : libraries) text += line_of(library);
  return text;
}

}  // namespace presso::server
