// Objects: $keys, $lookup, $spread, $merge, and $clone, which transforms use.
#include "lang/jsonata/clone.h"
#include "lang/jsonata/evaluate.h"
#include "lang/jsonata/level.h"
#include "lang/jsonata/limits.h"

namespace presso::jsonata {

namespace {

// Of an array: the names of all its objects, each once.
void collect_keys(Evaluator& evaluator, const Value& value, Object& into, std::size_t depth) {
  if (depth > kMaxValueDepth) throw over_limit("nesting");
  evaluator.spend(1);
  Arena& arena = evaluator.arena();
  if (!value.is_array()) {
    for (const ObjectMember& member : members_of(arena, value)) {
      into.set(arena, member.name, Value{true});
    }
    return;
  }
  const Items items{value};
  for (std::size_t i = 0; i < items.size(); ++i) {
    collect_keys(evaluator, items[i], into, depth + 1);
  }
}

Value keys(const NativeCall& call) {
  Arena& arena = call.evaluator.arena();
  Object* names = arena.make<Object>();
  collect_keys(call.evaluator, call[0], *names, 0);
  Array* result = make_sequence(arena);
  for (const ObjectMember& member : members_of(arena, Value{names})) {
    result->push(arena, Value{member.name});
  }
  return Value{result};
}

Value lookup(const NativeCall& call) {
  const std::string_view name =
      call[1].is_string() ? call[1].text() : std::string_view{"undefined"};
  return call.evaluator.lookup(call[0], name);
}

Value spread_value(Evaluator& evaluator, const Value& value, std::size_t depth) {
  if (depth > kMaxValueDepth) throw over_limit("nesting");
  evaluator.spend(1);
  Arena& arena = evaluator.arena();
  if (value.is_array()) {
    Array* all = make_sequence(arena);
    const Items items{value};
    for (std::size_t i = 0; i < items.size(); ++i) {
      const Value part = spread_value(evaluator, items[i], depth + 1);
      if (part.is_nothing()) continue;
      // Appending makes a plain array of the sequence.
      all->is_sequence = false;
      const Items parts{part};
      for (std::size_t j = 0; j < parts.size(); ++j) all->push(arena, parts[j]);
    }
    return Value{all};
  }
  if (!value.is_object()) return value;
  Array* result = make_sequence(arena);
  for (const ObjectMember& member : members_of(arena, value)) {
    Object* lone = arena.make<Object>();
    lone->add(arena, member.name, member.value);
    result->push(arena, Value{lone});
  }
  return Value{result};
}

Value spread(const NativeCall& call) { return spread_value(call.evaluator, call[0], 0); }

Value merge(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  Arena& arena = call.evaluator.arena();
  Object* result = arena.make<Object>();
  const Items items{call[0]};
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto members = members_of(arena, items[i]);
    call.evaluator.spend(1 + members.size());
    for (const ObjectMember& member : members) result->set(arena, member.name, member.value);
  }
  return Value{result};
}

Value clone(const NativeCall& call) {
  return call[0].is_nothing() ? Value{} : cloned(call.evaluator, call[0]);
}

}  // namespace

std::vector<Builtin> object_functions() {
  return {
      {"keys", "<x-:a<s>>", 1, keys},     {"lookup", "<x-s:x>", 2, lookup},
      {"spread", "<x-:a<o>>", 1, spread}, {"merge", "<a<o>:o>", 1, merge},
      {"clone", "<(oa)-:o>", 1, clone},
  };
}

}  // namespace presso::jsonata
