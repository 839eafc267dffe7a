#include "engine/asl/reader.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "engine/asl/limits.h"

namespace presso::asl {
namespace {

bool exists_in(const Field& field, QueryLanguage language) {
  switch (field.language) {
    case FieldLanguage::Both: return true;
    case FieldLanguage::JsonPath: return language == QueryLanguage::JsonPath;
    case FieldLanguage::Jsonata: return language == QueryLanguage::Jsonata;
  }
  return false;
}

const Field* find_field(const Shape& shape, std::string_view name) {
  const auto it = std::find_if(shape.fields.begin(), shape.fields.end(),
                               [&](const Field& field) { return field.name == name; });
  return it == shape.fields.end() ? nullptr : &*it;
}

std::string joined(const std::vector<std::string_view>& names) {
  std::string text;
  for (const auto name : names) text += (text.empty() ? "" : ", ") + std::string{name};
  return "[" + text + "]";
}

std::string joined(std::span<const std::string_view> names) {
  return joined(std::vector<std::string_view>{names.begin(), names.end()});
}

// "Integer", or empty when the value is of the field's type.
std::string_view expected_type(FieldType type, const Json& value) {
  switch (type) {
    case FieldType::NullablePath:
      if (value.is_null()) return "";
      [[fallthrough]];
    case FieldType::Text:
    case FieldType::FilledText:
    case FieldType::Path: return value.is_string() ? "" : "String";
    case FieldType::Integer: return value.is_number_integer() ? "" : "Integer";
    case FieldType::Number: return value.is_number() ? "" : "Number";
    case FieldType::Boolean: return value.is_boolean() ? "" : "Boolean";
    case FieldType::Object:
    case FieldType::FilledObject: return value.is_object() ? "" : "Object";
    case FieldType::Array:
    case FieldType::FilledArray: return value.is_array() ? "" : "Array";
    case FieldType::Any: return "";
  }
  return "";
}

bool must_be_filled(FieldType type) {
  return type == FieldType::FilledText || type == FieldType::FilledObject ||
         type == FieldType::FilledArray;
}

bool is_empty(const Json& value) {
  const auto* text = as_string(&value);
  return text != nullptr ? text->empty() : value.empty();
}

// Integers beyond 64 bits were read as unsigned ones or doubles: both are beyond every maximum.
bool is_above(const Json& value, std::int64_t maximum) {
  if (value.is_number_unsigned()) {
    return value.get<std::uint64_t>() >
           static_cast<std::uint64_t>(std::max<std::int64_t>(maximum, 0));
  }
  if (value.is_number_integer()) return value.get<std::int64_t>() > maximum;
  return value.get<double>() > static_cast<double>(maximum);
}

bool is_below(const Json& value, std::int64_t minimum) {
  if (value.is_number_unsigned()) {
    return minimum > 0 && value.get<std::uint64_t>() < static_cast<std::uint64_t>(minimum);
  }
  if (value.is_number_integer()) return value.get<std::int64_t>() < minimum;
  return value.get<double>() < static_cast<double>(minimum);
}

// What is wrong with a value of the right kind of field; empty when nothing is.
std::string value_fault(const Field& field, const Json& value, QueryLanguage language) {
  const bool may_be_query = field.is_query && language == QueryLanguage::Jsonata;
  if (may_be_query && is_query_text(value)) return "";
  const auto type = expected_type(field.type, value);
  if (!type.empty()) return "Expected value of type " + std::string{type};
  if (must_be_filled(field.type) && is_empty(value)) return "Value cannot be empty";
  const bool has_range = field.type == FieldType::Integer || field.type == FieldType::Number;
  if (has_range && is_below(value, field.minimum)) {
    return "Minimum value is " + std::to_string(field.minimum);
  }
  if (has_range && is_above(value, field.maximum)) {
    return "Maximum value is " + std::to_string(field.maximum);
  }
  const auto* text = as_string(&value);
  const bool is_choice =
      field.choices.empty() || text == nullptr ||
      std::find(field.choices.begin(), field.choices.end(), *text) != field.choices.end();
  if (!is_choice) return "Value should be one of the following: " + joined(field.choices);
  return "";
}

std::string wrong_language(const Field& field, QueryLanguage language) {
  const bool is_jsonata = language == QueryLanguage::Jsonata;
  const std::string own = is_jsonata ? "JSONata" : "JSONPath";
  const std::string other = is_jsonata ? "JSONPath" : "JSONata";
  return "The QueryLanguage is set to '" + own + "', but field '" + std::string{field.name} +
         "' is only supported for the '" + other + "' QueryLanguage";
}

constexpr std::string_view kInvalidPath = "Value must be a valid JSONPath.";
constexpr std::string_view kNotReference = "Value is not a Reference Path";

}  // namespace

bool Reader::check(const Shape& shape) const {
  if (!value_.is_object()) {
    report("Expected value of type Object");
    return false;
  }
  check_required(shape);
  check_members(shape);
  check_groups(shape);
  return true;
}

void Reader::check_members(const Shape& shape) const {
  const auto language = context_.language;
  for (const auto& [name, value] : value_.items()) {
    const auto* field = find_field(shape, name);
    if (field == nullptr) {
      report("Field '" + name + "' is not supported");
    } else if (!exists_in(*field, language)) {
      report(wrong_language(*field, language));
    } else if (auto fault = value_fault(*field, value, language); !fault.empty()) {
      report_at(name, std::move(fault));
    }
  }
}

void Reader::check_required(const Shape& shape) const {
  std::vector<std::string_view> missing;
  for (const auto& field : shape.fields) {
    if (field.is_required && exists_in(field, context_.language) && !has(field.name)) {
      missing.push_back(field.name);
    }
  }
  if (!missing.empty()) report("These fields are required: " + joined(missing));
}

// AWS: `"End": false` is as good as no End.
void Reader::check_groups(const Shape& shape) const {
  for (const auto& group : shape.groups) {
    std::vector<std::string_view> choices;
    std::ptrdiff_t present = 0;
    for (const auto name : group.names) {
      if (!exists_in(*find_field(shape, name), context_.language)) continue;
      choices.push_back(name);
      const auto* value = find(name);
      const bool is_off = value != nullptr && value->is_boolean() && !value->get<bool>();
      if (value != nullptr && !is_off) ++present;
    }
    if (present > 1) {
      report("There should only be one of the following fields: " + joined(choices));
    } else if (present == 0 && group.is_required) {
      report("This object should have only one of the following fields: " + joined(choices));
    }
  }
}

void Reader::report(std::string message, std::string_view code) const {
  report_fault(context_.diagnostics, place_, std::move(message), code);
}

void Reader::report_at(std::string_view name, std::string message, std::string_view code) const {
  report_fault(context_.diagnostics, place_of(name), std::move(message), code);
}

void Reader::warn_of_path(std::string_view name) const {
  const auto* value = as_string(find(name));
  if (value == nullptr || !value->starts_with("$") || !jsonpath::Path::compile(*value)) return;
  asl::report(context_.diagnostics,
              {.severity = Severity::Warning,
               .code = "NO_PATH",
               .message = "Field value looks like a path, but field name does not end with 'Path'.",
               .location = place_of(name).text()});
}

std::optional<std::string> Reader::text(std::string_view name) const {
  const auto* value = as_string(find(name));
  if (value == nullptr) return std::nullopt;
  return *value;
}

std::optional<std::int64_t> Reader::integer(std::string_view name) const {
  const auto* value = find(name);
  if (value == nullptr || !value->is_number_integer()) return std::nullopt;
  return value->get<std::int64_t>();
}

std::optional<double> Reader::number(std::string_view name) const {
  const auto* value = find(name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return value->get<double>();
}

bool Reader::is_true(std::string_view name) const {
  const auto* value = find(name);
  return value != nullptr && value->is_boolean() && value->get<bool>();
}

std::optional<Reader> Reader::object(std::string_view name) const {
  const auto* value = find(name);
  if (value == nullptr || !value->is_object()) return std::nullopt;
  return Reader{*value, place_of(name), context_};
}

std::vector<Reader> Reader::elements(std::string_view name) const {
  std::vector<Reader> readers;
  const auto* value = find(name);
  if (value == nullptr || !value->is_array()) return readers;
  readers.reserve(value->size());
  for (std::size_t i = 0; i < value->size(); ++i) {
    readers.emplace_back((*value)[i], Place{place_, name, i}, context_);
  }
  return readers;
}

std::optional<jsonpath::Path> Reader::path(std::string_view name) const {
  const auto* written = as_string(find(name));
  if (written == nullptr) return std::nullopt;
  auto compiled = jsonpath::Path::compile(*written);
  if (!compiled) {
    report_at(name, std::string{kInvalidPath});
    return std::nullopt;
  }
  return std::move(compiled).value();
}

std::optional<jsonpath::Path> Reader::reference(std::string_view name) const {
  auto compiled = path(name);
  if (!compiled || compiled->is_reference()) return compiled;
  report_at(name, std::string{kNotReference});
  return std::nullopt;
}

Selection Reader::selection(std::string_view name) const {
  const auto* value = find(name);
  if (value == nullptr) return {};
  if (value->is_null()) return {.kind = Selection::Kind::Nothing, .path = {}};
  auto compiled = path(name);
  if (!compiled || compiled->is_root()) return {};
  return {.kind = Selection::Kind::Path, .path = std::move(compiled)};
}

Placement Reader::placement() const {
  const auto* value = find("ResultPath");
  if (value == nullptr) return {};
  if (value->is_null()) return {.kind = Placement::Kind::Discard, .path = {}};
  auto compiled = reference("ResultPath");
  if (!compiled || compiled->is_root()) return {};
  if (compiled->root() != jsonpath::Path::Root::Input) {
    report_at("ResultPath", std::string{kNotReference});
    return {};
  }
  return {.kind = Placement::Kind::At, .path = std::move(compiled)};
}

std::optional<NumberField> Reader::number_or_path(std::string_view name) const {
  if (const auto literal = integer(name)) return NumberField{.literal = *literal};
  if (context_.language == QueryLanguage::Jsonata) {
    auto computed = expression(name);
    if (!computed) return std::nullopt;
    return NumberField{.query = std::move(computed)};
  }
  auto compiled = reference(std::string{name} + "Path");
  if (!compiled) return std::nullopt;
  return NumberField{.path = std::move(compiled)};
}

std::optional<Payload> Reader::payload(std::string_view name, StatesMembers members) const {
  if (context_.language == QueryLanguage::Jsonata) return query(name, members);
  return path_template(name);
}

std::optional<Query> Reader::query(std::string_view name, StatesMembers members) const {
  const auto* value = find(name);
  if (value == nullptr || context_.language != QueryLanguage::Jsonata) return std::nullopt;
  const auto place = place_of(name);
  return compile_query(*value,
                       {.place = place, .state_length = context_.state_length, .members = members},
                       context_.diagnostics);
}

std::optional<Query> Reader::expression(std::string_view name) const {
  const auto* value = find(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  auto compiled = query(name);
  if (!compiled || compiled->literal() != nullptr) return std::nullopt;
  return compiled;
}

std::optional<Template> Reader::path_template(std::string_view name) const {
  const auto* value = find(name);
  if (value == nullptr || !value->is_object()) return std::nullopt;
  return Template::compile(*value, place_of(name).text(), context_.diagnostics);
}

}  // namespace presso::asl
