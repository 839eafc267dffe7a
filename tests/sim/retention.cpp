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

std::size_t too_young(const test::MemoryDisk& disk, Time now) {
  return static_cast<std::size_t>(std::ranges::count_if(
      disk.executions, [&](const auto& entry) { return gone_at(entry.second) > now; }));
}

}  // namespace

std::vector<std::string> audit_retention(World& world) {
  std::vector<std::string> faults;
  const test::MemoryDisk before = world.store().disk();
  Time first = Time::max();
  Time last = world.now();
  for (const auto& [number, row] : before.executions) {
    first = std::min(first, gone_at(row));
    last = std::max(last, gone_at(row));
  }
  if (before.executions.empty()) return {"there is no execution to let go"};
  for (int i = 0; i < kStops; ++i) {
    const Time now = first + (last - first) * i / kStops;
    world.outlast(now);
    if (too_young(world.store().disk(), world.now()) != too_young(before, world.now())) {
      faults.push_back("an execution went before its time");
    }
  }
  // A sweep that finds nothing is not repeated at once.
  world.outlast(last + core::kRetention / core::kSweepsPerRetention);
  const test::MemoryDisk after = world.store().disk();
  const auto expect_none = [&](std::size_t left, const char* what) {
    if (left > 0) faults.push_back(std::to_string(left) + " " + what + " stay for ever");
  };
  expect_none(after.executions.size(), "closed executions");
  expect_none(after.names.size(), "names of executions");
  expect_none(after.history.size(), "rows of history");
  expect_none(
      static_cast<std::size_t>(std::ranges::count_if(
          after.documents, [](const auto& entry) { return entry.first.first == "map-run"; })),
      "Map Runs");
  return faults;
}

}  // namespace presso::sim
