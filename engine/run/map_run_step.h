// What a Map Run does next: reads its items, starts children, counts their ends, writes results.
// Internal to run.
#pragma once

#include <vector>

#include "engine/run/execution.h"
#include "engine/run/input.h"
#include "engine/run/map_run.h"
#include "engine/run/stepper.h"

namespace presso::run {

void begin_map_run(Stepper&, Frame&, const asl::MapState&);

// A call of ItemReader or ResultWriter was answered.
void map_run_answered(Stepper&, Frame&, const SharedJson& output);
void map_run_failed(Stepper&, Frame&, const Failure&);
void map_child_ended(Stepper&, Frame&, const MapChildEnded&);
void update_map_run(Stepper&, Frame&, const MapRunLimits&);
// The frame is about to go: an open run is aborted, and its children with it.
void abort_map_run(Stepper&, const Frame&);

// The closed run of a redriven execution goes on.
void redrive_map_run(Stepper&, Frame&);

// What a restart repeats: the call, or the children whose ends are not recorded.
void resume_map_run(const Execution&, const Frame&, std::vector<Command>&);

}  // namespace presso::run
