#include "tests/unit/asl/asl_test.h"

#include <doctest/doctest.h>

namespace presso::asl {

std::vector<std::string> diagnose(std::string_view text, MachineType type, Severity severity) {
  const auto parsed = parse(text, type);
  CHECK((parsed.definition == nullptr) == has_errors(parsed.diagnostics));
  std::vector<std::string> lines;
  for (const auto& it : parsed.diagnostics) {
    if (it.severity != severity) continue;
    lines.push_back(it.code + ": " + it.message + " at " + it.location);
  }
  return lines;
}

std::string machine_of(std::string_view state) {
  return R"({"StartAt":"A","States":{"A":)" + std::string{state} + "}}";
}

std::vector<std::string> faults_of(std::string_view state, MachineType type) {
  return diagnose(machine_of(state), type);
}

State state_of(std::string_view state) {
  const auto parsed = parse(machine_of(state), MachineType::Standard);
  REQUIRE_MESSAGE(parsed.definition != nullptr, joined(faults_of(state)));
  return *parsed.definition->find("A");
}

std::string joined(const std::vector<std::string>& lines) { return joined(lines, "\n"); }

std::string joined(const std::vector<std::string>& lines, std::string_view separator) {
  std::string text;
  for (const auto& line : lines) text += (text.empty() ? "" : std::string{separator}) + line;
  return text;
}

}  // namespace presso::asl
