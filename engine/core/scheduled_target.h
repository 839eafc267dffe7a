// What a schedule of EventBridge Scheduler invokes when it is due.
#pragma once

#include "base/json_fwd.h"
#include "base/time.h"
#include "engine/core/caller.h"

namespace presso::core {

class Core;

// `schedule` is its document. State machines and event buses are served within the turn, all other
// targets by a delivery.
void invoke_scheduled(Core&, const Caller&, const Json& schedule, Time scheduled);

}  // namespace presso::core
