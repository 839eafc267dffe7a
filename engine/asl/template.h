// Payload templates, compiled once: Parameters, ResultSelector, ItemSelector, Assign, …
// https://docs.aws.amazon.com/step-functions/latest/dg/input-output-inputpath-params.html
//
// A member whose name ends in ".$" holds a path ("$.a", "$$.a", "$name.a") or an intrinsic call;
// the result stands under the name without ".$". Everything else is literal, at any depth.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "engine/asl/diagnostics.h"
#include "lang/env.h"
#include "lang/jsonpath/path.h"

namespace presso::asl {

// Which variables a template mentions, for `variableReferences` and for scope checks.
using VariableNames = std::vector<std::string>;

class Template {
 public:
  Template();
  ~Template();
  Template(const Template&);
  Template(Template&&) noexcept;
  Template& operator=(const Template&);
  Template& operator=(Template&&) noexcept;

  // Faults are appended to `diagnostics` with `location` in front of the place in the template; the
  // template is then of no use.
  [[nodiscard]] static Template compile(const Json& text, std::string_view location,
                                        std::vector<Diagnostic>& diagnostics);

  // Error: `code` is the States.… error name, `message` its cause without the "An error occurred
  // while executing the state" prefix.
  [[nodiscard]] Result<Json> evaluate(const jsonpath::Roots&, const Env&) const;

  // Whether the context's Task.Token is read anywhere: .waitForTaskToken wants it.
  [[nodiscard]] bool uses_task_token() const;
  [[nodiscard]] VariableNames variables() const;

 private:
  struct Node;
  std::unique_ptr<Node> root_;
};

// One place for a path or an intrinsic call on its own: ErrorPath, CausePath.
class ValueExpression {
 public:
  ValueExpression();
  ~ValueExpression();
  ValueExpression(const ValueExpression&);
  ValueExpression(ValueExpression&&) noexcept;
  ValueExpression& operator=(const ValueExpression&);
  ValueExpression& operator=(ValueExpression&&) noexcept;

  // Error code "InvalidPath" or "InvalidIntrinsic".
  [[nodiscard]] static Result<ValueExpression> compile(std::string_view text);

  // `field` is named in the error's text: "ErrorPath".
  [[nodiscard]] Result<Json> evaluate(const jsonpath::Roots&, const Env&,
                                      std::string_view field = "") const;
  [[nodiscard]] const std::string& text() const;
  [[nodiscard]] VariableNames variables() const;

 private:
  struct Node;
  std::unique_ptr<Node> node_;
};

}  // namespace presso::asl
