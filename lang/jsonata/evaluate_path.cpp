// Paths. The naive way builds a list after each step; here a lone value stands for the list of one,
// and the caller's arrays for the list of their items, so that `a.b.c` over objects builds nothing.
#include <cmath>

#include "lang/jsonata/evaluate.h"
#include "lang/jsonata/level.h"
#include "lang/jsonata/limits.h"
#include "lang/jsonata/text.h"

namespace presso::jsonata {

namespace {

bool is_constructed(const Value& value) {
  return value.tag == Tag::Array && value.array->is_constructed;
}

// As a stream: no items at all.
bool is_empty(const Value& stream) {
  return stream.is_nothing() || (stream.is_array() && Items{stream}.size() == 0);
}

// Beyond a list that is written out the reference looks at the length of what it comes to: an empty
// text ends the path, too.
bool is_empty_text(const Node& first, const Value& value) {
  return first.is_constructed_array && value.is_string() && value.text().empty();
}

// A step's result goes into the path's list: arrays by their items, unless `[…]` made them.
void add_result(Arena& arena, Array& into, const Value& result) {
  if (!result.is_array() || is_constructed(result)) {
    into.push(arena, result);
    return;
  }
  const Items items{result};
  into.reserve(arena, into.size + items.size());
  for (std::size_t i = 0; i < items.size(); ++i) into.push(arena, items[i]);
}

// Collects what a step yields for each item, and remembers when it was one array alone: as the last
// step's only result that stays as it is.
class Collector {
 public:
  explicit Collector(Arena& arena) : arena_{arena} {}

  void add(const Value& result) {
    if (result.is_nothing()) return;
    if (++count_ == 1) {
      only_ = result;
      return;
    }
    if (count_ == 2) {
      list_ = make_sequence(arena_);
      add_result(arena_, *list_, only_);
    }
    add_result(arena_, *list_, result);
  }
  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] const Value& only() const { return only_; }
  [[nodiscard]] Value list() const { return Value{list_}; }

 private:
  Arena& arena_;
  std::size_t count_ = 0;
  Value only_;
  Array* list_ = nullptr;
};

}  // namespace

Value Evaluator::lookup(const Value& input, std::string_view name) {
  if (!input.is_array()) return member_of(input, name);
  const Level level{calls_, kMaxCalls};
  const Items items{input};
  spend(items.size());
  Array* results = make_sequence(arena_);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Value found = lookup(items[i], name);
    if (found.is_nothing()) continue;
    if (found.is_array()) {
      const Items inner{found};
      for (std::size_t j = 0; j < inner.size(); ++j) results->push(arena_, inner[j]);
    } else {
      results->push(arena_, found);
    }
  }
  return Value{results};
}

// Names after names, perhaps from a variable: as long as objects follow one another nothing is
// made.
Value Evaluator::eval_simple_path(const Node& node, const Value& input, Frame* frame) {
  std::size_t next = 0;
  Value stream = input;
  if (node.items[0]->kind == Kind::Variable) {
    spend(1);
    stream = step_result(eval(*node.items[next++], input, frame), node.items.size() == 1);
  }
  for (; next < node.items.size(); ++next) {
    if (next > 0 && is_empty(stream)) return Value{};
    stream = eval_name_step(*node.items[next], stream, next + 1 == node.items.size());
  }
  return stream;
}

Value Evaluator::eval_path(const Node& node, const Value& input, Frame* frame) {
  for (const NodePtr& step : node.items) {
    if (step->is_tuple) return eval_tuple_path(node, input, frame);
  }
  Value stream = input;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const Node& step = *node.items[i];
    const bool is_last = i + 1 == node.items.size();
    if (i == 0) {
      stream = eval_first_step(step, input, frame, is_last);
    } else {
      const bool is_after_array = i == 1 && node.items[0]->is_constructed_array;
      if (is_after_array && step.kind != Kind::Sort) stream = list_of_array(stream);
      stream = eval_step(step, stream, frame, is_last);
    }
    if (!is_empty(stream) && !(i == 0 && is_empty_text(step, stream))) continue;
    // An empty array that the last step yields, or that is written out as the first, stays one; on
    // the way it is the end of the path.
    if (!is_last && !step.is_constructed_array) stream = Value{};
    break;
  }
  if (node.keeps_singleton) stream = keep_singleton(stream);
  if (node.group != nullptr) {
    stream = eval_group(node.group->pairs, node.group->position, stream, frame, nullptr);
  }
  return stream;
}

Value Evaluator::eval_first_step(const Node& step, const Value& input, Frame* frame, bool is_last) {
  if (step.is_constructed_array) {
    // An array that is written out is made once, not for each item of the context.
    Value context = input;
    if (!input.is_array() || step.kind == Kind::Variable) {
      Array* wrapped = make_sequence(arena_);
      wrapped->push(arena_, input);
      context = Value{wrapped};
    }
    return eval(step, context, frame);
  }
  const bool is_once = step.kind == Kind::Variable || !input.is_array();
  if (step.kind == Kind::Sort || !is_once) return eval_step(step, input, frame, is_last);
  Value result = eval(step, input, frame);
  for (const Stage& stage : step.stages) {
    result = eval_filter(*stage.filter, result, frame, false);
  }
  return step_result(result, is_last);
}

