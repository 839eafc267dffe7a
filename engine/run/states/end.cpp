#include "base/json.h"
#include "engine/run/states/states.h"

namespace presso::run {

namespace {

using MaybeText = std::optional<std::string>;

// The literal, or the text that the path or intrinsic call gives.
Result<MaybeText> text_of(const MaybeText& literal, const std::optional<asl::ValueExpression>& path,
                          std::string_view field, const Scope& scope, const Env& env) {
  if (!path) return literal;
  auto value = path->evaluate(scope, env);
  if (!value) return value.error();
  if (value->is_string()) return MaybeText{value->get<std::string>()};
  return Error{"States.Runtime", "The " + std::string{field} +
                                     "Path parameter does not reference a string value: " +
                                     path->text() + " == " + dump_json(*value)};
}

}  // namespace

void begin_succeed(Stepper& step, Frame& frame, const asl::SucceedState&) {
  const auto input = effective_input(step, frame);
  if (!input) return;
  exit_through_output_path(step, frame,
                           {.output = *input,
                            .assign = frame.state->assign,
                            .assign_input = *input,
                            .next = std::nullopt});
}

// A Fail state ends its branch, whatever is around it decides what that means.
void begin_fail(Stepper& step, Frame& frame, const asl::FailState& fail) {
  const Scope scope{step.execution(), frame, frame.input.value()};
  auto error = text_of(fail.error, fail.error_path, "Error", scope, step.env());
  if (!error) return step.fail(frame, error.error());
  auto cause = text_of(fail.cause, fail.cause_path, "Cause", scope, step.env());
  if (!cause) return step.fail(frame, cause.error());
  step.fail(frame, Failure{.error = std::move(*error), .cause = std::move(*cause)});
}

}  // namespace presso::run
