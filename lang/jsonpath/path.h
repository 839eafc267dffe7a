// JSONPath as Step Functions has it: the dialect of Jayway's JsonPath for Java, with its error
// texts, because AWS shows those to users.
//
//   auto path = jsonpath::Path::compile("$.orders[0].id");
//   if (!path) return path.error();                       // code "InvalidPath"
//   auto value = jsonpath::select(*path, input);          // code "PathNotFound" when it is not
//   there
//
// A *definite* path (names and single indices) gives one value, or fails when something on the way
// is missing. An indefinite one (`..`, `*`, slices, unions, filters) gives an array of what it
// finds, empty when it finds nothing. Beside `$` a path may start at `$$`, the context object, or
// at `$name`, a variable.
//
// A path is compiled once and is immutable; copies share it. Evaluation is bounded: see limits.h.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/json_fwd.h"
#include "base/result.h"

namespace presso::jsonpath {

struct Program;  // what a path compiles to: program.h

class Path {
 public:
  enum class Root { Input, Context, Variable };  // $.a, $$.a, $name.a

  [[nodiscard]] static Result<Path> compile(std::string_view text);

  [[nodiscard]] const std::string& text() const;  // as it was written
  [[nodiscard]] Root root() const;
  [[nodiscard]] const std::string& variable() const;  // name without `$`; empty for other roots
  [[nodiscard]] bool is_definite() const;
  [[nodiscard]] bool is_reference() const;  // names and array indices only, from any root
  [[nodiscard]] bool is_root() const;       // "$" alone
  [[nodiscard]] const Program& program() const { return *program_; }

  friend bool operator==(const Path& left, const Path& right) {
    return left.text() == right.text();
  }

 private:
  explicit Path(std::shared_ptr<const Program> program) : program_(std::move(program)) {}

  std::shared_ptr<const Program> program_;
};

// The values at which paths start. A null pointer: there is no such value here.
class Roots {
 public:
  virtual ~Roots() = default;
  [[nodiscard]] virtual const Json* input() const = 0;
  [[nodiscard]] virtual const Json* context() const = 0;
  // What the names at the beginning of a path into the context object lead to, at most three of
  // them, and how many that took: for who need not make the whole for one member.
  struct Part {
    const Json* value;  // null: nothing is there
    std::size_t names;
  };
  [[nodiscard]] virtual Part context_part(std::span<const std::string_view> names) const {
    static_cast<void>(names);
    return {context(), 0};
  }
  [[nodiscard]] virtual const Json* variable(std::string_view name) const = 0;
};

// The path's value in `root_value`, which is the value of the path's own root. Fails with code
// "PathNotFound" and Jayway's reason ("Missing property in path $['no']"), or with "InvalidPath"
// for what only shows itself when evaluated (a function applied to the wrong type).
[[nodiscard]] Result<Json> select(const Path&, const Json& root_value);
// The same with the root looked up.
[[nodiscard]] Result<Json> select(const Path&, const Roots&);

// Where a definite path without functions points, without a copy or an allocation; null when there
// is nothing, and for every other path.
[[nodiscard]] const Json* find(const Path&, const Json& root_value);
[[nodiscard]] const Json* find(const Path&, const Roots&);

}  // namespace presso::jsonpath
