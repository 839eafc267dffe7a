// The intrinsic functions of the Amazon States Language, for JSONPath states:
// `States.Format('Hello {}', $.name)`.
//
//   auto call = intrinsics::Call::compile(text);          // code "InvalidIntrinsic"
//   auto value = intrinsics::call(*call, roots, env);     // code "States.IntrinsicFailure"
//
// Compiling refuses what AWS refuses when a state machine is created: malformed calls, unknown
// functions, a wrong number of arguments, more than ten calls in one field. A path among the
// arguments that finds nothing fails with the path's own error ("PathNotFound").
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_fwd.h"
#include "base/result.h"
#include "lang/env.h"
#include "lang/jsonpath/path.h"

namespace presso::intrinsics {

struct Expression;  // what a call compiles to: expression.h

class Call {
 public:
  [[nodiscard]] static Result<Call> compile(std::string_view text);

  [[nodiscard]] const std::string& text() const;  // as it was written
  // "States.Format": the outermost function, for fields that allow only some.
  [[nodiscard]] std::string_view function() const;
  // Every path among the arguments, at any depth, in the order in which they were written.
  [[nodiscard]] const std::vector<jsonpath::Path>& paths() const;
  [[nodiscard]] const Expression& expression() const { return *expression_; }

  friend bool operator==(const Call& left, const Call& right) {
    return left.text() == right.text();
  }

 private:
  explicit Call(std::shared_ptr<const Expression> expression)
      : expression_(std::move(expression)) {}

  std::shared_ptr<const Expression> expression_;
};

[[nodiscard]] Result<Json> call(const Call&, const jsonpath::Roots&, const Env&);

// True for text that is meant as a call ("States." and a name), well-formed or not.
[[nodiscard]] bool looks_like_call(std::string_view text);

}  // namespace presso::intrinsics
