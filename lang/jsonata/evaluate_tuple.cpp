// Paths that bind variables to their steps (`@`, `#`) or look back (`%`) carry a row for each item
// instead of the item alone: a tuple, which is a frame with the item as its context, so that what
// is bound is an ordinary variable to whatever is evaluated in it.
#include <cmath>

#include "lang/jsonata/evaluate.h"
#include "lang/jsonata/merge_sort.h"
#include "lang/jsonata/text.h"
#include "lang/jsonata/to_json.h"

namespace presso::jsonata {

namespace {

struct Keyed {
  Value item;
  Value key;  // of the first term
};

// Appends each value as `$append` would, to a list of its own.
class Appender {
 public:
  explicit Appender(Arena& arena) : arena_{arena} {}

  void add(const Value& value) {
    if (value.tag == Tag::Unbound) return;
    is_bound_ = true;
    if (value.is_nothing()) return;
    if (only_.is_nothing()) {
      only_ = value;
      return;
    }
    if (list_ == nullptr) {
      list_ = arena_.make<Array>();
      push(only_);
    }
    push(value);
  }
  [[nodiscard]] Value result() const {
    if (!is_bound_) return Value::unbound();
    return list_ == nullptr ? only_ : Value{list_};
  }

 private:
  void push(const Value& value) {
    const Items items{value};
    for (std::size_t i = 0; i < items.size(); ++i) list_->push(arena_, items[i]);
  }

  Arena& arena_;
  bool is_bound_ = false;
  Value only_;
  Array* list_ = nullptr;
};

bool can_be_sorted(const Value& value) { return value.is_number() || value.is_string(); }

}  // namespace

Value Evaluator::eval_tuple_path(const Node& node, const Value& input, Frame* frame) {
  Value stream = input;
  if (node.items[0]->kind == Kind::Variable && input.is_array()) {
    Array* wrapped = make_sequence(arena_);
    wrapped->push(arena_, input);
    stream = Value{wrapped};
  }
  Array* tuples = nullptr;
  bool is_tuples = false;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const Node& step = *node.items[i];
    const bool is_last = i + 1 == node.items.size();
    is_tuples = is_tuples || step.is_tuple;
    const bool is_after_array = i == 1 && node.items[0]->is_constructed_array;
    if (is_after_array && step.kind != Kind::Sort) stream = list_of_array(stream);
    if (i == 0 && step.is_constructed_array) {
      stream = eval_first_step(step, input, frame, is_last);
    } else if (is_tuples) {
      tuples = eval_tuple_step(node, step, stream, tuples, frame);
    } else if (i == 0) {
      stream = eval_first_step(step, input, frame, is_last);
    } else {
      stream = eval_step(step, stream, frame, is_last);
    }
    const bool is_end_text =
        i == 0 && step.is_constructed_array && stream.is_string() && stream.text().empty();
    const bool is_empty =
        stream.is_nothing() || is_end_text || (stream.is_array() && Items{stream}.size() == 0);
    if (is_tuples || !is_empty) continue;
    if (!step.is_constructed_array) stream = Value{};
    break;
  }
  if (is_tuples && tuples != nullptr) {
    if (node.is_tuple) {
      stream = Value{tuples};
    } else {
      Array* contexts = make_sequence(arena_);
      contexts->reserve(arena_, tuples->size);
      for (const Value& row : tuples->view()) contexts->push(arena_, row.tuple->context);
      stream = Value{contexts};
    }
  }
  if (node.keeps_singleton && !(node.is_tuple && is_tuples)) stream = keep_singleton(stream);
  if (node.group == nullptr) return stream;
  const Value grouped = is_tuples && tuples != nullptr ? Value{tuples} : stream;
  return eval_group(node.group->pairs, node.group->position, grouped, frame, &node.scope);
}

