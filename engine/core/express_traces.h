// What Express executions did, for whoever traces them: they are stored nowhere, so this is kept in
// memory alone, of those that run and of the last that ended.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/core/store.h"
#include "engine/run/event.h"
#include "engine/run/execution.h"
#include "engine/run/told.h"

namespace presso::core {

inline constexpr std::size_t kEndedExpress = 4'096;
// Of the states of one, of the events that it put and of the executions that it started: the first
// ones, and the last state.
inline constexpr std::size_t kToldOfExpress = 100;

struct ExpressTrace {
  std::string arn;
  ExecutionRow row;
  run::Told told;
  bool is_whole = true;
};

class ExpressTraces {
 public:
  // What a step of this execution has brought.
  void add(const ExecutionRow&, const run::Execution&, const std::vector<run::Event>&);

  // Those that have ended, the oldest first, and as many of those that run, as they are now.
  [[nodiscard]] std::vector<std::shared_ptr<const ExpressTrace>> all() const;

 private:
  std::map<ExecutionNumber, ExpressTrace> running_;
  std::deque<std::shared_ptr<const ExpressTrace>> ended_;
};

}  // namespace presso::core
