#include "engine/asl/diagnostics.h"

#include <doctest/doctest.h>

#include "engine/asl/parse.h"

namespace presso::asl {
namespace {

TEST_CASE("InvalidDefinition lists the errors with their places") {
  const auto parsed = parse(
      R"({"StartAt":"pass1","States":{"pass1":{"Type":"Pass","Parameters":{"a":"$.a"},
          "Next":"pass3"},"pass2":{"Type":"Pass","End":true}}})",
      MachineType::Standard);
  CHECK(parsed.diagnostics.front().severity == Severity::Warning);
  CHECK(invalid_definition_message(parsed.diagnostics) ==
        "Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: "
        "pass3 at /States/pass1/Next, MISSING_TRANSITION_TARGET: State \"pass2\" is not "
        "reachable. at /States/pass2'");
}

TEST_CASE("a diagnostic without a place is at null") {
  CHECK(invalid_definition_message({{.severity = Severity::Error,
                                     .code = "MISSING_END_STATE",
                                     .message = "Workflow has no terminal state",
                                     .location = ""}}) ==
        "Invalid State Machine Definition: 'MISSING_END_STATE: Workflow has no terminal state at "
        "null'");
}

TEST_CASE("warnings are no errors") {
  CHECK_FALSE(has_errors({}));
  CHECK_FALSE(has_errors({{Severity::Warning, "NO_PATH", "m", "/"}}));
  CHECK(has_errors({{Severity::Warning, "NO_PATH", "m", "/"}, {Severity::Error, "c", "m", "/"}}));
}

}  // namespace
}  // namespace presso::asl
