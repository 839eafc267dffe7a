#include "base/json.h"
#include "engine/run/dataflow.h"
#include "engine/run/states/states.h"

namespace presso::run {

namespace {

using MaybeText = std::optional<std::string>;

// A text in one of the forms in which a Fail state may give it.
struct TextField {
  std::string_view name;
  const MaybeText& literal;
  const std::optional<asl::ValueExpression>& path;
  const std::optional<asl::Query>& query;
};

Computed<MaybeText> text_of(const TextField& field, const Scope& scope, const Env& env) {
  if (field.query) {
    auto value = text(*field.query, scope, env);
    if (!value) return value.error();
    return MaybeText{std::move(*value)};
  }
  if (!field.path) return field.literal;
  auto value = field.path->evaluate(scope, env);
  if (!value) return value.error();
  if (value->is_string()) return MaybeText{value->get<std::string>()};
  return Error{"States.Runtime", "The " + std::string{field.name} +
                                     "Path parameter does not reference a string value: " +
                                     field.path->text() + " == " + dump_json(*value)};
}

}  // namespace

void begin_succeed(Stepper& step, Frame& frame, const asl::SucceedState&) {
  if (uses_jsonata(frame)) return exit_through_output(step, frame);
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
  auto error = text_of({"Error", fail.error, fail.error_path, fail.error_query}, scope, step.env());
  if (!error) return step.fail(frame, error.error());
  auto cause = text_of({"Cause", fail.cause, fail.cause_path, fail.cause_query}, scope, step.env());
  if (!cause) return step.fail(frame, cause.error());
  step.fail(frame, Failure{.error = std::move(*error), .cause = std::move(*cause)});
}

}  // namespace presso::run
