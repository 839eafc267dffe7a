// What becomes of a world's executions when they have been closed for long: they go, none before
// its time, and nothing of them stays.
#pragma once

#include <string>
#include <vector>

#include "tests/sim/world.h"

namespace presso::sim {

// Once all executions are closed, and after whatever else looks at them: time passes until the last
// is gone, with crashes as before. Faults, in words; empty when all is well.
[[nodiscard]] std::vector<std::string> audit_retention(World&);

}  // namespace presso::sim
