// Random machines of all state types in a core, with everybody around them: what they tell is well
// formed, a crash changes nothing of it, and a redrive comes to what would have come without the
// failure.
//
// Each machine has a seed of its own, shown when it fails: PRESSO_SEED=n PRESSO_MACHINES=1 makes it
// again, PRESSO_MACHINES=1000 makes so many.
#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>

#include "tests/property/machine_play.h"
#include "tests/support/gen.h"
#include "tests/support/history_fault.h"

namespace presso::test {
namespace {

// The first machine's; the others have the next ones.
std::uint64_t first_seed() {
  const std::uint64_t seed = seed_or(1);
  std::printf("machine_test: PRESSO_SEED=%llu\n", static_cast<unsigned long long>(seed));
  return seed;
}

std::uint64_t machines_or(std::uint64_t fallback) {
  const char* count = std::getenv("PRESSO_MACHINES");
  return count != nullptr ? std::strtoull(count, nullptr, 10) : fallback;
}

// By what is asked for alone, so that it is the same in every run: some fail, some say nothing.
Fate by_digest(const Attempt& attempt) {
  switch (attempt.digest % 17) {
    case 0:
    case 1: return Fate::Fails;
    case 2: return attempt.may_time_out ? Fate::Never : Fate::Fails;
    case 3:
    case 4: return Fate::Lives;
    case 5: return attempt.of_its_key == 0 ? Fate::Fails : Fate::Succeeds;
    default: return Fate::Succeeds;
  }
}

void check_histories(const MachinePlay& play) {
  for (const auto& events : play.histories()) {
    const std::string fault = fault_in(events);
    REQUIRE_MESSAGE(fault.empty(), fault << "\n" << play.told());
  }
}

// The first line that differs.
std::string difference(const std::string& left, const std::string& right) {
  std::size_t at = 0;
  while (at < left.size() && at < right.size() && left[at] == right[at]) ++at;
  const std::size_t begin = at == 0 ? 0 : left.rfind('\n', at - 1) + 1;
  return left.substr(begin, left.find('\n', at) - begin) + "\n" +
         right.substr(begin, right.find('\n', at) - begin);
}

}  // namespace

TEST_CASE("whatever a machine is made of, its histories are well formed and fold to what runs") {
  const std::uint64_t first = first_seed();
  for (std::uint64_t seed = first; seed < first + machines_or(150); ++seed) {
    CAPTURE(seed);
    SeededEntropy entropy{seed};
    const RandomMachine machine = random_machine(entropy, {});
    CAPTURE(machine.definition);
    const auto at_random = [&](const Attempt& attempt) {
      switch (next_below(entropy, 12)) {
        case 0:
        case 1: return Fate::Fails;
        case 2: return attempt.may_time_out ? Fate::Never : Fate::Succeeds;
        case 3: return Fate::Lives;
        case 4: return next_below(entropy, 8) == 0 ? Fate::StopsTheRun : Fate::Succeeds;
        default: return Fate::Succeeds;
      }
    };
    MachinePlay play{machine, at_random, {}, 1 + next_below(entropy, 4)};
    play.run();
    check_histories(play);
    for (int redrives = 0; redrives < 3 && play.redrive(); ++redrives) check_histories(play);
  }
}

TEST_CASE("a crash at any commit changes nothing that is told") {
  const std::uint64_t first = first_seed();
  for (std::uint64_t seed = first; seed < first + machines_or(40); ++seed) {
    CAPTURE(seed);
    SeededEntropy entropy{seed};
    const RandomMachine machine = random_machine(entropy, {.has_express_children = false});
    CAPTURE(machine.definition);
    MachinePlay without{machine, by_digest};
    without.run();
    const std::string told = without.told();
    check_histories(without);
    for (std::uint64_t commit = 1; commit <= without.commits(); ++commit) {
      CAPTURE(commit);
      const bool loses_effects = next_below(entropy, 2) == 0;
      CAPTURE(loses_effects);
      MachinePlay with{machine, by_digest, {commit, loses_effects}, 1 + next_below(entropy, 8)};
      with.run();
      const std::string then = with.told();
      REQUIRE_MESSAGE(then == told, difference(told, then));
    }
    for (const bool loses_effects : {false, true}) {
      CAPTURE(loses_effects);
      MachinePlay with{machine, by_digest, {1, loses_effects, true}};
      with.run();
      const std::string then = with.told();
      REQUIRE_MESSAGE(then == told, difference(told, then));
    }
  }
}

TEST_CASE("a machine redriven after any failure comes to what it would have come to without") {
  const std::uint64_t first = first_seed();
  const RandomMachineOptions simple{.can_survive_failures = false};
  for (std::uint64_t seed = first; seed < first + machines_or(60); ++seed) {
    CAPTURE(seed);
    SeededEntropy entropy{seed};
    const RandomMachine machine = random_machine(entropy, simple);
    CAPTURE(machine.definition);
    MachinePlay smooth{machine, [](const Attempt&) { return Fate::Succeeds; }};
    smooth.run();
    REQUIRE(smooth.status() == run::Status::Succeeded);
    for (const Fate fate : {Fate::Fails, Fate::StopsTheRun}) {
      for (std::uint64_t point = 0; point < smooth.attempts(); ++point) {
        CAPTURE(point);
        const Crash crash{next_below(entropy, 2 * smooth.commits() + 1), false};
        MachinePlay play{
            machine,
            [&](const Attempt& attempt) { return attempt.number == point ? fate : Fate::Succeeds; },
            crash, 1 + next_below(entropy, 8)};
        play.run();
        for (int redrives = 0; redrives < 5 && play.status() != run::Status::Succeeded;
             ++redrives) {
          REQUIRE(play.redrive());
        }
        check_histories(play);
        REQUIRE(play.result() == smooth.result());
      }
    }
  }
}

}  // namespace presso::test
