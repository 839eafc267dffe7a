#include "engine/run/test_state.h"

#include <algorithm>

#include "base/assert.h"
#include "base/json.h"
#include "base/json_text.h"
#include "engine/run/dataflow.h"
#include "engine/run/map_run_step.h"
#include "engine/run/states/states.h"
#include "engine/run/stepper.h"
#include "lang/jsonpath/reference.h"

namespace presso::run {

namespace {

const Surroundings kNothingAround;

Frame& root_of(Execution& execution) { return execution.frames.at(FrameId{1}); }

struct ResultShape {
  const std::optional<asl::Template>* selector = nullptr;
  const asl::Placement* placement = nullptr;
};
ResultShape result_shape(const asl::State& state) {
  if (const auto* task = std::get_if<asl::TaskState>(&state.detail)) {
    return {&task->result_selector, &task->result_path};
  }
  if (const auto* map = std::get_if<asl::MapState>(&state.detail)) {
    return {&map->result_selector, &map->result_path};
  }
  if (const auto* parallel = std::get_if<asl::ParallelState>(&state.detail)) {
    return {&parallel->result_selector, &parallel->result_path};
  }
  if (const auto* pass = std::get_if<asl::PassState>(&state.detail)) {
    return {nullptr, &pass->result_path};
  }
  return {};
}

SharedJson list_of(const std::vector<SharedJson>& values) {
  Json list = Json::array();
  for (const SharedJson& value : values) list.push_back(value.value());
  return SharedJson{std::move(list)};
}

}  // namespace

StateTest::StateTest(Setup setup) : setup_{std::move(setup)} {
  state_ = setup_.definition->find(setup_.state);
  PRESSO_ASSERT(state_ != nullptr);
  auto bare = std::make_shared<asl::State>(*state_);
  bare->retry.clear();
  bare->catchers.clear();
  bare_ = std::move(bare);
  execution_ = fresh(*bare_);
}

// A throwaway, so it is written to directly: no history leads to the middle of a machine.
Execution StateTest::fresh(const asl::State& state) const {
  Execution execution = make_execution(setup_.identity, setup_.definition);
  execution.input = setup_.input;
  execution.context = setup_.context;
  execution.last_event_id = 2;
  execution.last_frame_id = 1;
  Frame root;
  root.id = FrameId{1};
  root.state = &state;
  root.input = setup_.input;
  root.entered_event = 2;
  root.last_event = 2;
  root.retries.assign(state_->retry.size(), setup_.retries);
  for (const Assignment& variable : setup_.variables) {
    root.variables.insert_or_assign(variable.name, variable.value);
  }
  execution.frames.emplace(root.id, std::move(root));
  return execution;
}

void StateTest::begin(const Env& env) {
  Stepper step{execution_, env, kNothingAround};
  run::begin(step, root_of(execution_));
  const auto waits = [&] {
    return step.is_running() && std::holds_alternative<WaitingTimer>(root_of(execution_).waiting);
  };
  if (waits()) finish_wait(step, root_of(execution_));
  give_items(step);
  const Outcome outcome = step.take();
  for (const Event& event : outcome.events) {
    if (const auto* scheduled = std::get_if<TaskScheduled>(&event.detail)) {
      parameters_ = scheduled->parameters;
    } else if (const auto* map = std::get_if<BranchesStarted>(&event.detail)) {
      if (map->items.has_value() && !map->inputs.empty()) iteration_inputs_ = list_of(map->inputs);
    } else if (const auto* ready = std::get_if<MapRunItemsReady>(&event.detail)) {
      iteration_inputs_ = list_of(ready->inputs);
    }
  }
  read(outcome.events, env);
  has_begun_ = verdict_.status == Status::Open || verdict_.status == Status::Succeeded;
}

// A listing's data is what S3 lists; any other's is the text of the file.
void StateTest::give_items(Stepper& step) {
  if (!setup_.item_reader_data || !step.is_running()) return;
  Frame& frame = root_of(execution_);
  const auto* run = std::get_if<WaitingMapRun>(&frame.waiting);
  if (run == nullptr || run->phase() != WaitingMapRun::Phase::Reading) return;
  const auto& reader = std::get<asl::MapState>(state_->detail).item_reader;
  Json answer{{"Body", *setup_.item_reader_data}};
  if (reader->resource.ends_with(":listObjectsV2")) {
    auto listed = parse_json(*setup_.item_reader_data);
    answer = Json{{"Contents", listed && listed->is_array() ? *std::move(listed) : Json::array()}};
  }
  map_run_answered(step, frame, SharedJson{std::move(answer)});
}

std::optional<RunTask> StateTest::call() const {
  const auto frame = execution_.frames.find(FrameId{1});
  if (frame == execution_.frames.end()) return std::nullopt;
  const auto* task = std::get_if<WaitingTask>(&frame->second.waiting);
  if (task == nullptr) return std::nullopt;
  return RunTask{.task = {setup_.identity.number, task->scheduled_event},
                 .resource = std::get<asl::TaskState>(state_->detail).resource,
                 .parameters = task->parameters,
                 .token = task->token};
}

std::optional<std::uint64_t> StateTest::iterations() const {
  const auto frame = execution_.frames.find(FrameId{1});
  if (frame == execution_.frames.end()) return std::nullopt;
  if (const auto* run = std::get_if<WaitingMapRun>(&frame->second.waiting)) {
    return run->item_total();
  }
  const auto* children = std::get_if<WaitingChildren>(&frame->second.waiting);
  return children == nullptr ? std::nullopt : std::optional{children->length};
}

std::optional<StateTest::MapLimits> StateTest::map_limits(const Env& env) const {
  const auto* map = std::get_if<asl::MapState>(&state_->detail);
  if (map == nullptr) return std::nullopt;
  const Execution execution = fresh(*state_);
  const Frame& frame = execution.frames.at(FrameId{1});
  const Scope outer{execution, frame, setup_.input.value()};
  const auto input = select(state_->input_path, setup_.input, outer);
  if (!input) return std::nullopt;
  const Scope scope{execution, frame, input->value()};
  const auto value_of = [&](const std::optional<asl::NumberField>& field, std::string_view name) {
    if (!field) return std::optional<std::int64_t>{};
    const auto value = number(*field, name, scope, env);
    return value ? std::optional{*value} : std::nullopt;
  };
  return MapLimits{
      .max_concurrency = value_of(map->max_concurrency, "MaxConcurrency").value_or(0),
      .tolerated_count = value_of(map->tolerated_failure_count, "ToleratedFailureCount"),
      .tolerated_percentage =
          value_of(map->tolerated_failure_percentage, "ToleratedFailurePercentage")};
}

void StateTest::succeed(const SharedJson& result, const Env& env) {
  PRESSO_ASSERT(verdict_.status == Status::Open);
  result_ = result;
  Frame& frame = root_of(execution_);
  frame.waiting = Ready{};
  Stepper step{execution_, env, kNothingAround};
  if (const auto* task = std::get_if<asl::TaskState>(&bare_->detail)) {
    finish_task(step, frame, *task, result);
  } else if (const auto* map = std::get_if<asl::MapState>(&bare_->detail)) {
    finish_map(step, frame, *map, result);
  } else {
    finish_parallel(step, frame, std::get<asl::ParallelState>(bare_->detail), result);
  }
  read(step.take().events, env);
}

void StateTest::fail(const Failure& failure, const Env& env) {
  PRESSO_ASSERT(verdict_.status == Status::Open);
  verdict_.failure = failure;
  decide_failure(env);
}

void StateTest::read(const std::vector<Event>& events, const Env& env) {
  for (const Event& event : events) {
    if (const auto* exited = std::get_if<StateExited>(&event.detail)) {
      verdict_.status = Status::Succeeded;
      verdict_.output = exited->output;
      verdict_.next = exited->next;
      verdict_.assignments = exited->assignments;
    } else if (const auto* ended = std::get_if<ExecutionEnded>(&event.detail)) {
      verdict_.failure = {.error = ended->error, .cause = ended->cause};
      return decide_failure(env);
    }
  }
}

// What the state's own Retry and Catch make of the failure.
void StateTest::decide_failure(const Env& env) {
  const auto& retry = state_->retry;
  for (std::size_t i = 0; i < retry.size() && !verdict_.retrier; ++i) {
    const auto& names = retry[i].error_equals;
    const bool is_named = std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      return matches(name, verdict_.failure);
    });
    if (is_named) verdict_.retrier = i;
  }
  Execution execution = fresh(*state_);
  Stepper step{execution, env, kNothingAround};
  const Decision decision =
      decide(*state_, verdict_.failure, root_of(execution).retries, *env.entropy);
  if (const auto* again = std::get_if<Retry>(&decision)) {
    verdict_.status = Status::Retriable;
    verdict_.backoff = again->delay;
    return;
  }
  verdict_.status = Status::Failed;
  step.fail(root_of(execution), verdict_.failure);
  for (const Event& event : step.take().events) {
    const auto* exited = std::get_if<StateExited>(&event.detail);
    if (exited == nullptr) continue;
    verdict_.status = Status::CaughtError;
    verdict_.output = exited->output;
    verdict_.next = exited->next;
    verdict_.assignments = exited->assignments;
    if (const auto* caught = std::get_if<Catch>(&decision)) verdict_.catcher = caught->catcher;
  }
}

