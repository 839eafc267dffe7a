// The reference matcher's core, for those who have an event's values at hand.
#pragma once

#include <span>
#include <vector>

#include "bus/clause.h"
#include "bus/flatten.h"

namespace presso::bus {

struct TestedField {
  const std::vector<Clause>* clauses = nullptr;
  const std::vector<FieldValue>* values = nullptr;  // null: the event has no such field
};

// Whether one event satisfies all tests of an alternative, with values from the same array
// elements. `tests` are in Java's order of their paths.
[[nodiscard]] bool matches_alternative(std::span<const TestedField> tests,
                                       const std::vector<ArrayElement>& elements);

}  // namespace presso::bus
