// JSONata's side of the seam: a query is walked, its expressions are evaluated where they stand,
// and every value comes out as JSON. Nothing of the input, the result or a variable is copied to be
// looked at, and a value that is handed on whole stays the same handle.
#include <algorithm>
#include <array>
#include <cmath>

#include "base/assert.h"
#include "engine/run/dataflow.h"
#include "engine/run/limits.h"
#include "lang/jsonata/jsonata.h"

namespace presso::run {
namespace {

using asl::Query;

constexpr std::string_view kError = "States.QueryEvaluationError";

// What an expression's free variables are: `$states`, made of what is there, and the workflow's.
class Lookup final : public jsonata::Variables {
 public:
  Lookup(const Scope& scope, const jsonata::References& references) : scope_(scope) {
    add("input", scope.input());
    add("result", scope.result());
    add("errorOutput", scope.error_output());
    // The context object is made when somebody asks for it.
    const auto& read = references.states_members;
    const bool wants_context = references.uses_whole_states ||
                               std::find(read.begin(), read.end(), "context") != read.end();
    if (wants_context) add_context();
  }

  [[nodiscard]] Found find(std::string_view name) const override {
    if (name == "states") return std::span<const jsonata::Member>{members_.data(), count_};
    const Json* variable = scope_.variable(name);
    if (variable == nullptr) return std::monostate{};
    return variable;
  }

 private:
  void add(std::string_view name, const Json* value) {
    if (value != nullptr) members_[count_++] = {name, value};
  }

  // Its large members stay where they are: a Map asks for the context of each item.
  void add_context() {
    if (scope_.has_given_context()) return add("context", scope_.context());
    for (const auto& [name, value] : scope_.small_context().items()) {
      if (name == "Execution") {
        for (const auto& [inner, of] : value.items()) {
          execution_.push_back({inner, &of});
          if (inner == "Id") execution_.push_back({"Input", &scope_.execution_input()});
        }
        context_.push_back({name, nullptr, execution_});
      } else if (name == "Map") {
        const Json& index = *find_member(*find_member(value, "Item"), "Index");
        item_ = {{{"Index", &index}, {"Value", scope_.map_item()}}};
        map_ = {{"Item", nullptr, item_}};
        context_.push_back({name, nullptr, map_});
      } else {
        context_.push_back({name, &value});
      }
    }
    members_[count_++] = {"context", nullptr, context_};
  }

