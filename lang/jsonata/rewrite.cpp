#include "lang/jsonata/rewrite.h"

#include <algorithm>
#include <utility>

#include "lang/jsonata/ancestry.h"
#include "lang/jsonata/errors.h"

namespace presso::jsonata {

namespace {

NodePtr path_of(NodePtr step) {
  auto path = std::make_unique<Node>();
  path->kind = Kind::Path;
  path->position = step->position;
  path->items.push_back(std::move(step));
  return path;
}

Node& last_step(Node& node) { return node.kind == Kind::Path ? *node.items.back() : node; }

class Rewriter {
 public:
  Rewritten run(NodePtr written) {
    NodePtr root = rewritten(std::move(written));
    if (root->kind == Kind::Parent || !root->seeking.empty()) {
      Thrown thrown = failure("S0217");
      thrown.token = kind_name(root->kind);
      if (root->kind != Kind::Path && root->kind != Kind::Parent) thrown.position = root->position;
      throw thrown;
    }
    return Rewritten{std::move(root), std::move(ancestors_)};
  }

 private:
  NodePtr rewritten(NodePtr node) {
    const bool keeps_array = node->keeps_array;
    NodePtr result = by_kind(std::move(node));
    if (keeps_array) result->keeps_array = true;
    return result;
  }

  NodePtr by_kind(NodePtr node) {
    switch (node->kind) {
      case Kind::Dot: return dot(std::move(node));
      case Kind::Predicate: return predicate(std::move(node));
      case Kind::GroupBy: return group_by(std::move(node));
      case Kind::Sort: return sort(std::move(node));
      case Kind::Focus: return focus(std::move(node));
      case Kind::Index: return index(std::move(node));
      case Kind::Name: return name(std::move(node));
      case Kind::Parent: return parent(std::move(node));
      case Kind::Negate: return negate(std::move(node));
      case Kind::ObjectOf: return object(std::move(node));
      case Kind::Block:
      case Kind::ArrayOf: return list(std::move(node));
      case Kind::Call:
      case Kind::Partial: return call(std::move(node));
      case Kind::Apply: {
        rewrite_in_place(node->lhs);
        rewrite_in_place(node->rhs);
        node->keeps_array = node->lhs->keeps_array || node->rhs->keeps_array;
        return node;
      }
      case Kind::Lambda: rewrite_in_place(node->rhs); return node;
      case Kind::Transform: {
        rewrite_in_place(node->lhs);
        rewrite_in_place(node->rhs);
        rewrite_in_place(node->third);
        return node;
      }
      case Kind::Condition:
      case Kind::Default:
      case Kind::Coalesce:
      case Kind::Binary:
      case Kind::Bind: return operands(std::move(node));
      case Kind::End: throw failure_at("S0207", node->position, node->text);
      case Kind::Path:
      case Kind::Text:
      case Kind::Number:
      case Kind::Literal:
      case Kind::RegexText:
      case Kind::Wildcard:
      case Kind::Descendant:
      case Kind::Variable:
      case Kind::Placeholder: return node;
    }
    return node;
  }

  void rewrite_in_place(NodePtr& node) {
    if (node != nullptr) node = rewritten(std::move(node));
  }
  // The same, and `outer` seeks on what it could not find.
  void rewrite_within(NodePtr& node, Node& outer) {
    if (node == nullptr) return;
    node = rewritten(std::move(node));
    carry_seeking(outer, *node);
  }

  NodePtr dot(NodePtr node) {
    NodePtr left = rewritten(std::move(node->lhs));
    std::vector<Ancestor*> seeking;
    if (left->kind == Kind::Parent) seeking.push_back(left->slot);
    NodePtr path = left->kind == Kind::Path ? std::move(left) : path_of(std::move(left));
    path->seeking.insert(path->seeking.end(), seeking.begin(), seeking.end());
    NodePtr right = rewritten(std::move(node->rhs));
    if (right->kind == Kind::Path) {
      for (NodePtr& step : right->items) path->items.push_back(std::move(step));
    } else {
      if (!right->predicates.empty()) right->stages = std::exchange(right->predicates, {});
      path->items.push_back(std::move(right));
    }
    for (const NodePtr& step : path->items) check_step(*step, *path);
    const auto flag = [](Node& step) {
      if (step.kind == Kind::ArrayOf) step.is_constructed_array = true;
    };
    flag(*path->items.front());
    flag(*path->items.back());
    resolve_ancestry(*path);
    return path;
  }

  static void check_step(Node& step, Node& path) {
    if (step.kind == Kind::Number || step.kind == Kind::Literal) {
      Thrown thrown = failure_at("S0213", step.position);
      thrown.value = step.kind == Kind::Number ? Json(step.number) : Json();
      if (step.kind == Kind::Literal && step.number < 2) thrown.value = Json(step.number == 1);
      throw thrown;
    }
    if (step.kind == Kind::Text) step.kind = Kind::Name;
    if (step.keeps_array) path.keeps_singleton = true;
  }

