// A template compiles to a tree in which only what has to be computed is a node of its own: every
// part without a ".$" in it is one literal, copied as a whole. The depth is that of the JSON text,
// which parse_json bounds.
#include "engine/asl/template.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <variant>

#include "base/assert.h"
#include "engine/asl/place.h"
#include "lang/intrinsics/intrinsic.h"

namespace presso::asl {
namespace {

using Expression = std::variant<jsonpath::Path, intrinsics::Call>;

constexpr std::string_view kDynamic = ".$";

// What ErrorPath and CausePath may call.
// https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html
constexpr std::array<std::string_view, 7> kTextFunctions{
    "States.Format",       "States.JsonToString", "States.ArrayGetItem", "States.Base64Encode",
    "States.Base64Decode", "States.Hash",         "States.UUID",
};

bool looks_computed(std::string_view text) {
  return text == "$" || text == "$$" || text.starts_with("$.") || text.starts_with("$$.") ||
         intrinsics::looks_like_call(text);
}

Result<Expression> compile_expression(std::string_view text) {
  if (intrinsics::looks_like_call(text)) {
    auto call = intrinsics::Call::compile(text);
    if (!call) return call.error();
    return Expression{std::move(call).value()};
  }
  auto path = jsonpath::Path::compile(text);
  if (!path) return path.error();
  return Expression{std::move(path).value()};
}

const std::string& text_of(const Expression& expression) {
  return std::visit([](const auto& it) -> const std::string& { return it.text(); }, expression);
}

std::vector<jsonpath::Path> paths_of(const Expression& expression) {
  if (const auto* path = std::get_if<jsonpath::Path>(&expression)) return {*path};
  return std::get<intrinsics::Call>(expression).paths();
}

// What a path was looked up in, as AWS shows it: the state's input, or the root of another kind.
std::string shown_root(const jsonpath::Path& path, const jsonpath::Roots& roots) {
  const Json* root = roots.input();
  switch (path.root()) {
    case jsonpath::Path::Root::Input: break;
    case jsonpath::Path::Root::Context: root = roots.context(); break;
    case jsonpath::Path::Root::Variable: {
      const auto* variable = roots.variable(path.variable());
      if (variable != nullptr) root = variable;
      break;
    }
  }
  return root == nullptr ? "{}" : dump_json(*root);
}

Error path_failure(const jsonpath::Path& path, const Error& error, const jsonpath::Roots& roots,
                   std::string_view field) {
  if (error.code != "PathNotFound" || field.empty()) {
    return {"States.Runtime", "Invalid path '" + path.text() + "' : " + error.message};
  }
  return {"States.Runtime", "The JSONPath '" + path.text() + "' specified for the field '" +
                                std::string{field} + "' could not be found in the input '" +
                                shown_root(path, roots) + "'"};
}

// AWS: an argument that is not there is States.Runtime, whatever the function; what the function
// itself refuses is States.IntrinsicFailure.
Error call_failure(const intrinsics::Call& call, const Error& error, const jsonpath::Roots& roots) {
  const std::string prefix = "The function '" + call.text() + "' had the following error: ";
  if (error.code == "States.IntrinsicFailure") {
    const bool is_complete = error.message.starts_with("The function '");
    return {error.code, is_complete ? error.message : prefix + error.message};
  }
  for (const auto& path : call.paths()) {
    if (jsonpath::select(path, roots)) continue;
    return {"States.Runtime", prefix + "The JsonPath argument for the field '" + path.text() +
                                  "' could not be found in the input '" + shown_root(path, roots) +
                                  "'"};
  }
  return {"States.Runtime", prefix + error.message};
}

Result<Json> evaluate_expression(const Expression& expression, const jsonpath::Roots& roots,
                                 const Env& env, std::string_view field) {
  if (const auto* path = std::get_if<jsonpath::Path>(&expression)) {
    auto value = jsonpath::select(*path, roots);
    if (!value) return path_failure(*path, value.error(), roots, field);
    return value;
  }
  const auto& call = std::get<intrinsics::Call>(expression);
  auto value = intrinsics::call(call, roots, env);
  if (!value) return call_failure(call, value.error(), roots);
  return value;
}

// Whether the path finds something in a context that holds nothing but a task token.
bool reads_task_token(const jsonpath::Path& path) {
  static const Json kContext = {{"Task", {{"Token", "token"}}}};
  if (path.root() != jsonpath::Path::Root::Context) return false;
  const auto value = jsonpath::select(path, kContext);
  return value.has_value() && !(value->is_array() && value->empty());
}

// One part of a template. Members and elements are what holds something computed.
struct Part {
  struct Computed {
    Expression expression;
    std::string field;  // the member's name, with ".$"
  };
  struct Members {
    std::vector<std::string> names;  // without ".$"
    std::vector<Part> values;
  };
  using Elements = std::vector<Part>;

