// Which transitions of frames a simulation went through: what kind of state, and what happened to
// it. What could happen and did not is listed with its reason; what nobody thought of is a fault.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/asl/definition.h"
#include "engine/core/store.h"
#include "engine/run/event.h"

namespace presso::sim {

class Coverage {
 public:
  // The history of one execution of this machine, or of a child of its Map Runs.
  void add(std::shared_ptr<const asl::Definition>, const core::ExecutionRow&,
           const std::vector<run::Event>&);

  // Lines: how often each transition happened, by state; then what was not reached, and why.
  [[nodiscard]] std::vector<std::string> report() const;
  // Transitions that were not reached without a reason, and those that are not known.
  [[nodiscard]] std::vector<std::string> faults() const;

 private:
  using Transition = std::pair<std::string, std::string>;  // state, event

  [[nodiscard]] bool is_reached(std::string_view state, std::string_view event) const;
  void count(std::string state, std::string event) {
    ++counts_[{std::move(state), std::move(event)}];
  }

  std::map<Transition, std::uint64_t> counts_;
};

}  // namespace presso::sim