Array* Evaluator::eval_tuple_step(const Node& path, const Node& step, const Value& stream,
                                  Array* tuples, Frame* frame) {
  if (step.kind == Kind::Sort) return eval_tuple_sort(path, step, stream, tuples, frame);
  if (tuples == nullptr) tuples = rows_of(path, stream, frame);
  Array* result = make_sequence(arena_);
  result->is_tuple_stream = true;
  spend(tuples->size);
  for (const Value& row : tuples->view()) {
    const Value found = eval(step, row.tuple->context, row.tuple);
    if (!found.is_nothing()) add_tuples(step, *row.tuple, found, *result);
  }
  return eval_tuple_stages(path, step, result, frame);
}

// A row for each item, with nothing bound yet.
Array* Evaluator::rows_of(const Node& path, const Value& stream, Frame* frame) {
  Array* rows = make_sequence(arena_);
  rows->is_tuple_stream = true;
  const Items items{stream};
  rows->reserve(arena_, items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    Frame* row = make_frame(path.scope, frame);
    row->context = items[i];
    rows->push(arena_, Value{row});
  }
  return rows;
}

void Evaluator::add_tuples(const Node& step, Frame& row, const Value& found, Array& into) {
  const Items items{found};
  const bool is_leak = found.is_tuple_stream();
  spend(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    Frame* tuple = make_frame(*row.names, row.parent);
    tuple->context = row.context;
    std::copy_n(row.slots, row.names->names.size(), tuple->slots);
    if (is_leak) {
      merge_tuple(*tuple, *items[i].tuple);
    } else {
      if (step.focus_slot != kNone) {
        tuple->slots[step.focus_slot] = items[i];
      } else {
        tuple->context = items[i];
      }
      if (step.index_slot != kNone) {
        tuple->slots[step.index_slot] = Value{static_cast<double>(i)};
      }
      if (step.ancestor_slot != kNone) tuple->slots[step.ancestor_slot] = row.context;
    }
    into.push(arena_, Value{tuple});
  }
}

void Evaluator::merge_tuple(Frame& into, const Frame& from) {
  into.context = from.context;
  for (std::size_t i = 0; i < from.names->names.size(); ++i) {
    if (from.slots[i].tag == Tag::Unbound) continue;
    for (std::size_t j = 0; j < into.names->names.size(); ++j) {
      if (into.names->names[j] == from.names->names[i]) into.slots[j] = from.slots[i];
    }
  }
}

Array* Evaluator::eval_tuple_sort(const Node& path, const Node& step, const Value& stream,
                                  Array* tuples, Frame* frame) {
  if (tuples != nullptr) {
    const Value sorted = eval_sort(step, Value{tuples}, frame, &path.scope);
    return eval_tuple_stages(path, step, sorted.array, frame);
  }
  Array* rows = rows_of(path, eval_sort(step, stream, frame, &path.scope), frame);
  for (std::uint32_t i = 0; i < rows->size; ++i) {
    if (step.index_slot == kNone) break;
    rows->items[i].tuple->slots[step.index_slot] = Value{static_cast<double>(i)};
  }
  return eval_tuple_stages(path, step, rows, frame);
}

// Stages work on all rows together, not on the results for one.
Array* Evaluator::eval_tuple_stages(const Node& path, const Node& step, Array* tuples,
                                    Frame* frame) {
  for (const Stage& stage : step.stages) {
    if (stage.filter == nullptr && stage.slot == kNone) continue;  // `#$` binds nothing
    if (stage.filter == nullptr) {
      for (std::uint32_t i = 0; i < tuples->size; ++i) {
        tuples->items[i].tuple->slots[stage.slot] = Value{static_cast<double>(i)};
      }
      continue;
    }
    // Sorted rows have lost their mark; the filter then sees rows, not what they hold.
    Frame* inside = tuples->is_tuple_stream ? frame : make_frame(path.scope, frame);
    tuples = eval_filter(*stage.filter, Value{tuples}, inside, true).array;
  }
  return tuples;
}

