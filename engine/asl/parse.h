// Definition text → Definition and diagnostics: the one way in, for CreateStateMachine,
// UpdateStateMachine, ValidateStateMachineDefinition and for what the store holds.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "engine/asl/definition.h"
#include "engine/asl/diagnostics.h"

namespace presso::asl {

enum class MachineType { Standard, Express };

struct Parsed {
  std::shared_ptr<const Definition> definition;  // null exactly when there are errors
  std::vector<Diagnostic> diagnostics;           // in the order of the text
};

// Any bytes. Warnings do not keep a definition from being used.
[[nodiscard]] Parsed parse(std::string_view text, MachineType type);
// One state in a machine of its own, as TestState has it: it may lead to states that are not there.
[[nodiscard]] Parsed parse_fragment(std::string_view text);

}  // namespace presso::asl
