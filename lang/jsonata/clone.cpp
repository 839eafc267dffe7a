#include "lang/jsonata/clone.h"

#include <cmath>

#include "lang/jsonata/limits.h"
#include "lang/jsonata/text.h"

namespace presso::jsonata {

Value cloned(Evaluator& evaluator, const Value& value, std::size_t depth) {
  if (depth > kMaxValueDepth) throw over_limit("nesting");
  evaluator.spend(1);
  Arena& arena = evaluator.arena();
  if (value.is_function()) return Value{std::string_view{}};
  if (value.is_number()) {
    if (std::isinf(value.number)) throw out_of_range();
    return std::isnan(value.number) ? Value::null() : Value{shown_number(value.number)};
  }
  // As the whole input, which a call without arguments gets with one array around it.
  if (value.tag == Tag::Array && value.array->is_outer && value.array->size > 0) {
    return cloned(evaluator, value.array->items[0], depth);
  }
  if (value.is_array()) {
    Array* copy = arena.make<Array>();
    const Items items{value};
    copy->reserve(arena, items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
      const Value item = items[i];
      copy->push(arena, item.is_nothing() ? Value::null() : cloned(evaluator, item, depth + 1));
    }
    return Value{copy};
  }
  if (value.is_object() || value.tag == Tag::Tuple) {
    Object* copy = arena.make<Object>();
    for (const ObjectMember& member : members_of(arena, value)) {
      if (member.value.is_nothing()) continue;
      copy->set(arena, member.name, cloned(evaluator, member.value, depth + 1));
    }
    return Value{copy};
  }
  return value;
}

}  // namespace presso::jsonata
