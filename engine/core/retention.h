// Retention: a closed execution goes when Settings::retention has passed since its end, with its
// history, its Map Runs and its name; then AWS says ExecutionDoesNotExist.
// https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html: 90 days.
//
// Executions are looked through by their numbers, a page a turn. They began in that order, and none
// ends before it begins: the first that is too young ends the sweep, and what all who were passed
// say of their time tells when the next one is worth while. An index by the time of the end was the
// other way; it would have cost each execution one more insert.
#pragma once

#include <optional>
#include <vector>

#include "base/time.h"
#include "engine/core/store.h"

namespace presso::core {

class Core;

class Retention {
 public:
  explicit Retention(Core& core) : core_(core) {}

  // When there may be something to do. None of Core's deadlines: no clock skips to it, or a clock
  // that skips idle time would take everything away as soon as nothing is left to do.
  [[nodiscard]] Time due() const { return due_; }
  // The page that a turn at `now` wants to see.
  [[nodiscard]] std::optional<Scan> wanted(Time now) const;
  // That page, at the beginning of the turn: its rows are as the last one left them.
  void sweep(const std::vector<ExecutionRow>&);

 private:
  void erase(const ExecutionRow&);

  Core& core_;
  Time due_{};
  ExecutionNumber passed_;    // by the sweep that is under way
  std::optional<Time> next_;  // when the first of those who were passed will be due
};

}  // namespace presso::core
