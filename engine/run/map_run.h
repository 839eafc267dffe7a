// A Map Run: the iterations of a distributed Map, each an execution of its own. What the frame of
// such a Map waits for, and what is told of it.
// https://docs.aws.amazon.com/step-functions/latest/dg/concepts-examine-map-run.html
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/shared_json.h"
#include "base/time.h"
#include "engine/run/event.h"

namespace presso::run {

// Of children, or of the items that they were given.
struct MapRunCounts {
  std::uint64_t pending = 0;
  std::uint64_t running = 0;
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;
  std::uint64_t timed_out = 0;
  std::uint64_t aborted = 0;
  std::uint64_t total = 0;
  std::uint64_t results_written = 0;
  std::uint64_t pending_redrive = 0;          // failed in an earlier attempt
  std::uint64_t failures_not_redrivable = 0;  // of the unsuccessful ones

  friend bool operator==(const MapRunCounts&, const MapRunCounts&) = default;
};

// What a frame waits for: first the items, then the children, then ResultWriter's files.
struct WaitingMapRun {
  enum class Phase { Reading, Running, Writing };
  struct Result {
    MapRunChildEnded::How how = MapRunChildEnded::How::Succeeded;
    SharedJson output;
    std::optional<std::string> error;
    std::optional<std::string> cause;
    Time start_time;
    Time stop_time;
    std::uint64_t redrive_count = 0;
    bool is_final = false;

    friend bool operator==(const Result&, const Result&) = default;
  };

  // One that failed or was aborted is kept for a redrive.
  bool is_closed = false;
  std::uint64_t started_event = 0;  // of MapRunStarted: with the execution's number its TaskId
  std::string arn;
  Time start_time;
  MapRunLimits limits;
  SharedJson reader;
  SharedJson writer;
  // Of a manifest or a listing: what each file is asked for with, and what the first of them gave.
  std::vector<SharedJson> files;
  std::vector<std::string> headers;  // of the files' columns; empty: ReaderConfig tells
  std::vector<SharedJson> files_read;
  bool has_items = false;
  std::vector<SharedJson> inputs;
  std::vector<std::uint64_t> item_counts;  // by child; empty: one each
  std::vector<std::optional<Result>> results;
  std::uint64_t started = 0;  // children, in the order of their inputs
  std::uint64_t ended = 0;
  std::uint64_t failed_items = 0;  // of children that failed, timed out or were aborted
  std::uint64_t written = 0;       // files
  std::uint64_t redrive_count = 0;
  std::optional<Time> redrive_time;
  // Children that were started by an earlier attempt and did not succeed in it; with those that
  // were never started they are what is left to do. The lowest index goes first.
  std::set<std::uint64_t> to_redrive;

  [[nodiscard]] Phase phase() const;
  [[nodiscard]] std::uint64_t items_of(std::uint64_t index) const;
  [[nodiscard]] bool is_running(std::uint64_t index) const;
  // Children that may be started yet, and those that run.
  [[nodiscard]] std::uint64_t waiting() const;
  [[nodiscard]] std::uint64_t running() const;
  [[nodiscard]] std::uint64_t item_total() const;
  // More failures than are tolerated.
  [[nodiscard]] bool is_over_tolerance() const;
  // By child, and by item.
  [[nodiscard]] MapRunCounts execution_counts() const;
  [[nodiscard]] MapRunCounts item_counts_by_status() const;

  friend bool operator==(const WaitingMapRun&, const WaitingMapRun&) = default;
};

// What DescribeMapRun shows.
enum class MapRunStatus { Running, Succeeded, Failed, Aborted };
[[nodiscard]] std::string_view to_string(MapRunStatus);
struct MapRunSummary {
  std::string arn;
  MapRunStatus status = MapRunStatus::Running;
  Time start_time;
  std::optional<Time> stop_time;
  MapRunLimits limits;
  MapRunCounts items;
  MapRunCounts executions;
  std::uint64_t redrive_count = 0;
  std::optional<Time> redrive_time;  // of the last one
};
[[nodiscard]] MapRunSummary summary_of(const WaitingMapRun&);

// "arn:…:mapRun:MACHINE/LABEL:UUID". AWS makes up a label for a Map without one, and keeps it.
[[nodiscard]] std::string map_run_arn(std::string_view machine_arn, std::string_view label,
                                      std::string_view uuid);
[[nodiscard]] std::string default_label(std::string_view machine_arn, std::string_view state);
// "arn:…:stateMachine:MACHINE/LABEL": what the children are executions of.
[[nodiscard]] std::string child_machine_arn(std::string_view map_run_arn);
// A child's name says which one it is, so that it is not started twice.
[[nodiscard]] std::string child_name(std::string_view map_run_arn, std::uint64_t index);
[[nodiscard]] std::string child_arn(std::string_view map_run_arn, std::uint64_t index);

}  // namespace presso::run
