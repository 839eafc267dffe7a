// What an execution's events tell of its way: the states that it entered, the events that it put,
// the executions that it started. For traces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/json_fwd.h"
#include "base/time.h"
#include "engine/run/event.h"

namespace presso::run {

struct Told {
  struct State {
    std::string name;
    std::string type;  // "Task"
    Time entered;
  };
  std::vector<State> states;
  std::vector<std::string> events;          // ids of what its tasks put
  std::vector<std::string> executions;      // ARNs of what its tasks started
  std::map<FrameId, std::string> map_runs;  // the last of each Map that is distributed
  std::vector<std::pair<std::string, std::uint64_t>> children;  // ARN of a Map Run → how many began
};

// Adds what one event tells.
void tell(const Event&, Told&);

}  // namespace presso::run