// Everything is computed again from what the state was given: what it did on its way is recorded
// nowhere. AWS: a Parallel and a Pass with a Result show nothing of their input's path.
StateTest::Inspection StateTest::inspect(const Env& env) const {
  Inspection shown{{"input", setup_.input}};
  const auto* map = std::get_if<asl::MapState>(&state_->detail);
  if (state_->query_language == asl::QueryLanguage::Jsonata) {
    if (map != nullptr) inspect_iterations(shown, *map);
    if (parameters_.has_value()) shown.emplace_back("afterArguments", parameters_);
    const bool is_task = state_->type() == asl::StateType::Task;
    if (is_task && result_.has_value()) shown.emplace_back("result", result_);
    return shown;
  }
  const Execution execution = fresh(*state_);
  const Frame& frame = execution.frames.at(FrameId{1});
  const auto* pass = std::get_if<asl::PassState>(&state_->detail);
  const bool hides_input = state_->type() == asl::StateType::Parallel || (pass && pass->result);
  const Scope scope{execution, frame, setup_.input.value()};
  const auto input = select(state_->input_path, setup_.input, scope);
  if (!input) return shown;
  if (!hides_input) shown.emplace_back("afterInputPath", *input);
  inspect_work(shown, env);
  return shown;
}

void StateTest::inspect_work(Inspection& shown, const Env& env) const {
  const Execution execution = fresh(*state_);
  const Frame& frame = execution.frames.at(FrameId{1});
  const Scope outer{execution, frame, setup_.input.value()};
  const auto input = select(state_->input_path, setup_.input, outer);
  const Scope scope{execution, frame, input->value()};
  SharedJson result = result_;
  if (const auto* pass = std::get_if<asl::PassState>(&state_->detail)) {
    const auto made = pass->result ? Result<SharedJson>{*pass->result}
                                   : fill(pass->parameters, *input, scope, env);
    if (!made) return;
    shown.emplace_back(pass->result ? "result" : "afterParameters", *made);
    result = *made;
  } else if (const auto* map = std::get_if<asl::MapState>(&state_->detail)) {
    inspect_items(shown, *map);
    inspect_iterations(shown, *map);
  } else if (parameters_.has_value()) {
    shown.emplace_back("afterParameters", parameters_);
    if (result.has_value()) shown.emplace_back("result", result);
  }
  if (!result.has_value()) return;
  const ResultShape shape = result_shape(*state_);
  if (shape.placement == nullptr) return;
  const Scope of_result{execution, frame, result.value()};
  const auto selected = shape.selector == nullptr ? Result<SharedJson>{result}
                                                  : fill(*shape.selector, result, of_result, env);
  if (!selected) return;
  shown.emplace_back("afterResultSelector", *selected);
  const auto placed = place(*shape.placement, setup_.input, *selected);
  if (placed) shown.emplace_back("afterResultPath", *placed);
}