// What comes after an array that is written out goes over its items. Where a predicate has made
// something else of the array, the reference goes over that as JavaScript does: a text has its code
// units, anything else nothing.
Value Evaluator::list_of_array(const Value& stream) {
  if (stream.is_array()) return stream;
  Array* units = make_sequence(arena_);
  if (!stream.is_string()) return Value{units};
  for (const char16_t unit : to_utf16(stream.text())) {
    units->push(arena_, text_value(from_utf16({&unit, 1})));
  }
  return Value{units};
}

// What the path goes on with after a step whose only result this is.
Value Evaluator::step_result(const Value& result, bool is_last) {
  if (!result.is_array()) return result;
  if (is_last && !result.is_sequence()) return result;
  if (is_constructed(result)) {
    Array* list = make_sequence(arena_);
    list->push(arena_, result);
    return Value{list};
  }
  const bool is_shared_as_it_is =
      result.tag == Tag::JsonArray || (result.is_sequence() && !result.array->keeps_singleton &&
                                       !result.array->is_outer && !result.array->is_tuple_stream);
  if (is_shared_as_it_is) return result;
  Array* list = make_sequence(arena_);
  list->items = result.array->items;
  list->size = result.array->size;
  list->capacity = result.array->size;
  return Value{list};
}

Value Evaluator::eval_step(const Node& step, const Value& stream, Frame* frame, bool is_last) {
  if (step.kind == Kind::Sort) {
    Value sorted = eval_sort(step, stream, frame, nullptr);
    for (const Stage& stage : step.stages) {
      sorted = eval_filter(*stage.filter, sorted, frame, false);
    }
    return sorted;
  }
  if (step.kind == Kind::Name && step.stages.empty() && !step.is_refined) {
    return eval_name_step(step, stream, is_last);
  }
  const Items items{stream};
  Collector collector{arena_};
  for (std::size_t i = 0; i < items.size(); ++i) {
    Value result = eval(step, items[i], frame);
    for (const Stage& stage : step.stages) {
      result = eval_filter(*stage.filter, result, frame, false);
    }
    collector.add(result);
  }
  if (collector.count() <= 1) return step_result(collector.only(), is_last);
  return collector.list();
}

Value Evaluator::eval_name_step(const Node& step, const Value& stream, bool is_last) {
  const std::string_view name{step.text};
  spend(1);
  if (!stream.is_array()) return step_result(finished(step, member_of(stream, name)), is_last);
  const Items items{stream};
  spend(items.size());
  Collector collector{arena_};
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Value item = items[i];
    collector.add(finished(step, lookup(item, name)));
  }
  if (collector.count() <= 1) return step_result(collector.only(), is_last);
  return collector.list();
}

// The value as a sequence that stays an array though it holds one item.
Value Evaluator::keep_singleton(const Value& value) {
  if (value.is_nothing()) return value;
  const bool is_list = value.is_array() && !is_constructed(value);
  if (is_list && !value.is_sequence()) return value;
  Array* kept = make_sequence(arena_);
  if (value.is_sequence()) {
    *kept = *value.array;
    kept->capacity = kept->size;  // the items are shared: a push has to copy them
  } else {
    kept->push(arena_, value);
  }
  kept->keeps_singleton = true;
  return Value{kept};
}

// `is_kept`: the result is a sequence even when it is one lone value.
Value Evaluator::eval_filter(const Node& filter, const Value& input, Frame* frame, bool is_kept) {
  const bool is_index = filter.kind == Kind::Number;
  if (is_index) return eval_filter_index(filter.number, input, is_kept);
  const bool is_tuples = input.is_tuple_stream();
  const Items items{input};
  spend(items.size());
  Array* results = make_sequence(arena_);
  results->is_tuple_stream = is_tuples;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Value item = items[i];
    const Value result =
        is_tuples ? eval(filter, item.tuple->context, item.tuple) : eval(filter, item, frame);
    if (selects(result, i, items.size(), *results, item)) continue;
    if (is_truthy(result)) results->push(arena_, item);
  }
  if (results->size == 1 && !is_kept && !is_tuples) {
    const Value& only = results->items[0];
    if (!only.is_array() && !only.is_nothing()) return only;
  }
  return Value{results};
}

// A predicate that gives numbers selects by position. False: it gave something else.
bool Evaluator::selects(const Value& result, std::size_t position, std::size_t size, Array& into,
                        const Value& item) {
  const auto is_number = [](const Value& value) {
    if (!value.is_number() || std::isnan(value.number)) return false;
    if (std::isinf(value.number)) throw out_of_range();
    return true;
  };
  if (!result.is_array() && !is_number(result)) return false;
  const Items numbers{result};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (!is_number(numbers[i])) return false;
  }
  spend(numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    double index = std::floor(numbers[i].number);
    if (index < 0) index += static_cast<double>(size);
    if (index == static_cast<double>(position)) into.push(arena_, item);
  }
  return true;
}

Value Evaluator::eval_filter_index(double index, const Value& input, bool is_kept) {
  const Items items{input};
  index = std::floor(index);
  if (index < 0) index += static_cast<double>(items.size());
  Array* results = nullptr;
  const auto sequence = [&] {
    results = make_sequence(arena_);
    results->is_tuple_stream = input.is_tuple_stream();
    return results;
  };
  if (!(index >= 0 && index < static_cast<double>(items.size()))) return Value{sequence()};
  const Value item = items[static_cast<std::size_t>(index)];
  if (item.is_nothing()) return Value{sequence()};
  if (item.is_array()) return item;
  if (!is_kept && !input.is_tuple_stream()) return item;
  sequence()->push(arena_, item);
  return Value{results};
}

}  // namespace presso::jsonata
