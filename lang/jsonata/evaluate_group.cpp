// `{key: value}`, behind a path and as an object that is written out: which is the same with one
// item. Keys are collected first, each with the items that gave it; then each value is evaluated
// once, with those items as its context.
#include "lang/jsonata/evaluate.h"
#include "lang/jsonata/to_json.h"

namespace presso::jsonata {

namespace {

struct Entry {
  Value data;
  std::uint32_t pair = 0;
};

// Groups by key; entries in a row beside them.
struct Groups {
  Object keys;  // key → position in entries
  Entry* entries = nullptr;
  std::uint32_t capacity = 0;

  void add(Arena& arena, std::string_view key, const Entry& entry) {
    if (keys.size == capacity) {
      const std::uint32_t grown = capacity == 0 ? 4 : capacity * 2;
      auto* moved = arena.make_array<Entry>(grown);
      std::copy_n(entries, keys.size, moved);
      entries = moved;
      capacity = grown;
    }
    entries[keys.size] = entry;
    keys.add(arena, key, Value{static_cast<double>(keys.size)});
  }
};

Thrown refused_key(std::string_view code, std::size_t position, const Value& key) {
  Thrown thrown = failure_at(code, position);
  thrown.value = shown_json(key);
  return thrown;
}

}  // namespace

Value Evaluator::appended(const Value& left, const Value& right) {
  if (left.is_nothing()) return right;
  if (right.is_nothing()) return left;
  const Items first{left};
  const Items second{right};
  Array* result = arena_.make<Array>();
  result->reserve(arena_, first.size() + second.size());
  spend((first.size() + second.size()) / 8);
  for (std::size_t i = 0; i < first.size(); ++i) result->push(arena_, first[i]);
  for (std::size_t i = 0; i < second.size(); ++i) result->push(arena_, second[i]);
  return Value{result};
}

// Adds to a group. The list is this group's own, so it grows in place.
void Evaluator::add_to_group(Value& data, bool& is_own, const Value& item) {
  if (item.is_nothing()) return;
  if (data.is_nothing()) {
    data = item;
    return;
  }
  if (!is_own) {
    data = appended(data, item);
    is_own = true;
    return;
  }
  const Items items{item};
  spend(items.size() / 8);
  for (std::size_t i = 0; i < items.size(); ++i) data.array->push(arena_, items[i]);
}

Value Evaluator::group_key(const Node& key, std::size_t position, const Value& item, Frame* frame) {
  const Value value = eval(key, item, frame);
  if (value.is_nothing()) return value;
  if (!value.is_string()) throw refused_key("T1003", position, value);
  std::string_view name = value.text();
  const bool has_mark = name.starts_with('_');
  if (has_mark) name.remove_prefix(1);
  const bool is_reserved = has_mark && (name == "jsonata_lambda" || name == "jsonata_function");
  if (is_reserved) throw refused_key("D1013", position, value);
  return value;
}

Value Evaluator::eval_lone_object(const std::vector<Pair>& pairs, std::size_t position,
                                  const Value& input, Frame* frame) {
  Object* result = arena_.make<Object>();
  Object seen;
  for (const Pair& pair : pairs) {
    const Value key = group_key(*pair.key, position, input, frame);
    if (key.is_nothing()) {
      seen.add(arena_, {}, key);  // keeps positions in step with the pairs
      continue;
    }
    if (const Value* found = seen.find(key.text()); found != nullptr && !found->is_nothing()) {
      throw refused_key("D1009", position, key);
    }
    seen.add(arena_, key.text(), key);
  }
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const Value& key = seen.members[i].value;
    if (key.is_nothing()) continue;
    const Value value = eval(*pairs[i].value, input, frame);
    if (!value.is_nothing()) result->add(arena_, key.text(), value);
  }
  return Value{result};
}

Value Evaluator::eval_group(const std::vector<Pair>& pairs, std::size_t position,
                            const Value& input, Frame* frame, const ScopeNames* rows) {
  const bool reduces = input.is_tuple_stream();
  if (rows != nullptr && !reduces) frame = make_frame(*rows, frame);
  if (!input.is_array() && !input.is_nothing()) {
    return eval_lone_object(pairs, position, input, frame);
  }
  const Items items{input};
  const bool is_empty = items.size() == 0;
  if (input.is_nothing() || (is_empty && !reduces)) {
    return eval_lone_object(pairs, position, Value{}, frame);
  }
  Groups groups;
  std::vector<bool> is_own;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Value item = items[i];
    for (std::uint32_t pair = 0; pair < pairs.size(); ++pair) {
      const Value key = reduces
                            ? group_key(*pairs[pair].key, position, item.tuple->context, item.tuple)
                            : group_key(*pairs[pair].key, position, item, frame);
      if (key.is_nothing()) continue;
      const Value* found = groups.keys.find(key.text());
      if (found == nullptr) {
        groups.add(arena_, key.text(), Entry{item, pair});
        is_own.push_back(false);
        continue;
      }
      const auto at = static_cast<std::size_t>(found->number);
      if (groups.entries[at].pair != pair) throw refused_key("D1009", position, key);
      bool owns = is_own[at];
      add_to_group(groups.entries[at].data, owns, item);
      is_own[at] = owns;
    }
  }
  Object* result = arena_.make<Object>();
  for (std::uint32_t i = 0; i < groups.keys.size; ++i) {
    const Entry& entry = groups.entries[i];
    Value context = entry.data;
    Frame* inside = frame;
    if (reduces) {
      inside = reduce_tuples(entry.data, *rows, frame, context);
    }
    const Value value = eval(*pairs[entry.pair].value, context, inside);
    if (!value.is_nothing()) result->add(arena_, groups.keys.members[i].name, value);
  }
  return Value{result};
}

}  // namespace presso::jsonata
