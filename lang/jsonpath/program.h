// What a path compiles to: a list of steps, and for filters a tree of conditions. Internal to
// jsonpath; path.h is the library.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.h"
#include "lang/jsonpath/path.h"
#include "lang/jsonpath/regex.h"

namespace presso::jsonpath {

struct Filter;

// .name, ['name'], ['a','b']
struct Names {
  std::vector<std::string> names;
  char quote = '\'';
};
// [0], [-1], [0,2]
struct Indices {
  std::vector<std::int32_t> indices;
};
// [1:], [:2], [1:2]; at least one bound is there.
struct Slice {
  std::optional<std::int32_t> from;
  std::optional<std::int32_t> to;
};
struct Wildcard {};  // *, [*]
struct Scan {};      // .. : the next step, tried at every depth
// [?(…)]
struct Where {
  std::shared_ptr<const Filter> filter;
};
// .length(), .concat($.a, "b"): an argument is a JSON value or a path from the document.
struct Function {
  using Argument = std::variant<Json, std::shared_ptr<const Program>>;
  std::string name;
  std::vector<Argument> arguments;
};

using Step = std::variant<Names, Indices, Slice, Wildcard, Scan, Where, Function>;

struct Program {
  std::string text;
  Path::Root root = Path::Root::Input;
  std::string variable;
  bool is_from_item = false;  // starts at `@`, within a filter
  std::vector<Step> steps;
  bool is_definite = true;
  bool is_pointer = true;          // single names and indices only: find() can follow it
  bool is_reference = true;        // … and no index counts from the end
  std::size_t definite_steps = 0;  // leading steps that lead to one value each
  // Accepted when a machine is created, refused when the path is used: what is wrong with it.
  std::string fault;
};

enum class Operator {
  Equal,
  NotEqual,
  Less,
  LessOrEqual,
  Greater,
  GreaterOrEqual,
  Matches,
  In,
  NotIn,
  SubsetOf,
  AnyOf,
  NoneOf,
  All,
  Contains,
  Size,
  Empty
};

using Operand = std::variant<Json, Regex, std::shared_ptr<const Program>>;

// @.x == 1
struct Comparison {
  Operator op = Operator::Equal;
  Operand left;
  Operand right;
};
// @.x, !@.x
struct Existence {
  std::shared_ptr<const Program> path;
  bool is_wanted = true;
};
struct AnyOfThese {
  std::vector<Filter> filters;
};
struct AllOfThese {
  std::vector<Filter> filters;
};
struct Negation {
  std::shared_ptr<const Filter> filter;
};

struct Filter {
  std::variant<Comparison, Existence, AnyOfThese, AllOfThese, Negation> node;
};

// "['a']['b'][0]": the path without its root, as Jayway writes it into its errors.
[[nodiscard]] std::string text_of(const Step&);
[[nodiscard]] std::string text_of(const Program&);

}  // namespace presso::jsonpath
