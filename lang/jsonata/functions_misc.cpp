// $boolean, $not, $exists, $type, $error, $assert, and $eval.
#include <cmath>

#include "lang/jsonata/evaluate.h"

namespace presso::jsonata {

namespace {

Value boolean(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  return Value{call.evaluator.is_truthy(call[0])};
}

Value negation(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  return Value{!call.evaluator.is_truthy(call[0])};
}

Value exists(const NativeCall& call) { return Value{!call[0].is_nothing()}; }

std::string_view type_name(Tag tag) {
  switch (tag) {
    case Tag::Unbound:
    case Tag::Nothing:
    case Tag::Null: return "null";
    case Tag::Bool: return "boolean";
    case Tag::Number: return "number";
    case Tag::String: return "string";
    case Tag::Array:
    case Tag::JsonArray: return "array";
    case Tag::Function: return "function";
    case Tag::Object:
    case Tag::JsonObject:
    case Tag::Tuple: return "object";
  }
  return "object";
}

Value type(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  // What is no number is none of the other kinds either.
  if (call[0].is_number() && std::isnan(call[0].number)) return Value{type_name(Tag::Object)};
  return Value{type_name(call[0].tag)};
}

// The function's own message, or the caller's.
Thrown raised(std::string_view code, const Value& message, std::string_view otherwise) {
  Thrown thrown = failure(code);
  thrown.message = message.is_string() && message.length > 0 ? message.text() : otherwise;
  return thrown;
}

Value error(const NativeCall& call) {
  throw raised("D3137", call[0], "$error() function evaluated");
}

Value assertion(const NativeCall& call) {
  if (call[0].tag == Tag::Bool && call[0].boolean) return {};
  throw raised("D3141", call[1], "$assert() statement failed");
}

Value eval(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  Value input = call.context;
  if (!call[1].is_nothing()) {
    input = call[1];
    if (input.is_array() && !input.is_sequence()) {
      Arena& arena = call.evaluator.arena();
      Array* outer = make_sequence(arena);
      outer->is_outer = true;
      outer->push(arena, input);
      input = Value{outer};
    }
  }
  return call.evaluator.eval_text(call[0].text(), input, call.frame);
}

}  // namespace

std::vector<Builtin> misc_functions() {
  return {
      {"boolean", "<x-:b>", 1, boolean}, {"not", "<x-:b>", 1, negation},
      {"exists", "<x:b>", 1, exists},    {"type", "<x:s>", 1, type},
      {"error", "<s?:x>", 1, error},     {"assert", "<bs?:x>", 2, assertion},
  };
}

std::vector<Builtin> eval_functions() { return {{"eval", "<sx?:x>", 2, eval}}; }

}  // namespace presso::jsonata
