// As base/library_version.h, for the library of regular expressions.
#pragma once

#include "base/library_version.h"

namespace presso {

[[nodiscard]] LibraryVersion version_of_pcre2();

}  // namespace presso
