// The store's promise in its simplest form, maps, beside the store itself.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/entropy.h"
#include "tests/store/store_contract.h"

namespace presso::test {
namespace {

constexpr int kBatches = 120;
constexpr int kReopenEvery = 17;
constexpr std::array kStatuses = {run::Status::Running, run::Status::Succeeded, run::Status::Failed,
                                  run::Status::TimedOut, run::Status::Aborted};
constexpr std::array kMachines = {"arn:machine:A", "arn:machine:B", "arn:machine:\xE2\x98\x95"};

struct Model {
  std::map<std::pair<std::string, std::string>, std::string> documents;
  std::map<std::uint64_t, core::ExecutionRow> executions;
  std::map<std::uint64_t, std::vector<core::HistoryRow>> history;
  std::map<std::uint64_t, core::DeliveryRow> deliveries;
  std::uint64_t last_number = 0;

  void apply(const core::Batch& batch) {
    for (const ExecutionNumber number : batch.erased_executions) {
      executions.erase(number.value);
      history.erase(number.value);
    }
    for (const auto& row : batch.put_documents) documents[{row.kind, row.key}] = row.value;
    for (const auto& key : batch.erased_documents) documents.erase(key);
    for (const auto& row : batch.put_executions) executions[row.number.value] = row;
    for (const auto& row : batch.history) history[row.number.value].push_back(row);
    for (const auto& row : batch.put_deliveries) deliveries[row.id.value] = row;
    for (const DeliveryId id : batch.erased_deliveries) deliveries.erase(id.value);
  }
};

class Generator {
 public:
  Generator(std::uint64_t seed, Model& model) : entropy_(seed), model_(model) {}

  std::uint64_t below(std::uint64_t bound) { return next_below(entropy_, bound); }

  core::Batch batch() {
    core::Batch made;
    for (auto i = below(3); i > 0; --i) {
      made.put_documents.push_back({word(), word(), text()});
      if (below(3) == 0) made.erased_documents.emplace_back(word(), word());
    }
    std::set<std::uint64_t> touched;
    for (auto i = below(6); i > 0; --i) start(made, touched);
    for (auto i = below(4); i > 0; --i) step(made, touched);
    for (auto i = below(3); i > 0; --i) {
      made.put_deliveries.push_back({.id = {1 + below(40)},
                                     .due = time_of_epoch_ms(moment()),
                                     .attempts = static_cast<std::uint32_t>(below(9)),
                                     .value = text()});
      if (below(2) == 0) made.erased_deliveries.push_back({1 + below(40)});
    }
    if (below(4) == 0 && !model_.executions.empty()) {
      const ExecutionNumber erased = any();
      if (!touched.contains(erased.value)) made.erased_executions.push_back(erased);
    }
    return made;
  }
  ExecutionNumber any() {
    auto it = model_.executions.begin();
    std::advance(it, static_cast<std::ptrdiff_t>(below(model_.executions.size())));
    return {it->first};
  }

