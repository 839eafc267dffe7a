#include "engine/run/dataflow.h"
#include "engine/run/states/states.h"

namespace presso::run {

void begin_parallel(Stepper& step, Frame& frame, const asl::ParallelState& parallel) {
  const auto input = effective_input(step, frame);
  if (!input) return;
  const Scope scope{step.execution(), frame, input->value()};
  const auto branch_input = fill(parallel.parameters, *input, scope, step.env());
  if (!branch_input) return step.fail(frame, branch_input.error());
  BranchesStarted started;
  started.type = asl::StateType::Parallel;
  started.length = parallel.branches.size();
  started.inputs = {*branch_input};
  step.emit(frame, std::move(started));
  step.start_children(frame);
}

void finish_parallel(Stepper& step, Frame& frame, const asl::ParallelState& parallel,
                     const SharedJson& results) {
  exit_with_result(
      step, frame,
      {.result_selector = parallel.result_selector, .result_path = parallel.result_path}, results);
}

}  // namespace presso::run
