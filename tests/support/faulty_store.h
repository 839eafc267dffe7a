// A store that breaks at a chosen commit, for simulations of a crash: what the disk holds after it
// is either what was there before, or what the commit wrote. Whoever sees the error must act as a
// process that died: forget the core, and recover another one from the same disk.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/core/store.h"

namespace presso::test {

enum class Fault {
  BeforeCommit,  // nothing of the batch was written
  AfterCommit,   // all of it was, but nobody heard
};

class FaultyStore final : public core::Store {
 public:
  explicit FaultyStore(core::Store& store) : store_{store} {}

  // The `commits`-th commit from now fails, 1 being the next.
  void fail_at(std::uint64_t commits, Fault);
  // Commits that were tried.
  [[nodiscard]] std::uint64_t commits() const { return commits_; }

  [[nodiscard]] Result<core::Recovered> recover() override { return store_.recover(); }
  [[nodiscard]] Result<core::Loaded> load(const core::Keys& keys) override {
    return store_.load(keys);
  }
  [[nodiscard]] Result<void> commit(const core::Batch&) override;
  [[nodiscard]] Result<bool> tidy() override { return store_.tidy(); }
  [[nodiscard]] Result<void> clear() override { return store_.clear(); }

 private:
  core::Store& store_;
  std::uint64_t commits_ = 0;
  std::optional<std::uint64_t> failing_;
  Fault fault_ = Fault::BeforeCommit;
};

}  // namespace presso::test
