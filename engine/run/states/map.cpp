#include <algorithm>

#include "base/json.h"
#include "engine/run/dataflow.h"
#include "engine/run/limits.h"
#include "engine/run/map_run_step.h"
#include "engine/run/states/states.h"

namespace presso::run {

namespace {

Computed<std::uint64_t> concurrency(const asl::MapState& map, const Scope& scope, const Env& env) {
  if (!map.max_concurrency) return std::uint64_t{kInlineMapConcurrency};
  const auto wanted = number(*map.max_concurrency, "MaxConcurrency", scope, env);
  if (!wanted) return wanted.error();
  if (*wanted == 0) return std::uint64_t{kInlineMapConcurrency};
  return std::min<std::uint64_t>(static_cast<std::uint64_t>(*wanted), kInlineMapConcurrency);
}

Failure no_array(const asl::MapState& map) {
  std::string path = map.items_path.path ? map.items_path.path->text() : "$";
  if (path.starts_with("$$")) path.erase(0, 1);  // AWS: the context object is shown as `$`
  return {.error = "States.Runtime",
          .cause = "Reference path \"" + path + "\" must point to array."};
}

}  // namespace

Computed<std::vector<SharedJson>> selected_items(Stepper& step, const Frame& frame,
                                                 const asl::MapState& map, const SharedJson& input,
                                                 const Json& items) {
  std::vector<SharedJson> inputs;
  inputs.reserve(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    Scope scope{step.execution(), frame, input.value()};
    scope.set_map_item(i, items[i]);
    auto selected = fill(map.item_selector, {}, scope, step.env());
    if (!selected) return selected.error();
    inputs.push_back(std::move(*selected));
  }
  return inputs;
}

std::optional<SharedJson> map_items(Stepper& step, Frame& frame, const asl::MapState& map,
                                    const SharedJson& input) {
  const Scope scope{step.execution(), frame, input.value()};
  Computed<SharedJson> items = uses_jsonata(frame) ? array(map.items, input, scope, step.env())
                                                   : select(map.items_path, input, scope);
  if (!items) {
    step.fail_start(frame, items.error());
  } else if (!items->value().is_array()) {
    step.fail(frame, no_array(map));
  } else {
    return *std::move(items);
  }
  return std::nullopt;
}

void begin_map(Stepper& step, Frame& frame, const asl::MapState& map) {
  if (map.mode == asl::MapState::Mode::Distributed) return begin_map_run(step, frame, map);
  const auto input = effective_input(step, frame);
  if (!input) return;
  const Scope scope{step.execution(), frame, input->value()};
  const auto items = map_items(step, frame, map, *input);
  if (!items) return;
  const auto limit = concurrency(map, scope, step.env());
  if (!limit) return step.fail_start(frame, limit.error());
  // Without a selector the items are their own inputs.
  std::vector<SharedJson> inputs;
  if (map.item_selector) {
    auto selected = selected_items(step, frame, map, *input, items->value());
    if (!selected) return step.fail_start(frame, selected.error());
    inputs = std::move(*selected);
  }
  BranchesStarted started;
  started.type = asl::StateType::Map;
  started.length = items->value().size();
  started.inputs = std::move(inputs);
  started.items = *items;
  started.max_concurrency = *limit;
  const bool is_empty = started.length == 0;
  step.emit(frame, std::move(started));
  if (!is_empty) return step.start_children(frame);
  step.emit(frame, BranchesEnded{asl::StateType::Map, true, {}, {}});
  finish_map(step, frame, map, SharedJson{Json::array()});
}

void finish_map(Stepper& step, Frame& frame, const asl::MapState& map, const SharedJson& results) {
  exit_with_result(step, frame,
                   {.result_selector = map.result_selector, .result_path = map.result_path},
                   results);
}

}  // namespace presso::run
