#include "lang/intrinsics/intrinsic.h"

#include <optional>
#include <utility>

#include "lang/intrinsics/expression.h"
#include "lang/intrinsics/limits.h"
#include "lang/jsonpath/budget.h"

namespace presso::intrinsics {

namespace {

const Json* root_of(const jsonpath::Path& path, const jsonpath::Roots& roots) {
  switch (path.root()) {
    case jsonpath::Path::Root::Input: return roots.input();
    case jsonpath::Path::Root::Context: return roots.context();
    case jsonpath::Path::Root::Variable: return roots.variable(path.variable());
  }
  return nullptr;
}

class Evaluator {
 public:
  Evaluator(const Call& call, const jsonpath::Roots& roots, const Env& env)
      : call_(call), roots_(roots), env_(env) {}

  Result<Json> run(const Invocation& invocation) {
    const std::string_view name = invocation.function->name;
    std::vector<Value> values;
    std::size_t bytes = 0;
    for (const Argument& argument : invocation.arguments) {
      const bool is_template = name == kFormat && values.empty();
      auto value = is_template ? value_of_template(argument)
                               : std::visit([&](const auto& of) { return value_of(of); }, argument);
      if (!value) return value.error();
      bytes += jsonpath::rough_size(value->get(), kMaxArgumentBytes);
      if (bytes > kMaxArgumentBytes) return refused(name);
      values.push_back(*std::move(value));
    }
    auto result = invocation.function->run(values, env_);
    if (!result) return refused(name);
    return *std::move(result);
  }

 private:
  // AWS: the whole call is shown, as it was written, also for a failure deep within it.
  [[nodiscard]] Error failed(std::string code, const std::string& reason) const {
    return Error{std::move(code),
                 "The function '" + call_.text() + "' had the following error: " + reason};
  }
  [[nodiscard]] Error refused(std::string_view name) const {
    return failed("States.IntrinsicFailure", "Invalid arguments in " + std::string{name});
  }

  Result<Value> value_of(const Json& literal) const { return Value{&literal}; }

  Result<Value> value_of(const Text& text) const {
    auto value = unescaped(text.raw);
    if (!value) return failed("States.IntrinsicFailure", "Invalid escape in '" + text.raw + "'");
    return Value{Json(*std::move(value))};
  }

  Result<Value> value_of_template(const Argument& argument) {
    if (const auto* text = std::get_if<Text>(&argument)) return Value{Json(text->raw)};
    return std::visit([&](const auto& of) { return value_of(of); }, argument);
  }

  Result<Value> value_of(const jsonpath::Path& path) const {
    if (const Json* found = jsonpath::find(path, roots_)) return Value{found};
    auto selected = jsonpath::select(path, roots_);
    if (selected) return Value{*std::move(selected)};
    if (selected.error().code != "PathNotFound") {
      return failed(selected.error().code,
                    "Invalid path '" + path.text() + "' : " + selected.error().message);
    }
    const Json* root = root_of(path, roots_);
    return failed("PathNotFound", "The JsonPath argument for the field '" + path.text() +
                                      "' could not be found in the input '" +
                                      (root == nullptr ? "null" : dump_json(*root)) + "'");
  }

  Result<Value> value_of(const std::shared_ptr<const Invocation>& invocation) {
    auto value = run(*invocation);
    if (!value) return value.error();
    return Value{*std::move(value)};
  }

  const Call& call_;
  const jsonpath::Roots& roots_;
  const Env& env_;
};

}  // namespace

Result<Call> Call::compile(std::string_view text) {
  auto expression = parse(text);
  if (!expression) return expression.error();
  return Call{std::make_shared<const Expression>(*std::move(expression))};
}

const std::string& Call::text() const { return expression_->text; }
std::string_view Call::function() const { return expression_->call.function->name; }
const std::vector<jsonpath::Path>& Call::paths() const { return expression_->paths; }

Result<Json> call(const Call& call, const jsonpath::Roots& roots, const Env& env) {
  return Evaluator{call, roots, env}.run(call.expression().call);
}

bool looks_like_call(std::string_view text) { return text.starts_with("States."); }

}  // namespace presso::intrinsics