// The rows of one group as one row: each variable holds what all of them held.
Frame* Evaluator::reduce_tuples(const Value& tuples, const ScopeNames& rows, Frame* frame,
                                Value& context) {
  if (tuples.tag == Tag::Tuple) {
    // The reference takes the context out of the row, so that a second group of the same row finds
    // none.
    context = std::exchange(tuples.tuple->context, Value{});
    return tuples.tuple;
  }
  const std::span<const Value> all = tuples.array->view();
  spend(all.size());
  Frame* reduced = make_frame(rows, frame);
  Appender contexts{arena_};
  for (const Value& row : all) contexts.add(row.tuple->context);
  context = contexts.result();
  for (std::size_t slot = 0; slot < rows.names.size(); ++slot) {
    Appender appender{arena_};
    for (const Value& row : all) appender.add(row.tuple->slots[slot]);
    reduced->slots[slot] = appender.result();
  }
  return reduced;
}

Value Evaluator::eval_sort(const Node& step, const Value& input, Frame* frame,
                           const ScopeNames* rows) {
  const Items items{input};
  if (!input.is_array() || items.size() == 0) return input;
  if (items.size() == 1) {
    // What the step before found is a sequence, though an array of the input stands in its place.
    if (input.tag != Tag::JsonArray) return input;
    Array* only = make_sequence(arena_);
    only->push(arena_, items[0]);
    return Value{only};
  }
  const bool is_tuples = input.is_tuple_stream();
  if (rows != nullptr && !is_tuples) frame = make_frame(*rows, frame);
  const std::size_t size = items.size();
  spend(size);
  auto* keyed = arena_.make_array<Keyed>(size * 2);
  for (std::size_t i = 0; i < size; ++i) {
    keyed[i].item = items[i];
    keyed[i].key = sort_key(*step.terms[0].key, items[i], frame, is_tuples);
  }
  merge_sort(keyed, size, keyed + size, [&](const Keyed& left, const Keyed& right) {
    spend(1);
    double order = sort_order(step, step.terms[0], left.key, right.key);
    for (std::size_t i = 1; order == 0 && i < step.terms.size(); ++i) {
      const Node& key = *step.terms[i].key;
      order = sort_order(step, step.terms[i], sort_key(key, left.item, frame, is_tuples),
                         sort_key(key, right.item, frame, is_tuples));
    }
    return order > 0;
  });
  Array* sorted = arena_.make<Array>();
  sorted->reserve(arena_, size);
  for (std::size_t i = 0; i < size; ++i) sorted->push(arena_, keyed[i].item);
  return Value{sorted};
}

Value Evaluator::sort_key(const Node& key, const Value& item, Frame* frame, bool is_tuples) {
  return is_tuples ? eval(key, item.tuple->context, item.tuple) : eval(key, item, frame);
}

// More than zero: `left` comes after `right`. What is undefined comes last, whatever the direction.
double Evaluator::sort_order(const Node& step, const Term& term, const Value& left,
                             const Value& right) {
  if (left.is_nothing()) return right.is_nothing() ? 0 : 1;
  if (right.is_nothing()) return -1;
  if (!can_be_sorted(left) || !can_be_sorted(right)) {
    Thrown thrown = failure_at("T2008", step.position);
    thrown.value = shown_json(can_be_sorted(left) ? right : left);
    throw thrown;
  }
  if (left.tag != right.tag) {
    Thrown thrown = failure_at("T2007", step.position);
    thrown.value = shown_json(left);
    thrown.value2 = shown_json(right);
    throw thrown;
  }
  double order = 0;
  if (left.is_number()) {
    if (left.number == right.number) return 0;
    order = left.number < right.number ? -1 : 1;
  } else {
    order = compare_text(left.text(), right.text());
  }
  return term.is_descending ? -order : order;
}

}  // namespace presso::jsonata
