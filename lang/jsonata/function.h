// Function: whatever can be called.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "lang/jsonata/ast.h"
#include "lang/jsonata/value.h"

namespace presso::jsonata {

struct Function {
  enum class Kind : std::uint8_t {
    Native,     // builtin
    Lambda,     // node, with what it closes over: input and frame
    Matcher,    // node: a regular expression
    NextMatch,  // node, text, from: what a match's `next` does
    Transform,  // node, frame
    Composed,   // second(first(x))
    Partial,    // first, with bound[i] Unbound where an argument is yet to come
  };

  Kind kind = Kind::Native;
  const Builtin* builtin = nullptr;
  const Node* node = nullptr;
  Value input;
  Frame* frame = nullptr;
  Function* first = nullptr;
  Function* second = nullptr;
  const Value* bound = nullptr;
  std::uint32_t bound_count = 0;
  std::string_view text;
  std::size_t from = 0;  // in UTF-16 code units
};

// How many arguments $map and its like pass at most.
[[nodiscard]] std::size_t arity_of(const Function&);

}  // namespace presso::jsonata
