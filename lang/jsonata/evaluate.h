// Evaluator: one evaluation of one program. It walks the tree; all it makes lives in its arena.
//
// Every evaluation of a node costs a step and, while it lasts, a level of depth; calls have a count
// of levels of their own. So no expression outruns its limits or the stack.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lang/jsonata/errors.h"
#include "lang/jsonata/function.h"
#include "lang/jsonata/functions.h"
#include "lang/jsonata/program.h"
#include "lang/jsonata/value.h"

namespace presso::jsonata {

// The arguments of a call while they are evaluated: a few without the arena.
class Arguments {
 public:
  explicit Arguments(Arena& arena) : arena_{arena} {}
  void push(Value value) {
    if (size_ == capacity_) grow();
    values_[size_++] = value;
  }
  void clear() { size_ = 0; }
  [[nodiscard]] std::span<const Value> view() const { return {values_, size_}; }

 private:
  void grow();

  static constexpr std::size_t kFew = 4;
  Arena& arena_;
  std::array<Value, kFew> few_;
  Value* values_ = few_.data();
  std::size_t size_ = 0;
  std::size_t capacity_ = kFew;
};

// The call a function's body ends in: made by whoever called the function, so that it takes no
// depth.
struct TailCall {
  explicit TailCall(Arena& arena) : arguments{arena} {}

  Function* function = nullptr;  // null: the body ended in a value
  const Node* site = nullptr;
  Arguments arguments;
};

class Evaluator {
 public:
  Evaluator(const Program& program, const Call& call);

  [[nodiscard]] Value run();

  // For functions.
  [[nodiscard]] Arena& arena() { return arena_; }
  [[nodiscard]] const Env& env() const { return call_.env; }
  [[nodiscard]] Dialect dialect() const { return program_.dialect; }
  void spend(std::size_t steps) {
    steps_ += steps;
    if (steps_ >= next_check_) check_limits();
  }
  // `frame`: of the caller, for $eval; may be null.
  [[nodiscard]] Value call(Function& function, std::span<const Value> arguments,
                           const Value& context, Frame* frame);
  // As $map and its like call: without a context.
  [[nodiscard]] Value call_with(const Value& function, std::span<const Value> arguments);
  [[nodiscard]] Value eval_text(std::string_view text, const Value& input, Frame* frame);
  // `$boolean`, as conditions and predicates see a value.
  [[nodiscard]] bool is_truthy(const Value& value);
  // As JavaScript sees a value, where the reference lets it: any array or object is true.
  [[nodiscard]] static bool is_truthy_in_javascript(const Value& value);
  [[nodiscard]] bool are_equal(const Value& left, const Value& right);
  [[nodiscard]] Value lookup(const Value& input, std::string_view name);
  [[nodiscard]] Value appended(const Value& left, const Value& right);
  [[nodiscard]] std::string_view text_of(const Value& value, bool is_pretty = false);
  [[nodiscard]] Value text_value(std::string_view text) { return Value{arena_.copy(text)}; }
  void flatten(const Value& value, Array& into);

 private:
  // evaluate.cpp
  [[nodiscard]] Value eval(const Node& node, const Value& input, Frame* frame);
  [[nodiscard]] Value eval_kind(const Node& node, const Value& input, Frame* frame);
  [[nodiscard]] Value refined(const Node& node, Value result, Frame* frame);
  [[nodiscard]] Value finished(const Node& node, Value result);
  [[nodiscard]] Value eval_variable(const Node& node, const Value& input, Frame* frame);
  [[nodiscard]] Value find_variable(const Lookup& lookup, Frame* frame);
  [[nodiscard]] Value free_variable(std::uint32_t number);
  [[nodiscard]] Value variable_named(std::string_view name, const Frame* frame);
  [[nodiscard]] Value outside_variable(std::string_view name, const Builtin* builtin);
  [[nodiscard]] Value eval_block(const Node& node, const Value& input, Frame* frame);
  [[nodiscard]] Value eval_condition(const Node& node, const Value& input, Frame* frame);
  [[nodiscard]] Value eval_bind(const Node& node, const Value& input, Frame* frame);
  [[nodiscard]] Value eval_array(const Node& node, const Value& input, Frame* frame);
  [[nodiscard]] Value eval_object(const Node& node, const Value& input, Frame* frame);
  [[nodiscard]] Value eval_wildcard(const Value& input);
  [[nodiscard]] Value eval_descendants(const Value& input);
  void collect_descendants(const Value& input, Array& into, std::size_t depth);
  [[nodiscard]] Frame* make_frame(const ScopeNames& names, Frame* parent);
  void check_limits();
  [[nodiscard]] std::string_view text_of_container(const Value& value, bool is_pretty);