  const Scope& scope_;
  std::array<jsonata::Member, 4> members_{};
  std::size_t count_ = 0;
  std::vector<jsonata::Member> context_;
  std::vector<jsonata::Member> execution_;
  std::array<jsonata::Member, 1> map_{};
  std::array<jsonata::Member, 2> item_{};
};

// Where a value came from, as causes show it.
struct Origin {
  const std::string& expression;
  const std::string& field;
};

Fault fault_of(const Origin& origin, std::string_view what) {
  return {.code = std::string{kError},
          .message = "The JSONata expression '" + origin.expression +
                     "' specified for the field '" + origin.field + "' " + std::string{what},
          .field = origin.field};
}

Fault fault_of(const Query::Computed& computed, std::string_view what) {
  return fault_of(Origin{computed.expression.text(), computed.field}, what);
}

Computed<jsonata::Answer> answer_of(const Query::Computed& computed, const Scope& scope,
                                    const Env& env) {
  const Lookup lookup{scope, computed.expression.references()};
  auto answer = jsonata::evaluate(computed.expression, {.variables = &lookup, .env = env});
  switch (answer.kind()) {
    case jsonata::Answer::Kind::Value: return answer;
    case jsonata::Answer::Kind::Nothing: return fault_of(computed, "returned nothing (undefined).");
    case jsonata::Answer::Kind::Function:
      return fault_of(computed, "returned an unsupported result type.");
    case jsonata::Answer::Kind::Error: {
      const auto& error = answer.error();
      return fault_of(computed,
                      "threw an error during evaluation. " + error.code + ": " + error.message);
    }
  }
  PRESSO_ASSERT(false);
}

Computed<Json> json_of(const Query& query, const Scope& scope, const Env& env) {
  if (const auto* literal = query.literal()) return *literal;
  if (const auto* computed = std::get_if<Query::Computed>(&query.form)) {
    auto answer = answer_of(*computed, scope, env);
    if (!answer) return answer.error();
    return std::move(*answer).take();
  }
  if (const auto* members = std::get_if<Query::Members>(&query.form)) {
    Json object = Json::object();
    for (std::size_t i = 0; i < members->names.size(); ++i) {
      auto value = json_of(members->values[i], scope, env);
      if (!value) return value;
      object[members->names[i]] = std::move(*value);
    }
    return object;
  }
  Json array = Json::array();
  for (const auto& element : std::get<Query::Elements>(query.form)) {
    auto value = json_of(element, scope, env);
    if (!value) return value;
    array.push_back(std::move(*value));
  }
  return array;
}

std::string_view type_of(const Json& value) {
  if (value.is_null()) return "null";
  if (value.is_boolean()) return "boolean";
  if (value.is_number()) return "number";
  if (value.is_string()) return "string";
  return value.is_array() ? "array" : "object";
}

Fault wrong_type(const Origin& origin, std::string_view expected, const Json& value) {
  return fault_of(origin, "returned an unexpected result type. Expected '" + std::string{expected} +
                              "', but was '" + std::string{type_of(value)} +
                              "' for value: " + dump_json(value));
}

// Of an expression: the type of a literal was checked when the definition was made.
Fault wrong_type(const Query& query, std::string_view expected, const Json& value) {
  const auto* computed = std::get_if<Query::Computed>(&query.form);
  PRESSO_ASSERT(computed != nullptr);
  return wrong_type(Origin{computed->expression.text(), computed->field}, expected, value);
}

}  // namespace

Computed<SharedJson> evaluate(const Query& query, const Scope& scope, const Env& env) {
  const auto* computed = std::get_if<Query::Computed>(&query.form);
  if (computed == nullptr) {
    auto value = json_of(query, scope, env);
    if (!value) return value.error();
    return SharedJson{std::move(*value)};
  }
  auto answer = answer_of(*computed, scope, env);
  if (!answer) return answer.error();
  if (const auto* handle = scope.handle_of(answer->borrowed())) return *handle;
  return SharedJson{std::move(*answer).take()};
}

Computed<SharedJson> fill(const std::optional<Query>& query, const SharedJson& otherwise,
                          const Scope& scope, const Env& env) {
  if (!query) return otherwise;
  return evaluate(*query, scope, env);
}

Computed<std::vector<Assignment>> evaluate_members(const Query& query, const Scope& scope,
                                                   const Env& env) {
  std::vector<Assignment> assignments;
  if (const auto* literal = query.literal()) {
    for (const auto& [name, value] : literal->items()) {
      assignments.push_back({name, SharedJson{value}});
    }
    return assignments;
  }
  const auto& members = std::get<Query::Members>(query.form);
  for (std::size_t i = 0; i < members.names.size(); ++i) {
    auto value = evaluate(members.values[i], scope, env);
    if (!value) return value.error();
    assignments.push_back({members.names[i], std::move(*value)});
  }
  return assignments;
}

Computed<SharedJson> array(const std::optional<Query>& query, const SharedJson& otherwise,
                           const Scope& scope, const Env& env) {
  static const std::string kDefault = "$states.input";
  static const std::string kItems = "Items";
  auto value = fill(query, otherwise, scope, env);
  if (!value || value->value().is_array()) return value;
  if (query) return wrong_type(*query, "array", value->value());
  return wrong_type(Origin{kDefault, kItems}, "array", value->value());
}

Computed<bool> boolean(const Query& query, const Scope& scope, const Env& env) {
  const auto value = json_of(query, scope, env);
  if (!value) return value.error();
  if (!value->is_boolean()) return wrong_type(query, "boolean", *value);
  return value->get<bool>();
}

Computed<std::string> text(const Query& query, const Scope& scope, const Env& env) {
  auto value = json_of(query, scope, env);
  if (!value) return value.error();
  if (!value->is_string()) return wrong_type(query, "string", *value);
  return std::move(value->get_ref<std::string&>());
}

Computed<Time> moment(const Query& query, const Scope& scope, const Env& env) {
  const auto value = text(query, scope, env);
  if (!value) return value.error();
  if (const auto time = parse_rfc3339(*value)) return *time;
  return wrong_type(query, "timestamp", Json(*value));
}

Computed<std::int64_t> whole_number(const Query& query, const Scope& scope, const Env& env) {
  const auto value = json_of(query, scope, env);
  if (!value) return value.error();
  if (!value->is_number()) return wrong_type(query, "number", *value);
  const double number = value->get<double>();
  const bool is_in_range = number >= 0 && number <= static_cast<double>(kMaxSeconds);
  if (!is_in_range || std::floor(number) != number) return wrong_type(query, "integer", *value);
  return static_cast<std::int64_t>(number);
}

}  // namespace presso::run
