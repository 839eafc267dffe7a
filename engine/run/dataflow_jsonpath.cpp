#include "engine/run/dataflow.h"

#include <charconv>
#include <cmath>

#include "base/assert.h"
#include "engine/run/limits.h"
#include "lang/jsonpath/reference.h"

namespace presso::run {

namespace {

Error bad_path(const jsonpath::Path& path, const Error& reason) {
  return {"States.Runtime", "Invalid path '" + path.text() + "' : " + reason.message};
}

}  // namespace

Result<SharedJson> select(const asl::Selection& selection, const SharedJson& value,
                          const Scope& scope) {
  switch (selection.kind) {
    case asl::Selection::Kind::Whole: return value;
    case asl::Selection::Kind::Nothing: return SharedJson::trusted("{}");
    case asl::Selection::Kind::Path: break;
  }
  auto selected = jsonpath::select(*selection.path, scope);
  if (!selected) return bad_path(*selection.path, selected.error());
  return SharedJson{std::move(*selected)};
}

Result<SharedJson> fill(const std::optional<asl::Template>& text, const SharedJson& otherwise,
                        const Scope& scope, const Env& env) {
  if (!text) return otherwise;
  auto value = text->evaluate(scope, env);
  if (!value) return value.error();
  return SharedJson{std::move(*value)};
}

Result<SharedJson> place(const asl::Placement& placement, const SharedJson& raw_input,
                         const SharedJson& result) {
  switch (placement.kind) {
    case asl::Placement::Kind::Replace: return result;
    case asl::Placement::Kind::Discard: return raw_input;
    case asl::Placement::Kind::At: break;
  }
  auto placed = jsonpath::place(*placement.path, raw_input.value(), result.value());
  if (!placed) return placed.error();
  return SharedJson{std::move(*placed)};
}

Computed<SharedJson> fill(const std::optional<asl::Payload>& payload, const SharedJson& otherwise,
                          const Scope& scope, const Env& env) {
  if (!payload) return otherwise;
  if (const auto* query = std::get_if<asl::Query>(&*payload)) return evaluate(*query, scope, env);
  auto value = std::get<asl::Template>(*payload).evaluate(scope, env);
  if (!value) return value.error();
  return SharedJson{std::move(*value)};
}

namespace {

Computed<std::vector<Assignment>> new_values(const asl::Payload& payload, const Scope& scope,
                                             const Env& env) {
  if (const auto* query = std::get_if<asl::Query>(&payload)) {
    return evaluate_members(*query, scope, env);
  }
  auto values = std::get<asl::Template>(payload).evaluate(scope, env);
  if (!values) return values.error();
  PRESSO_ASSERT(values->is_object());
  std::vector<Assignment> assignments;
  for (auto& [name, value] : values->items()) {
    assignments.push_back({name, SharedJson{std::move(value)}});
  }
  return assignments;
}

}  // namespace

Computed<std::vector<Assignment>> assign(const std::optional<asl::Payload>& payload,
                                         const Scope& scope, const Env& env) {
  if (!payload) return std::vector<Assignment>{};
  auto assignments = new_values(*payload, scope, env);
  if (!assignments) return assignments;
  std::size_t size_bytes = 0;
  for (const auto& [name, value] : *assignments) {
    size_bytes += value.text().size();
    if (value.text().size() > kVariableBytes || size_bytes > kAssignBytes) {
      return Error{"States.DataLimitExceeded",
                   "The variable '" + name +
                       "' has a size exceeding the maximum number of bytes service limit."};
    }
  }
  return assignments;
}

namespace {

// AWS: a text that reads as a number is that number.
std::optional<double> number_of(const Json& value) {
  if (value.is_number()) return value.get<double>();
  const std::string* text = as_string(&value);
  if (text == nullptr) return std::nullopt;
  double number = 0;
  const char* end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, number, std::chars_format::fixed);
  if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return number;
}

}  // namespace

Computed<std::int64_t> number(const asl::NumberField& field, std::string_view name,
                              const Scope& scope, const Env& env) {
  if (field.query) return whole_number(*field.query, scope, env);
  if (!field.path) return field.literal;
  const std::string subject = "The " + std::string{name} + "Path parameter ";
  const auto value = jsonpath::select(*field.path, scope);
  if (!value) {
    return Error{"States.Runtime",
                 subject + "does not reference an input value: " + field.path->text()};
  }
  const double number = number_of(*value).value_or(-1);
  if (std::floor(number) != number || number < 0 || number > static_cast<double>(kMaxSeconds)) {
    return Error{"States.Runtime", subject + "does not reference a valid positive integer: " +
                                       field.path->text() + " == " + dump_json(*value)};
  }
  return static_cast<std::int64_t>(number);
}

}  // namespace presso::run
