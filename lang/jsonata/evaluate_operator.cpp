#include <array>
#include <cmath>
#include <utility>

#include "lang/jsonata/evaluate.h"
#include "lang/jsonata/level.h"
#include "lang/jsonata/limits.h"
#include "lang/jsonata/text.h"
#include "lang/jsonata/to_json.h"

namespace presso::jsonata {

namespace {

std::string_view text_of_op(Op op) {
  switch (op) {
    case Op::Add: return "+";
    case Op::Subtract: return "-";
    case Op::Multiply: return "*";
    case Op::Divide: return "/";
    case Op::Modulo: return "%";
    case Op::Equal: return "=";
    case Op::Unequal: return "!=";
    case Op::Less: return "<";
    case Op::LessEqual: return "<=";
    case Op::Greater: return ">";
    case Op::GreaterEqual: return ">=";
    case Op::Concat: return "&";
    case Op::And: return "and";
    case Op::Or: return "or";
    case Op::In: return "in";
    case Op::Range: return "..";
  }
  return "";
}

Thrown refused(std::string_view code, const Value& value) {
  Thrown thrown = failure(code);
  thrown.value = shown_json(value);
  return thrown;
}

// A number fit for arithmetic. Infinity, which no JSON holds, is an error wherever it is met.
bool is_numeric(const Value& value) {
  if (!value.is_number() || std::isnan(value.number)) return false;
  if (std::isinf(value.number)) throw refused("D1001", value);
  return true;
}

bool is_integer(const Value& value) {
  return value.is_number() && std::isfinite(value.number) &&
         value.number == std::trunc(value.number);
}

bool is_comparable(const Value& value) {
  return value.is_nothing() || value.is_number() || value.is_string();
}

}  // namespace

// a + b + c is ((a + b) + c): the chain is walked in a loop, so that a long one is not deep.
Value Evaluator::eval_binary(const Node& node, const Value& input, Frame* frame) {
  std::size_t length = 1;
  const Node* first = &node;
  while (first->lhs->kind == Kind::Binary && !first->lhs->is_refined) {
    first = first->lhs.get();
    ++length;
  }
  Value left = eval(*first->lhs, input, frame);
  if (length == 1) return eval_operation(node, left, input, frame);
  auto* chain = arena_.make_array<const Node*>(length);
  const Node* link = &node;
  for (std::size_t i = length; i > 0; --i, link = link->lhs.get()) chain[i - 1] = link;
  spend(length);
  for (std::size_t i = 0; i < length; ++i) {
    left = finished(*chain[i], eval_operation(*chain[i], left, input, frame));
  }
  return left;
}

Value Evaluator::eval_operation(const Node& node, const Value& left, const Value& input,
                                Frame* frame) {
  const bool is_logic = node.op == Op::And || node.op == Op::Or;
  Value right;
  if (!is_logic) right = eval(*node.rhs, input, frame);
  try {
    if (!is_logic) return operated(node.op, left, right);
    const bool is_true = is_truthy(left);
    if (is_true == (node.op == Op::Or)) return Value{is_true};
    return Value{is_truthy(eval(*node.rhs, input, frame))};
  } catch (Thrown& thrown) {
    thrown.position = node.position;
    thrown.token = text_of_op(node.op);
    throw;
  }
}

Value Evaluator::operated(Op op, const Value& left, const Value& right) {
  switch (op) {
    case Op::Add:
    case Op::Subtract:
    case Op::Multiply:
    case Op::Divide:
    case Op::Modulo: return computed(op, left, right);
    case Op::Equal:
    case Op::Unequal:
      if (left.is_nothing() || right.is_nothing()) return Value{false};
      return Value{are_equal(left, right) == (op == Op::Equal)};
    case Op::Less:
    case Op::LessEqual:
    case Op::Greater:
    case Op::GreaterEqual: return compared(op, left, right);
    case Op::Concat: return Value{joined(arena_, text_of(left), text_of(right))};
    case Op::In: return Value{is_in(left, right)};
    case Op::Range: return range_of(left, right);
    case Op::And:
    case Op::Or: break;
  }
  return Value{};
}

Value Evaluator::computed(Op op, const Value& left, const Value& right) {
  if (!left.is_nothing() && !is_numeric(left)) throw refused("T2001", left);
  if (!right.is_nothing() && !is_numeric(right)) throw refused("T2002", right);
  if (left.is_nothing() || right.is_nothing()) return Value{};
  const double a = left.number;
  const double b = right.number;
  if (op == Op::Add) return Value{a + b};
  if (op == Op::Subtract) return Value{a - b};
  if (op == Op::Multiply) return Value{a * b};
  return Value{op == Op::Divide ? a / b : std::fmod(a, b)};
}

Value Evaluator::compared(Op op, const Value& left, const Value& right) {
  if (!is_comparable(left) || !is_comparable(right)) {
    const bool is_left_plain = left.is_number() || left.is_string();
    throw refused("T2010", is_left_plain ? right : left);
  }
  if (left.is_nothing() || right.is_nothing()) return Value{};
  if (left.tag != right.tag) {
    Thrown thrown = refused("T2009", left);
    thrown.value2 = shown_json(right);
    throw thrown;
  }
  double order = 0;
  if (left.is_string()) {
    order = compare_text(left.text(), right.text());
  } else {
    if (std::isnan(left.number) || std::isnan(right.number)) return Value{false};
    if (left.number != right.number) order = left.number < right.number ? -1 : 1;
  }
  if (op == Op::Less) return Value{order < 0};
  if (op == Op::LessEqual) return Value{order <= 0};
  return Value{op == Op::Greater ? order > 0 : order >= 0};
}

Value Evaluator::range_of(const Value& left, const Value& right) {
  if (!left.is_nothing() && !is_integer(left)) throw refused("T2003", left);
  if (!right.is_nothing() && !is_integer(right)) throw refused("T2004", right);
  if (left.is_nothing() || right.is_nothing() || left.number > right.number) return Value{};
  const double size = right.number - left.number + 1;
  if (size > kMaxRange) throw refused("D2014", Value{size});
  Array* range = make_sequence(arena_);
  const auto count = static_cast<std::size_t>(size);
  range->reserve(arena_, count);
  spend(count / 16);
  for (std::size_t i = 0; i < count; ++i) {
    range->push(arena_, Value{left.number + static_cast<double>(i)});
  }
  return Value{range};
}

// Whether the list holds this very value: arrays and objects are equal to themselves alone.
bool Evaluator::is_in(const Value& left, const Value& right) {
  if (left.is_nothing() || right.is_nothing()) return false;
  const Items items{right};
  spend(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Value item = items[i];
    if (item.tag != left.tag) continue;
    const bool is_scalar =
        left.tag == Tag::Null || left.tag == Tag::Bool || left.is_number() || left.is_string();
    if (is_scalar ? are_equal(item, left) : item.json == left.json) return true;
  }
  return false;
}

Value Evaluator::eval_negate(const Node& node, const Value& input, Frame* frame) {
  const Value value = eval(*node.rhs, input, frame);
  if (value.is_nothing()) return value;
  if (is_numeric(value)) return Value{-value.number};
  Thrown thrown = refused("D1002", value);
  thrown.position = node.position;
  thrown.token = "-";
  throw thrown;
}

bool Evaluator::is_truthy(const Value& value) {
  switch (value.tag) {
    case Tag::Unbound:
    case Tag::Nothing:
    case Tag::Null:
    case Tag::Function: return false;
    case Tag::Bool: return value.boolean;
    case Tag::Number: return is_numeric(value) && value.number != 0;
    case Tag::String: return value.length > 0;
    case Tag::Tuple: return true;
    case Tag::Object:
    case Tag::JsonObject: return member_count(value) > 0;
    case Tag::Array:
    case Tag::JsonArray: break;
  }
  const Level level{calls_, kMaxCalls};
  const Items items{value};
  spend(items.size());
  bool is_any = false;
  for (std::size_t i = 0; i < items.size(); ++i) is_any = is_truthy(items[i]) || is_any;
  return is_any;
}

bool Evaluator::is_truthy_in_javascript(const Value& value) {
  switch (value.tag) {
    case Tag::Unbound:
    case Tag::Nothing:
    case Tag::Null: return false;
    case Tag::Bool: return value.boolean;
    case Tag::Number: return value.number != 0 && !std::isnan(value.number);
    case Tag::String: return value.length > 0;
    case Tag::Array:
    case Tag::JsonArray:
    case Tag::Object:
    case Tag::JsonObject:
    case Tag::Tuple:
    case Tag::Function: return true;
  }
  return false;
}

bool Evaluator::are_equal(const Value& left, const Value& right) {
  if (left.is_array() && right.is_array()) {
    const Level level{calls_, kMaxCalls};
    const Items a{left};
    const Items b{right};
    if (a.size() != b.size()) return false;
    spend(a.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (!are_equal(a[i], b[i])) return false;
    }
    return true;
  }
  if (left.is_object() && right.is_object()) {
    const Level level{calls_, kMaxCalls};
    if (member_count(left) != member_count(right)) return false;
    spend(member_count(left));
    for (const ObjectMember& member : members_of(arena_, left)) {
      const Value other = member_of(right, member.name);
      if (other.is_nothing() || !are_equal(member.value, other)) return false;
    }
    return true;
  }
  if (left.tag != right.tag) return false;
  switch (left.tag) {
    case Tag::Bool: return left.boolean == right.boolean;
    case Tag::Number: return left.number == right.number;
    case Tag::String: return left.text() == right.text();
    case Tag::Function:
    case Tag::Tuple: return left.function == right.function;
    case Tag::Unbound:
    case Tag::Nothing:
    case Tag::Null:
    case Tag::Array:
    case Tag::JsonArray:
    case Tag::Object:
    case Tag::JsonObject: return true;
  }
  return false;
}

}  // namespace presso::jsonata
