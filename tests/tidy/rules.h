// The rules of docs/conventions.md that a program can check. Each takes what it looks at and
// answers where it is broken; tidy_test.cpp applies them to the tree, and each of them to a text
// that must be flagged.
#pragma once

#include <vector>

#include "tests/tidy/source.h"

namespace presso::tidy {

using Violations = std::vector<Violation>;

// Any text: size, columns, words, paths of one machine.
[[nodiscard]] Violations check_size(const Source&);
[[nodiscard]] Violations check_words(const Source&);

// C++: functions.cpp
[[nodiscard]] Violations check_function_length(const Source&);

// C++: code_rules.cpp
[[nodiscard]] Violations check_ownership(const Source&);
[[nodiscard]] Violations check_determinism(const Source&);
[[nodiscard]] Violations check_json_parsing(const Source&);
[[nodiscard]] Violations check_macros(const Source&);
[[nodiscard]] Violations check_dead_code(const Source&);

// C++: include_rules.cpp
[[nodiscard]] Violations check_arrows(const Source&);
[[nodiscard]] Violations check_libraries(const Source&);
[[nodiscard]] Violations check_unused_headers(const std::vector<Source>&);

// All of the above over all of them.
[[nodiscard]] Violations check_all(const std::vector<Source>&);

}  // namespace presso::tidy
