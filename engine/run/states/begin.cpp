#include "engine/run/dataflow.h"
#include "engine/run/states/states.h"

namespace presso::run {

void begin(Stepper& step, Frame& frame) {
  std::visit(
      [&](const auto& detail) {
        using Type = std::decay_t<decltype(detail)>;
        if constexpr (std::is_same_v<Type, asl::PassState>) begin_pass(step, frame, detail);
        if constexpr (std::is_same_v<Type, asl::TaskState>) begin_task(step, frame, detail);
        if constexpr (std::is_same_v<Type, asl::ChoiceState>) begin_choice(step, frame, detail);
        if constexpr (std::is_same_v<Type, asl::WaitState>) begin_wait(step, frame, detail);
        if constexpr (std::is_same_v<Type, asl::SucceedState>) {
          begin_succeed(step, frame, detail);
        }
        if constexpr (std::is_same_v<Type, asl::FailState>) begin_fail(step, frame, detail);
        if constexpr (std::is_same_v<Type, asl::ParallelState>) {
          begin_parallel(step, frame, detail);
        }
        if constexpr (std::is_same_v<Type, asl::MapState>) begin_map(step, frame, detail);
      },
      frame.state->detail);
}

std::optional<SharedJson> effective_input(Stepper& step, Frame& frame) {
  const Scope scope{step.execution(), frame, frame.input.value()};
  auto selected = select(frame.state->input_path, frame.input, scope);
  if (selected) return std::move(*selected);
  step.fail(frame, selected.error());
  return std::nullopt;
}

void exit_through_output_path(Stepper& step, Frame& frame, const Exit& exit) {
  Scope scope{step.execution(), frame, exit.assign_input.value()};
  auto assignments = assign(exit.assign, scope, step.env());
  if (!assignments) return step.fail(frame, assignments.error());
  scope.set_input(exit.output.value());
  const auto output = select(frame.state->output_path, exit.output, scope);
  if (!output) return step.fail(frame, output.error());
  step.exit(frame, *output, std::move(*assignments), exit.next);
}

void exit_through_output(Stepper& step, Frame& frame, const QueryExit& exit) {
  Scope scope{step.execution(), frame, frame.input.value()};
  if (exit.result != nullptr) scope.set_result(*exit.result);
  auto assignments = assign(exit.assign, scope, step.env());
  if (!assignments) return step.fail(frame, assignments.error());
  const SharedJson& otherwise = exit.result != nullptr ? *exit.result : frame.input;
  const auto output = fill(exit.output, otherwise, scope, step.env());
  if (!output) return step.fail(frame, output.error());
  step.exit(frame, *output, std::move(*assignments), exit.next);
}

void exit_through_output(Stepper& step, Frame& frame, const SharedJson* result) {
  exit_through_output(step, frame,
                      {.assign = frame.state->assign,
                       .output = frame.state->output,
                       .next = frame.state->next,
                       .result = result});
}

void exit_with_result(Stepper& step, Frame& frame, const ResultFields& fields,
                      const SharedJson& result) {
  if (uses_jsonata(frame)) return exit_through_output(step, frame, &result);
  const Scope scope{step.execution(), frame, result.value()};
  const auto selected = fill(fields.result_selector, result, scope, step.env());
  if (!selected) return step.fail(frame, selected.error());
  const auto placed = place(fields.result_path, frame.input, *selected);
  if (!placed) return step.fail(frame, placed.error());
  exit_through_output_path(step, frame,
                           {.output = *placed,
                            .assign = frame.state->assign,
                            .assign_input = result,
                            .next = frame.state->next});
}

}  // namespace presso::run
