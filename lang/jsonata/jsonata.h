// JSONata (https://docs.jsonata.org), exact by its reference implementation, for callers that know
// nothing of how it is done:
//
//   auto compiled = jsonata::Expression::compile("Orders[Price > $limit].Id");
//   const auto* broken = std::get_if<jsonata::QueryError>(&compiled);   // code "S0201" and so on
//   jsonata::Answer answer = jsonata::evaluate(std::get<jsonata::Expression>(compiled), call);
//   if (answer.kind() == jsonata::Answer::Kind::Value) use(std::move(answer).take());
//
// An expression is compiled once, is immutable, and copies share it. Evaluation borrows its input
// and variables: they are never copied, only what is made anew is built. An evaluation is bounded
// in steps, depth and memory (see limits.h), whatever the expression; passing a bound is the error
// "U1001". Nothing here throws.
//
// Two dialects. Latest is JSONata 2.2. StepFunctions is what AWS documents: 2.0.6, so without `??`
// and `?:`, without $eval, and with $partition, $range, $hash, $random(seed), $uuid and $parse.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.h"
#include "lang/env.h"
#include "lang/jsonata/limits.h"

namespace presso::jsonata {

enum class Dialect { Latest, StepFunctions };

// What went wrong, with the codes and texts of the reference implementation: S… when compiled, T…
// and D… when evaluated, U… beyond a limit.
struct QueryError {
  std::string code;                     // "T2001"
  std::string message;                  // complete, placeholders filled in, without the code
  Json token;                           // the operator, name or literal concerned; null: none
  std::optional<std::size_t> position;  // UTF-16 code units from the start, after the token
  std::optional<Json> value;            // the offending value, where the code has one
  std::string function_name;            // of $error's and encoding functions' errors; else empty

  friend bool operator==(const QueryError&, const QueryError&) = default;
};

// What an expression asks of its surroundings, for checks before it ever runs.
struct References {
  // Free variables, in order of first use, once each, without the `$`: neither bound within the
  // expression nor built-in functions. "states" is among them.
  std::vector<std::string> variables;
  // The members read from `$states` by name: "input" of `$states.input.a`.
  std::vector<std::string> states_members;
  // `$states` stands somewhere without a member's name after it.
  bool uses_whole_states = false;
  // `$`, `$$` or a bare name is read where only an input document could give it a value.
  bool uses_input = false;
};

struct Program;  // what an expression compiles to: program.h

class Expression {
 public:
  [[nodiscard]] static std::variant<Expression, QueryError> compile(
      std::string_view text, Dialect dialect = Dialect::Latest);

  [[nodiscard]] const std::string& text() const;  // as it was written
  [[nodiscard]] const References& references() const;
  [[nodiscard]] const Program& program() const { return *program_; }

  friend bool operator==(const Expression& left, const Expression& right);

 private:
  explicit Expression(std::shared_ptr<const Program> program) : program_(std::move(program)) {}

  std::shared_ptr<const Program> program_;
};

// A member of an object that is put together for the evaluation alone.
struct Member {
  std::string_view name;
  const Json* value;  // null: an object of `members`
  std::span<const Member> members = {};
};

// Where free variables get their values. Whatever is handed out has to outlive the evaluation.
class Variables {
 public:
  // Nothing; a value; or an object of values kept in different places, as `$states` is.
  using Found = std::variant<std::monostate, const Json*, std::span<const Member>>;

  virtual ~Variables() = default;
  [[nodiscard]] virtual Found find(std::string_view name) const = 0;  // without the `$`
};

struct Limits {
  std::size_t steps = kMaxSteps;
  std::size_t depth = kMaxDepth;
  std::size_t bytes = kMaxBytes;
  // Asked now and then; true ends the evaluation with "U1001". For callers that have a clock.
  std::function<bool()> is_over = nullptr;
};

struct Call {
  const Json* input = nullptr;           // null: there is no input, which is not JSON's null
  const Variables* variables = nullptr;  // null: none
  Env env = {};  // `now` for $now and $millis; `entropy` for $random, $shuffle and $uuid
  Limits limits = {};
};

class Answer {
 public:
  enum class Kind { Value, Nothing, Function, Error };

  [[nodiscard]] static Answer of_value(Json value);
  [[nodiscard]] static Answer of_borrowed(const Json& value);
  [[nodiscard]] static Answer of_nothing() { return Answer{Kind::Nothing}; }
  [[nodiscard]] static Answer of_function() { return Answer{Kind::Function}; }
  [[nodiscard]] static Answer of_error(QueryError error);

  [[nodiscard]] Kind kind() const { return kind_; }
  // Of a Value: functions within arrays have become null, and within objects are left out.
  [[nodiscard]] const Json& value() const;
  [[nodiscard]] Json take() &&;  // copies only what is borrowed
  // Of a Value that is, unchanged, part of the input or of a variable: where. Else null.
  [[nodiscard]] const Json* borrowed() const { return borrowed_; }
  [[nodiscard]] const QueryError& error() const;  // of an Error

 private:
  explicit Answer(Kind kind) : kind_{kind} {}

  Kind kind_;
  const Json* borrowed_ = nullptr;
  Json value_;
  QueryError error_;
};

[[nodiscard]] Answer evaluate(const Expression&, const Call&);

// Names of the built-in functions, without the `$`, sorted.
[[nodiscard]] const std::vector<std::string>& builtin_names(Dialect);

}  // namespace presso::jsonata
