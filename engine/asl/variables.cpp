// Variables: which names may be assigned, and which a state reads.
// https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
#include <algorithm>
#include <set>
#include <utility>

#include "base/text.h"
#include "engine/asl/limits.h"
#include "engine/asl/parse_parts.h"

namespace presso::asl {
namespace {

// An identifier as Unicode Annex 31 has it, with every letter-like character beyond Latin-1's
// symbols let in instead of carrying the tables: nothing goes wrong with a stranger name.
bool starts_identifier(char32_t c) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_') return true;
  const bool is_punctuation = (c >= 0x2000 && c <= 0x2BFF) || (c >= 0x3000 && c <= 0x3004) ||
                              c == 0xD7 || c == 0xF7 || c == 0xFFFD || c == 0xFEFF;
  return c >= 0xC0 && !is_punctuation;
}

bool is_identifier(std::string_view name) {
  const auto characters = to_code_points(name);
  if (characters.empty() || !starts_identifier(characters.front())) return false;
  return std::all_of(characters.begin(), characters.end(),
                     [](char32_t c) { return starts_identifier(c) || (c >= '0' && c <= '9'); });
}

void check_name(const Reader& state, std::string_view name) {
  const std::string quoted = "Invalid variable name '" + std::string{name} + "': ";
  if (name == "states") {
    state.report_at("Assign", "Cannot assign to reserved variable '$states'.",
                    "RESERVED_VARIABLE_NAME");
  } else if (!is_identifier(name)) {
    state.report_at("Assign", quoted + "the variable name contains invalid characters.",
                    "INVALID_VARIABLE_NAME");
  } else if (utf8_length(name) > kVariableNameLength) {
    state.report_at("Assign",
                    quoted + "the variable name exceeds the " +
                        std::to_string(kVariableNameLength) + "-character limit.",
                    "INVALID_VARIABLE_NAME");
  }
}

class Collector {
 public:
  void add(const std::optional<jsonpath::Path>& path) {
    if (path && path->root() == jsonpath::Path::Root::Variable) names_.insert(path->variable());
  }
  void add(const Selection& selection) { add(selection.path); }
  void add(const std::optional<NumberField>& number) {
    if (!number) return;
    add(number->path);
    add(number->query);
  }
  void add(const std::optional<Query>& query) {
    if (!query) return;
    VariableNames names;
    append_variables(*query, names);
    add(names);
  }
  void add(const std::optional<Template>& payload) {
    if (payload) add(payload->variables());
  }
  void add(const std::optional<Payload>& payload) {
    if (!payload) return;
    if (const auto* text = std::get_if<Template>(&*payload)) return add(text->variables());
    add(std::optional{std::get<Query>(*payload)});
  }
  void add(const std::optional<ValueExpression>& expression) {
    if (expression) add(expression->variables());
  }
  void add(const VariableNames& names) { names_.insert(names.begin(), names.end()); }

  void add(const Condition& condition) {
    add(condition.variable);
    add(condition.value_path);
    add(condition.query);
    for (const auto& operand : condition.operands) add(operand);
  }

  void add(const PassState& state) { add(state.parameters); }
  void add(const TaskState& state) {
    add(state.parameters);
    add(state.result_selector);
    add(state.timeout_seconds);
    add(state.heartbeat_seconds);
    add(state.credentials);
  }
  void add(const ChoiceState& state) {
    for (const auto& rule : state.choices) {
      add(rule.condition);
      add(rule.assign);
      add(rule.output);
    }
  }
  void add(const WaitState& state) {
    add(state.seconds);
    add(state.timestamp_path);
    add(state.timestamp_query);
  }
  void add(const SucceedState&) {}
  void add(const FailState& state) {
    add(state.error_path);
    add(state.error_query);
    add(state.cause_path);
    add(state.cause_query);
  }
  void add(const ParallelState& state) {
    add(state.parameters);
    add(state.result_selector);
  }
  void add(const MapState& state) {
    add(state.items_path);
    add(state.items);
    add(state.item_selector);
    add(state.max_concurrency);
    add(state.result_selector);
    add(state.tolerated_failure_count);
    add(state.tolerated_failure_percentage);
    if (state.item_reader) {
      add(state.item_reader->parameters);
      add(state.item_reader->max_items);
    }
    if (state.item_batcher) {
      add(state.item_batcher->max_items_per_batch);
      add(state.item_batcher->max_input_bytes_per_batch);
      add(state.item_batcher->batch_input);
    }
    if (state.result_writer) add(state.result_writer->parameters);
  }

  [[nodiscard]] VariableNames names() const { return {names_.begin(), names_.end()}; }

 private:
  std::set<std::string> names_;
};

}  // namespace

std::optional<Payload> parse_assign(const Reader& reader, StatesMembers members) {
  const auto assign = reader.object("Assign");
  if (!assign) return std::nullopt;
  for (const auto& [key, value] : assign->value().items()) {
    const std::string_view name{key};
    const bool is_path =
        reader.context().language == QueryLanguage::JsonPath && name.ends_with(".$");
    check_name(reader, is_path ? name.substr(0, name.size() - 2) : name);
  }
  return reader.payload("Assign", members);
}

VariableNames variable_references(const State& state) {
  Collector collector;
  collector.add(state.input_path);
  collector.add(state.output_path);
  collector.add(state.assign);
  collector.add(state.output);
  for (const auto& catcher : state.catchers) {
    collector.add(catcher.assign);
    collector.add(catcher.output);
  }
  std::visit([&](const auto& detail) { collector.add(detail); }, state.detail);
  return collector.names();
}

}  // namespace presso::asl
