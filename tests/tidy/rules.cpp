#include "tests/tidy/rules.h"

#include <array>

namespace presso::tidy {

namespace {

using Rule = Violations (*)(const Source&);

constexpr std::array<Rule, 10> kRules = {
    check_size,         check_words,  check_function_length, check_ownership, check_determinism,
    check_json_parsing, check_macros, check_dead_code,       check_arrows,    check_libraries,
};

}  // namespace

Violations check_all(const std::vector<Source>& sources) {
  Violations violations = check_unused_headers(sources);
  for (const Source& source : sources) {
    for (const Rule rule : kRules) {
      for (Violation& violation : rule(source)) violations.push_back(std::move(violation));
    }
  }
  return violations;
}

}  // namespace presso::tidy
