// Map Runs: what is sent and answered.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeMapRun.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "api/field.h"
#include "api/states/constraints.h"

namespace presso::api::states {

inline constexpr std::string_view kMapRunStatusValues[] = {"RUNNING", "SUCCEEDED", "FAILED",
                                                           "ABORTED"};

// Of children, or of items.
template <class Self>
struct MapRunCountsOf {
  std::int64_t pending = 0;
  std::int64_t running = 0;
  std::int64_t succeeded = 0;
  std::int64_t failed = 0;
  std::int64_t timed_out = 0;
  std::int64_t aborted = 0;
  std::int64_t total = 0;
  std::int64_t results_written = 0;
  std::optional<std::int64_t> failures_not_redrivable;
  std::optional<std::int64_t> pending_redrive;

  static constexpr auto fields() {
    using S = Self;
    constexpr Constraint kCount{.min = 0};
    return std::tuple{count(&S::pending, "pending", kCount),
                      count(&S::running, "running", kCount),
                      count(&S::succeeded, "succeeded", kCount),
                      count(&S::failed, "failed", kCount),
                      count(&S::timed_out, "timedOut", kCount),
                      count(&S::aborted, "aborted", kCount),
                      count(&S::total, "total", kCount),
                      count(&S::results_written, "resultsWritten", kCount),
                      count(&S::failures_not_redrivable, "failuresNotRedrivable", {}),
                      count(&S::pending_redrive, "pendingRedrive", {})};
  }

 private:
  // The member is the base's; the field is the shape's own.
  template <class T>
  static constexpr Field<Self, T> count(T MapRunCountsOf::*member, std::string_view name,
                                        Constraint constraint) {
    return {name, static_cast<T Self::*>(member), constraint};
  }
};
struct MapRunItemCounts : MapRunCountsOf<MapRunItemCounts> {
  static constexpr std::string_view kName = "MapRunItemCounts";
};
struct MapRunExecutionCounts : MapRunCountsOf<MapRunExecutionCounts> {
  static constexpr std::string_view kName = "MapRunExecutionCounts";
};

struct DescribeMapRunRequest {
  std::string map_run_arn;

  static constexpr auto fields() {
    return std::tuple{field("mapRunArn", &DescribeMapRunRequest::map_run_arn, kLongArn)};
  }
};
struct DescribeMapRunResponse {
  std::string map_run_arn;
  std::string execution_arn;
  std::string status;
  Time start_date;
  std::optional<Time> stop_date;
  std::int64_t max_concurrency = 0;
  double tolerated_failure_percentage = 0;
  std::int64_t tolerated_failure_count = 0;
  MapRunItemCounts item_counts;
  MapRunExecutionCounts execution_counts;
  std::optional<std::int64_t> redrive_count;
  std::optional<Time> redrive_date;

  static constexpr auto fields() {
    using S = DescribeMapRunResponse;
    return std::tuple{field("mapRunArn", &S::map_run_arn, kLongArn),
                      field("executionArn", &S::execution_arn, kArn),
                      field("status", &S::status, {.values = kMapRunStatusValues}),
                      field("startDate", &S::start_date),
                      field("stopDate", &S::stop_date),
                      field("maxConcurrency", &S::max_concurrency, {.min = 0}),
                      field("toleratedFailurePercentage", &S::tolerated_failure_percentage,
                            {.min = 0, .max = 100}),
                      field("toleratedFailureCount", &S::tolerated_failure_count, {.min = 0}),
                      field("itemCounts", &S::item_counts),
                      field("executionCounts", &S::execution_counts),
                      field("redriveCount", &S::redrive_count),
                      field("redriveDate", &S::redrive_date)};
  }
};

struct ListMapRunsRequest {
  std::string execution_arn;
  std::optional<std::int64_t> max_results;
  std::optional<std::string> next_token;

  static constexpr auto fields() {
    using S = ListMapRunsRequest;
    return std::tuple{field("executionArn", &S::execution_arn, kArn),
                      field("maxResults", &S::max_results, kPageSize),
                      field("nextToken", &S::next_token, kPageToken)};
  }
};
struct MapRunListItem {
  std::string execution_arn;
  std::string map_run_arn;
  std::string state_machine_arn;
  Time start_date;
  std::optional<Time> stop_date;

  static constexpr std::string_view kName = "MapRunListItem";
  static constexpr auto fields() {
    using S = MapRunListItem;
    return std::tuple{field("executionArn", &S::execution_arn, kArn),
                      field("mapRunArn", &S::map_run_arn, kLongArn),
                      field("stateMachineArn", &S::state_machine_arn, kArn),
                      field("startDate", &S::start_date), field("stopDate", &S::stop_date)};
  }
};
struct ListMapRunsResponse {
  std::vector<MapRunListItem> map_runs;
  std::optional<std::string> next_token;

  static constexpr auto fields() {
    using S = ListMapRunsResponse;
    return std::tuple{field("mapRuns", &S::map_runs),
                      field("nextToken", &S::next_token, kPageToken)};
  }
};

struct UpdateMapRunRequest {
  std::string map_run_arn;
  std::optional<std::int64_t> max_concurrency;
  std::optional<double> tolerated_failure_percentage;
  std::optional<std::int64_t> tolerated_failure_count;

  static constexpr auto fields() {
    using S = UpdateMapRunRequest;
    return std::tuple{field("mapRunArn", &S::map_run_arn, kLongArn),
                      field("maxConcurrency", &S::max_concurrency, {.min = 0}),
                      field("toleratedFailurePercentage", &S::tolerated_failure_percentage,
                            {.min = 0, .max = 100}),
                      field("toleratedFailureCount", &S::tolerated_failure_count, {.min = 0})};
  }
};

}  // namespace presso::api::states
