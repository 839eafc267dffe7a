#include "tests/support/faulty_store.h"

namespace presso::test {

void FaultyStore::fail_at(std::uint64_t commits, Fault fault) {
  failing_ = commits_ + commits;
  fault_ = fault;
}

Result<void> FaultyStore::commit(const core::Batch& batch) {
  ++commits_;
  const bool fails = failing_ == commits_;
  if (fails) failing_.reset();
  if (!fails || fault_ == Fault::AfterCommit) {
    if (auto done = store_.commit(batch); !done) return done;
  }
  if (!fails) return {};
  return Error{"StoreFault", "the store broke at commit " + std::to_string(commits_)};
}

}  // namespace presso::test
