// `:=` binds in the scope around it as it runs: before it has run, the name still means what it
// means further out. So a variable knows every scope that may have it, nearest first, and asks them
// in turn; parameters, which always have a value, end the list.
//
// Scopes: the program, each block and lambda, and each path that streams tuples, whose rows are
// frames. What is evaluated within a row and binds for itself gets a scope of its own.
#include "lang/jsonata/resolve.h"

#include <algorithm>
#include <string>

#include "lang/jsonata/functions.h"

namespace presso::jsonata {

namespace {

using Names = std::vector<std::string>;

void add_name(Names& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

std::uint32_t slot_of(const Names& names, const std::string& name) {
  return static_cast<std::uint32_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

std::string label_name(const Ancestor& ancestor) { return "!" + std::to_string(ancestor.label); }

// The step from which on a path streams tuples; the number of steps when it does not.
std::size_t first_tuple_step(const Node& path) {
  std::size_t step = 0;
  while (step < path.items.size() && !path.items[step]->is_tuple) ++step;
  return step;
}

// Predicates, stages and group.
template <class Visit>
void visit_refinements(const Node& node, const Visit& visit) {
  for (const auto* stages : {&node.predicates, &node.stages}) {
    for (const Stage& stage : *stages) {
      if (stage.filter != nullptr) visit(*stage.filter);
    }
  }
  if (node.group == nullptr) return;
  for (const Pair& pair : node.group->pairs) {
    visit(*pair.key);
    visit(*pair.value);
  }
}

// What `visit` is given: every child that is evaluated where the node itself is.
template <class Visit>
void visit_plain_children(const Node& node, const Visit& visit) {
  const std::size_t steps = node.kind == Kind::Path ? first_tuple_step(node) : node.items.size();
  const bool is_tuple_path = node.kind == Kind::Path && steps < node.items.size();
  for (std::size_t i = 0; i < steps; ++i) visit(*node.items[i]);
  for (const NodePtr* child : {&node.lhs, &node.rhs, &node.third}) {
    if (*child != nullptr) visit(**child);
  }
  for (const Pair& pair : node.pairs) {
    visit(*pair.key);
    visit(*pair.value);
  }
  for (const Term& term : node.terms) visit(*term.key);
  if (!is_tuple_path) visit_refinements(node, visit);
}

// The names bound within `node` that belong to the scope it stands in.
void collect_binds(const Node& node, Names& names) {
  if (node.is_own_scope) return;
  if (node.kind == Kind::Bind) add_name(names, node.text);
  const auto collect = [&](const Node& child) { collect_binds(child, names); };
  if (node.kind == Kind::Block || node.kind == Kind::Lambda) {
    visit_refinements(node, collect);
    return;
  }
  visit_plain_children(node, collect);
}

void collect_tuple_names(const Node& path, Names& names);

// A step that is a path in parentheses passes its own tuples on.
void collect_leaked_names(const Node& step, Names& names) {
  if (step.kind == Kind::Block && !step.items.empty()) {
    collect_leaked_names(*step.items.back(), names);
  } else if (step.kind == Kind::Path && step.is_tuple) {
    collect_tuple_names(step, names);
  }
}

void collect_tuple_names(const Node& path, Names& names) {
  for (const NodePtr& step : path.items) {
    if (!step->focus.empty()) add_name(names, step->focus);
    if (!step->index.empty()) add_name(names, step->index);
    if (step->ancestor != nullptr) add_name(names, label_name(*step->ancestor));
    for (const Stage& stage : step->stages) {
      if (!stage.index.empty()) add_name(names, stage.index);
    }
    collect_leaked_names(*step, names);
  }
}

struct Scope {
  const Scope* outer = nullptr;
  const Names* names = nullptr;
  std::size_t certain = 0;  // that many of its first names always have a value
};

class Resolver {
 public:
  Resolver(Program& program, Purpose purpose) : program_{program}, purpose_{purpose} {}

  void run() {
    collect_binds(*program_.root, program_.scope.names);
    const Scope scope{nullptr, &program_.scope.names, 0};
    is_input_ = true;
    visit(*program_.root, scope);
    if (is_whole_states_) program_.references.uses_whole_states = true;
  }

 private:
  void visit(Node& node, const Scope& scope) {
    const bool has_group = node.group != nullptr && node.kind != Kind::Path;
    node.is_refined =
        !node.predicates.empty() || has_group || node.keeps_array || node.is_own_scope;
    if (!node.is_own_scope) {
      visit_inside(node, scope);
      return;
    }
    const Scope own{&scope, &node.own_scope.names, 0};
    visit_inside(node, own);
  }

  void visit_inside(Node& node, const Scope& scope) {
    switch (node.kind) {
      case Kind::Variable: variable(node, scope); break;
      case Kind::Parent: node.lookup = find(label_name(*node.slot), scope, false); break;
      case Kind::Bind: {
        node.lookup = find(node.text, scope, false);
        node.lookup.places.resize(1);
        break;
      }
      case Kind::Path: path(node, scope); return;
      case Kind::Block: block(node, scope); return;
      case Kind::Lambda: lambda(node, scope); return;
      case Kind::Transform: node.lookup = find("clone", scope, true); break;
      case Kind::Name:
      case Kind::Wildcard:
      case Kind::Descendant: note_input(); break;
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
      case Kind::Negate:
      case Kind::ArrayOf:
      case Kind::ObjectOf:
      case Kind::Condition:
      case Kind::Default:
      case Kind::Coalesce:
      case Kind::Binary:
      case Kind::Apply:
      case Kind::Call:
      case Kind::Partial:
      case Kind::Placeholder:
      case Kind::End: break;
    }
    const bool changes_context = node.kind == Kind::Transform || node.kind == Kind::Sort;
    const bool was_input = is_input_;
    if (changes_context) is_input_ = false;
    for (NodePtr& item : node.items) visit(*item, scope);
    for (NodePtr* child : {&node.lhs, &node.rhs, &node.third}) {
      if (*child != nullptr) visit(**child, scope);
    }
    for (Pair& pair : node.pairs) {
      visit(*pair.key, scope);
      visit(*pair.value, scope);
    }
    for (Term& term : node.terms) visit(*term.key, scope);
    is_input_ = was_input;
    visit_refinements(node, scope);
  }

  // Predicates, stages and groups: their context is what the node yields.
  void visit_refinements(Node& node, const Scope& scope) {
    const bool was_input = std::exchange(is_input_, false);
    for (Stage& stage : node.predicates) visit(*stage.filter, scope);
    for (Stage& stage : node.stages) {
      if (stage.filter != nullptr) visit(*stage.filter, scope);
    }
    if (node.group != nullptr && node.kind != Kind::Path) visit_group(*node.group, scope);
    is_input_ = was_input;
  }

  void visit_group(Group& group, const Scope& scope) {
    for (Pair& pair : group.pairs) {
      visit(*pair.key, scope);
      visit(*pair.value, scope);
    }
  }

  void variable(Node& node, const Scope& scope) {
    if (node.text.empty() || node.text == "$") {
      if (node.text == "$") {
        program_.references.uses_input = true;
      } else {
        note_input();
      }
      return;
    }
    node.lookup = find(node.text, scope, true);
    const bool is_free = node.lookup.places.empty();
    if (node.text == "states" && is_free && !is_states_member_) is_whole_states_ = true;
  }

  void path(Node& node, const Scope& scope) {
    const bool was_input = is_input_;
    note_states(node);
    const std::size_t first = first_tuple_step(node);
    const bool is_tuple_path = first < node.items.size();
    if (is_tuple_path) {
      collect_tuple_names(node, node.scope.names);
      wrap_binds(node, first);
    }
    // Without names a row needs no frame of its own; it has one all the same, so that every tuple
    // is a frame.
    const Scope rows{&scope, &node.scope.names, 0};
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      Node& step = *node.items[i];
      if (i >= first) place_bindings(step, node.scope.names);
      is_states_member_ = i == 0 && has_member_after_states(node);
      visit(step, i >= first ? rows : scope);
      is_states_member_ = false;
      is_input_ = false;
    }
    for (Stage& stage : node.predicates) visit(*stage.filter, scope);
    if (node.group != nullptr) visit_group(*node.group, is_tuple_path ? rows : scope);
    is_input_ = was_input;
    node.is_simple_path = is_simple(node);
  }

  static bool is_simple(const Node& path) {
    if (path.group != nullptr || path.keeps_singleton || path.keeps_array) return false;
    if (!path.predicates.empty()) return false;
    for (std::size_t i = 0; i < path.items.size(); ++i) {
      const Node& step = *path.items[i];
      const bool is_start = i == 0 && step.kind == Kind::Variable && step.predicates.empty();
      if (step.kind != Kind::Name && !is_start) return false;
      if (!step.stages.empty() || step.is_tuple || step.is_own_scope) return false;
      if (step.group != nullptr || step.keeps_array) return false;
    }
    return true;
  }

  static void place_bindings(Node& step, const Names& names) {
    if (!step.focus.empty()) step.focus_slot = slot_of(names, step.focus);
    if (!step.index.empty()) step.index_slot = slot_of(names, step.index);
    if (step.ancestor != nullptr) {
      step.ancestor_slot = slot_of(names, label_name(*step.ancestor));
    }
    for (Stage& stage : step.stages) {
      if (!stage.index.empty()) stage.slot = slot_of(names, stage.index);
    }
  }

  // What binds within a row must not change the row.
  static void wrap_binds(Node& path, std::size_t first) {
    for (std::size_t i = first; i < path.items.size(); ++i) {
      Node& step = *path.items[i];
      if (step.kind != Kind::Sort) wrap(step);
      for (Term& term : step.terms) wrap(*term.key);
      for (Stage& stage : step.stages) {
        if (stage.filter != nullptr) wrap(*stage.filter);
      }
    }
    if (path.group == nullptr) return;
    for (Pair& pair : path.group->pairs) {
      wrap(*pair.key);
      wrap(*pair.value);
    }
  }
  static void wrap(Node& node) {
    Names names;
    collect_binds(node, names);
    if (names.empty()) return;
    node.is_own_scope = true;
    node.own_scope.names = std::move(names);
  }

  void block(Node& node, const Scope& scope) {
    for (const NodePtr& item : node.items) collect_binds(*item, node.scope.names);
    const Scope inner{&scope, &node.scope.names, 0};
    for (NodePtr& item : node.items) visit(*item, node.scope.names.empty() ? scope : inner);
    visit_refinements(node, scope);
  }

  void lambda(Node& node, const Scope& scope) {
    for (const NodePtr& parameter : node.items) add_name(node.scope.names, parameter->text);
    const std::size_t parameters = node.scope.names.size();
    for (const NodePtr& parameter : node.items) {
      node.parameter_slots.push_back(slot_of(node.scope.names, parameter->text));
    }
    collect_binds(*node.rhs, node.scope.names);
    const Scope inner{&scope, &node.scope.names, parameters};
    visit(*node.rhs, node.scope.names.empty() ? scope : inner);
    visit_refinements(node, scope);
  }

  Lookup find(const std::string& name, const Scope& from, bool may_be_free) {
    Lookup lookup;
    std::uint32_t hops = 0;
    for (const Scope* scope = &from; scope != nullptr; scope = scope->outer, ++hops) {
      const std::uint32_t slot = slot_of(*scope->names, name);
      if (slot == scope->names->size()) continue;
      lookup.places.push_back({hops, slot});
      if (slot < scope->certain) return lookup;
    }
    if (may_be_free && purpose_ == Purpose::Eval) {
      // `hops` has gone one beyond the root; its slot is filled before the text runs.
      add_name(program_.scope.names, name);
      const Place place{hops - 1, slot_of(program_.scope.names, name)};
      if (lookup.places.empty() || lookup.places.back().hops != place.hops) {
        lookup.places.push_back(place);
      }
    } else if (may_be_free) {
      lookup.free = free_variable(name, lookup.places.empty());
    }
    return lookup;
  }

  std::uint32_t free_variable(const std::string& name, bool is_surely_free) {
    auto& all = program_.free_variables;
    auto found = std::find_if(all.begin(), all.end(),
                              [&](const FreeVariable& one) { return one.name == name; });
    if (found == all.end()) {
      found = all.insert(all.end(), FreeVariable{name, find_builtin(name, program_.dialect)});
    }
    if (is_surely_free && found->builtin == nullptr) add_name(program_.references.variables, name);
    return static_cast<std::uint32_t>(found - all.begin());
  }

  void note_input() {
    if (is_input_) program_.references.uses_input = true;
  }

  static bool has_member_after_states(const Node& path) {
    if (path.items.size() < 2 || path.items[0]->kind != Kind::Variable) return false;
    const Node& first = *path.items[0];
    return first.text == "states" && first.predicates.empty() && first.stages.empty() &&
           path.items[1]->kind == Kind::Name;
  }
  void note_states(const Node& path) {
    if (has_member_after_states(path)) {
      add_name(program_.references.states_members, path.items[1]->text);
    }
  }

  Program& program_;
  Purpose purpose_;
  bool is_input_ = true;  // the context is still the input document
  bool is_states_member_ = false;
  bool is_whole_states_ = false;
};

}  // namespace

void resolve(Program& program, Purpose purpose) { Resolver{program, purpose}.run(); }

}  // namespace presso::jsonata
