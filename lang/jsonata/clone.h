// A deep copy as `$clone` makes it: through JSON text, so that functions become empty strings and
// fractions are rounded to 15 digits; all of it in the arena, so that it may be changed.
#pragma once

#include <cstddef>

#include "lang/jsonata/evaluate.h"

namespace presso::jsonata {

[[nodiscard]] Value cloned(Evaluator& evaluator, const Value& value, std::size_t depth = 0);

}  // namespace presso::jsonata
