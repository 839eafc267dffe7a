// What was written to what is evaluated: dots become paths of steps, brackets their stages, and
// every `%` finds the step it goes up to.
#pragma once

#include <memory>
#include <vector>

#include "lang/jsonata/ast.h"

namespace presso::jsonata {

struct Rewritten {
  NodePtr root;
  std::vector<std::unique_ptr<Ancestor>> ancestors;  // what nodes point to
};

// Throws Thrown with codes S…
[[nodiscard]] Rewritten rewrite(NodePtr written);

}  // namespace presso::jsonata
