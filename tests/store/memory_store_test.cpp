#include "tests/support/memory_store.h"

#include <doctest/doctest.h>

#include "tests/store/store_contract.h"

namespace presso::test {
namespace {

class MemoryUnderTest final : public StoreUnderTest {
 public:
  core::Store& store() override { return *store_; }
  std::unique_ptr<core::Reader> reader() override { return store_->reader(); }
  void reopen() override { store_ = std::make_unique<MemoryStore>(store_->disk()); }

 private:
  std::unique_ptr<MemoryStore> store_ = std::make_unique<MemoryStore>();
};

std::unique_ptr<StoreUnderTest> make_memory() { return std::make_unique<MemoryUnderTest>(); }

TEST_CASE("the store in memory keeps the contract") { check_store_contract(make_memory); }

TEST_CASE("the store in memory is a set of maps") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) check_store_against_model(make_memory, seed);
}

}  // namespace
}  // namespace presso::test
