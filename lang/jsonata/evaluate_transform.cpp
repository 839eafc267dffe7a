// |pattern|update, delete|: a deep copy, in which each object that the pattern finds is changed.
#include "lang/jsonata/clone.h"
#include "lang/jsonata/evaluate.h"
#include "lang/jsonata/to_json.h"

namespace presso::jsonata {

namespace {

Thrown refused(std::string_view code, std::size_t position, const Value& value) {
  Thrown thrown = failure_at(code, position);
  thrown.value = shown_json(value);
  return thrown;
}

}  // namespace

Value Evaluator::transform(const Function& function, const Value& object) {
  if (object.is_nothing()) return object;
  const Node& node = *function.node;
  const Value clone = find_variable(node.lookup, function.frame);
  if (!clone.is_function()) throw failure_at("T2013", node.position);
  const Value result = call(*clone.function, {&object, 1}, Value::null(), function.frame);
  const Value matches = eval(*node.lhs, result, function.frame);
  if (matches.is_nothing()) return result;
  const Items items{matches};
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Value match = items[i];
    update_match(node, match, function.frame);
    if (node.third != nullptr) delete_from_match(node, match, function.frame);
  }
  return result;
}

void Evaluator::update_match(const Node& node, const Value& match, Frame* frame) {
  const Value update = eval(*node.rhs, match, frame);
  if (update.is_nothing()) return;
  if (!update.is_object()) throw refused("T2011", node.rhs->position, update);
  // What is not the copy's own, such as a part of the input, is not changed.
  if (match.tag != Tag::Object) return;
  for (const ObjectMember& member : members_of(arena_, update)) {
    match.object->set(arena_, member.name, member.value);
  }
}

void Evaluator::delete_from_match(const Node& node, const Value& match, Frame* frame) {
  const Value names = eval(*node.third, match, frame);
  if (names.is_nothing()) return;
  const Items items{names};
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!items[i].is_string()) throw refused("T2012", node.third->position, names);
  }
  if (match.tag != Tag::Object) return;
  for (std::size_t i = 0; i < items.size(); ++i) match.object->remove(arena_, items[i].text());
}

}  // namespace presso::jsonata
