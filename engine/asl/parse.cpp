#include "engine/asl/parse.h"

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "engine/asl/limits.h"
#include "engine/asl/parse_parts.h"
#include "engine/asl/validate.h"

namespace presso::asl {
namespace {

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

Parsed refused(std::string code, std::string message) {
  Parsed parsed;
  parsed.diagnostics.push_back({.severity = Severity::Error,
                                .code = std::move(code),
                                .message = std::move(message),
                                .location = ""});
  return parsed;
}

void report_language_conflicts(const Reader& list);

void report_language_conflicts_below(const Reader& state) {
  if (state.text("QueryLanguage") == "JSONPath") {
    state.report(
        "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine");
  }
  for (const auto& branch : state.elements("Branches")) report_language_conflicts(branch);
  for (const auto* name : {"ItemProcessor", "Iterator"}) {
    if (const auto processor = state.object(name)) report_language_conflicts(*processor);
  }
}

void report_language_conflicts(const Reader& list) {
  const auto states = list.object("States");
  if (!states) return;
  for (const auto& [name, value] : states->value().items()) {
    report_language_conflicts_below({value, states->place_of(name), list.context()});
  }
}

std::shared_ptr<const Definition> parse_machine(const Reader& machine, bool is_fragment) {
  auto& diagnostics = machine.context().diagnostics;
  if (machine.context().machine_language == QueryLanguage::Jsonata) {
    report_language_conflicts(machine);
    if (has_errors(diagnostics)) return nullptr;
  }
  if (!machine.check(kMachineShape)) return nullptr;
  auto states = parse_states(machine);
  if (!is_fragment && !has_errors(diagnostics)) validate_graph(machine.value(), diagnostics);
  if (has_errors(diagnostics)) return nullptr;
  auto definition = std::make_shared<Definition>(std::move(states));
  definition->timeout_seconds = machine.integer("TimeoutSeconds");
  definition->comment = machine.text("Comment");
  return definition;
}

}  // namespace

StateList parse_states(const Reader& list) {
  StateList result;
  result.start_at = list.text("StartAt").value_or("");
  const auto states = list.object("States");
  if (!states) return result;
  for (const auto& [name, value] : states->value().items()) {
    auto state = parse_state(name, Reader{value, states->place_of(name), list.context()});
    if (state) result.states.push_back(*std::move(state));
  }
  return result;
}

static Parsed parse_text(std::string_view text, MachineType type, bool is_fragment) {
  if (is_blank(text)) {
    return refused("MISSING_DESCRIPTION", "Received a null or empty workflow input.");
  }
  if (text.size() > kDefinitionBytes) {
    return refused(std::string{kSchemaFault},
                   "Definition is longer than " + std::to_string(kDefinitionBytes) + " bytes");
  }
  const auto json = parse_json(text);
  if (!json) return refused("INVALID_JSON_DESCRIPTION", json.error().message);
  Parsed parsed;
  const auto* language = as_string(find_member(*json, "QueryLanguage"));
  const bool is_jsonata = language != nullptr && *language == "JSONata";
  const Context context{
      .diagnostics = parsed.diagnostics,
      .type = type,
      .machine_language = is_jsonata ? QueryLanguage::Jsonata : QueryLanguage::JsonPath};
  parsed.definition = parse_machine(Reader{*json, Place{}, context}, is_fragment);
  return parsed;
}

Parsed parse(std::string_view text, MachineType type) { return parse_text(text, type, false); }

Parsed parse_fragment(std::string_view text) {
  return parse_text(text, MachineType::Standard, true);
}

}  // namespace presso::asl
