// A program over a document. Internal to jsonpath; path.h is the library.
#pragma once

#include "base/json.h"
#include "base/result.h"
#include "lang/jsonpath/budget.h"
#include "lang/jsonpath/program.h"

namespace presso::jsonpath {

// What may differ between two evaluations of one program.
struct Evaluation {
  const Json& document;  // what `$` is, also within filters
  const Json& start;     // what the program's own root is: the document, or the item of a filter
  Budget& budget;
  // A missing member fails on indefinite paths too: how a filter asks whether a path exists.
  bool requires_members = false;
};

// Fails with "PathNotFound" or "InvalidPath" (path.h). An indefinite program gives an array.
[[nodiscard]] Result<Json> evaluate(const Program&, const Evaluation&);

// Where a pointer (Program::is_pointer) points from `start`, which is what its first `done` steps
// lead to; null when nothing is there.
[[nodiscard]] const Json* follow(const Program&, const Json& start, std::size_t done = 0);

}  // namespace presso::jsonpath
