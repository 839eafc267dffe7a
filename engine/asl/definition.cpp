#include "engine/asl/definition.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.h"

namespace presso::asl {
namespace {

constexpr std::array<std::string_view, 8> kStateTypes{"Pass",    "Task", "Choice",   "Wait",
                                                      "Succeed", "Fail", "Parallel", "Map"};

std::vector<const StateList*> nested_lists(const State& state) {
  std::vector<const StateList*> lists;
  if (const auto* parallel = std::get_if<ParallelState>(&state.detail)) {
    for (const auto& branch : parallel->branches) lists.push_back(&branch);
  } else if (const auto* map = std::get_if<MapState>(&state.detail)) {
    lists.push_back(&map->processor);
  }
  return lists;
}

}  // namespace

std::string_view to_string(StateType type) { return kStateTypes[static_cast<std::size_t>(type)]; }

Definition::Definition(StateList machine) : machine_(std::move(machine)) { index(machine_); }

void Definition::index(const StateList& list) {
  for (const auto& state : list.states) {
    const bool is_new = places_.emplace(state.name, Place{&state, &list}).second;
    PRESSO_ASSERT(is_new);
    for (const auto* nested : nested_lists(state)) index(*nested);
  }
}

const State* Definition::find(std::string_view name) const {
  const auto it = places_.find(name);
  return it == places_.end() ? nullptr : it->second.state;
}

const StateList* Definition::list_of(std::string_view state) const {
  const auto it = places_.find(state);
  return it == places_.end() ? nullptr : it->second.list;
}

}  // namespace presso::asl
