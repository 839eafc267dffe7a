#include "engine/run/comparison.h"
#include "engine/run/states/states.h"

namespace presso::run {

void begin_choice(Stepper& step, Frame& frame, const asl::ChoiceState& choice) {
  const auto input = effective_input(step, frame);
  if (!input) return;
  const Scope scope{step.execution(), frame, input->value()};
  for (const asl::ChoiceRule& rule : choice.choices) {
    const auto is_match = evaluate(rule.condition, scope);
    if (!is_match) return step.fail(frame, is_match.error());
    if (!*is_match) continue;
    return exit_through_output_path(
        step, frame,
        {.output = *input, .assign = rule.assign, .assign_input = *input, .next = rule.next});
  }
  if (!choice.default_next) {
    return step.fail(frame, Error{"States.NoChoiceMatched",
                                  "Failed to transition out of the state. The state does not point "
                                  "to a next state."});
  }
  exit_through_output_path(step, frame,
                           {.output = *input,
                            .assign = frame.state->assign,
                            .assign_input = *input,
                            .next = choice.default_next});
}

}  // namespace presso::run