 private:
  std::string word() { return std::string(1, static_cast<char>('a' + below(5))); }
  std::string text() { return std::string(below(3'000), static_cast<char>('!' + below(90))); }
  std::int64_t moment() { return static_cast<std::int64_t>(below(1'000'000)); }

  void change(core::ExecutionRow& row, core::Batch& made) {
    row.status = kStatuses[below(2) == 0 ? 0 : below(kStatuses.size())];
    row.is_outstanding = row.status == run::Status::Running && below(2) == 0;
    row.wake_at.reset();
    if (row.status == run::Status::Running && below(2) == 0) {
      row.wake_at = time_of_epoch_ms(moment());
    }
    row.stop_time.reset();
    if (row.status != run::Status::Running) row.stop_time = time_of_epoch_ms(moment());
    row.details = below(4) == 0 ? text() : "{}";
    for (auto i = 1 + below(2); i > 0; --i) {
      made.history.push_back({.number = row.number, .seq = row.next_seq++, .pack = text()});
    }
    made.put_executions.push_back(row);
  }
  void start(core::Batch& made, std::set<std::uint64_t>& touched) {
    core::ExecutionRow row;
    row.number = {++model_.last_number};
    row.machine_arn = kMachines[below(kMachines.size())];
    row.name = "n" + std::to_string(row.number.value);
    row.start_time = time_of_epoch_ms(moment());
    row.revision = word();
    touched.insert(row.number.value);
    change(row, made);
  }
  void step(core::Batch& made, std::set<std::uint64_t>& touched) {
    if (model_.executions.empty()) return;
    core::ExecutionRow row = model_.executions[any().value];
    if (touched.insert(row.number.value).second) change(row, made);
  }

  SeededEntropy entropy_;
  Model& model_;
};

void compare_recovery(const core::Recovered& found, const Model& model) {
  std::vector<core::DocumentRow> documents;
  for (const auto& [key, value] : model.documents) {
    documents.push_back({key.first, key.second, value});
  }
  CHECK(found.documents == documents);
  std::vector<core::DeliveryRow> deliveries;
  for (const auto& [id, row] : model.deliveries) deliveries.push_back(row);
  CHECK(found.deliveries == deliveries);
  std::vector<core::ParkedExecution> parked;
  std::vector<std::uint64_t> outstanding;
  for (const auto& [number, row] : model.executions) {
    if (row.status != run::Status::Running) continue;
    if (row.is_outstanding) {
      outstanding.push_back(number);
    } else {
      parked.push_back({.number = row.number, .wake_at = row.wake_at});
    }
  }
  CHECK(found.parked == parked);
  REQUIRE(found.outstanding.size() == outstanding.size());
  for (std::size_t i = 0; i < outstanding.size(); ++i) {
    CHECK(found.outstanding[i].row == model.executions.at(outstanding[i]));
    CHECK(found.outstanding[i].history == model.history.at(outstanding[i]));
  }
  CHECK(found.last_number.value == model.last_number);
}

void compare_list(core::Reader& reader, const Model& model, const core::ExecutionQuery& query) {
  std::vector<core::ExecutionRow> expected;
  for (auto it = model.executions.rbegin(); it != model.executions.rend(); ++it) {
    const core::ExecutionRow& row = it->second;
    if (row.machine_arn != query.machine_arn) continue;
    if (query.status && row.status != *query.status) continue;
    if (query.before && row.number.value >= query.before->value) continue;
    if (expected.size() < query.limit) expected.push_back(row);
  }
  CHECK(*reader.list(query) == expected);
}

void compare_one(StoreUnderTest& under_test, const Model& model, ExecutionNumber number) {
  const core::ExecutionRow& row = model.executions.at(number.value);
  const core::ExecutionName name{row.machine_arn, row.name};
  const Result<core::Loaded> loaded =
      under_test.store().load({.numbers = {number}, .names = {name}});
  REQUIRE(loaded);
  REQUIRE(loaded->executions.size() == 1);
  CHECK(loaded->executions[0].row == row);
  CHECK(loaded->executions[0].history == model.history.at(number.value));
  const std::unique_ptr<core::Reader> reader = under_test.reader();
  CHECK(*reader->find(name) == row);
  CHECK(*reader->history(number, 0, false, 1'000) == model.history.at(number.value));
}

}  // namespace

void check_store_against_model(const MakeStore& make, std::uint64_t seed) {
  CAPTURE(seed);
  const std::unique_ptr<StoreUnderTest> under_test = make();
  Model model;
  Generator generator{seed, model};
  for (int i = 1; i <= kBatches; ++i) {
    CAPTURE(i);
    const core::Batch batch = generator.batch();
    REQUIRE(under_test->store().commit(batch));
    model.apply(batch);
    if (i % kReopenEvery == 0) {
      under_test->reopen();
      const Result<core::Recovered> found = under_test->store().recover();
      REQUIRE(found);
      compare_recovery(*found, model);
    }
    if (model.executions.empty()) continue;
    compare_one(*under_test, model, generator.any());
    core::ExecutionQuery query;
    query.machine_arn = kMachines[generator.below(kMachines.size())];
    if (generator.below(2) == 0) query.status = kStatuses[generator.below(kStatuses.size())];
    if (generator.below(2) == 0) query.before = {{1 + generator.below(model.last_number)}};
    query.limit = 1 + generator.below(30);
    compare_list(*under_test->reader(), model, query);
  }
}

}  // namespace presso::test
