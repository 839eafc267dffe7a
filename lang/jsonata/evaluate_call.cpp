#include "lang/jsonata/evaluate.h"
#include "lang/jsonata/level.h"
#include "lang/jsonata/limits.h"
#include "lang/jsonata/regex.h"
#include "lang/jsonata/text.h"
#include "lang/jsonata/to_json.h"

namespace presso::jsonata {

namespace {

// What the thing called is named, for errors.
const std::string& procedure_name(const Node& call) {
  const Node& procedure = *call.lhs;
  return procedure.kind == Kind::Path ? procedure.items[0]->text : procedure.text;
}

// An error on its way out of a call tells of the outermost call, and of the innermost name.
void annotate(Thrown& thrown, const Node& site, const std::string& name) {
  if (thrown.token.empty()) thrown.token = name;
  thrown.position = site.position;
}

bool is_plain_call(const Node& node) {
  return node.kind == Kind::Call && node.predicates.empty() && !node.is_own_scope;
}

}  // namespace

std::size_t arity_of(const Function& function) {
  switch (function.kind) {
    case Function::Kind::Native: return function.builtin->arity;
    case Function::Kind::Lambda: return function.node->items.size();
    case Function::Kind::Matcher: return 2;
    case Function::Kind::NextMatch: return 0;
    case Function::Kind::Transform:
    case Function::Kind::Composed: return 1;
    case Function::Kind::Partial: break;
  }
  std::size_t open = 0;
  for (std::uint32_t i = 0; i < function.bound_count; ++i) {
    if (function.bound[i].tag == Tag::Unbound) ++open;
  }
  return open;
}

Value Evaluator::eval_call(const Node& node, const Value& input, Frame* frame, const Value* first) {
  const Value procedure = eval(*node.lhs, input, frame);
  if (procedure.is_nothing() && node.lhs->kind == Kind::Path) {
    const std::string& name = procedure_name(node);
    if (is_truthy_in_javascript(variable_named(name, frame))) {
      throw failure_at("T1005", node.position, name);
    }
  }
  Arguments arguments{arena_};
  if (first != nullptr) arguments.push(*first);
  for (const NodePtr& argument : node.items) arguments.push(eval(*argument, input, frame));
  if (!procedure.is_function()) throw failure_at("T1006", node.position, procedure_name(node));
  try {
    return call(*procedure.function, arguments.view(), input, frame);
  } catch (Thrown& thrown) {
    annotate(thrown, node, procedure_name(node));
    throw;
  }
}

Value Evaluator::call_with(const Value& function, std::span<const Value> arguments) {
  if (!function.is_function()) throw failure("T1006");
  return call(*function.function, arguments, Value::null(), nullptr);
}

// A lambda's body may end in a call, which may end in another: they are made here, one after the
// other, so that a loop written as recursion runs in constant depth.
Value Evaluator::call(Function& function, std::span<const Value> arguments, const Value& context,
                      Frame* frame) {
  const Level level{calls_, kMaxCalls};
  Function* callee = &function;
  std::span<const Value> given = arguments;
  const Node* site = nullptr;
  TailCall next{arena_};
  while (true) {
    spend(1);
    bool is_checked = true;
    while (callee->kind == Function::Kind::Partial || callee->kind == Function::Kind::Composed) {
      if (callee->kind == Function::Kind::Composed) {
        const Value argument = given.empty() ? Value{} : given[0];
        Value* result = arena_.make<Value>();
        *result = call(*callee->first, {&argument, 1}, Value::null(), frame);
        given = {result, 1};
        callee = callee->second;
      } else {
        given = filled_up(*callee, given);
        callee = callee->first;
        is_checked = callee->kind != Function::Kind::Lambda;  // a signature ends here
      }
    }
    try {
      if (callee->kind != Function::Kind::Lambda) {
        return call_once(*callee, given, context, frame);
      }
      const Signature* signature = callee->node->signature.get();
      if (signature != nullptr && is_checked) given = signature->validated(arena_, given, context);
      Frame* inside = bound_frame(*callee, given);
      next.function = nullptr;
      next.arguments.clear();
      const Value result = eval_body(*callee, inside, next);
      if (next.function == nullptr) return result;
    } catch (Thrown& thrown) {
      if (site != nullptr) annotate(thrown, *site->lhs, procedure_name(*site));
      throw;
    }
    callee = next.function;
    given = next.arguments.view();
    site = next.site;
  }
}

Frame* Evaluator::bound_frame(const Function& lambda, std::span<const Value> arguments) {
  const Node& node = *lambda.node;
  if (node.scope.names.empty()) return lambda.frame;
  Frame* frame = make_frame(node.scope, lambda.frame);
  for (std::size_t i = 0; i < node.parameter_slots.size(); ++i) {
    frame->slots[node.parameter_slots[i]] = i < arguments.size() ? arguments[i] : Value{};
  }
  return frame;
}

// The body's value, or the call it ends in.
Value Evaluator::eval_body(const Function& lambda, Frame* frame, TailCall& next) {
  const Node* body = lambda.node->rhs.get();
  const Value& input = lambda.input;
  while (!body->is_refined || body->kind == Kind::Call) {
    if (body->kind == Kind::Condition) {
      spend(1);
      const bool is_true = is_truthy(eval(*body->lhs, input, frame));
      body = is_true ? body->rhs.get() : body->third.get();
      if (body == nullptr) return Value{};
    } else if (body->kind == Kind::Block) {
      spend(1);
      if (body->items.empty()) return Value{};
      if (!body->scope.names.empty()) frame = make_frame(body->scope, frame);
      for (std::size_t i = 0; i + 1 < body->items.size(); ++i) {
        static_cast<void>(eval(*body->items[i], input, frame));
      }
      body = body->items.back().get();
    } else if (body->kind == Kind::Default || body->kind == Kind::Coalesce) {
      // To the reference `a ?: b` is `a ? a : b`, whose second `a` stands at the lambda's end: what
      // a call there gives is not reduced to its one member.
      spend(1);
      const Node& first = *body->lhs;
      const bool is_call = is_plain_call(first);
      const Value given =
          is_call ? eval_call(first, input, frame, nullptr) : eval(first, input, frame);
      const Value condition = is_call ? finished(first, given) : given;
      const bool is_coalesce = body->kind == Kind::Coalesce;
      if (is_coalesce ? !condition.is_nothing() : is_truthy(condition)) return given;
      body = body->rhs.get();
    } else if (is_plain_call(*body)) {
      const Value procedure = eval(*body->lhs, input, frame);
      if (!procedure.is_function()) break;  // evaluated once more, to fail as any call does
      for (const NodePtr& argument : body->items) {
        next.arguments.push(eval(*argument, input, frame));
      }
      next.function = procedure.function;
      next.site = body;
      return Value{};
    } else {
      break;
    }
  }
  return eval(*body, input, frame);
}

// Whatever is no lambda.
Value Evaluator::call_once(Function& function, std::span<const Value> arguments,
                           const Value& context, Frame* frame) {
  switch (function.kind) {
    case Function::Kind::Native: {
      const Builtin& builtin = *function.builtin;
      if (!builtin.signature->fits_plainly(arguments)) {
        arguments = builtin.signature->validated(arena_, arguments, context);
      }
      spend(1);
      return builtin.native(NativeCall{*this, arguments, context, frame});
    }
    case Function::Kind::Matcher: {
      const Value text = arguments.empty() ? Value{} : arguments[0];
      const bool has_from = arguments.size() > 1 && arguments[1].is_number();
      const double from = has_from ? arguments[1].number : 0;
      const std::string_view subject = text.is_nothing() ? "undefined" : text_of(text);
      return match_from(*function.node, subject, from > 0 ? static_cast<std::size_t>(from) : 0);
    }
    case Function::Kind::NextMatch: return next_match(function);
    case Function::Kind::Transform: {
      static const auto kSignature = Signature::parse("<(oa):o>", 0);
      return transform(function, kSignature->validated(arena_, arguments, context)[0]);
    }
    case Function::Kind::Lambda:
    case Function::Kind::Composed:
    case Function::Kind::Partial: break;
  }
  return Value{};
}

std::span<const Value> Evaluator::filled_up(const Function& partial,
                                            std::span<const Value> arguments) {
  auto* all = arena_.make_array<Value>(partial.bound_count);
  std::size_t next = 0;
  for (std::uint32_t i = 0; i < partial.bound_count; ++i) {
    all[i] = partial.bound[i];
    if (all[i].tag != Tag::Unbound) continue;
    all[i] = next < arguments.size() ? arguments[next] : Value{};
    ++next;
  }
  return {all, partial.bound_count};
}

Value Evaluator::eval_partial(const Node& node, const Value& input, Frame* frame) {
  auto* bound = arena_.make_array<Value>(node.items.size());
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const bool is_open = node.items[i]->kind == Kind::Placeholder;
    bound[i] = is_open ? Value::unbound() : eval(*node.items[i], input, frame);
  }
  const Value procedure = eval(*node.lhs, input, frame);
  if (!procedure.is_function()) {
    const std::string& name = procedure_name(node);
    const bool is_misspelt = procedure.is_nothing() && node.lhs->kind == Kind::Path &&
                             is_truthy_in_javascript(variable_named(name, frame));
    throw failure_at(is_misspelt ? "T1007" : "T1008", node.position, name);
  }
  Function* partial = arena_.make<Function>();
  partial->kind = Function::Kind::Partial;
  partial->first = procedure.function;
  partial->bound = bound;
  partial->bound_count = static_cast<std::uint32_t>(node.items.size());
  return Value{partial};
}