  // evaluate_path.cpp
  [[nodiscard]] Value eval_path(const Node& node, const Value& input, Frame* frame);
  [[nodiscard]] Value eval_simple_path(const Node& node, const Value& input, Frame* frame);
  [[nodiscard]] Value eval_first_step(const Node& step, const Value& input, Frame* frame,
                                      bool is_last);
  [[nodiscard]] Value eval_step(const Node& step, const Value& stream, Frame* frame, bool is_last);
  [[nodiscard]] Value eval_name_step(const Node& step, const Value& stream, bool is_last);
  [[nodiscard]] Value list_of_array(const Value& stream);
  [[nodiscard]] Value step_result(const Value& result, bool is_last);
  [[nodiscard]] Value eval_filter(const Node& filter, const Value& input, Frame* frame,
                                  bool is_kept);
  [[nodiscard]] Value eval_filter_index(double index, const Value& input, bool is_kept);
  [[nodiscard]] bool selects(const Value& result, std::size_t position, std::size_t size,
                             Array& into, const Value& item);
  [[nodiscard]] Value keep_singleton(const Value& value);

  // evaluate_group.cpp
  // `rows`: the tuples' scope when the group stands in one, else null.
  [[nodiscard]] Value eval_group(const std::vector<Pair>& pairs, std::size_t position,
                                 const Value& input, Frame* frame, const ScopeNames* rows);
  [[nodiscard]] Value eval_lone_object(const std::vector<Pair>& pairs, std::size_t position,
                                       const Value& input, Frame* frame);
  [[nodiscard]] Value group_key(const Node& key, std::size_t position, const Value& item,
                                Frame* frame);
  void add_to_group(Value& data, bool& is_own, const Value& item);

  // evaluate_tuple.cpp
  [[nodiscard]] Value eval_tuple_path(const Node& node, const Value& input, Frame* frame);
  [[nodiscard]] Array* eval_tuple_step(const Node& path, const Node& step, const Value& stream,
                                       Array* tuples, Frame* frame);
  [[nodiscard]] Array* eval_tuple_sort(const Node& path, const Node& step, const Value& stream,
                                       Array* tuples, Frame* frame);
  [[nodiscard]] Array* eval_tuple_stages(const Node& path, const Node& step, Array* tuples,
                                         Frame* frame);
  [[nodiscard]] Array* rows_of(const Node& path, const Value& stream, Frame* frame);
  void add_tuples(const Node& step, Frame& row, const Value& found, Array& into);
  void merge_tuple(Frame& into, const Frame& from);
  [[nodiscard]] Frame* reduce_tuples(const Value& tuples, const ScopeNames& rows, Frame* frame,
                                     Value& context);
  [[nodiscard]] Value eval_sort(const Node& step, const Value& input, Frame* frame,
                                const ScopeNames* rows);
  [[nodiscard]] Value sort_key(const Node& key, const Value& item, Frame* frame, bool is_tuples);
  [[nodiscard]] double sort_order(const Node& step, const Term& term, const Value& left,
                                  const Value& right);

  // evaluate_operator.cpp
  [[nodiscard]] Value eval_binary(const Node& node, const Value& input, Frame* frame);
  [[nodiscard]] Value eval_operation(const Node& node, const Value& left, const Value& input,
                                     Frame* frame);
  [[nodiscard]] Value eval_negate(const Node& node, const Value& input, Frame* frame);
  [[nodiscard]] Value operated(Op op, const Value& left, const Value& right);
  [[nodiscard]] Value compared(Op op, const Value& left, const Value& right);
  [[nodiscard]] Value computed(Op op, const Value& left, const Value& right);
  [[nodiscard]] Value range_of(const Value& left, const Value& right);
  [[nodiscard]] bool is_in(const Value& left, const Value& right);

  // evaluate_call.cpp
  [[nodiscard]] Value eval_call(const Node& node, const Value& input, Frame* frame,
                                const Value* first);
  [[nodiscard]] Value eval_apply(const Node& node, const Value& input, Frame* frame);
  [[nodiscard]] Value eval_partial(const Node& node, const Value& input, Frame* frame);
  [[nodiscard]] Value make_lambda(const Node& node, const Value& input, Frame* frame);
  [[nodiscard]] Value make_matcher(const Node& node);
  [[nodiscard]] Frame* bound_frame(const Function& lambda, std::span<const Value> arguments);
  [[nodiscard]] Value eval_body(const Function& lambda, Frame* frame, TailCall& next);
  [[nodiscard]] Value call_once(Function& function, std::span<const Value> arguments,
                                const Value& context, Frame* frame);
  [[nodiscard]] std::span<const Value> filled_up(const Function& partial,
                                                 std::span<const Value> arguments);
  [[nodiscard]] Value match_from(const Node& node, std::string_view text, std::size_t from);
  [[nodiscard]] Value next_match(const Function& function);

  // evaluate_transform.cpp
  [[nodiscard]] Value transform(const Function& function, const Value& object);
  void update_match(const Node& node, const Value& match, Frame* frame);
  void delete_from_match(const Node& node, const Value& match, Frame* frame);

  const Program& program_;
  const Call& call_;
  Arena arena_;
  Value root_;  // the input: `$$`
  Frame* root_frame_ = nullptr;
  Value* free_values_ = nullptr;  // by number, Unbound until asked for
  std::size_t steps_ = 0;
  std::size_t next_check_ = 0;
  std::size_t depth_ = 0;  // of nodes within nodes
  std::size_t calls_ = 0;  // of calls within calls, and of values walked
  std::size_t max_depth_ = 0;
  std::vector<std::shared_ptr<const Program>> evaluated_;  // by $eval: closures may point into them
};

}  // namespace presso::jsonata
