// Tasks done inside the process, within a turn: events:putEvents and states:startExecution. They
// answer with what AWS's optimised integrations show.
// https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html
// https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
#pragma once

#include <optional>
#include <variant>

#include "base/shared_json.h"
#include "engine/asl/resource.h"
#include "engine/core/store.h"
#include "engine/run/execution.h"
#include "engine/run/failure.h"

namespace presso::core {

class Core;
struct RunInside;

// Everything else is a call to the outside.
[[nodiscard]] bool runs_inside(const asl::Resource&);

using InsideResult = std::variant<SharedJson, run::Failure>;

// The task's answer. What it starts or sends is on its way within the turn.
[[nodiscard]] InsideResult run_inside(Core&, const run::Execution& asking, const RunInside&);

// The machine and name of a startExecution that gives one.
[[nodiscard]] std::optional<ExecutionName> started_name(const asl::Resource&,
                                                        const SharedJson& parameters);

}  // namespace presso::core
