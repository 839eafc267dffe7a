#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "engine/asl/limits.h"
#include "engine/asl/parse_parts.h"

namespace presso::asl {
namespace {

bool is_valid_name(const std::string& name, const Reader& reader) {
  if (name.empty()) {
    reader.report("State name cannot be empty", "INVALID_STATE_NAME");
    return false;
  }
  if (utf8_length(name) <= kStateNameLength) return true;
  reader.report("State name '" + name + "' exceeds the " + std::to_string(kStateNameLength) +
                    "-character limit allowed by the service",
                "INVALID_STATE_NAME");
  return false;
}

std::optional<StateType> read_type(const Reader& reader) {
  const auto* value = reader.find("Type");
  if (value == nullptr) {
    reader.report("These fields are required: [Type]");
    return std::nullopt;
  }
  const auto* name = as_string(value);
  const auto* type = name == nullptr ? nullptr : find_state_type(*name);
  if (type != nullptr) return *type;
  std::string names;
  for (const auto it : state_type_names()) names += (names.empty() ? "" : ", ") + std::string{it};
  reader.report_at("Type", "The field 'Type' should have one of these values: [" + names + "]");
  return std::nullopt;
}

// Result is literal: a path in it stays text, which is rarely what was meant.
bool mentions_path(const Json& result) {
  std::vector<const Json*> pending{&result};
  while (!pending.empty()) {
    const Json& value = *pending.back();
    pending.pop_back();
    if (const auto* text = as_string(&value)) {
      if (text->starts_with("$.") || text->starts_with("$$.")) return true;
    }
    if (!value.is_structured()) continue;
    for (const auto& element : value) pending.push_back(&element);
  }
  return false;
}

PassState parse_pass(const Reader& reader) {
  PassState state;
  if (const auto* result = reader.find("Result")) {
    state.result = SharedJson{*result};
    if (mentions_path(*result)) {
      report(reader.context().diagnostics,
             {.severity = Severity::Warning,
              .code = "PASS_RESULT_IS_STATIC",
              .message = "Attempt to use a path in the result of a pass state.",
              .location = reader.place_of("Result").text()});
    }
  }
  state.parameters = reader.path_template("Parameters");
  state.result_path = reader.placement();
  return state;
}

WaitState parse_wait(const Reader& reader) {
  WaitState state;
  state.seconds = reader.number_or_path("Seconds");
  state.timestamp_path = reader.reference("TimestampPath");
  state.timestamp_query = reader.expression("Timestamp");
  if (const auto text = reader.text("Timestamp"); text && !state.timestamp_query) {
    state.timestamp = parse_rfc3339(*text);
    if (!state.timestamp) {
      reader.report_at("Timestamp", "String does not match RFC3339 timestamp");
    }
  }
  return state;
}

std::optional<ValueExpression> parse_expression(const Reader& reader, std::string_view name) {
  const auto text = reader.text(name);
  if (!text) return std::nullopt;
  auto expression = ValueExpression::compile(*text);
  if (expression) return std::move(expression).value();
  reader.report_at(name, "The value for the field '" + std::string{name} +
                             "' must be a valid JSONPath or a valid intrinsic function call");
  return std::nullopt;
}

FailState parse_fail(const Reader& reader) {
  if (reader.context().language == QueryLanguage::JsonPath) {
    reader.warn_of_path("Error");
    reader.warn_of_path("Cause");
  }
  return {.error = reader.text("Error"),
          .error_path = parse_expression(reader, "ErrorPath"),
          .error_query = reader.expression("Error"),
          .cause = reader.text("Cause"),
          .cause_path = parse_expression(reader, "CausePath"),
          .cause_query = reader.expression("Cause")};
}

void parse_detail(StateType type, const Reader& reader, State& state) {
  switch (type) {
    case StateType::Pass: state.detail = parse_pass(reader); return;
    case StateType::Task: state.detail = parse_task(reader); return;
    case StateType::Choice: state.detail = parse_choice(reader); return;
    case StateType::Wait: state.detail = parse_wait(reader); return;
    case StateType::Succeed: state.detail = SucceedState{}; return;
    case StateType::Fail: state.detail = parse_fail(reader); return;
    case StateType::Parallel: state.detail = parse_parallel(reader); return;
    case StateType::Map: state.detail = parse_map(reader); return;
  }
}

// Has Retry and Catch.
bool may_fail(StateType type) {
  return type == StateType::Task || type == StateType::Parallel || type == StateType::Map;
}

QueryLanguage language_of(const Reader& reader) {
  const auto own = reader.text("QueryLanguage");
  if (own == "JSONata") return QueryLanguage::Jsonata;
  if (own == "JSONPath") return QueryLanguage::JsonPath;
  return reader.context().machine_language;
}

State parse_of_type(StateType type, const Reader& reader) {
  reader.check(state_shape(type));
  // What may fail is what has a result.
  const StatesMembers members{.has_result = may_fail(type)};
  State state;
  state.query_language = reader.context().language;
  state.input_path = reader.selection("InputPath");
  state.output_path = reader.selection("OutputPath");
  state.next = reader.text("Next");
  parse_detail(type, reader, state);
  state.assign = parse_assign(reader, members);
  state.output = reader.query("Output", members);
  if (may_fail(type)) {
    state.retry = parse_retry(reader);
    state.catchers = parse_catch(reader);
  }
  return state;
}

}  // namespace

std::optional<State> parse_state(const std::string& name, const Reader& reader) {
  if (!is_valid_name(name, reader)) return std::nullopt;
  if (!reader.value().is_object()) {
    reader.report("Expected value of type Object");
    return std::nullopt;
  }
  const auto type = read_type(reader);
  if (!type) return std::nullopt;
  Context context = reader.context();
  context.language = language_of(reader);
  context.state_length = reader.place().text().size();
  auto state = parse_of_type(*type, Reader{reader.value(), reader.place(), context});
  state.name = name;
  return state;
}

}  // namespace presso::asl
