#include "engine/run/map_run.h"

#include <algorithm>
#include <numeric>

#include "base/assert.h"
#include "base/digest.h"
#include "base/entropy.h"

namespace presso::run {

namespace {

constexpr std::uint64_t kMillionths = 1'000'000;
constexpr std::string_view kMapRun = ":mapRun:";

// The same for the same name.
std::string uuid_of_name(std::string_view name) {
  std::uint64_t seed = 0;
  for (const char byte : digest(DigestAlgorithm::Sha256, name).substr(0, sizeof seed)) {
    seed = (seed << 8) | static_cast<unsigned char>(byte);
  }
  SeededEntropy entropy{seed};
  return next_uuid(entropy);
}

// `weight(i)`: how much child i counts.
template <class Weight>
MapRunCounts count(const WaitingMapRun& run, Weight weight) {
  MapRunCounts counts;
  for (std::uint64_t i = 0; i < run.inputs.size(); ++i) {
    const std::uint64_t items = weight(i);
    counts.total += items;
    if (i >= run.started) {
      counts.pending += items;
    } else if (run.to_redrive.contains(i)) {
      counts.pending_redrive += items;
    } else if (!run.results[i]) {
      counts.running += items;
    } else {
      if (run.results[i]->is_final) counts.failures_not_redrivable += items;
      switch (run.results[i]->how) {
        case MapRunChildEnded::How::Succeeded: counts.succeeded += items; break;
        case MapRunChildEnded::How::Failed: counts.failed += items; break;
        case MapRunChildEnded::How::TimedOut: counts.timed_out += items; break;
        case MapRunChildEnded::How::Aborted: counts.aborted += items; break;
      }
    }
  }
  return counts;
}

// "…:mapRun:MACHINE/LABEL:UUID" with another type, and without the last part.
std::string of_type(std::string_view map_run_arn, std::string_view type) {
  const std::size_t begin = map_run_arn.find(kMapRun);
  const std::size_t end = map_run_arn.rfind(':');
  PRESSO_ASSERT(begin != std::string_view::npos && end > begin + kMapRun.size());
  return std::string{map_run_arn.substr(0, begin)} + ":" + std::string{type} + ":" +
         std::string{map_run_arn.substr(begin + kMapRun.size(), end - begin - kMapRun.size())};
}

}  // namespace

auto WaitingMapRun::phase() const -> Phase {
  if (!has_items) return Phase::Reading;
  return ended < inputs.size() ? Phase::Running : Phase::Writing;
}

std::uint64_t WaitingMapRun::items_of(std::uint64_t index) const {
  return item_counts.empty() ? 1 : item_counts.at(index);
}

bool WaitingMapRun::is_running(std::uint64_t index) const {
  return index < started && !results[index] && !to_redrive.contains(index);
}

std::uint64_t WaitingMapRun::waiting() const { return inputs.size() - started + to_redrive.size(); }

std::uint64_t WaitingMapRun::running() const { return started - ended - to_redrive.size(); }

std::uint64_t WaitingMapRun::item_total() const {
  if (item_counts.empty()) return inputs.size();
  return std::accumulate(item_counts.begin(), item_counts.end(), std::uint64_t{0});
}

bool WaitingMapRun::is_over_tolerance() const {
  if (failed_items == 0) return false;
  if (!limits.tolerated_count && !limits.tolerated_millionths) return true;
  if (limits.tolerated_count && failed_items > *limits.tolerated_count) return true;
  return limits.tolerated_millionths &&
         failed_items * 100 * kMillionths > *limits.tolerated_millionths * item_total();
}

MapRunCounts WaitingMapRun::execution_counts() const {
  return count(*this, [](std::uint64_t) { return std::uint64_t{1}; });
}

MapRunCounts WaitingMapRun::item_counts_by_status() const {
  return count(*this, [&](std::uint64_t index) { return items_of(index); });
}

std::string_view to_string(MapRunStatus status) {
  switch (status) {
    case MapRunStatus::Running: return "RUNNING";
    case MapRunStatus::Succeeded: return "SUCCEEDED";
    case MapRunStatus::Failed: return "FAILED";
    case MapRunStatus::Aborted: return "ABORTED";
  }
  PRESSO_ASSERT(false);
}

MapRunSummary summary_of(const WaitingMapRun& run) {
  MapRunSummary summary;
  summary.arn = run.arn;
  summary.start_time = run.start_time;
  summary.limits = run.limits;
  summary.items = run.item_counts_by_status();
  summary.executions = run.execution_counts();
  summary.redrive_count = run.redrive_count;
  summary.redrive_time = run.redrive_time;
  return summary;
}

std::string map_run_arn(std::string_view machine_arn, std::string_view label,
                        std::string_view uuid) {
  constexpr std::string_view kMachine = ":stateMachine:";
  std::string arn{machine_arn};
  const std::size_t at = arn.find(kMachine);
  PRESSO_ASSERT(at != std::string::npos);
  arn.replace(at, kMachine.size(), kMapRun);
  return arn.append("/").append(label).append(":").append(uuid);
}

std::string default_label(std::string_view machine_arn, std::string_view state) {
  return uuid_of_name(std::string{machine_arn} + "/" + std::string{state});
}

std::string child_machine_arn(std::string_view map_run_arn) {
  return of_type(map_run_arn, "stateMachine");
}

std::string child_name(std::string_view map_run_arn, std::uint64_t index) {
  return uuid_of_name(std::string{map_run_arn} + "/" + std::to_string(index));
}

std::string child_arn(std::string_view map_run_arn, std::uint64_t index) {
  return of_type(map_run_arn, "execution") + ":" + child_name(map_run_arn, index);
}

}  // namespace presso::run
