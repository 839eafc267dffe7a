// The seam between states and query languages: what a state's work is given, and what becomes of
// its result. In JSONPath: InputPath → Parameters → work → ResultSelector → ResultPath →
// OutputPath. In JSONata: Arguments → work → Output.
// https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html
//
// Error: `code` is a States.… name, `message` the cause without its "An error occurred while
// executing the state" prefix.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "base/shared_json.h"
#include "engine/asl/definition.h"
#include "engine/run/event.h"
#include "engine/run/fault.h"
#include "engine/run/scope.h"
#include "lang/env.h"

namespace presso::run {

// `value` itself, `{}`, or what the path selects. Paths may start at `$$` and at variables.
[[nodiscard]] Result<SharedJson> select(const asl::Selection&, const SharedJson& value,
                                        const Scope&);

// The template's or query's value, or `otherwise` when there is none.
[[nodiscard]] Result<SharedJson> fill(const std::optional<asl::Template>&,
                                      const SharedJson& otherwise, const Scope&, const Env&);
[[nodiscard]] Computed<SharedJson> fill(const std::optional<asl::Payload>&,
                                        const SharedJson& otherwise, const Scope&, const Env&);
[[nodiscard]] Computed<SharedJson> fill(const std::optional<asl::Query>&,
                                        const SharedJson& otherwise, const Scope&, const Env&);

// `result` placed in the state's raw input.
[[nodiscard]] Result<SharedJson> place(const asl::Placement&, const SharedJson& raw_input,
                                       const SharedJson& result);

// The new values of Assign's variables, in the order written, within the size limits.
[[nodiscard]] Computed<std::vector<Assignment>> assign(const std::optional<asl::Payload>&,
                                                       const Scope&, const Env&);

// A whole number, 0 or more, from a field, its expression or the path beside it; `field`
// ("TimeoutSeconds") is for the message.
[[nodiscard]] Computed<std::int64_t> number(const asl::NumberField&, std::string_view field,
                                            const Scope&, const Env&);

// ---- JSONata ----
// What is undefined or of another type than its field's is a States.QueryEvaluationError, as is
// what an expression throws. What is no expression was checked when the definition was made.
[[nodiscard]] Computed<SharedJson> evaluate(const asl::Query&, const Scope&, const Env&);
// Assign's members, in the order written.
[[nodiscard]] Computed<std::vector<Assignment>> evaluate_members(const asl::Query&, const Scope&,
                                                                 const Env&);
// Items, by default `otherwise`.
[[nodiscard]] Computed<SharedJson> array(const std::optional<asl::Query>&,
                                         const SharedJson& otherwise, const Scope&, const Env&);
[[nodiscard]] Computed<bool> boolean(const asl::Query&, const Scope&, const Env&);
[[nodiscard]] Computed<std::string> text(const asl::Query&, const Scope&, const Env&);
[[nodiscard]] Computed<Time> moment(const asl::Query&, const Scope&, const Env&);
[[nodiscard]] Computed<std::int64_t> whole_number(const asl::Query&, const Scope&, const Env&);

}  // namespace presso::run
