#include "lang/jsonata/evaluate.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "lang/jsonata/level.h"
#include "lang/jsonata/limits.h"

namespace presso::jsonata {

namespace {

// How often a caller's own limit is asked for.
constexpr std::size_t kStepsBetweenChecks = 4'096;

bool is_outer(const Value& value) { return value.tag == Tag::Array && value.array->is_outer; }

// What is behind the wrapper around an input that is an array.
const Value& unwrapped(const Value& input) {
  return is_outer(input) && input.array->size > 0 ? input.array->items[0] : input;
}

}  // namespace

void Arguments::grow() {
  const std::size_t doubled = capacity_ * 2;
  Value* moved = arena_.make_array<Value>(doubled);
  std::copy_n(values_, size_, moved);
  values_ = moved;
  capacity_ = doubled;
}

Evaluator::Evaluator(const Program& program, const Call& call)
    : program_{program}, call_{call}, arena_{call.limits.bytes} {
  next_check_ =
      std::min(call.limits.steps, call.limits.is_over ? kStepsBetweenChecks : call.limits.steps);
  max_depth_ = std::min(call.limits.depth, kDeepest);
  free_values_ = arena_.make_array<Value>(program.free_variables.size());
  std::fill_n(free_values_, program.free_variables.size(), Value::unbound());
  root_frame_ = make_frame(program.scope, nullptr);
}

void Evaluator::check_limits() {
  if (steps_ >= call_.limits.steps) throw over_limit("steps");
  if (call_.limits.is_over && call_.limits.is_over()) throw over_limit("time");
  next_check_ = std::min(call_.limits.steps, steps_ + kStepsBetweenChecks);
}

Value Evaluator::run() {
  Value input;
  if (call_.input != nullptr) input = Value::of_json(*call_.input);
  root_ = input;
  if (input.is_array()) {
    Array* outer = make_sequence(arena_);
    outer->is_outer = true;
    outer->push(arena_, input);
    input = Value{outer};
  }
  return eval(*program_.root, input, root_frame_);
}

Frame* Evaluator::make_frame(const ScopeNames& names, Frame* parent) {
  Frame* frame = arena_.make<Frame>();
  frame->parent = parent;
  frame->names = &names;
  const std::size_t count = names.names.size();
  frame->slots = static_cast<Value*>(arena_.allocate(sizeof(Value) * count));
  std::uninitialized_fill_n(frame->slots, count, Value::unbound());
  return frame;
}

Value Evaluator::eval(const Node& node, const Value& input, Frame* frame) {
  spend(1);
  // What has nothing below it takes no level.
  if (!node.is_refined) {
    if (node.kind == Kind::Variable) return finished(node, eval_variable(node, input, frame));
    if (node.is_simple_path) return finished(node, eval_simple_path(node, input, frame));
    if (node.kind == Kind::Text) return Value{std::string_view{node.text}};
    if (node.kind == Kind::Number) return Value{node.number};
  }
  const Level level{depth_, max_depth_};
  if (node.is_own_scope) frame = make_frame(node.own_scope, frame);
  Value result = eval_kind(node, input, frame);
  if (node.is_refined) result = refined(node, result, frame);
  return finished(node, result);
}

Value Evaluator::eval_kind(const Node& node, const Value& input, Frame* frame) {
  switch (node.kind) {
    case Kind::Path: return eval_path(node, input, frame);
    case Kind::Name: return lookup(input, node.text);
    case Kind::Text: return Value{std::string_view{node.text}};
    case Kind::Number: return Value{node.number};
    case Kind::Literal: return node.number == 2 ? Value::null() : Value{node.number == 1};
    case Kind::RegexText: return make_matcher(node);
    case Kind::Wildcard: return eval_wildcard(unwrapped(input));
    case Kind::Descendant: return eval_descendants(input);
    case Kind::Parent: return find_variable(node.lookup, frame);
    case Kind::Variable: return eval_variable(node, input, frame);
    case Kind::Negate: return eval_negate(node, input, frame);
    case Kind::ArrayOf: return eval_array(node, input, frame);
    case Kind::ObjectOf: return eval_object(node, input, frame);
    case Kind::Block: return eval_block(node, input, frame);
    case Kind::Condition:
    case Kind::Default:
    case Kind::Coalesce: return eval_condition(node, input, frame);
    case Kind::Bind: return eval_bind(node, input, frame);
    case Kind::Binary: return eval_binary(node, input, frame);
    case Kind::Apply: return eval_apply(node, input, frame);
    case Kind::Call: return eval_call(node, input, frame, nullptr);
    case Kind::Partial: return eval_partial(node, input, frame);
    case Kind::Lambda:
    case Kind::Transform: return make_lambda(node, input, frame);
    case Kind::Dot:
    case Kind::Predicate:
    case Kind::GroupBy:
    case Kind::Focus:
    case Kind::Index:
    case Kind::Sort:
    case Kind::Placeholder:
    case Kind::End: return Value{};
  }
  return Value{};
}

Value Evaluator::refined(const Node& node, Value result, Frame* frame) {
  for (const Stage& stage : node.predicates) {
    result = eval_filter(*stage.filter, result, frame, node.keeps_array);
  }
  if (node.group != nullptr && node.kind != Kind::Path) {
    result = eval_group(node.group->pairs, node.group->position, result, frame, nullptr);
  }
  return result;
}

// A sequence used as a value.
Value Evaluator::finished(const Node& node, Value result) {
  if (!result.is_sequence() || result.array->is_tuple_stream) return result;
  if (node.keeps_array && !result.array->keeps_singleton) result = keep_singleton(result);
  if (result.array->size == 0) return Value{};
  if (result.array->size == 1 && !result.array->keeps_singleton) return result.array->items[0];
  return result;
}

Value Evaluator::eval_variable(const Node& node, const Value& input, Frame* frame) {
  if (node.text.empty()) return unwrapped(input);
  if (node.text == "$") return root_;
  return find_variable(node.lookup, frame);
}

Value Evaluator::find_variable(const Lookup& lookup, Frame* frame) {
  std::uint32_t hops = 0;
  for (const Place& place : lookup.places) {
    for (; hops < place.hops; ++hops) frame = frame->parent;
    const Value& slot = frame->slots[place.slot];
    if (slot.tag != Tag::Unbound) return slot;
  }
  return lookup.free == kNone ? Value{} : free_variable(lookup.free);
}

Value Evaluator::free_variable(std::uint32_t number) {
  Value& cached = free_values_[number];
  if (cached.tag == Tag::Unbound) {
    const FreeVariable& variable = program_.free_variables[number];
    cached = outside_variable(variable.name, variable.builtin);
  }
  return cached;
}

Value object_of(Arena& arena, std::span<const Member> members) {
  Object* object = arena.make<Object>();
  for (const Member& member : members) {
    const bool is_json = member.value != nullptr;
    object->set(arena, member.name,
                is_json ? Value::of_json(*member.value) : object_of(arena, member.members));
  }
  return Value{object};
}

Value Evaluator::outside_variable(std::string_view name, const Builtin* builtin) {
  if (call_.variables != nullptr) {
    const Variables::Found found = call_.variables->find(name);
    if (const auto* json = std::get_if<const Json*>(&found)) return Value::of_json(**json);
    if (const auto* members = std::get_if<std::span<const Member>>(&found)) {
      return object_of(arena_, *members);
    }
  }
  if (builtin == nullptr) return Value{};
  Function* function = arena_.make<Function>();
  function->builtin = builtin;
  return Value{function};
}

// By name, as if the variable stood in `frame`: for $eval and for hints in errors.
Value Evaluator::variable_named(std::string_view name, const Frame* frame) {
  for (; frame != nullptr; frame = frame->parent) {
    for (std::size_t i = 0; i < frame->names->names.size(); ++i) {
      if (frame->names->names[i] != name) continue;
      if (frame->slots[i].tag != Tag::Unbound) return frame->slots[i];
    }
  }
  return outside_variable(name, find_builtin(name, program_.dialect));
}

Value Evaluator::eval_text(std::string_view text, const Value& input, Frame* frame) {
  std::shared_ptr<const Program> program;
  const auto rethrown = [](const Thrown& inner, std::string_view code) {
    if (inner.code == "U1001") return inner;
    Thrown outer = failure(code);
    outer.value = Json(message_of(inner));
    return outer;
  };
  try {
    program = compile_program(text, program_.dialect, Purpose::Eval);
  } catch (const Thrown& thrown) {
    throw rethrown(thrown, "D3120");
  }
  evaluated_.push_back(program);
  Frame* root = make_frame(program->scope, frame);
  for (std::size_t i = 0; i < program->scope.names.size(); ++i) {
    root->slots[i] = variable_named(program->scope.names[i], frame);
  }
  try {
    return eval(*program->root, input, root);
  } catch (const Thrown& thrown) {
    throw rethrown(thrown, "D3121");
  }
}

Value Evaluator::eval_block(const Node& node, const Value& input, Frame* frame) {
  if (!node.scope.names.empty()) frame = make_frame(node.scope, frame);
  Value result;
  for (const NodePtr& item : node.items) result = eval(*item, input, frame);
  return result;
}

Value Evaluator::eval_condition(const Node& node, const Value& input, Frame* frame) {
  const Value condition = eval(*node.lhs, input, frame);
  if (node.kind == Kind::Coalesce) {
    return condition.is_nothing() ? eval(*node.rhs, input, frame) : condition;
  }
  const bool is_true = is_truthy(condition);
  if (node.kind == Kind::Default) return is_true ? condition : eval(*node.rhs, input, frame);
  if (is_true) return eval(*node.rhs, input, frame);
  return node.third == nullptr ? Value{} : eval(*node.third, input, frame);
}

Value Evaluator::eval_bind(const Node& node, const Value& input, Frame* frame) {
  const Value value = eval(*node.rhs, input, frame);
  const Place& place = node.lookup.places.front();
  for (std::uint32_t hops = 0; hops < place.hops; ++hops) frame = frame->parent;
  frame->slots[place.slot] = value;
  return value;
}

Value Evaluator::eval_array(const Node& node, const Value& input, Frame* frame) {
  Array* result = arena_.make<Array>();
  result->is_constructed = node.is_constructed_array;
  for (const NodePtr& item : node.items) {
    const Value value = eval(*item, input, frame);
    if (value.is_nothing()) continue;
    if (item->kind == Kind::ArrayOf || !value.is_array()) {
      result->push(arena_, value);
      continue;
    }
    const Items items{value};
    if (result->size == 0 && value.tag == Tag::Array) {
      // Lists are never changed in place, so the items can be shared; a push will copy them.
      result->items = value.array->items;
      result->size = value.array->size;
      result->capacity = value.array->size;
      continue;
    }
    result->reserve(arena_, result->size + items.size());
    spend(items.size() / 8);
    for (std::size_t i = 0; i < items.size(); ++i) result->push(arena_, items[i]);
  }
  return Value{result};
}

Value Evaluator::eval_object(const Node& node, const Value& input, Frame* frame) {
  return eval_group(node.pairs, node.position, input, frame, nullptr);
}

Value Evaluator::eval_wildcard(const Value& input) {
  Array* results = make_sequence(arena_);
  const auto add = [&](const Value& value) {
    if (value.is_array()) {
      // The reference appends a flattened array, which makes a plain array of the sequence.
      flatten(value, *results);
      results->is_sequence = false;
    } else {
      results->push(arena_, value);
    }
  };
  if (input.is_array()) {
    const Items items{input};
    for (std::size_t i = 0; i < items.size(); ++i) add(items[i]);
  } else {
    for (const ObjectMember& member : members_of(arena_, input)) add(member.value);
  }
  return Value{results};
}

void Evaluator::flatten(const Value& value, Array& into) {
  const Level level{calls_, kMaxCalls};
  const Items items{value};
  spend(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Value item = items[i];
    if (item.is_array()) {
      flatten(item, into);
    } else {
      into.push(arena_, item);
    }
  }
}

Value Evaluator::eval_descendants(const Value& input) {
  if (input.is_nothing()) return input;
  Array* results = make_sequence(arena_);
  collect_descendants(input, *results, 0);
  return results->size == 1 ? results->items[0] : Value{results};
}

void Evaluator::collect_descendants(const Value& input, Array& into, std::size_t depth) {
  if (depth > kMaxValueDepth) throw over_limit("nesting");
  spend(1);
  if (input.is_array()) {
    const Items items{input};
    for (std::size_t i = 0; i < items.size(); ++i) collect_descendants(items[i], into, depth + 1);
    return;
  }
  into.push(arena_, input);
  for (const ObjectMember& member : members_of(arena_, input)) {
    collect_descendants(member.value, into, depth + 1);
  }
}

}  // namespace presso::jsonata
