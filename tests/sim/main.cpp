// sim [--orders N] [--events N] [--kitchen N] [--worlds N] [--seed S] [--crash-every COMMITS]:
// three seeded simulations with crashes, audited: the coffee shop, deliveries of events, and large
// orders with branches, Map Runs, activities and redrives; of the first and the last, all that was
// closed goes with time. Prints the seed of each world, which
// PRESSO_SEED or --seed repeats, and which transitions of states the large orders went through.

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "tests/sim/auditor.h"
#include "tests/sim/deliveries.h"
#include "tests/sim/kitchen.h"
#include "tests/sim/retention.h"
#include "tests/sim/workload.h"
#include "tests/sim/world.h"

namespace {

struct Options {
  std::uint64_t orders = 10'000;
  std::uint64_t events = 1'000;
  std::uint64_t kitchen = 500;
  std::uint64_t worlds = 1;
  std::uint64_t seed = 1;
  std::uint64_t crash_every = 40;
};

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    std::fprintf(stderr, "sim: not a number: %.*s\n", static_cast<int>(text.size()), text.data());
    std::exit(2);
  }
  return value;
}

Options parse(int argc, char** argv) {
  Options options;
  if (const char* seed = std::getenv("PRESSO_SEED")) options.seed = number(seed);
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    if (name == "--orders") options.orders = number(argv[i + 1]);
    if (name == "--events") options.events = number(argv[i + 1]);
    if (name == "--kitchen") options.kitchen = number(argv[i + 1]);
    if (name == "--worlds") options.worlds = number(argv[i + 1]);
    if (name == "--seed") options.seed = number(argv[i + 1]);
    if (name == "--crash-every") options.crash_every = number(argv[i + 1]);
  }
  return options;
}

bool run(std::uint64_t seed, const Options& options) {
  using Clock = std::chrono::steady_clock;
  const auto begun = Clock::now();
  presso::sim::World world{seed, {.mean_commits = options.crash_every}};
  presso::sim::Auditor auditor;
  presso::sim::Workload workload{world, auditor};
  workload.plan(options.orders);
  world.run();
  auto faults = auditor.audit(world);
  for (std::string& fault : presso::sim::audit_retention(world)) faults.push_back(std::move(fault));
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun);
  std::printf("seed %llu: %zu orders, %llu commits, %llu crashes, %llu late answers, %lld ms: %s\n",
              static_cast<unsigned long long>(seed), auditor.orders().size(),
              static_cast<unsigned long long>(world.commits()),
              static_cast<unsigned long long>(world.crashes()),
              static_cast<unsigned long long>(workload.late_answers()),
              static_cast<long long>(ms.count()), faults.empty() ? "well" : "FAULTS");
  for (const std::string& fault : faults) std::printf("  %s\n", fault.c_str());
  std::fflush(stdout);
  return faults.empty();
}

bool run_deliveries(std::uint64_t seed, const Options& options) {
  presso::sim::World world{seed, {.mean_commits = options.crash_every}};
  presso::sim::Deliveries deliveries{world};
  deliveries.plan(options.events);
  world.run();
  const auto faults = deliveries.audit();
  std::printf("seed %llu: %zu events, %llu commits, %llu crashes, %zu dead letters: %s\n",
              static_cast<unsigned long long>(seed), deliveries.events(),
              static_cast<unsigned long long>(world.commits()),
              static_cast<unsigned long long>(world.crashes()), deliveries.dead_letters(),
              faults.empty() ? "well" : "FAULTS");
  for (const std::string& fault : faults) std::printf("  %s\n", fault.c_str());
  std::fflush(stdout);
  return faults.empty();
}

// So few orders do not come by everything that can happen.
constexpr std::uint64_t kOrdersToCover = 500;

bool run_kitchen(std::uint64_t seed, const Options& options) {
  presso::sim::World world{seed, {.mean_commits = options.crash_every}};
  presso::sim::Kitchen kitchen{world};
  kitchen.plan(options.kitchen);
  world.run();
  auto faults = kitchen.audit();
  if (options.kitchen >= kOrdersToCover) {
    for (std::string& fault : kitchen.coverage().faults()) faults.push_back(std::move(fault));
  }
  for (std::string& fault : presso::sim::audit_retention(world)) faults.push_back(std::move(fault));
  std::printf(
      "seed %llu: %llu large orders, %zu executions, %llu commits, %llu crashes, %llu stops, %llu "
      "redrives, %llu Map Runs updated: %s\n",
      static_cast<unsigned long long>(seed), static_cast<unsigned long long>(options.kitchen),
      kitchen.executions(), static_cast<unsigned long long>(world.commits()),
      static_cast<unsigned long long>(world.crashes()),
      static_cast<unsigned long long>(kitchen.stops()),
      static_cast<unsigned long long>(kitchen.redrives()),
      static_cast<unsigned long long>(kitchen.updates()), faults.empty() ? "well" : "FAULTS");
  for (const std::string& fault : faults) std::printf("  %s\n", fault.c_str());
  for (const std::string& line : kitchen.coverage().report()) std::printf("  %s\n", line.c_str());
  std::fflush(stdout);
  return faults.empty();
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse(argc, argv);
  bool is_well = true;
  for (std::uint64_t i = 0; i < options.worlds; ++i) {
    is_well = run(options.seed + i, options) && is_well;
    is_well = run_deliveries(options.seed + i, options) && is_well;
    is_well = run_kitchen(options.seed + i, options) && is_well;
  }
  return is_well ? 0 : 1;
}