// AWS shows what a path leads to with the white space of the text that it came from.
SharedJson StateTest::as_written(const asl::Selection& selection, const SharedJson& input,
                                 const SharedJson& selected) const {
  if (!selection.path || !selection.path->is_reference()) return selected;
  const bool is_context = selection.path->root() == jsonpath::Path::Root::Context;
  if (!is_context && selection.path->root() != jsonpath::Path::Root::Input) return selected;
  const SharedJson& whole = is_context ? setup_.context : input;
  auto text = source_text(whole.text(), jsonpath::pointer_of(*selection.path));
  return text ? SharedJson::trusted(*std::move(text)) : selected;
}

void StateTest::inspect_items(Inspection& shown, const asl::MapState& map) const {
  const Execution execution = fresh(*state_);
  const Frame& frame = execution.frames.at(FrameId{1});
  const Scope outer{execution, frame, setup_.input.value()};
  const auto input = select(state_->input_path, setup_.input, outer);
  const Scope scope{execution, frame, input->value()};
  const auto items = select(map.items_path, *input, scope);
  if (!items || !items->value().is_array()) return;
  shown.emplace_back("afterItemsPath", as_written(map.items_path, *input, *items));
}

// Not of a test that failed.
void StateTest::inspect_iterations(Inspection& shown, const asl::MapState& map) const {
  if (verdict_.status != Status::Succeeded || !iteration_inputs_.has_value()) return;
  if (map.item_batcher) {
    Json selected = Json::array();
    for (const Json& batch : iteration_inputs_.value()) {
      for (const Json& item : *find_member(batch, "Items")) selected.push_back(item);
    }
    if (map.item_selector) shown.emplace_back("afterItemSelector", SharedJson{std::move(selected)});
    shown.emplace_back("afterItemBatcher", iteration_inputs_);
  } else if (map.item_selector) {
    shown.emplace_back("afterItemSelector", iteration_inputs_);
  }
}

}  // namespace presso::run
