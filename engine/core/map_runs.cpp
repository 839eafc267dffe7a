#include "engine/core/map_runs.h"

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "base/json_members.h"
#include "engine/core/core.h"
#include "engine/core/corrupt.h"
#include "engine/core/names.h"

namespace presso::core {

namespace {

constexpr char kMapRunKind[] = "map-run";

struct CountMember {
  const char* name;
  std::uint64_t run::MapRunCounts::*member;
};
constexpr CountMember kCounts[] = {
    {"pending", &run::MapRunCounts::pending},
    {"running", &run::MapRunCounts::running},
    {"succeeded", &run::MapRunCounts::succeeded},
    {"failed", &run::MapRunCounts::failed},
    {"timedOut", &run::MapRunCounts::timed_out},
    {"aborted", &run::MapRunCounts::aborted},
    {"total", &run::MapRunCounts::total},
    {"resultsWritten", &run::MapRunCounts::results_written},
    {"pendingRedrive", &run::MapRunCounts::pending_redrive},
    {"failuresNotRedrivable", &run::MapRunCounts::failures_not_redrivable}};

Json to_json(const run::MapRunCounts& counts) {
  Json value = Json::object();
  for (const auto& [name, member] : kCounts) value[name] = counts.*member;
  return value;
}

run::MapRunCounts counts_from_json(const Json* value) {
  run::MapRunCounts counts;
  if (value == nullptr) return counts;
  for (const auto& [name, member] : kCounts) {
    counts.*member = number_if<std::uint64_t>(*value, name).value_or(0);
  }
  return counts;
}

Json to_json(const MapRun& map_run) {
  const run::MapRunSummary& summary = map_run.summary;
  Json value{{"arn", summary.arn},
             {"execution", map_run.execution_arn},
             {"number", map_run.id.execution.value},
             {"event", map_run.id.event},
             {"status", static_cast<std::uint64_t>(summary.status)},
             {"started", epoch_ms(summary.start_time)},
             {"maxConcurrency", summary.limits.max_concurrency},
             {"items", to_json(summary.items)},
             {"executions", to_json(summary.executions)}};
  if (summary.stop_time) value["stopped"] = epoch_ms(*summary.stop_time);
  if (summary.redrive_time) {
    value["redriveCount"] = summary.redrive_count;
    value["redriveDate"] = epoch_ms(*summary.redrive_time);
  }
  if (summary.limits.tolerated_count) value["toleratedCount"] = *summary.limits.tolerated_count;
  if (summary.limits.tolerated_millionths) {
    value["toleratedMillionths"] = *summary.limits.tolerated_millionths;
  }
  return value;
}

Error not_found(const std::string& arn) {
  return Error{"ResourceNotFound", "Resource not found: '" + arn + "'"};
}

}  // namespace

void MapRuns::changed(const run::Execution& parent, const run::MapRunSummary& summary) {
  const auto [it, is_new] = runs_.try_emplace(summary.arn);
  MapRun& map_run = it->second;
  map_run.summary = summary;
  if (is_new) {
    map_run.execution_arn = parent.identity.arn;
    for (const auto& [id, frame] : parent.frames) {
      const auto* waiting = std::get_if<run::WaitingMapRun>(&frame.waiting);
      if (waiting == nullptr || waiting->arn != summary.arn) continue;
      map_run.id = {parent.identity.number, waiting->started_event};
    }
    of_execution_[map_run.execution_arn].push_back(summary.arn);
  }
  core_.put_document(kMapRunKind, summary.arn, to_json(map_run));
}

void MapRuns::forget(const std::string& execution_arn) {
  const auto found = of_execution_.find(execution_arn);
  if (found == of_execution_.end()) return;
  for (const std::string& arn : found->second) {
    core_.erase_document(kMapRunKind, arn);
    runs_.erase(arn);
  }
  of_execution_.erase(found);
}

Result<MapRun> MapRuns::describe(const Caller& caller, const std::string& arn) const {
  if (auto valid = check_arn(arn, "mapRun"); !valid) return valid.error();
  const auto it = runs_.find(arn);
  if (it == runs_.end() || !belongs_to(arn, caller)) return not_found(arn);
  MapRun map_run = it->second;
  if (map_run.summary.status != run::MapRunStatus::Running) return map_run;
  const run::Execution* parent = core_.executions().find_live(map_run.id.execution);
  const run::Frame* frame = parent == nullptr ? nullptr : run::find_map_run(*parent, map_run.id);
  if (frame != nullptr) {
    map_run.summary = run::summary_of(std::get<run::WaitingMapRun>(frame->waiting));
  }
  return map_run;
}

std::vector<const MapRun*> MapRuns::list(const std::string& execution_arn) const {
  std::vector<const MapRun*> found;
  const auto it = of_execution_.find(execution_arn);
  if (it == of_execution_.end()) return found;
  for (const std::string& arn : it->second) found.push_back(&runs_.at(arn));
  std::stable_sort(found.begin(), found.end(), [](const MapRun* left, const MapRun* right) {
    return left->summary.start_time > right->summary.start_time;
  });
  return found;
}

Result<void> MapRuns::update(const Caller& caller, const std::string& arn,
                             std::optional<std::uint64_t> max_concurrency,
                             std::optional<std::uint64_t> tolerated_count,
                             std::optional<std::uint64_t> tolerated_millionths) {
  const auto found = describe(caller, arn);
  if (!found) return found.error();
  if (found->summary.status != run::MapRunStatus::Running) {
    return Error{"ValidationException", "Map Run is not running: '" + arn + "'"};
  }
  run::MapRunLimits limits = found->summary.limits;
  if (max_concurrency) limits.max_concurrency = *max_concurrency;
  if (tolerated_count) limits.tolerated_count = tolerated_count;
  if (tolerated_millionths) limits.tolerated_millionths = tolerated_millionths;
  core_.executions().update_map_run(found->id, limits);
  return {};
}

Result<void> MapRuns::restore(const Json& value) {
  MapRun map_run;
  run::MapRunSummary& summary = map_run.summary;
  summary.arn = text_at(value, "arn");
  map_run.execution_arn = text_at(value, "execution");
  const auto number = number_if<std::uint64_t>(value, "number");
  const auto event = number_if<std::uint64_t>(value, "event");
  const auto status = number_if<std::uint64_t>(value, "status");
  const auto started = number_if<std::int64_t>(value, "started");
  constexpr auto kLast = static_cast<std::uint64_t>(run::MapRunStatus::Aborted);
  if (summary.arn.empty() || !number || !event || !started || !status || *status > kLast) {
    return corrupt("it does not say what the Map Run is");
  }
  map_run.id = {ExecutionNumber{*number}, *event};
  summary.status = static_cast<run::MapRunStatus>(*status);
  summary.start_time = time_of_epoch_ms(*started);
  if (const auto stopped = number_if<std::int64_t>(value, "stopped")) {
    summary.stop_time = time_of_epoch_ms(*stopped);
  }
  summary.redrive_count = number_if<std::uint64_t>(value, "redriveCount").value_or(0);
  if (const auto redriven = number_if<std::int64_t>(value, "redriveDate")) {
    summary.redrive_time = time_of_epoch_ms(*redriven);
  }
  summary.limits = {
      .max_concurrency = number_if<std::uint64_t>(value, "maxConcurrency").value_or(0),
      .tolerated_count = number_if<std::uint64_t>(value, "toleratedCount"),
      .tolerated_millionths = number_if<std::uint64_t>(value, "toleratedMillionths")};
  summary.items = counts_from_json(find_member(value, "items"));
  summary.executions = counts_from_json(find_member(value, "executions"));
  of_execution_[map_run.execution_arn].push_back(summary.arn);
  std::string arn = summary.arn;
  runs_.insert_or_assign(std::move(arn), std::move(map_run));
  return {};
}

}  // namespace presso::core
