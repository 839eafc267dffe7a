// What a pattern compiles to: a list of alternatives, one for each choice over all its `$or`. An
// alternative is a list of fields, all of which must be satisfied.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "bus/clause.h"

namespace presso::bus {

struct FieldTest {
  std::string path;         // the names joined by dots
  std::size_t clauses = 0;  // position in PatternProgram::clauses
  // AWS: a member with an empty name goes unseen, unless a pattern has an empty name on the way to
  // another.
  bool is_unseen = false;
};

struct PatternProgram {
  std::string text;
  std::vector<std::vector<Clause>> clauses;          // shared by the alternatives
  std::vector<std::vector<FieldTest>> alternatives;  // fields in Java's order of their paths
};

// Fails as Pattern::compile does.
[[nodiscard]] Result<PatternProgram> parse_pattern(std::string_view text);

// Java orders texts by UTF-16 unit, in which the rare characters beyond U+FFFF come before U+E000.
[[nodiscard]] bool comes_before(std::string_view left, std::string_view right);

}  // namespace presso::bus