Value Evaluator::eval_apply(const Node& node, const Value& input, Frame* frame) {
  const Value left = eval(*node.lhs, input, frame);
  if (node.rhs->kind == Kind::Call) return eval_call(*node.rhs, input, frame, &left);
  const Value function = eval(*node.rhs, input, frame);
  if (!function.is_function()) {
    Thrown thrown = failure_at("T2006", node.position);
    thrown.value = shown_json(function);
    throw thrown;
  }
  if (!left.is_function()) return call(*function.function, {&left, 1}, Value::null(), frame);
  Function* composed = arena_.make<Function>();
  composed->kind = Function::Kind::Composed;
  composed->first = left.function;
  composed->second = function.function;
  return Value{composed};
}

Value Evaluator::make_lambda(const Node& node, const Value& input, Frame* frame) {
  Function* function = arena_.make<Function>();
  function->kind = node.kind == Kind::Lambda ? Function::Kind::Lambda : Function::Kind::Transform;
  function->node = &node;
  function->input = input;
  function->frame = frame;
  return Value{function};
}

Value Evaluator::make_matcher(const Node& node) {
  Function* function = arena_.make<Function>();
  function->kind = Function::Kind::Matcher;
  function->node = &node;
  return Value{function};
}

Value Evaluator::match_from(const Node& node, std::string_view text, std::size_t from) {
  const std::u16string units = to_utf16(text);
  spend(units.size() / 16);
  const auto match = node.regex->find(units, from);
  if (!match) return Value{};
  const auto part = [&](const Regex::Span& span) {
    const std::u16string_view all{units};
    return text_value(from_utf16(all.substr(span.start, span.end - span.start)));
  };
  Object* result = arena_.make<Object>();
  const Regex::Span whole = match->front();
  result->add(arena_, "match", part(whole));
  result->add(arena_, "start", Value{static_cast<double>(whole.start)});
  result->add(arena_, "end", Value{static_cast<double>(whole.end)});
  Array* groups = arena_.make<Array>();
  for (std::size_t i = 1; i < match->size(); ++i) {
    groups->push(arena_, (*match)[i].is_set ? part((*match)[i]) : Value{});
  }
  result->add(arena_, "groups", Value{groups});
  Function* next = arena_.make<Function>();
  next->kind = Function::Kind::NextMatch;
  next->node = &node;
  next->text = text;
  next->from = whole.end;
  result->add(arena_, "next", Value{next});
  return Value{result};
}

Value Evaluator::next_match(const Function& function) {
  if (function.from >= utf16_size(function.text)) return Value{};
  const Value next = match_from(*function.node, function.text, function.from);
  if (!next.is_nothing() && member_of(next, "match").length == 0) {
    Thrown thrown = failure_at("D1004", function.node->position);
    thrown.value = Json(function.node->regex->pattern());
    throw thrown;
  }
  return next;
}

}  // namespace presso::jsonata
