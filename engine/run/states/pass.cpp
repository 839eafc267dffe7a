#include "engine/run/dataflow.h"
#include "engine/run/states/states.h"

namespace presso::run {

void begin_pass(Stepper& step, Frame& frame, const asl::PassState& pass) {
  if (uses_jsonata(frame)) return exit_through_output(step, frame);
  const auto input = effective_input(step, frame);
  if (!input) return;
  const Scope scope{step.execution(), frame, input->value()};
  const auto result = pass.result ? Result<SharedJson>{*pass.result}
                                  : fill(pass.parameters, *input, scope, step.env());
  if (!result) return step.fail(frame, result.error());
  const auto placed = place(pass.result_path, frame.input, *result);
  if (!placed) return step.fail(frame, placed.error());
  exit_through_output_path(step, frame,
                           {.output = *placed,
                            .assign = frame.state->assign,
                            .assign_input = *result,
                            .next = frame.state->next});
}

}  // namespace presso::run
