// The vectors of a folder of tests/vectors.
#pragma once

#include <functional>
#include <string>

#include "base/json.h"

namespace presso {

// Calls `check(case, file)` with each member of "cases" of each JSON file in the folder, in the
// order of the files' names; gives their number.
std::size_t for_each_vector(const std::string& folder,
                            const std::function<void(const Json& test, const Json& file)>& check);

}  // namespace presso
