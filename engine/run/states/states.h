// What each state type does when it is entered, and what becomes of the answer it waited for.
#pragma once

#include "engine/run/stepper.h"

namespace presso::run {

// The state was entered, or is tried again: does its work, or starts what it will wait for.
void begin(Stepper&, Frame&);

void begin_pass(Stepper&, Frame&, const asl::PassState&);
void begin_task(Stepper&, Frame&, const asl::TaskState&);
void begin_choice(Stepper&, Frame&, const asl::ChoiceState&);
void begin_wait(Stepper&, Frame&, const asl::WaitState&);
void begin_succeed(Stepper&, Frame&, const asl::SucceedState&);
void begin_fail(Stepper&, Frame&, const asl::FailState&);
void begin_parallel(Stepper&, Frame&, const asl::ParallelState&);
void begin_map(Stepper&, Frame&, const asl::MapState&);

// The task's result is there and recorded.
void finish_task(Stepper&, Frame&, const asl::TaskState&, const SharedJson& result);
// The moment has come.
void finish_wait(Stepper&, Frame&);
// All children have succeeded; `results` is the array of theirs.
void finish_parallel(Stepper&, Frame&, const asl::ParallelState&, const SharedJson& results);
void finish_map(Stepper&, Frame&, const asl::MapState&, const SharedJson& results);

// ---- shared by several types ----
[[nodiscard]] inline bool uses_jsonata(const Frame& frame) {
  return frame.state->query_language == asl::QueryLanguage::Jsonata;
}

// The raw input through InputPath; on failure the frame has failed and nothing is returned.
[[nodiscard]] std::optional<SharedJson> effective_input(Stepper&, Frame&);

// The array that a Map iterates over; nothing, after the frame has failed.
[[nodiscard]] std::optional<SharedJson> map_items(Stepper&, Frame&, const asl::MapState&,
                                                  const SharedJson& input);

// Each item through ItemSelector, which is there.
[[nodiscard]] Computed<std::vector<SharedJson>> selected_items(Stepper&, const Frame&,
                                                               const asl::MapState&,
                                                               const SharedJson& input,
                                                               const Json& items);

struct ResultFields {
  const std::optional<asl::Template>& result_selector;
  const asl::Placement& result_path;
};
// A result through ResultSelector, ResultPath and OutputPath, and out of the state.
void exit_with_result(Stepper&, Frame&, const ResultFields&, const SharedJson& result);

// Output through OutputPath, and out of the state to `next`. `assign` is evaluated with `$` as
// `assign_input`.
struct Exit {
  SharedJson output;
  const std::optional<asl::Payload>& assign;
  SharedJson assign_input;
  std::optional<std::string> next;
};
void exit_through_output_path(Stepper&, Frame&, const Exit&);

// JSONata: Assign and Output on one scope, and out of the state to `next`. Without Output the
// result is the output, or the input where there is none.
struct QueryExit {
  const std::optional<asl::Payload>& assign;
  const std::optional<asl::Query>& output;
  std::optional<std::string> next;
  const SharedJson* result = nullptr;
};
void exit_through_output(Stepper&, Frame&, const QueryExit&);
// The same by the state's own fields.
void exit_through_output(Stepper&, Frame&, const SharedJson* result = nullptr);

}  // namespace presso::run
