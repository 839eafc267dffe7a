// A Choice rule's condition against the state's data.
// https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
#pragma once

#include <string_view>

#include "base/result.h"
#include "engine/asl/definition.h"
#include "lang/jsonpath/path.h"

namespace presso::run {

// A value of another type than the comparator's is not equal to, below or above anything: false.
// And and Or stop at the first operand that decides. A path that leads nowhere, other than for
// IsPresent, fails with code "States.Runtime" and the cause without its "An error occurred while
// executing the state" prefix.
[[nodiscard]] Result<bool> evaluate(const asl::Condition&, const jsonpath::Roots&);

// StringMatches: `*` is any run of characters, `\*` a star, `\\` a backslash. Linear in both.
[[nodiscard]] bool matches_wildcards(std::string_view text, std::string_view pattern);

}  // namespace presso::run
