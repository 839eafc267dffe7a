// ScopeNames: what the slots of a frame are called, for $eval, which meets names only when it runs,
// and for tuples that are merged.
#pragma once

#include <string>
#include <vector>

namespace presso::jsonata {

struct ScopeNames {
  std::vector<std::string> names;  // by slot
};

}  // namespace presso::jsonata
