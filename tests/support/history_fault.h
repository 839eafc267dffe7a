// What has to be true of every history of a closed execution, whatever ran: ids without gaps, each
// event after one of its own branch or of where the branch began or ended, no state left twice, the
// attempts of tasks in their order, one end for each redrive and one more.
#pragma once

#include <string>
#include <vector>

#include "engine/run/event.h"

namespace presso::test {

// What is wrong, in words; empty when nothing is.
[[nodiscard]] std::string fault_in(const std::vector<run::Event>&);

}  // namespace presso::test
