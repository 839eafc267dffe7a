// `presso --version --verbose`: what this binary is made of.
#pragma once

#include <string>

#include "base/library_version.h"

namespace presso::server {

// Lines for people; a library a line: its name, the version of its headers, the one that runs.
[[nodiscard]] std::string versions_text();

// In the files that use them.
[[nodiscard]] LibraryVersion version_of_expat();
[[nodiscard]] LibraryVersion version_of_fmt();
[[nodiscard]] LibraryVersion version_of_spdlog();
[[nodiscard]] LibraryVersion version_of_sqlite();

}  // namespace presso::server