  std::variant<Json, Computed, Members, Elements> form;

  [[nodiscard]] bool is_literal() const { return std::holds_alternative<Json>(form); }
};

class Compiler {
 public:
  explicit Compiler(std::vector<Diagnostic>& diagnostics) : diagnostics_(diagnostics) {}

  Part compile(const Json& text, const Place& place) {
    if (text.is_object()) return compile_object(text, place);
    if (text.is_array()) return compile_array(text, place);
    return Part{text};
  }

 private:
  Part compile_object(const Json& text, const Place& place) {
    Part::Members members;
    bool is_literal = true;
    for (const auto& [key, value] : text.items()) {
      if (std::string_view{key}.ends_with(kDynamic)) {
        is_literal = false;
        compile_computed(key, value, place, members);
        continue;
      }
      warn_of_path(value, place);
      auto part = compile(value, Place{place, key});
      is_literal = is_literal && part.is_literal();
      members.names.push_back(key);
      members.values.push_back(std::move(part));
    }
    if (is_literal) return Part{text};
    return Part{std::move(members)};
  }

  Part compile_array(const Json& text, const Place& place) {
    Part::Elements elements;
    bool is_literal = true;
    for (std::size_t i = 0; i < text.size(); ++i) {
      elements.push_back(compile(text[i], Place{place, i}));
      is_literal = is_literal && elements.back().is_literal();
    }
    if (is_literal) return Part{text};
    return Part{std::move(elements)};
  }

  void compile_computed(const std::string& key, const Json& value, const Place& place,
                        Part::Members& members) {
    const auto* text = as_string(&value);
    auto expression =
        text == nullptr ? Result<Expression>{Error{"InvalidPath", ""}} : compile_expression(*text);
    if (!expression) {
      report_fault(diagnostics_, place,
                   "The value for the field '" + key +
                       "' must be a valid JSONPath or a valid intrinsic function call");
      return;
    }
    members.names.push_back(key.substr(0, key.size() - kDynamic.size()));
    members.values.push_back(Part{Part::Computed{std::move(expression).value(), key}});
  }

  void warn_of_path(const Json& value, const Place& place) {
    const auto* text = as_string(&value);
    if (text == nullptr || !looks_computed(*text) || !compile_expression(*text)) return;
    report(diagnostics_,
           {.severity = Severity::Warning,
            .code = "NO_DOLLAR",
            .message = "No .$ on a field that appears to be a JSONPath or Intrinsic Function.",
            .location = place.text()});
  }

