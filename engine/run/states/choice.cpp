#include "engine/run/comparison.h"
#include "engine/run/dataflow.h"
#include "engine/run/states/states.h"

namespace presso::run {

namespace {

Computed<bool> holds(const asl::Condition& condition, const Scope& scope, const Env& env) {
  if (condition.kind == asl::Condition::Kind::Query) return boolean(*condition.query, scope, env);
  return evaluate(condition, scope);
}

void leave_by(Stepper& step, Frame& frame, const asl::ChoiceRule& rule, const SharedJson& input) {
  if (uses_jsonata(frame)) {
    return exit_through_output(step, frame,
                               {.assign = rule.assign, .output = rule.output, .next = rule.next});
  }
  exit_through_output_path(
      step, frame,
      {.output = input, .assign = rule.assign, .assign_input = input, .next = rule.next});
}

void leave_by_default(Stepper& step, Frame& frame, const std::string& next,
                      const SharedJson& input) {
  const asl::State& state = *frame.state;
  if (uses_jsonata(frame)) {
    return exit_through_output(step, frame,
                               {.assign = state.assign, .output = state.output, .next = next});
  }
  exit_through_output_path(
      step, frame, {.output = input, .assign = state.assign, .assign_input = input, .next = next});
}

}  // namespace

void begin_choice(Stepper& step, Frame& frame, const asl::ChoiceState& choice) {
  const auto input = effective_input(step, frame);
  if (!input) return;
  const Scope scope{step.execution(), frame, input->value()};
  for (const asl::ChoiceRule& rule : choice.choices) {
    const auto is_match = holds(rule.condition, scope, step.env());
    if (!is_match) return step.fail(frame, is_match.error());
    if (*is_match) return leave_by(step, frame, rule, *input);
  }
  if (!choice.default_next) {
    return step.fail(frame, Error{"States.NoChoiceMatched",
                                  "Failed to transition out of the state. The state does not point "
                                  "to a next state."});
  }
  leave_by_default(step, frame, *choice.default_next, *input);
}

}  // namespace presso::run
