// A process, its disk and the rest of the world, under virtual time: the real core on a memory
// store, with a crash at chosen commits. The same seed gives the same run.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "engine/core/core.h"
#include "tests/support/fake_services.h"
#include "tests/support/faulty_store.h"
#include "tests/support/memory_store.h"

namespace presso::sim {

struct Crashes {
  std::uint64_t mean_commits = 0;  // on average one crash in so many commits; 0: never
};

// What a client hears. Nothing: the process died first.
using Heard = std::function<void(const std::optional<core::Answer>&)>;

class World {
 public:
  World(std::uint64_t seed, Crashes crashes);

  [[nodiscard]] Time now() const { return now_; }
  [[nodiscard]] Entropy& entropy() { return entropy_; }
  [[nodiscard]] test::FakeServices& services() { return services_; }
  [[nodiscard]] const test::MemoryStore& store() const { return store_; }
  [[nodiscard]] const core::Core& core() const { return *core_; }
  [[nodiscard]] std::uint64_t crashes() const { return crash_count_; }
  [[nodiscard]] std::uint64_t commits() const { return faulty_.commits(); }

  // Somebody does something at that moment.
  void at(Time, std::function<void()>);
  void request(core::Keys, std::function<void(core::Core&, RequestId)>, Heard);
  // Until nothing can happen any more.
  void run();
  // Then: until that time, and whatever is due for leaving the store by then has left.
  void outlast(Time);

 private:
  void turn();
  void release(std::vector<core::Effect>);
  void crash();
  void boot();
  void plan_crash();
  [[nodiscard]] std::optional<Time> next() const;

  SeededEntropy entropy_;
  Crashes plan_;
  Time now_ = time_of_epoch_ms(1'700'000'000'000);
  test::MemoryStore store_;
  test::FaultyStore faulty_{store_};
  test::FakeServices services_;
  std::unique_ptr<core::Core> core_;
  std::multimap<Time, std::function<void()>> actors_;
  std::vector<core::Input> inbox_;
  std::map<RequestId, Heard> waiting_;
  std::uint64_t last_request_ = 0;
  std::uint64_t crash_count_ = 0;
};

}  // namespace presso::sim