  std::vector<Diagnostic>& diagnostics_;
};

Result<Json> evaluate_part(const Part& part, const jsonpath::Roots& roots, const Env& env) {
  if (const auto* literal = std::get_if<Json>(&part.form)) return *literal;
  if (const auto* computed = std::get_if<Part::Computed>(&part.form)) {
    return evaluate_expression(computed->expression, roots, env, computed->field);
  }
  if (const auto* members = std::get_if<Part::Members>(&part.form)) {
    Json object = Json::object();
    for (std::size_t i = 0; i < members->names.size(); ++i) {
      auto value = evaluate_part(members->values[i], roots, env);
      if (!value) return value;
      object[members->names[i]] = std::move(value).value();
    }
    return object;
  }
  Json array = Json::array();
  for (const auto& element : std::get<Part::Elements>(part.form)) {
    auto value = evaluate_part(element, roots, env);
    if (!value) return value;
    array.push_back(std::move(value).value());
  }
  return array;
}

void collect_paths(const Part& part, std::vector<jsonpath::Path>& paths) {
  if (const auto* computed = std::get_if<Part::Computed>(&part.form)) {
    for (auto& path : paths_of(computed->expression)) paths.push_back(std::move(path));
  } else if (const auto* members = std::get_if<Part::Members>(&part.form)) {
    for (const auto& value : members->values) collect_paths(value, paths);
  } else if (const auto* elements = std::get_if<Part::Elements>(&part.form)) {
    for (const auto& element : *elements) collect_paths(element, paths);
  }
}

VariableNames variables_of(const std::vector<jsonpath::Path>& paths) {
  VariableNames names;
  for (const auto& path : paths) {
    if (path.root() == jsonpath::Path::Root::Variable) names.push_back(path.variable());
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace

struct Template::Node {
  Part part;
};

Template::Template() : root_(std::make_unique<Node>()) {}
Template::~Template() = default;
Template::Template(const Template& other) : root_(std::make_unique<Node>(*other.root_)) {}
Template::Template(Template&&) noexcept = default;
Template& Template::operator=(const Template& other) {
  root_ = std::make_unique<Node>(*other.root_);
  return *this;
}
Template& Template::operator=(Template&&) noexcept = default;

Template Template::compile(const Json& text, std::string_view location,
                           std::vector<Diagnostic>& diagnostics) {
  Template result;
  result.root_->part = Compiler{diagnostics}.compile(text, Place{location});
  return result;
}

Result<Json> Template::evaluate(const jsonpath::Roots& roots, const Env& env) const {
  return evaluate_part(root_->part, roots, env);
}

bool Template::uses_task_token() const {
  std::vector<jsonpath::Path> paths;
  collect_paths(root_->part, paths);
  return std::any_of(paths.begin(), paths.end(), reads_task_token);
}

VariableNames Template::variables() const {
  std::vector<jsonpath::Path> paths;
  collect_paths(root_->part, paths);
  return variables_of(paths);
}

struct ValueExpression::Node {
  std::optional<Expression> expression;
};

ValueExpression::ValueExpression() : node_(std::make_unique<Node>()) {}
ValueExpression::~ValueExpression() = default;
ValueExpression::ValueExpression(const ValueExpression& other)
    : node_(std::make_unique<Node>(*other.node_)) {}
ValueExpression::ValueExpression(ValueExpression&&) noexcept = default;
ValueExpression& ValueExpression::operator=(const ValueExpression& other) {
  node_ = std::make_unique<Node>(*other.node_);
  return *this;
}
ValueExpression& ValueExpression::operator=(ValueExpression&&) noexcept = default;

Result<ValueExpression> ValueExpression::compile(std::string_view text) {
  auto expression = compile_expression(text);
  if (!expression) return expression.error();
  if (const auto* call = std::get_if<intrinsics::Call>(&*expression)) {
    const bool is_allowed = std::find(kTextFunctions.begin(), kTextFunctions.end(),
                                      call->function()) != kTextFunctions.end();
    if (!is_allowed) return Error{"InvalidIntrinsic", std::string{call->function()}};
  }
  ValueExpression result;
  result.node_->expression = std::move(expression).value();
  return result;
}

Result<Json> ValueExpression::evaluate(const jsonpath::Roots& roots, const Env& env,
                                       std::string_view field) const {
  PRESSO_ASSERT(node_->expression.has_value());
  return evaluate_expression(*node_->expression, roots, env, field);
}

const std::string& ValueExpression::text() const {
  PRESSO_ASSERT(node_->expression.has_value());
  return text_of(*node_->expression);
}

VariableNames ValueExpression::variables() const {
  if (!node_->expression) return {};
  return variables_of(paths_of(*node_->expression));
}

}  // namespace presso::asl
