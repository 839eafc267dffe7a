// evolve: the only code that changes an Execution. It evaluates nothing: all that an event means is
// in the event, so that a newer presso folds an older history to the same state.
#pragma once

#include "engine/run/event.h"
#include "engine/run/execution.h"

namespace presso::run {

void evolve(Execution&, const Event&);

}  // namespace presso::run
