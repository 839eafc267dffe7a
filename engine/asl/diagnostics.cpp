#include "engine/asl/diagnostics.h"

#include <algorithm>

namespace presso::asl {

bool has_errors(const std::vector<Diagnostic>& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& it) { return it.severity == Severity::Error; });
}

std::string invalid_definition_message(const std::vector<Diagnostic>& diagnostics) {
  std::string message = "Invalid State Machine Definition: '";
  bool is_first = true;
  for (const auto& diagnostic : diagnostics) {
    if (diagnostic.severity != Severity::Error) continue;
    if (!is_first) message += ", ";
    is_first = false;
    // AWS: a diagnostic without a place is shown "at null".
    message += diagnostic.code + ": " + diagnostic.message + " at " +
               (diagnostic.location.empty() ? "null" : diagnostic.location);
  }
  return message + "'";
}

}  // namespace presso::asl
