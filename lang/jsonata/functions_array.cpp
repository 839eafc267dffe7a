// Arrays: $append, $reverse, $sort, $shuffle, $distinct, $zip.
#include <cmath>

#include "base/entropy.h"
#include "lang/jsonata/evaluate.h"
#include "lang/jsonata/merge_sort.h"
#include "lang/jsonata/text.h"

namespace presso::jsonata {

namespace {

Array* copied(Arena& arena, const Value& value) {
  const Items items{value};
  Array* copy = arena.make<Array>();
  copy->reserve(arena, items.size());
  for (std::size_t i = 0; i < items.size(); ++i) copy->push(arena, items[i]);
  return copy;
}

bool is_short(const Value& array) { return Items{array}.size() <= 1; }

Value append(const NativeCall& call) { return call.evaluator.appended(call[0], call[1]); }

Value reverse(const NativeCall& call) {
  if (call[0].is_nothing() || is_short(call[0])) return call[0];
  Array* result = copied(call.evaluator.arena(), call[0]);
  std::reverse(result->items, result->items + result->size);
  call.evaluator.spend(result->size / 8);
  return Value{result};
}

bool are_all(const Items& items, Tag tag) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].tag != tag) return false;
    if (tag == Tag::Number && std::isinf(items[i].number)) throw out_of_range();
  }
  return true;
}

Value sort(const NativeCall& call) {
  if (call[0].is_nothing() || is_short(call[0])) return call[0];
  Evaluator& evaluator = call.evaluator;
  Array* result = copied(evaluator.arena(), call[0]);
  auto* scratch = evaluator.arena().make_array<Value>(result->size);
  const Items items{call[0]};
  if (call[1].is_function()) {
    merge_sort(result->items, result->size, scratch, [&](const Value& left, const Value& right) {
      const std::array<Value, 2> pair = {left, right};
      return Evaluator::is_truthy_in_javascript(evaluator.call_with(call[1], pair));
    });
  } else if (are_all(items, Tag::Number)) {
    merge_sort(result->items, result->size, scratch, [&](const Value& left, const Value& right) {
      evaluator.spend(1);
      return left.number > right.number;
    });
  } else if (are_all(items, Tag::String)) {
    merge_sort(result->items, result->size, scratch, [&](const Value& left, const Value& right) {
      evaluator.spend(1);
      return compare_text(left.text(), right.text()) > 0;
    });
  } else {
    throw failure("D3070");
  }
  return Value{result};
}

Value shuffle(const NativeCall& call) {
  if (call[0].is_nothing() || is_short(call[0])) return call[0];
  SeededEntropy fixed{0};
  Entropy* given = call.evaluator.env().entropy;
  Entropy& entropy = given == nullptr ? fixed : *given;
  Array* result = copied(call.evaluator.arena(), call[0]);
  call.evaluator.spend(result->size);
  for (std::uint32_t i = 1; i < result->size; ++i) {
    std::swap(result->items[i], result->items[next_below(entropy, i + std::uint64_t{1})]);
  }
  return Value{result};
}

Value distinct(const NativeCall& call) {
  if (!call[0].is_array() || is_short(call[0])) return call[0];
  Evaluator& evaluator = call.evaluator;
  const Items items{call[0]};
  Array* results = evaluator.arena().make<Array>();
  results->is_sequence = call[0].is_sequence();
  Object seen;  // strings, which are most of what there is, are found by hash
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Value item = items[i];
    evaluator.spend(1);
    if (item.is_string()) {
      if (seen.find(item.text()) != nullptr) continue;
      seen.add(evaluator.arena(), item.text(), Value{true});
      results->push(evaluator.arena(), item);
      continue;
    }
    bool is_new = true;
    for (std::uint32_t j = 0; is_new && j < results->size; ++j) {
      evaluator.spend(1);
      is_new = !evaluator.are_equal(item, results->items[j]);
    }
    if (is_new) results->push(evaluator.arena(), item);
  }
  return Value{results};
}

Value zip(const NativeCall& call) {
  Arena& arena = call.evaluator.arena();
  Array* rows = arena.make<Array>();
  std::size_t length = call.arguments.empty() ? 0 : std::numeric_limits<std::size_t>::max();
  for (const Value& argument : call.arguments) {
    length = std::min(length, argument.is_array() ? Items{argument}.size() : 0);
  }
  for (std::size_t i = 0; i < length; ++i) {
    call.evaluator.spend(call.arguments.size());
    Array* row = arena.make<Array>();
    for (const Value& argument : call.arguments) row->push(arena, Items{argument}[i]);
    rows->push(arena, Value{row});
  }
  return Value{rows};
}

}  // namespace

std::vector<Builtin> array_functions() {
  return {
      {"append", "<xx:a>", 2, append},    {"reverse", "<a:a>", 1, reverse},
      {"sort", "<af?:a>", 2, sort},       {"shuffle", "<a:a>", 1, shuffle},
      {"distinct", "<x:x>", 1, distinct}, {"zip", "<a+>", 0, zip},
  };
}

}  // namespace presso::jsonata
