// What takes a function: $map, $filter, $single, $reduce, $each, $sift.
#include <array>

#include "lang/jsonata/evaluate.h"

namespace presso::jsonata {

namespace {

// Calls a function with as many of an item, where it stands and what holds it as it takes.
class Callback {
 public:
  Callback(const NativeCall& call, const Value& function)
      : evaluator_{call.evaluator}, function_{function} {
    count_ = std::clamp<std::size_t>(arity_of(*function.function), 1, 3);
  }

  [[nodiscard]] Value operator()(const Value& item, const Value& place, const Value& holder) const {
    const std::array<Value, 3> arguments = {item, place, holder};
    return evaluator_.call_with(function_, {arguments.data(), count_});
  }

 private:
  Evaluator& evaluator_;
  Value function_;
  std::size_t count_ = 1;
};

Value place_of(std::size_t index) { return Value{static_cast<double>(index)}; }

Value map(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  Arena& arena = call.evaluator.arena();
  const Callback callback{call, call[1]};
  const Value list = call[0];
  const Items items{list};
  Array* results = make_sequence(arena);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Value result = callback(items[i], place_of(i), list);
    if (!result.is_nothing()) results->push(arena, result);
  }
  return Value{results};
}

Value filter(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  Arena& arena = call.evaluator.arena();
  const Callback callback{call, call[1]};
  const Value list = call[0];
  const Items items{list};
  Array* results = make_sequence(arena);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Value item = items[i];
    if (call.evaluator.is_truthy(callback(item, place_of(i), list))) results->push(arena, item);
  }
  return Value{results};
}

Value single(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  const Value list = call[0];
  const Items items{list};
  Value found;
  bool is_found = false;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Value item = items[i];
    bool is_match = true;
    if (call[1].is_function()) {
      const Callback callback{call, call[1]};
      is_match = call.evaluator.is_truthy(callback(item, place_of(i), list));
    }
    if (!is_match) continue;
    if (is_found) throw failure("D3138");
    found = item;
    is_found = true;
  }
  if (!is_found) throw failure("D3139");
  return found;
}

Value reduce(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  const Value list = call[0];
  const Items items{list};
  const std::size_t arity = arity_of(*call[1].function);
  if (arity < 2) throw failure("D3050");
  std::size_t index = 0;
  Value result = call[2];
  if (result.is_nothing() && items.size() > 0) result = items[index++];
  for (; index < items.size(); ++index) {
    const std::array<Value, 4> arguments = {result, items[index], place_of(index), list};
    const std::size_t count = std::min<std::size_t>(arity, arguments.size());
    result = call.evaluator.call_with(call[1], {arguments.data(), count});
  }
  return result;
}

Value each(const NativeCall& call) {
  Arena& arena = call.evaluator.arena();
  Array* results = make_sequence(arena);
  const Callback callback{call, call[1]};
  for (const ObjectMember& member : members_of(arena, call[0])) {
    const Value result = callback(member.value, Value{member.name}, call[0]);
    if (!result.is_nothing()) results->push(arena, result);
  }
  return Value{results};
}

Value sift(const NativeCall& call) {
  Arena& arena = call.evaluator.arena();
  const auto members = members_of(arena, call[0]);
  if (members.empty()) return {};
  if (!call[1].is_function()) throw failure("T1006");
  Object* result = arena.make<Object>();
  const Callback callback{call, call[1]};
  for (const ObjectMember& member : members) {
    const Value is_kept = callback(member.value, Value{member.name}, call[0]);
    if (call.evaluator.is_truthy(is_kept)) result->add(arena, member.name, member.value);
  }
  return result->size == 0 ? Value{} : Value{result};
}

}  // namespace

std::vector<Builtin> higher_order_functions() {
  return {
      {"map", "<af>", 2, map},        {"filter", "<af>", 2, filter},
      {"single", "<af?>", 2, single}, {"reduce", "<afj?:j>", 3, reduce},
      {"each", "<o-f:a>", 2, each},   {"sift", "<o-f?:o>", 2, sift},
  };
}

}  // namespace presso::jsonata
