// A Map whose iterations are executions of their own, side by side by the thousand.
// https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
#include <algorithm>
#include <limits>

#include "base/assert.h"
#include "base/entropy.h"
#include "base/json.h"
#include "engine/run/dataflow.h"
#include "engine/run/item_reader.h"
#include "engine/run/limits.h"
#include "engine/run/map_run_step.h"
#include "engine/run/result_writer.h"
#include "engine/run/states/states.h"

namespace presso::run {

namespace {

constexpr std::string_view kReaderFailed = "States.ItemReaderFailed";
constexpr std::string_view kWriterFailed = "States.ResultWriterFailed";

TaskId task_of(const Execution& execution, const WaitingMapRun& run) {
  return {execution.identity.number, run.started_event};
}

const WaitingMapRun& run_of(const Frame& frame) { return std::get<WaitingMapRun>(frame.waiting); }

const asl::MapState& map_of(const Frame& frame) {
  return std::get<asl::MapState>(frame.state->detail);
}

// "arn:aws:states:::s3:getObject", which is no Task's.
asl::Resource resource_of(const std::string& arn) {
  asl::Resource resource;
  resource.arn = arn;
  resource.service = "s3";
  resource.action = arn.substr(arn.rfind(':') + 1);
  return resource;
}

// The data set, or the next of the files that it names.
RunTask reading(const Execution& execution, const Frame& frame) {
  const WaitingMapRun& run = run_of(frame);
  std::string resource = map_of(frame).item_reader->resource;
  if (!run.files.empty()) resource = resource.substr(0, resource.rfind(':') + 1) + "getObject";
  return {.task = task_of(execution, run),
          .resource = resource_of(resource),
          .parameters = run.files.empty() ? run.reader : run.files.at(run.files_read.size()),
          .token = {}};
}

RunTask writing(const Execution& execution, const Frame& frame, Json parameters) {
  return {.task = task_of(execution, run_of(frame)),
          .resource = resource_of(*map_of(frame).result_writer->resource),
          .parameters = SharedJson{std::move(parameters)},
          .token = {}};
}

StartMapChild starting(const Execution& execution, const Frame& frame, std::uint64_t index) {
  const WaitingMapRun& run = run_of(frame);
  return {.run = task_of(execution, run),
          .attempt = run.redrive_count,
          .index = index,
          .map_run_arn = run.arn,
          .state = frame.state->name,
          .input = run.inputs[index],
          .items = run.items_of(index),
          .is_express = map_of(frame).has_express_children,
          .may_exist = false};
}

// Nothing, after the frame has failed.
std::optional<MapRunLimits> limits_of(Stepper& step, Frame& frame, const asl::MapState& map,
                                      const Scope& scope) {
  MapRunLimits limits;
  const auto read = [&](const std::optional<asl::NumberField>& field, std::string_view name,
                        auto keep) {
    if (!field) return true;
    const auto value = number(*field, name, scope, step.env());
    if (!value) {
      step.fail_start(frame, value.error());
      return false;
    }
    keep(static_cast<std::uint64_t>(*value));
    return true;
  };
  const bool is_read =
      read(map.max_concurrency, "MaxConcurrency",
           [&](std::uint64_t value) { limits.max_concurrency = value; }) &&
      read(map.tolerated_failure_count, "ToleratedFailureCount",
           [&](std::uint64_t value) { limits.tolerated_count = value; }) &&
      read(map.tolerated_failure_percentage, "ToleratedFailurePercentage",
           [&](std::uint64_t value) { limits.tolerated_millionths = value * 1'000'000; });
  if (!is_read) return std::nullopt;
  return limits;
}

// The run ends; what is left of it is stopped.
void close(Stepper& step, const Frame& frame, MapRunEnded ended) {
  const WaitingMapRun& run = run_of(frame);
  MapRunSummary summary = summary_of(run);
  summary.executions.aborted += summary.executions.running;
  summary.items.aborted += summary.items.running;
  summary.executions.running = summary.items.running = 0;
  summary.stop_time = step.env().now;
  switch (ended.how) {
    case MapRunEnded::How::Succeeded: summary.status = MapRunStatus::Succeeded; break;
    case MapRunEnded::How::Failed: summary.status = MapRunStatus::Failed; break;
    case MapRunEnded::How::Aborted: summary.status = MapRunStatus::Aborted; break;
  }
  const bool has_written = run.phase() == WaitingMapRun::Phase::Writing && run.writer.has_value();
  if (has_written && ended.how == MapRunEnded::How::Succeeded) {
    summary.executions.results_written = summary.executions.total;
    summary.items.results_written = summary.items.total;
  }
  if (ended.how != MapRunEnded::How::Succeeded) {
    step.command(CancelTask{task_of(step.execution(), run)});
    for (std::uint64_t i = 0; i < run.started; ++i) {
      if (run.is_running(i)) step.command(StopMapChild{run.arn, i, run.redrive_count});
    }
  }
  step.command(MapRunChanged{std::move(summary)});
  step.emit(frame, std::move(ended));
}

void fail_run(Stepper& step, Frame& frame, const Failure& failure) {
  close(step, frame, {MapRunEnded::How::Failed, failure.error, failure.cause});
  step.fail(frame, failure);
}

void succeed_run(Stepper& step, Frame& frame, const SharedJson& result) {
  close(step, frame, {MapRunEnded::How::Succeeded, {}, {}});
  step.emit(frame, BranchesEnded{asl::StateType::Map, true, {}, {}},
            step.execution().last_event_id);
  finish_map(step, frame, map_of(frame), result);
}

// All children have ended, within what is tolerated: their results are written, or handed on.
void finish_run(Stepper& step, Frame& frame) {
  const asl::MapState& map = map_of(frame);
  const WaitingMapRun& run = run_of(frame);
  if (!run.writer.has_value()) {
    return succeed_run(step, frame, SharedJson{map_run_results(map, run)});
  }
  if (auto call = next_file_call(map, run)) {
    return step.command(writing(step.execution(), frame, *std::move(call)));
  }
  succeed_run(step, frame, SharedJson{written_result(map, run)});
}

void start_map_children(Stepper& step, const Frame& frame) {
  const WaitingMapRun& run = run_of(frame);
  const std::uint64_t wanted =
      run.limits.max_concurrency == 0 ? kMapRunConcurrency : run.limits.max_concurrency;
  const std::uint64_t limit = std::min<std::uint64_t>(wanted, kMapRunConcurrency);
  const std::uint64_t running = run.running();
  const std::uint64_t room = running < limit ? limit - running : 0;
  const std::uint64_t count = std::min(run.waiting(), room);
  if (count == 0) return;
  std::vector<std::uint64_t> redriven;
  for (const std::uint64_t i : run.to_redrive) {
    if (redriven.size() == count) break;
    redriven.push_back(i);
  }
  const std::uint64_t first = run.started;
  step.emit_private(frame.id, MapRunChildrenStarted{count});
  for (const std::uint64_t i : redriven) {
    StartMapChild child = starting(step.execution(), frame, i);
    child.may_exist = true;
    step.command(std::move(child));
  }
  for (std::uint64_t i = first; i < run.started; ++i) {
    step.command(starting(step.execution(), frame, i));
  }
}

struct BatchLimits {
  std::uint64_t items = 0;  // 0: no limit
  std::uint64_t bytes = kStateDataBytes;
};

Computed<BatchLimits> batch_limits(const asl::ItemBatcher& batcher, const Scope& scope,
                                   const Env& env) {
  BatchLimits limits;
  if (batcher.max_items_per_batch) {
    const auto value = number(*batcher.max_items_per_batch, "MaxItemsPerBatch", scope, env);
    if (!value) return value.error();
    limits.items = static_cast<std::uint64_t>(*value);
  }
  if (batcher.max_input_bytes_per_batch) {
    const auto value =
        number(*batcher.max_input_bytes_per_batch, "MaxInputBytesPerBatch", scope, env);
    if (!value) return value.error();
    if (*value != 0) limits.bytes = std::min<std::uint64_t>(limits.bytes, *value);
  }
  return limits;
}

// {"BatchInput": …, "Items": […]}, as many items each as both limits allow, and at least one. AWS:
// a batch is never larger than state data may be.
Computed<MapRunItemsReady> batches(Stepper& step, const asl::ItemBatcher& batcher,
                                   const Scope& scope, const std::vector<SharedJson>& items) {
  const auto limits = batch_limits(batcher, scope, step.env());
  if (!limits) return limits.error();
  Json common = Json::object();
  if (batcher.batch_input) {
    const auto filled = fill(batcher.batch_input, {}, scope, step.env());
    if (!filled) return filled.error();
    common["BatchInput"] = filled->value();
  }
  constexpr std::size_t kAroundItems = 12;  // ,"Items":[]
  const std::size_t empty_size = dump_json(common).size() + kAroundItems;
  MapRunItemsReady ready;
  for (std::size_t next = 0; next < items.size();) {
    Json list = Json::array();
    std::size_t size = empty_size;
    while (next < items.size()) {
      const bool is_full = (limits->items != 0 && list.size() == limits->items) ||
                           size + items[next].text().size() > limits->bytes;
      if (is_full && !list.empty()) break;
      size += items[next].text().size() + 1;
      list.push_back(items[next++].value());
    }
    ready.item_counts.push_back(list.size());
    Json input = common;
    input["Items"] = std::move(list);
    ready.inputs.emplace_back(std::move(input));
  }
  return ready;
}

Computed<MapRunItemsReady> prepared(Stepper& step, const Frame& frame, const SharedJson& input,
                                    const Json& items) {
  const asl::MapState& map = map_of(frame);
  std::vector<SharedJson> inputs;
  if (map.item_selector) {
    auto selected = selected_items(step, frame, map, input, items);
    if (!selected) return selected.error();
    inputs = std::move(*selected);
  } else {
    for (const Json& item : items) inputs.emplace_back(item);
  }
  if (!map.item_batcher) return MapRunItemsReady{std::move(inputs), {}};
  return batches(step, *map.item_batcher, Scope{step.execution(), frame, input.value()}, inputs);
}

void items_ready(Stepper& step, Frame& frame, const SharedJson& input, const Json& items) {
  auto ready = prepared(step, frame, input, items);
  if (!ready) return fail_run(step, frame, failure_of(frame, ready.error()));
  if (std::any_of(ready->inputs.begin(), ready->inputs.end(), is_too_large)) {
    return fail_run(step, frame, too_large(frame.state->name));
  }
  step.emit_private(frame.id, std::move(*ready));
  if (run_of(frame).inputs.empty()) return finish_run(step, frame);
  start_map_children(step, frame);
}

// Nothing, after the run has failed.
std::optional<std::size_t> most_items(Stepper& step, Frame& frame, const SharedJson& input) {
  const asl::ItemReader& reader = *map_of(frame).item_reader;
  std::size_t most = 0;
  if (reader.max_items) {
    const Scope scope{step.execution(), frame, input.value()};
    const auto named = number(*reader.max_items, "MaxItems", scope, step.env());
    if (!named) {
      fail_run(step, frame, failure_of(frame, named.error()));
      return std::nullopt;
    }
    most = static_cast<std::size_t>(*named);
  }
  return most == 0 ? std::numeric_limits<std::size_t>::max() : most;
}

// One of several files was read: the next one follows, unless there are items enough.
void file_read(Stepper& step, Frame& frame, const SharedJson& input, const Json& answer) {
  const WaitingMapRun& run = run_of(frame);
  auto items = read_file_items(*map_of(frame).item_reader, run.headers, answer);
  if (!items) return fail_run(step, frame, {items.error().code, items.error().message});
  const auto most = most_items(step, frame, input);
  if (!most) return;
  std::size_t count = items->size();
  for (const SharedJson& file : run.files_read) count += file.value().size();
  if (count < *most && run.files_read.size() + 1 < run.files.size()) {
    step.emit_private(frame.id, MapRunFileRead{SharedJson{*std::move(items)}});
    return step.command(reading(step.execution(), frame));
  }
  Json all = Json::array();
  for (const SharedJson& file : run.files_read) {
    for (const Json& item : file.value()) all.push_back(item);
  }
  for (Json& item : *items) all.push_back(std::move(item));
  if (all.size() > *most) all.erase(all.begin() + static_cast<std::ptrdiff_t>(*most), all.end());
  items_ready(step, frame, input, all);
}

void files_found(Stepper& step, Frame& frame, const SharedJson& input, const Json& answer) {
  auto found = read_item_files(*map_of(frame).item_reader, run_of(frame).reader.value(), answer);
  if (!found) return fail_run(step, frame, {found.error().code, found.error().message});
  if (found->files.empty()) return items_ready(step, frame, input, Json::array());
  step.emit_private(frame.id, MapRunFilesFound{std::move(found->files), std::move(found->headers)});
  step.command(reading(step.execution(), frame));
}

// What was read, at most MaxItems of it.
void items_read(Stepper& step, Frame& frame, const SharedJson& answer) {
  const asl::ItemReader& reader = *map_of(frame).item_reader;
  const auto input = effective_input(step, frame);
  if (!input) return;
  if (!run_of(frame).files.empty()) return file_read(step, frame, *input, answer.value());
  if (has_item_files(reader)) return files_found(step, frame, *input, answer.value());
  auto items = read_items(reader, answer.value());
  if (!items) return fail_run(step, frame, {items.error().code, items.error().message});
  const auto most = most_items(step, frame, *input);
  if (!most) return;
  if (items->size() > *most) {
    items->erase(items->begin() + static_cast<std::ptrdiff_t>(*most), items->end());
  }
  items_ready(step, frame, *input, *items);
}

}  // namespace

void begin_map_run(Stepper& step, Frame& frame, const asl::MapState& map) {
  const auto input = effective_input(step, frame);
  if (!input) return;
  const Scope scope{step.execution(), frame, input->value()};
  const auto limits = limits_of(step, frame, map, scope);
  if (!limits) return;
  MapRunStarted started;
  started.limits = *limits;
  SharedJson items;
  if (map.item_reader) {
    auto parameters =
        fill(map.item_reader->parameters, SharedJson{Json::object()}, scope, step.env());
    if (!parameters) return step.fail_start(frame, parameters.error());
    started.reader = std::move(*parameters);
  } else {
    auto found = map_items(step, frame, map, *input);
    if (!found) return;
    items = std::move(*found);
  }
  if (map.result_writer && map.result_writer->resource) {
    auto parameters =
        fill(map.result_writer->parameters, SharedJson{Json::object()}, scope, step.env());
    if (!parameters) return step.fail_start(frame, parameters.error());
    started.writer = std::move(*parameters);
  }
  const std::string& machine = step.execution().identity.machine_arn;
  started.map_run_arn =
      map_run_arn(machine, map.label.value_or(default_label(machine, frame.state->name)),
                  next_uuid(*step.env().entropy));
  BranchesStarted opened;
  opened.type = asl::StateType::Map;
  opened.length = items.has_value() ? items.value().size() : 0;
  step.emit(frame, std::move(opened));
  step.emit(frame, std::move(started));
  step.command(MapRunChanged{summary_of(run_of(frame))});
  if (map.item_reader) return step.command(reading(step.execution(), frame));
  items_ready(step, frame, *input, items.value());
}

void map_run_answered(Stepper& step, Frame& frame, const SharedJson& output) {
  switch (run_of(frame).phase()) {
    case WaitingMapRun::Phase::Reading: return items_read(step, frame, output);
    case WaitingMapRun::Phase::Running: return;
    case WaitingMapRun::Phase::Writing: break;
  }
  const auto file = next_result_file(map_of(frame), run_of(frame));
  PRESSO_ASSERT(file.has_value());
  step.emit_private(frame.id, MapRunFileWritten{file->key});
  finish_run(step, frame);
}

void map_run_failed(Stepper& step, Frame& frame, const Failure& failure) {
  const bool is_reading = run_of(frame).phase() == WaitingMapRun::Phase::Reading;
  fail_run(step, frame, {std::string{is_reading ? kReaderFailed : kWriterFailed}, failure.cause});
}

void map_child_ended(Stepper& step, Frame& frame, const MapChildEnded& ended) {
  const WaitingMapRun& run = run_of(frame);
  if (ended.attempt != run.redrive_count || !run.is_running(ended.ended.index)) return;
  step.emit_private(frame.id, ended.ended);
  if (run.is_over_tolerance()) {
    return fail_run(step, frame,
                    {"States.ExceedToleratedFailureThreshold",
                     "The specified tolerated failure threshold was exceeded"});
  }
  if (run.phase() == WaitingMapRun::Phase::Writing) return finish_run(step, frame);
  start_map_children(step, frame);
}

void update_map_run(Stepper& step, Frame& frame, const MapRunLimits& limits) {
  step.emit_private(frame.id, MapRunUpdated{limits});
  step.command(MapRunChanged{summary_of(run_of(frame))});
  if (run_of(frame).is_over_tolerance()) {
    return fail_run(step, frame,
                    {"States.ExceedToleratedFailureThreshold",
                     "The specified tolerated failure threshold was exceeded"});
  }
  if (run_of(frame).phase() == WaitingMapRun::Phase::Running) start_map_children(step, frame);
}

void abort_map_run(Stepper& step, const Frame& frame) {
  const auto* run = std::get_if<WaitingMapRun>(&frame.waiting);
  if (run == nullptr || run->is_closed) return;
  close(step, frame, {MapRunEnded::How::Aborted, {}, {}});
}

void redrive_map_run(Stepper& step, Frame& frame) {
  const WaitingMapRun& run = run_of(frame);
  if (run.redrive_count == kMapRunRedrives) {
    return step.fail(
        frame, Failure{"States.Runtime",
                       "The Map Run was redriven " + std::to_string(kMapRunRedrives) + " times."});
  }
  step.emit(frame, MapRunRedriven{run.arn, run.redrive_count + 1});
  step.command(MapRunChanged{summary_of(run)});
  switch (run.phase()) {
    case WaitingMapRun::Phase::Reading: return step.command(reading(step.execution(), frame));
    case WaitingMapRun::Phase::Running: return start_map_children(step, frame);
    case WaitingMapRun::Phase::Writing: return finish_run(step, frame);
  }
}

void resume_map_run(const Execution& execution, const Frame& frame,
                    std::vector<Command>& commands) {
  const WaitingMapRun& run = run_of(frame);
  switch (run.phase()) {
    case WaitingMapRun::Phase::Reading: commands.push_back(reading(execution, frame)); return;
    case WaitingMapRun::Phase::Running:
      for (std::uint64_t i = 0; i < run.started; ++i) {
        if (!run.is_running(i)) continue;
        StartMapChild child = starting(execution, frame, i);
        child.may_exist = true;
        commands.push_back(std::move(child));
      }
      return;
    case WaitingMapRun::Phase::Writing:
      if (auto call = next_file_call(map_of(frame), run)) {
        commands.push_back(writing(execution, frame, *std::move(call)));
      }
      return;
  }
}

}  // namespace presso::run