  NodePtr predicate(NodePtr node) {
    NodePtr result = rewritten(std::move(node->lhs));
    const bool is_path = result->kind == Kind::Path;
    Node& step = last_step(*result);
    if (step.group != nullptr) throw failure_at("S0209", node->position);
    NodePtr filter = rewritten(std::move(node->rhs));
    if (!filter->seeking.empty()) {
      for (Ancestor* slot : filter->seeking) {
        if (slot->level == 1) {
          seek_parent(step, *slot);
        } else {
          --slot->level;
        }
      }
      carry_seeking(step, *filter);
    }
    Stage stage;
    stage.filter = std::move(filter);
    (is_path ? step.stages : step.predicates).push_back(std::move(stage));
    return result;
  }

  NodePtr group_by(NodePtr node) {
    NodePtr result = rewritten(std::move(node->lhs));
    if (result->group != nullptr) throw failure_at("S0210", node->position);
    auto group = std::make_unique<Group>();
    group->position = node->position;
    for (Pair& pair : node->pairs) {
      group->pairs.push_back({rewritten(std::move(pair.key)), rewritten(std::move(pair.value))});
    }
    result->group = std::move(group);
    return result;
  }

  NodePtr sort(NodePtr node) {
    NodePtr left = rewritten(std::move(node->lhs));
    NodePtr path = left->kind == Kind::Path ? std::move(left) : path_of(std::move(left));
    for (Term& term : node->terms) rewrite_within(term.key, *node);
    path->items.push_back(std::move(node));
    resolve_ancestry(*path);
    return path;
  }

  NodePtr focus(NodePtr node) {
    NodePtr result = rewritten(std::move(node->lhs));
    Node& step = last_step(*result);
    if (!step.stages.empty() || !step.predicates.empty()) {
      throw failure_at("S0215", node->position);
    }
    if (step.kind == Kind::Sort) throw failure_at("S0216", node->position);
    if (node->keeps_array) step.keeps_array = true;
    step.focus = std::move(node->text);
    step.is_tuple = true;
    return result;
  }

  NodePtr index(NodePtr node) {
    NodePtr result = rewritten(std::move(node->lhs));
    if (result->kind != Kind::Path) {
      if (!result->predicates.empty()) result->stages = std::exchange(result->predicates, {});
      result = path_of(std::move(result));
    }
    Node& step = last_step(*result);
    if (step.stages.empty()) {
      step.index = std::move(node->text);
    } else {
      Stage stage;
      stage.index = std::move(node->text);
      step.stages.push_back(std::move(stage));
    }
    step.is_tuple = true;
    return result;
  }

  static NodePtr name(NodePtr node) {
    const bool keeps_array = node->keeps_array;
    NodePtr path = path_of(std::move(node));
    path->keeps_singleton = keeps_array;
    return path;
  }

  NodePtr parent(NodePtr node) {
    auto slot = std::make_unique<Ancestor>();
    slot->label = static_cast<std::uint32_t>(ancestors_.size());
    node->slot = slot.get();
    ancestors_.push_back(std::move(slot));
    return node;
  }

  NodePtr negate(NodePtr node) {
    NodePtr operand = rewritten(std::move(node->rhs));
    if (operand->kind == Kind::Number) {
      operand->number = -operand->number;
      return operand;
    }
    carry_seeking(*node, *operand);
    node->rhs = std::move(operand);
    return node;
  }

  NodePtr object(NodePtr node) {
    for (Pair& pair : node->pairs) {
      rewrite_within(pair.key, *node);
      rewrite_within(pair.value, *node);
    }
    return node;
  }

  NodePtr list(NodePtr node) {
    for (NodePtr& item : node->items) {
      rewrite_within(item, *node);
      const bool starts_path = item->kind == Kind::Path && item->items[0]->is_constructed_array;
      const bool is_constructed = item->is_constructed_array || starts_path;
      if (node->kind == Kind::Block && is_constructed) node->is_constructed_array = true;
    }
    return node;
  }

  NodePtr call(NodePtr node) {
    for (NodePtr& argument : node->items) rewrite_within(argument, *node);
    rewrite_in_place(node->lhs);
    return node;
  }

  NodePtr operands(NodePtr node) {
    rewrite_within(node->lhs, *node);
    rewrite_within(node->rhs, *node);
    rewrite_within(node->third, *node);
    return node;
  }

  std::vector<std::unique_ptr<Ancestor>> ancestors_;
};

}  // namespace

Rewritten rewrite(NodePtr written) { return Rewriter{}.run(std::move(written)); }

}  // namespace presso::jsonata
