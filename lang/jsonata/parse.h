// Tokens to a tree of what was written, by binding powers (Pratt).
#pragma once

#include <string_view>

#include "lang/jsonata/ast.h"
#include "lang/jsonata/jsonata.h"

namespace presso::jsonata {

// Throws Thrown with codes S…
[[nodiscard]] NodePtr parse(std::string_view text, Dialect dialect);

}  // namespace presso::jsonata
