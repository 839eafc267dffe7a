// One {"operator": …} of a pattern's leaf list, or one plain value of it.
#pragma once

#include <vector>

#include "base/result.h"
#include "bus/clause.h"
#include "bus/pattern_lexer.h"

namespace presso::bus {

// The lexer has just given the `[` of a leaf list; on return it has given the `]`. Fails with
// event-ruler's words.
[[nodiscard]] Result<std::vector<Clause>> parse_clauses(PatternLexer&);

}  // namespace presso::bus
