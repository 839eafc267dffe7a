// What every store promises, as one suite that runs over each of them.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "engine/core/store.h"

namespace presso::test {

// A store with its medium: what outlives the store object.
class StoreUnderTest {
 public:
  virtual ~StoreUnderTest() = default;
  [[nodiscard]] virtual core::Store& store() = 0;
  [[nodiscard]] virtual std::unique_ptr<core::Reader> reader() = 0;
  // Closes the store and opens it again on the same medium, as a restart does.
  virtual void reopen() = 0;
};

// A batch of one kind of change.
template <class Rows>
core::Batch batch_of(Rows core::Batch::*member, Rows rows) {
  core::Batch batch;
  batch.*member = std::move(rows);
  return batch;
}

using MakeStore = std::function<std::unique_ptr<StoreUnderTest>()>;

// To be called from one TEST_CASE; its sub-cases each start with a new, empty store.
void check_store_contract(const MakeStore&);

// Seeded random batches, compared with a model of maps after each; reopened now and then.
void check_store_against_model(const MakeStore&, std::uint64_t seed);

}  // namespace presso::test
