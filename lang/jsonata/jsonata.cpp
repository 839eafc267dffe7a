#include "lang/jsonata/jsonata.h"

#include <utility>

#include "lang/jsonata/errors.h"
#include "lang/jsonata/evaluate.h"
#include "lang/jsonata/parse.h"
#include "lang/jsonata/program.h"
#include "lang/jsonata/resolve.h"
#include "lang/jsonata/rewrite.h"
#include "lang/jsonata/to_json.h"

namespace presso::jsonata {

std::shared_ptr<const Program> compile_program(std::string_view text, Dialect dialect,
                                               Purpose purpose) {
  if (text.size() > kMaxTextBytes) throw over_limit("length");
  auto program = std::make_shared<Program>();
  program->text = text;
  program->dialect = dialect;
  Rewritten rewritten = rewrite(parse(program->text, dialect));
  program->root = std::move(rewritten.root);
  program->ancestors = std::move(rewritten.ancestors);
  resolve(*program, purpose);
  return program;
}

std::variant<Expression, QueryError> Expression::compile(std::string_view text, Dialect dialect) {
  try {
    return Expression{compile_program(text, dialect, Purpose::Expression)};
  } catch (const Thrown& thrown) {
    return to_query_error(thrown, text);
  }
}

const std::string& Expression::text() const { return program_->text; }
const References& Expression::references() const { return program_->references; }

bool operator==(const Expression& left, const Expression& right) {
  return left.program_ == right.program_ || (left.program_->text == right.program_->text &&
                                             left.program_->dialect == right.program_->dialect);
}

Answer Answer::of_value(Json value) {
  Answer answer{Kind::Value};
  answer.value_ = std::move(value);
  return answer;
}

Answer Answer::of_borrowed(const Json& value) {
  Answer answer{Kind::Value};
  answer.borrowed_ = &value;
  return answer;
}

Answer Answer::of_error(QueryError error) {
  Answer answer{Kind::Error};
  answer.error_ = std::move(error);
  return answer;
}

const Json& Answer::value() const {
  PRESSO_ASSERT(kind_ == Kind::Value);
  return borrowed_ == nullptr ? value_ : *borrowed_;
}

Json Answer::take() && {
  PRESSO_ASSERT(kind_ == Kind::Value);
  return borrowed_ == nullptr ? std::move(value_) : *borrowed_;
}

const QueryError& Answer::error() const {
  PRESSO_ASSERT(kind_ == Kind::Error);
  return error_;
}

Answer evaluate(const Expression& expression, const Call& call) {
  try {
    Evaluator evaluator{expression.program(), call};
    const Value value = evaluator.run();
    if (value.is_nothing()) return Answer::of_nothing();
    if (value.is_function()) return Answer::of_function();
    const bool is_borrowed = value.tag == Tag::JsonArray || value.tag == Tag::JsonObject;
    if (is_borrowed) return Answer::of_borrowed(*value.json);
    return Answer::of_value(to_json(value, [&](std::size_t cost) { evaluator.spend(cost); }));
  } catch (const Thrown& thrown) {
    return Answer::of_error(to_query_error(thrown, expression.text()));
  }
}

}  // namespace presso::jsonata
