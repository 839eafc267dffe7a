// "Step Functions Execution Status Change": what the bus `default` hears of an execution.
// https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
#pragma once

#include <string>

#include "base/time.h"
#include "bus/event.h"
#include "engine/run/execution.h"

namespace presso::core {

struct StatusEventOrigin {
  std::string id;  // UUID
  Time now;
  run::Status status;  // Running: of its start, however far the execution has come since
};

// On the bus `default` of the execution's account and region.
[[nodiscard]] bus::Event status_event(const run::Execution&, StatusEventOrigin);

}  // namespace presso::core
