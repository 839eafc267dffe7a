#include "engine/asl/validate.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/assert.h"
#include "base/json.h"
#include "engine/asl/place.h"

namespace presso::asl {
namespace {

using Names = std::set<std::string, std::less<>>;

std::string_view text_of(const Json& object, std::string_view name) {
  const auto* text = as_string(find_member(object, name));
  return text == nullptr ? std::string_view{} : std::string_view{*text};
}

bool is_true(const Json& object, std::string_view name) {
  const auto* value = find_member(object, name);
  return value != nullptr && value->is_boolean() && value->get<bool>();
}

bool is_terminal(const Json& state) {
  const auto type = text_of(state, "Type");
  return type == "Succeed" || type == "Fail" || is_true(state, "End");
}

// Calls `visit(target, place)` for every transition out of a state, in the order of the text.
template <class Visit>
void for_each_target(const Json& state, const Place& place, const Visit& visit) {
  for (const auto& [name, value] : state.items()) {
    if (name == "Next" || name == "Default") {
      visit(text_of(state, name), Place{place, name});
    } else if (name == "Choices" || name == "Catch") {
      for (std::size_t i = 0; i < value.size(); ++i) {
        const Place element{place, name, i};
        visit(text_of(value[i], "Next"), Place{element, "Next"});
      }
    }
  }
}

// Calls `visit(list, place)` for every list of states inside a state.
template <class Visit>
void for_each_list(const Json& state, const Place& place, const Visit& visit) {
  for (const auto* name : {"ItemProcessor", "Iterator"}) {
    if (const auto* list = find_member(state, name)) visit(*list, Place{place, name});
  }
  const auto* branches = find_member(state, "Branches");
  if (branches == nullptr) return;
  for (std::size_t i = 0; i < branches->size(); ++i) {
    visit((*branches)[i], Place{place, "Branches", i});
  }
}

// Calls `visit(name, place, is_caught)` for every variable that a state assigns; in its Catch:
// `is_caught`.
template <class Visit>
void for_each_assigned(const Json& state, const Place& place, const Visit& visit) {
  const auto visit_members = [&](const Json& owner, const Place& owner_place, bool is_caught) {
    const auto* assign = find_member(owner, "Assign");
    if (assign == nullptr) return;
    for (const auto& [key, value] : assign->items()) {
      const std::string_view name{key};
      visit(name.ends_with(".$") ? name.substr(0, name.size() - 2) : name,
            Place{owner_place, "Assign"}, is_caught);
    }
  };
  visit_members(state, place, false);
  for (const std::string_view field : {"Choices", "Catch"}) {
    const auto* entries = find_member(state, field);
    if (entries == nullptr) continue;
    for (std::size_t i = 0; i < entries->size(); ++i) {
      visit_members((*entries)[i], Place{place, field, i}, field == "Catch");
    }
  }
}

// The variables assigned in one list of states, and around it.
struct Scope {
  const Scope* outer = nullptr;
  Names names = {};

  [[nodiscard]] bool contains(std::string_view name) const {
    for (const Scope* it = this; it != nullptr; it = it->outer) {
      if (it->names.contains(name)) return true;
    }
    return false;
  }
};

class Graph {
 public:
  explicit Graph(std::vector<Diagnostic>& diagnostics) : diagnostics_(diagnostics) {}

  void validate(const Json& list, const Place& place, const Scope* outer) {
    const auto* states = find_member(list, "States");
    PRESSO_ASSERT(states != nullptr);
    const Place states_place{place, "States"};
    check_targets(list, *states, place);
    check_reachable(list, *states, states_place);
    check_names(*states, states_place);
    check_terminal(*states);
    const Scope scope{.outer = outer, .names = check_assigned(*states, states_place, outer)};
    for (const auto& [name, state] : states->items()) {
      const Place state_place{states_place, name};
      check_label(state, state_place);
      for_each_list(state, state_place, [&](const Json& inner, const Place& inner_place) {
        validate(inner, inner_place, is_distributed(inner) ? nullptr : &scope);
      });
    }
  }

 private:
  void check_targets(const Json& list, const Json& states, const Place& place) {
    const auto check = [&](std::string_view target, const Place& target_place) {
      if (find_member(states, target) != nullptr) return;
      report_fault(diagnostics_, target_place, "Missing 'Next' target: " + std::string{target},
                   "MISSING_TRANSITION_TARGET");
    };
    check(text_of(list, "StartAt"), Place{place, "StartAt"});
    const Place states_place{place, "States"};
    for (const auto& [name, state] : states.items()) {
      for_each_target(state, Place{states_place, name}, check);
    }
  }

  void check_reachable(const Json& list, const Json& states, const Place& place) {
    std::set<std::string_view> reached;
    std::vector<std::string_view> pending;
    const auto reach = [&](std::string_view target, const Place&) {
      if (find_member(states, target) != nullptr && reached.insert(target).second) {
        pending.push_back(target);
      }
    };
    reach(text_of(list, "StartAt"), place);
    while (!pending.empty()) {
      const auto name = pending.back();
      pending.pop_back();
      for_each_target(*find_member(states, name), place, reach);
    }
    for (const auto& [name, state] : states.items()) {
      if (reached.contains(name)) continue;
      report_fault(diagnostics_, Place{place, name}, "State \"" + name + "\" is not reachable.",
                   "MISSING_TRANSITION_TARGET");
    }
  }

  void check_names(const Json& states, const Place& place) {
    for (const auto& [name, state] : states.items()) {
      if (names_.insert(name).second) continue;
      report_fault(diagnostics_, Place{place, name}, "Duplicate State name: " + name,
                   "DUPLICATE_STATE_NAME");
    }
  }

  // AWS: this one has no place.
  void check_terminal(const Json& states) {
    const auto& members = states.items();
    const bool has_end = std::any_of(members.begin(), members.end(),
                                     [](const auto& it) { return is_terminal(it.value()); });
    if (has_end) return;
    report(diagnostics_, {.severity = Severity::Error,
                          .code = "MISSING_END_STATE",
                          .message = "Workflow has no terminal state",
                          .location = ""});
  }

  void check_label(const Json& state, const Place& place) {
    const auto label = text_of(state, "Label");
    if (label.empty() || labels_.insert(std::string{label}).second) return;
    report_fault(diagnostics_, Place{place, "Label"}, "Duplicate Label name: " + std::string{label},
                 "DUPLICATE_LABEL_NAME");
  }

  // What this list assigns. AWS: what a Catcher assigns may be assigned inside as well; nothing of
  // the inner scope is left when it does.
  Names check_assigned(const Json& states, const Place& place, const Scope* outer) {
    Names names;
    for (const auto& [name, state] : states.items()) {
      for_each_assigned(state, Place{place, name},
                        [&](std::string_view variable, const Place& assign, bool is_caught) {
                          if (!is_caught) names.emplace(variable);
                          if (outer == nullptr || !outer->contains(variable)) return;
                          report_fault(diagnostics_, assign,
                                       "Variable '" + std::string{variable} +
                                           "' is already assigned in an outer scope");
                        });
    }
    return names;
  }

  // The children of a Distributed Map see nothing of the variables around it.
  static bool is_distributed(const Json& list) {
    const auto* config = find_member(list, "ProcessorConfig");
    return config != nullptr && text_of(*config, "Mode") == "DISTRIBUTED";
  }

  std::vector<Diagnostic>& diagnostics_;
  Names names_;
  Names labels_;
};

}  // namespace

void validate_graph(const Json& machine, std::vector<Diagnostic>& diagnostics) {
  Graph{diagnostics}.validate(machine, Place{}, nullptr);
}

}  // namespace presso::asl
