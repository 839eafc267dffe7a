#include <algorithm>
#include <cmath>
#include <utility>

#include "api/limits.h"
#include "api/page.h"
#include "api/states/execution_reader.h"
#include "api/states/handlers.h"
#include "engine/core/map_runs.h"
#include "engine/core/names.h"

namespace presso::api::states {
namespace {

constexpr double kMillionths = 1e6;

template <class Counts>
Counts shown_counts(const run::MapRunCounts& counts) {
  const auto number = [](std::uint64_t count) { return static_cast<std::int64_t>(count); };
  Counts shown;
  shown.pending = number(counts.pending);
  shown.running = number(counts.running);
  shown.succeeded = number(counts.succeeded);
  shown.failed = number(counts.failed);
  shown.timed_out = number(counts.timed_out);
  shown.aborted = number(counts.aborted);
  shown.total = number(counts.total);
  shown.results_written = number(counts.results_written);
  shown.failures_not_redrivable = number(counts.failures_not_redrivable);
  shown.pending_redrive = number(counts.pending_redrive);
  return shown;
}

std::string machine_of(const std::string& execution_arn) {
  const auto name = core::parse_execution_arn(execution_arn);
  return name ? name->first : std::string{};
}

}  // namespace

Result<DescribeMapRunResponse> describe_map_run(Core& core, const Caller& caller,
                                                const DescribeMapRunRequest& request) {
  const auto found = core.map_runs().describe(caller, request.map_run_arn);
  if (!found) return found.error();
  const run::MapRunSummary& summary = found->summary;
  DescribeMapRunResponse response;
  response.map_run_arn = summary.arn;
  response.execution_arn = found->execution_arn;
  response.status = run::to_string(summary.status);
  response.start_date = summary.start_time;
  response.stop_date = summary.stop_time;
  response.max_concurrency = static_cast<std::int64_t>(summary.limits.max_concurrency);
  response.tolerated_failure_percentage =
      static_cast<double>(summary.limits.tolerated_millionths.value_or(0)) / kMillionths;
  response.tolerated_failure_count =
      static_cast<std::int64_t>(summary.limits.tolerated_count.value_or(0));
  response.item_counts = shown_counts<MapRunItemCounts>(summary.items);
  response.execution_counts = shown_counts<MapRunExecutionCounts>(summary.executions);
  response.redrive_count = static_cast<std::int64_t>(summary.redrive_count);
  response.redrive_date = summary.redrive_time;
  return response;
}

core::Keys keys_of(const ListMapRunsRequest& request) {
  return core::keys_of_execution(request.execution_arn);
}

Result<ListMapRunsResponse> list_map_runs(Core& core, const Caller& caller,
                                          const ListMapRunsRequest& request) {
  const auto execution = core.executions().find(request.execution_arn);
  if (!execution) return execution.error();
  if (!core::belongs_to(request.execution_arn, caller)) {
    return Error{"ExecutionDoesNotExist",
                 "Execution Does Not Exist: '" + request.execution_arn + "'"};
  }
  const PageToken token{caller, "ListMapRuns", Json(request.execution_arn)};
  const auto place = token.read(request.next_token, invalid_token());
  if (!place) return place.error();
  const auto passed = whole_place(*place);
  if (!place->is_null() && !passed) return invalid_token();
  const auto runs = core.map_runs().list(request.execution_arn);
  const std::size_t size = page_size(request.max_results, kDefaultPage);
  const std::size_t first = std::min<std::size_t>(passed.value_or(0), runs.size());
  const std::size_t last = std::min(first + size, runs.size());
  ListMapRunsResponse response;
  for (std::size_t i = first; i < last; ++i) {
    const run::MapRunSummary& summary = runs[i]->summary;
    response.map_runs.push_back({request.execution_arn, summary.arn,
                                 machine_of(request.execution_arn), summary.start_time,
                                 summary.stop_time});
  }
  if (last < runs.size()) response.next_token = token.make(Json(last));
  return response;
}

Result<Nothing> update_map_run(Core& core, const Caller& caller,
                               const UpdateMapRunRequest& request) {
  const auto whole = [](const std::optional<std::int64_t>& value) {
    return value ? std::optional{static_cast<std::uint64_t>(*value)} : std::nullopt;
  };
  std::optional<std::uint64_t> millionths;
  if (request.tolerated_failure_percentage) {
    millionths = static_cast<std::uint64_t>(
        std::llround(*request.tolerated_failure_percentage * kMillionths));
  }
  const auto done =
      core.map_runs().update(caller, request.map_run_arn, whole(request.max_concurrency),
                             whole(request.tolerated_failure_count), millionths);
  if (!done) return done.error();
  return Nothing{};
}

}  // namespace presso::api::states
