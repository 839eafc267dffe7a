// Program: a compiled expression, immutable.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lang/jsonata/ast.h"
#include "lang/jsonata/jsonata.h"

namespace presso::jsonata {

// A variable that nothing in the expression binds.
struct FreeVariable {
  std::string name;
  const Builtin* builtin = nullptr;  // what it is unless somebody gives it a value
};

struct Program {
  std::string text;
  Dialect dialect = Dialect::Latest;
  NodePtr root;
  std::vector<std::unique_ptr<Ancestor>> ancestors;
  // Of `:=` outside any block; in the text of $eval also of all that it does not bind.
  ScopeNames scope;
  std::vector<FreeVariable> free_variables;
  References references;
};

// What `compile_program` is given to do.
enum class Purpose {
  Expression,
  Eval,  // the text of $eval: what it does not bind itself is found by name when it runs
};

// Throws Thrown.
[[nodiscard]] std::shared_ptr<const Program> compile_program(std::string_view text, Dialect dialect,
                                                             Purpose purpose);

}  // namespace presso::jsonata
