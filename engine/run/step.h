// step: one input applied to one execution. It decides; evolve records.
//
//   auto outcome = step(execution, Start{input}, env);
//   // store outcome.events, then act on outcome.commands
//
// It runs until every frame waits for something, or until kTransitionsPerStep transitions are made
// (command ContinueLater). An input for something that is no longer awaited gives an empty outcome.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "engine/run/command.h"
#include "engine/run/event.h"
#include "engine/run/execution.h"
#include "engine/run/input.h"
#include "lang/env.h"

namespace presso::run {

struct Outcome {
  std::vector<Event> events;
  std::vector<Command> commands;
};

// What a step may ask of the machine around it. What it learns goes into events, so that a fold
// asks nothing.
struct Surroundings {
  std::function<bool(std::string_view)> has_activity;  // by ARN; none: every activity is there
  // By the machine's ARN; none: no machine is. An execution of one that is ends where its next
  // state would begin.
  std::function<bool(std::string_view)> is_deleted;
};

[[nodiscard]] Outcome step(Execution&, const Input&, const Env&, const Surroundings& = {});

}  // namespace presso::run
