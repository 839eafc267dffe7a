// What is wrong with a definition, where, in the words of ValidateStateMachineDefinition.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition
#pragma once

#include <string>
#include <vector>

namespace presso::asl {

enum class Severity { Error, Warning };

struct Diagnostic {
  Severity severity = Severity::Error;
  std::string code;      // "SCHEMA_VALIDATION_FAILED"
  std::string message;   // without the location
  std::string location;  // "/States/Start/Next"; a JSON pointer, empty for the whole

  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

[[nodiscard]] bool has_errors(const std::vector<Diagnostic>&);

// "Invalid State Machine Definition: 'CODE: text at /States/X/Field, CODE: …'", of the errors
// alone: the message of InvalidDefinition.
[[nodiscard]] std::string invalid_definition_message(const std::vector<Diagnostic>&);

}  // namespace presso::asl
