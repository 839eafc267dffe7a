#include "lang/jsonata/ancestry.h"

#include <string>
#include <string_view>

#include "lang/jsonata/errors.h"

namespace presso::jsonata {

namespace {

void seek_in_name(Node& step, Ancestor& slot) {
  if (--slot.level != 0) return;
  if (step.ancestor != nullptr) slot.label = step.ancestor->label;
  step.ancestor = &slot;
  step.is_tuple = true;
}

void seek_in_path(Node& path, Ancestor& slot) {
  path.is_tuple = true;
  std::size_t index = path.items.size();
  do {
    seek_parent(*path.items[--index], slot);
  } while (slot.level > 0 && index > 0);
}

}  // namespace

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::Text: return "string";
    case Kind::Number: return "number";
    case Kind::Literal: return "value";
    case Kind::RegexText: return "regex";
    case Kind::Descendant: return "descendant";
    case Kind::Variable: return "variable";
    case Kind::Negate:
    case Kind::ArrayOf:
    case Kind::ObjectOf: return "unary";
    case Kind::Default:
    case Kind::Coalesce:
    case Kind::Condition: return "condition";
    case Kind::Bind: return "bind";
    case Kind::Apply: return "apply";
    case Kind::Call: return "function";
    case Kind::Partial: return "partial";
    case Kind::Lambda: return "lambda";
    case Kind::Transform: return "transform";
    case Kind::Sort: return "sort";
    case Kind::Path: return "path";
    case Kind::Name: return "name";
    case Kind::Wildcard: return "wildcard";
    case Kind::Parent: return "parent";
    case Kind::Block: return "block";
    case Kind::Placeholder: return "operator";
    case Kind::Dot:
    case Kind::Predicate:
    case Kind::GroupBy:
    case Kind::Focus:
    case Kind::Index:
    case Kind::Binary:
    case Kind::End: return "binary";
  }
  return "binary";
}

void seek_parent(Node& step, Ancestor& slot) {
  switch (step.kind) {
    case Kind::Name:
    case Kind::Wildcard: seek_in_name(step, slot); return;
    case Kind::Parent: ++slot.level; return;
    case Kind::Block:
      if (step.items.empty()) return;
      step.is_tuple = true;
      seek_parent(*step.items.back(), slot);
      return;
    case Kind::Path: seek_in_path(step, slot); return;
    case Kind::Dot:
    case Kind::Predicate:
    case Kind::GroupBy:
    case Kind::Focus:
    case Kind::Index:
    case Kind::Sort:
    case Kind::Text:
    case Kind::Number:
    case Kind::Literal:
    case Kind::RegexText:
    case Kind::Descendant:
    case Kind::Variable:
    case Kind::Negate:
    case Kind::ArrayOf:
    case Kind::ObjectOf:
    case Kind::Condition:
    case Kind::Default:
    case Kind::Coalesce:
    case Kind::Bind:
    case Kind::Binary:
    case Kind::Apply:
    case Kind::Call:
    case Kind::Partial:
    case Kind::Placeholder:
    case Kind::End:
    case Kind::Lambda:
    case Kind::Transform: throw failure_at("S0217", step.position, kind_name(step.kind));
  }
}

void carry_seeking(Node& outer, const Node& inner) {
  outer.seeking.insert(outer.seeking.end(), inner.seeking.begin(), inner.seeking.end());
  if (inner.kind == Kind::Parent) outer.seeking.push_back(inner.slot);
}

void resolve_ancestry(Node& path) {
  const Node& last = *path.items.back();
  std::vector<Ancestor*> slots = last.seeking;
  if (last.kind == Kind::Parent) slots.push_back(last.slot);
  for (Ancestor* slot : slots) {
    std::size_t index = path.items.size() - 1;  // one more than the step to try next
    while (slot->level > 0) {
      if (index == 0) {
        path.seeking.push_back(slot);
        break;
      }
      Node* step = path.items[--index].get();
      // Steps in a row that bind a focus all start from the same context.
      while (index > 0 && !step->focus.empty() && !path.items[index - 1]->focus.empty()) {
        step = path.items[--index].get();
      }
      seek_parent(*step, *slot);
    }
  }
}

}  // namespace presso::jsonata
