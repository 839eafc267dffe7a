#include "tests/sim/retention.h"

#include <algorithm>

#include "engine/core/limits.h"

namespace presso::sim {

namespace {

// How often time stands still on the way.
constexpr int kStops = 8;

Time gone_at(const core::ExecutionRow& row) {
  return row.stop_time.value_or(row.start_time) + core::kRetention;
}

// When each of the stored executions may go, the first one first.
std::vector<Time> times_of(const World& world) {
  std::vector<Time> times;
  world.store().look_at([&](const test::MemoryDisk& disk) {
    for (const auto& [number, row] : disk.executions) times.push_back(gone_at(row));
  });
  std::ranges::sort(times);
  return times;
}

std::size_t too_young(const std::vector<Time>& times, Time now) {
  return static_cast<std::size_t>(times.end() - std::ranges::upper_bound(times, now));
}

}  // namespace

std::vector<std::string> audit_retention(World& world) {
  std::vector<std::string> faults;
  const std::vector<Time> before = times_of(world);
  if (before.empty()) return {"there is no execution to let go"};
  const Time first = before.front();
  const Time last = std::max(before.back(), world.now());
  for (int i = 0; i < kStops; ++i) {
    const Time now = first + (last - first) * i / kStops;
    world.outlast(now);
    if (too_young(times_of(world), world.now()) != too_young(before, world.now())) {
      faults.push_back("an execution went before its time");
    }
  }
  // A sweep that finds nothing is not repeated at once.
  world.outlast(last + core::kRetention / core::kSweepsPerRetention);
  const auto expect_none = [&](std::size_t left, const char* what) {
    if (left > 0) faults.push_back(std::to_string(left) + " " + what + " stay for ever");
  };
  world.store().look_at([&](const test::MemoryDisk& after) {
    expect_none(after.executions.size(), "closed executions");
    expect_none(after.names.size(), "names of executions");
    expect_none(after.history.size(), "rows of history");
    const auto is_map_run = [](const auto& entry) { return entry.first.first == "map-run"; };
    const auto map_runs = std::ranges::count_if(after.documents, is_map_run);
    expect_none(static_cast<std::size_t>(map_runs), "Map Runs");
  });
  return faults;
}

}  // namespace presso::sim
