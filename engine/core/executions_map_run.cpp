// The children of Map Runs: executions whose details say which parent awaits them.
#include <utility>

#include "base/assert.h"
#include "base/entropy.h"
#include "base/json.h"
#include "base/json_members.h"
#include "engine/core/core.h"
#include "engine/core/executions.h"
#include "engine/core/limits.h"
#include "engine/core/redrive.h"
#include "engine/run/map_run.h"

namespace presso::core {

namespace {

run::MapRunChildEnded::How how_of(run::Status status) {
  using How = run::MapRunChildEnded::How;
  switch (status) {
    case run::Status::Succeeded: return How::Succeeded;
    case run::Status::Failed: return How::Failed;
    case run::Status::TimedOut: return How::TimedOut;
    case run::Status::Aborted: return How::Aborted;
    case run::Status::Running: break;
  }
  PRESSO_ASSERT(false);
}

// Of the run, in a child's details: under which of its redrives the child was started last.
constexpr char kAttempt[] = "attempt";

std::uint64_t attempt_of(const Json& details) {
  return number_if<std::uint64_t>(details, kAttempt).value_or(0);
}

std::string details_of(const run::StartMapChild& child, const std::string& parent_arn,
                       const Json& parent) {
  Json details{{kOrigin, parent_arn},
               {"mapRunArn", child.map_run_arn},
               {"mapState", child.state},
               {"parent", child.run.execution.value},
               {"parentEvent", child.run.event},
               {kAttempt, child.attempt},
               {"index", child.index},
               {"items", child.items}};
  if (const Json* test_case = find_member(parent, kTestCase)) details[kTestCase] = *test_case;
  return dump_json(details);
}

}  // namespace

void Executions::start_map_child(const run::StartMapChild& child) {
  const Live* parent = live(child.run.execution);
  if (parent == nullptr) return;
  const run::Frame* frame = run::find_map_run(parent->execution, child.run);
  if (frame == nullptr) return;
  const auto& run = std::get<run::WaitingMapRun>(frame->waiting);
  if (run.redrive_count != child.attempt || !run.is_running(child.index)) return;
  const auto it = child.may_exist ? names_.find(name_of(child)) : names_.end();
  if (it == names_.end()) return begin_map_child(*parent, child);
  redrive_map_child(live_.at(it->second), child.attempt);
}

// One of this attempt that has ended has told so by a row of its own.
void Executions::redrive_map_child(Live& child, std::uint64_t attempt) {
  Json details = details_of(child.row);
  if (attempt_of(details) == attempt) return;
  details[kAttempt] = attempt;
  child.row.details = dump_json(details);
  child.is_changed = !child.is_express;
  touched_.insert(child.row.number);
  if (!run::is_terminal(child.row.status)) return;
  if (const auto unfolded = unfold(child); !unfolded) {
    core_.perform(Warning{"A child of a Map Run cannot be redriven: " + unfolded.error().message});
    return tell_map_run(child, true);
  }
  const RedriveCandidate candidate{.status = child.row.status,
                                   .start_time = child.row.start_time,
                                   .stop_time = child.row.stop_time,
                                   .events = child.execution.last_event_id};
  if (why_not_redrivable(candidate, core_.now())) return tell_map_run(child, true);
  redrive(child, {});
}

void Executions::begin_map_child(const Live& parent, const run::StartMapChild& child) {
  const auto revision = core_.machines().revision(parent.row.revision);
  PRESSO_ASSERT(revision != nullptr);
  auto [machine, name] = name_of(child);
  ++last_number_.value;
  ExecutionRow row;
  row.number = last_number_;
  row.machine_arn = std::move(machine);
  row.name = std::move(name);
  row.start_time = core_.now();
  row.revision = parent.row.revision;
  row.details = details_of(child, parent.execution.identity.arn, details_of(parent.row));
  run::Identity identity = identity_of(row);
  run::Start start;
  start.input = child.input;
  running_.add(row.machine_arn);
  if (!child.is_express) {
    run::Execution execution = run::make_execution(std::move(identity), revision->compiled);
    return apply(keep(std::move(row), std::move(execution)), start);
  }
  make_express(identity, core_.entropy());
  // It can be stopped by its name, which no other Express execution has.
  names_.emplace(ExecutionName{row.machine_arn, row.name}, row.number);
  Live& live = live_[row.number];
  live.execution = run::make_execution(std::move(identity), revision->compiled);
  live.row = std::move(row);
  live.is_express = true;
  live.log = revision->log;
  start.time_limit = kExpressTime;
  apply(live, start);
}

void Executions::tell_map_run(const Live& child, bool is_final) {
  if (child.execution.identity.map_state.empty()) return;
  const Json details = details_of(child.row);
  const auto parent = number_if<std::uint64_t>(details, "parent");
  const auto event = number_if<std::uint64_t>(details, "parentEvent");
  const auto index = number_if<std::uint64_t>(details, "index");
  PRESSO_ASSERT(parent && event && index);
  const run::Execution& execution = child.execution;
  core_.enqueue(EndMapChild{.run = {ExecutionNumber{*parent}, *event},
                            .attempt = attempt_of(details),
                            .ended = {.index = *index,
                                      .how = how_of(execution.status),
                                      .output = execution.output,
                                      .error = execution.failure.error,
                                      .cause = execution.failure.cause,
                                      .start_time = execution.start_time,
                                      .stop_time = execution.stop_time.value_or(core_.now()),
                                      .redrive_count = execution.redrive_count,
                                      .is_final = is_final}});
}

void Executions::end_map_child(EndMapChild end) {
  Live* parent = live(end.run.execution);
  if (parent == nullptr || run::find_map_run(parent->execution, end.run) == nullptr) return;
  apply(*parent, run::MapChildEnded{end.run, end.attempt, std::move(end.ended)});
}

void Executions::stop_map_child(const StopMapChild& stopped) {
  const auto it = names_.find(stopped.child);
  if (it == names_.end()) return;
  if (attempt_of(details_of(live_.at(it->second).row)) == stopped.attempt) stop(it->second);
}

void Executions::update_map_run(TaskId run, const run::MapRunLimits& limits) {
  Live* parent = live(run.execution);
  if (parent != nullptr) apply(*parent, run::UpdateMapRun{run, limits});
}

}  // namespace presso::core
