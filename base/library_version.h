// The libraries that presso is made with, for `presso --version --verbose`: each is asked where it
// is used.
#pragma once

#include <string>

namespace presso {

struct LibraryVersion {
  std::string name;
  std::string compiled;  // what its headers say; empty: they do not
  std::string running;   // what it says itself; empty: it does not
};

[[nodiscard]] LibraryVersion version_of_nlohmann_json();
[[nodiscard]] LibraryVersion version_of_openssl();
[[nodiscard]] LibraryVersion version_of_simdjson();
[[nodiscard]] LibraryVersion version_of_zlib();

}  // namespace presso
