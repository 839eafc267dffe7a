// What paths, templates and queries see while a state is evaluated: `$`, `$$` and variables;
// `$states` is made of them.
// https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "engine/run/execution.h"
#include "lang/jsonpath/path.h"

namespace presso::run {

// Borrows all it is made of. The context object is made on first use: most states never ask.
class Scope final : public jsonpath::Roots {
 public:
  Scope(const Execution& execution, const Frame& frame, const Json& input)
      : execution_(execution), frame_(frame), input_(&input) {}

  // `$` becomes another value: the result for ResultSelector, the error output for a catcher.
  void set_input(const Json& input) { input_ = &input; }
  // JSONata: `$states.result`, `$states.errorOutput`.
  void set_result(const SharedJson& result) { result_ = &result; }
  void set_error_output(const SharedJson& error) { error_output_ = &error; }
  // `$$.Task.Token` of the attempt about to be made.
  void set_task_token(std::string token);
  // `$$.Map.Item` while ItemSelector is evaluated.
  void set_map_item(std::uint64_t index, const Json& value);

  [[nodiscard]] const Json* input() const override { return input_; }
  [[nodiscard]] const Json* context() const override;
  // The members of the context object whose values stand elsewhere, and may be large, are not
  // copied for a path that leads to one member.
  [[nodiscard]] Part context_part(std::span<const std::string_view> names) const override;
  // The same for who goes over all members: without Execution.Input and Map.Item.Value, …
  [[nodiscard]] const Json& small_context() const;
  // … which are these. Null outside of a Map; TestState's context has all but the item.
  [[nodiscard]] const Json* map_item() const;
  [[nodiscard]] const Json& execution_input() const { return execution_.input.value(); }
  [[nodiscard]] bool has_given_context() const { return execution_.context.has_value(); }
  [[nodiscard]] const Json* variable(std::string_view name) const override;
  // Null where there is none.
  [[nodiscard]] const Json* result() const { return value_of(result_); }
  [[nodiscard]] const Json* error_output() const { return value_of(error_output_); }
  // The handle of which this is the whole value, if it is the state's input or result; else null.
  [[nodiscard]] const SharedJson* handle_of(const Json* value) const;

 private:
  struct MapItem {
    std::uint64_t index;
    const Json* value;
  };

  [[nodiscard]] std::optional<MapItem> item() const;
  [[nodiscard]] static Json map_context(const MapItem&, bool is_whole);
  [[nodiscard]] Json make_context(bool is_whole) const;
  void forget_context();

  static const Json* value_of(const SharedJson* handle) {
    return handle == nullptr ? nullptr : &handle->value();
  }

  const Execution& execution_;
  const Frame& frame_;
  const Json* input_;
  const SharedJson* result_ = nullptr;
  const SharedJson* error_output_ = nullptr;
  std::string task_token_;
  std::optional<MapItem> map_item_;
  mutable std::unique_ptr<Json> context_;
  mutable std::unique_ptr<Json> small_context_;
};

}  // namespace presso::run
