// The definitions in recorded answers of the service, kept outside the repository: what it accepted
// must parse, and what ValidateStateMachineDefinition said must be said here. PRESSO_RECORDINGS
// names the folder that holds stepfunctions/.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "base/json.h"
#include "engine/asl/parse.h"
#include "tests/unit/asl/asl_test.h"

namespace presso::asl {
namespace {

namespace fs = std::filesystem;

fs::path folder() {
  const char* chosen = std::getenv("PRESSO_RECORDINGS");
  const fs::path recordings =
      chosen != nullptr ? fs::path{chosen}
                        : fs::path{PRESSO_SOURCE_DIR} / ".." / "shared" / "aws-recordings";
  return recordings / "stepfunctions";
}

std::vector<Json> read_cases() {
  std::vector<Json> cases;
  if (!fs::is_directory(folder())) return cases;
  std::set<fs::path> paths;
  for (const auto& entry : fs::recursive_directory_iterator{folder()}) {
    if (entry.path().extension() == ".json") paths.insert(entry.path());
  }
  for (const auto& path : paths) {
    std::ifstream file{path, std::ios::binary};
    std::ostringstream text;
    text << file.rdbuf();
    const auto recording = parse_json(text.str());
    REQUIRE_MESSAGE(recording.has_value(), path.string());
    const auto* list = find_member(*recording, "cases");
    if (list == nullptr) continue;
    for (const auto& it : *list) cases.push_back(it);
  }
  return cases;
}

// Every recorded case, read once. Empty when there are no recordings.
const std::vector<Json>& recorded_cases() {
  static const auto kCases = read_cases();
  if (kCases.empty()) MESSAGE("skipped: no recordings in " << folder().string());
  return kCases;
}

std::string text_of(const Json& object, std::string_view name) {
  const auto* text = as_string(find_member(object, name));
  return text == nullptr ? "" : *text;
}

// A definition as it was on the wire.
std::string definition_of(const Json& object) {
  const auto* definition = find_member(object, "definition");
  if (definition == nullptr) return "";
  const auto* text = as_string(definition);
  return text != nullptr ? *text : dump_json(*definition);
}

void check_accepted(const std::string& text, MachineType type) {
  const auto faults = diagnose(text, type);
  const auto shown = joined(faults);
  CHECK_MESSAGE(faults.empty(), shown);
}

TEST_CASE("definitions that were executed are accepted") {
  for (const auto& it : recorded_cases()) {
    CAPTURE(text_of(it, "id"));
    const auto kind = text_of(it, "kind");
    const auto type = kind.starts_with("express") ? MachineType::Express : MachineType::Standard;
    const auto* recorded = find_member(it, "recorded");
    if (recorded == nullptr || recorded->empty()) continue;
    if (kind != "execution" && kind != "executions" && !kind.starts_with("express")) continue;
    if (const auto text = definition_of(it); !text.empty()) check_accepted(text, type);
  }
}

TEST_CASE("definitions of created machines are accepted, and refused ones are refused") {
  for (const auto& it : recorded_cases()) {
    CAPTURE(text_of(it, "id"));
    const auto* steps = find_member(it, "steps");
    if (steps == nullptr) continue;
    for (const auto& step : *steps) {
      const auto call = text_of(step, "call");
      const auto* params = find_member(step, "params");
      if (params == nullptr || (call != "CreateStateMachine" && call != "UpdateStateMachine")) {
        continue;
      }
      const auto text = definition_of(*params);
      const auto type =
          text_of(*params, "type") == "EXPRESS" ? MachineType::Express : MachineType::Standard;
      if (text.empty() || find_member(step, "expect_error") != nullptr) continue;
      check_accepted(text, type);
    }
  }
}

// The message of InvalidDefinition somewhere in an answer; empty when it is another error.
std::string refusal_in(const Json& answer) {
  static const std::string kStart = "Invalid State Machine Definition: ";
  for (const auto* name : {"message", "exception_value"}) {
    const auto text = text_of(answer, name);
    if (const auto at = text.find(kStart); at != std::string::npos) return text.substr(at);
  }
  return "";
}

TEST_CASE("InvalidDefinition says what was recorded") {
  for (const auto& it : recorded_cases()) {
    const auto* steps = find_member(it, "steps");
    const auto* recorded = find_member(it, "recorded");
    if (steps == nullptr || recorded == nullptr) continue;
    CAPTURE(text_of(it, "id"));
    for (std::size_t i = 0; i + 1 < steps->size(); ++i) {
      const auto& step = (*steps)[i];
      const auto* answer =
          find_member(*recorded, text_of((*steps)[i + 1], "compare_with_recorded"));
      if (text_of(step, "call") != "CreateStateMachine" || answer == nullptr) continue;
      const auto expected = refusal_in(*answer);
      if (expected.empty()) continue;
      const auto* params = find_member(step, "params");
      const auto type =
          text_of(*params, "type") == "EXPRESS" ? MachineType::Express : MachineType::Standard;
      const auto parsed = parse(definition_of(*params), type);
      const auto message = invalid_definition_message(parsed.diagnostics);
      CHECK(message == expected);
    }
  }
}

// What was recorded for one request, compared as its caller sees it.
void check_validation(const Json& request, const Json& recorded) {
  const auto* params = find_member(request, "params");
  const auto type =
      text_of(*params, "type") == "EXPRESS" ? MachineType::Express : MachineType::Standard;
  const auto text = definition_of(*params);
  const auto& key = *as_string(&find_member(request, "recorded_keys")->front());
  const auto* answer = find_member(recorded, key);
  REQUIRE(answer != nullptr);
  std::vector<std::string> expected;
  for (const auto& it : *find_member(*answer, "diagnostics")) {
    expected.push_back(text_of(it, "code") + ": " + text_of(it, "message") + " at " +
                       text_of(it, "location"));
  }
  const auto faults = diagnose(text, type);
  CHECK(joined(faults) == joined(expected));
}

TEST_CASE("ValidateStateMachineDefinition says what was recorded") {
  for (const auto& it : recorded_cases()) {
    if (text_of(it, "kind") != "validate") continue;
    CAPTURE(text_of(it, "id"));
    for (const auto& request : *find_member(it, "requests")) {
      check_validation(request, *find_member(it, "recorded"));
    }
  }
}

TEST_CASE("the variables a machine refers to are those that were recorded") {
  for (const auto& it : recorded_cases()) {
    const auto* steps = find_member(it, "steps");
    const auto* recorded = find_member(it, "recorded");
    const auto* answer =
        recorded == nullptr ? nullptr : find_member(*recorded, "describe_response");
    const auto* references =
        answer == nullptr ? nullptr : find_member(*answer, "variableReferences");
    if (steps == nullptr || references == nullptr) continue;
    CAPTURE(text_of(it, "id"));
    for (const auto& step : *steps) {
      if (text_of(step, "call") != "CreateStateMachine") continue;
      const auto parsed = parse(definition_of(*find_member(step, "params")), MachineType::Standard);
      if (parsed.definition == nullptr) continue;
      for (const auto& [name, variables] : references->items()) {
        CAPTURE(name);
        const auto* state = parsed.definition->find(name);
        REQUIRE(state != nullptr);
        CHECK(Json(variable_references(*state)) == variables);
      }
    }
  }
}

}  // namespace
}  // namespace presso::asl
