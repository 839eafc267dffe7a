#include "engine/core/express_traces.h"

#include <utility>

namespace presso::core {

namespace {

template <class List>
bool shorten(List& list) {
  if (list.size() <= kToldOfExpress) return false;
  list.resize(kToldOfExpress);
  return true;
}

// Whether anything was left out.
bool shorten_told(run::Told& told) {
  bool is_shortened = shorten(told.events);
  is_shortened = shorten(told.executions) || is_shortened;
  is_shortened = shorten(told.children) || is_shortened;
  if (told.states.size() <= kToldOfExpress) return is_shortened;
  told.states[kToldOfExpress - 1] = std::move(told.states.back());
  told.states.resize(kToldOfExpress);
  return true;
}

}  // namespace

void ExpressTraces::add(const ExecutionRow& row, const run::Execution& execution,
                        const std::vector<run::Event>& events) {
  ExpressTrace& trace = running_[row.number];
  if (trace.arn.empty()) {
    trace.arn = execution.identity.arn;
    trace.row = row;
  }
  for (const run::Event& event : events) run::tell(event, trace.told);
  if (shorten_told(trace.told)) trace.is_whole = false;
  trace.row.status = execution.status;
  trace.row.start_time = execution.start_time;
  trace.row.stop_time = execution.stop_time;
  if (!run::is_terminal(execution.status)) return;
  ended_.push_back(std::make_shared<const ExpressTrace>(std::move(trace)));
  running_.erase(row.number);
  if (ended_.size() > kEndedExpress) ended_.pop_front();
}

std::vector<std::shared_ptr<const ExpressTrace>> ExpressTraces::all() const {
  std::vector<std::shared_ptr<const ExpressTrace>> traces{ended_.begin(), ended_.end()};
  std::size_t left = kEndedExpress;
  for (const auto& [number, trace] : running_) {
    if (left-- == 0) break;
    traces.push_back(std::make_shared<const ExpressTrace>(trace));
  }
  return traces;
}

}  // namespace presso::core
