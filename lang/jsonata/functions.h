// The built-in functions: a table of names, signatures and what they do.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "lang/jsonata/jsonata.h"
#include "lang/jsonata/signature.h"
#include "lang/jsonata/value.h"

namespace presso::jsonata {

class Evaluator;

// Arguments are checked against the signature and filled up to its parameters; `context` is what
// `$` is where the function is called.
struct NativeCall {
  Evaluator& evaluator;
  std::span<const Value> arguments;
  const Value& context;
  Frame* frame;  // of the caller; for $eval

  [[nodiscard]] Value operator[](std::size_t index) const {
    return index < arguments.size() ? arguments[index] : Value{};
  }
};
using NativeFunction = Value (*)(const NativeCall&);

struct Builtin {
  std::string_view name;
  std::string_view signature_text;
  // Parameters as the reference implementation declares them: what $map and its like pass.
  std::uint8_t arity = 0;
  NativeFunction native = nullptr;
  std::shared_ptr<const Signature> signature = nullptr;
};

// Null: there is none of this name.
[[nodiscard]] const Builtin* find_builtin(std::string_view name, Dialect dialect);

// What the table is put together from, by theme.
[[nodiscard]] std::vector<Builtin> text_functions();
[[nodiscard]] std::vector<Builtin> pattern_functions();
[[nodiscard]] std::vector<Builtin> encoding_functions();
[[nodiscard]] std::vector<Builtin> number_functions();
[[nodiscard]] std::vector<Builtin> array_functions();
[[nodiscard]] std::vector<Builtin> object_functions();
[[nodiscard]] std::vector<Builtin> higher_order_functions();
[[nodiscard]] std::vector<Builtin> time_functions();
[[nodiscard]] std::vector<Builtin> misc_functions();
[[nodiscard]] std::vector<Builtin> eval_functions();            // of Latest alone
[[nodiscard]] std::vector<Builtin> step_functions_functions();  // of StepFunctions alone

}  // namespace presso::jsonata
