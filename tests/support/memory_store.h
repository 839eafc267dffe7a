// A Store and its Readers over the standard library's containers: the contract of
// engine/core/store.h in its plainest form. tests/store holds it to the suite that every store has
// to pass.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/store.h"

namespace presso::test {

// What is stored; a copy of it is a copy of the disk.
struct MemoryDisk {
  std::map<std::pair<std::string, std::string>, std::string> documents;  // by kind, key
  std::map<ExecutionNumber, core::ExecutionRow> executions;
  std::map<core::ExecutionName, ExecutionNumber> names;
  std::map<std::pair<ExecutionNumber, std::uint64_t>, std::string> history;
  std::map<DeliveryId, core::DeliveryRow> deliveries;
  ExecutionNumber last_number;
  DeliveryId last_delivery;

  friend bool operator==(const MemoryDisk&, const MemoryDisk&) = default;
};

class MemoryStore final : public core::Store {
 public:
  MemoryStore() = default;
  explicit MemoryStore(MemoryDisk disk) : shared_{std::make_shared<Shared>()} {
    shared_->disk = std::move(disk);
  }

  [[nodiscard]] Result<core::Recovered> recover() override;
  [[nodiscard]] Result<core::Loaded> load(const core::Keys&) override;
  [[nodiscard]] Result<void> commit(const core::Batch&) override;
  [[nodiscard]] Result<bool> tidy() override { return false; }
  [[nodiscard]] Result<void> clear() override;

  // Sees every commit that returned; may be used from another thread and outlive the store.
  [[nodiscard]] std::unique_ptr<core::Reader> reader() const;
  [[nodiscard]] MemoryDisk disk() const;
  // Without a copy.
  void look_at(const std::function<void(const MemoryDisk&)>&) const;
  // All of an execution's rows, by seq.
  [[nodiscard]] std::vector<core::HistoryRow> history(ExecutionNumber) const;

 private:
  friend class MemoryReader;
  struct Shared {
    mutable std::mutex mutex;
    MemoryDisk disk;
  };
  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
};

}  // namespace presso::test
