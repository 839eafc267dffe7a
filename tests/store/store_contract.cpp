#include "tests/store/store_contract.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace presso::test {
namespace {

constexpr const char* kMachine = "arn:aws:states:us-east-1:000000000000:stateMachine:Orders";
constexpr const char* kOther = "arn:aws:states:us-east-1:000000000000:stateMachine:Other";

core::ExecutionRow row_of(std::uint64_t number, run::Status status = run::Status::Running) {
  core::ExecutionRow row;
  row.number = {number};
  row.machine_arn = kMachine;
  row.name = "order-" + std::to_string(number);
  row.status = status;
  row.start_time = time_of_epoch_ms(1'700'000'000'000 + static_cast<std::int64_t>(number));
  if (status != run::Status::Running) row.stop_time = row.start_time + seconds(1);
  row.next_seq = 1;
  row.revision = "f81d4fae-7dec-41d0-8765-00a0c91e6bf6";
  row.details = "{}";
  return row;
}

core::HistoryRow step_of(std::uint64_t number, std::uint64_t seq, std::string pack) {
  return {.number = {number}, .seq = seq, .pack = std::move(pack)};
}

core::Batch start_of(const core::ExecutionRow& row) {
  core::Batch batch;
  batch.put_executions.push_back(row);
  batch.history.push_back(step_of(row.number.value, 0, "first"));
  return batch;
}

core::Recovered recovered(StoreUnderTest& under_test) {
  under_test.reopen();
  Result<core::Recovered> found = under_test.store().recover();
  REQUIRE(found);
  return std::move(*found);
}

std::vector<std::uint64_t> listed(core::Reader& reader, const core::ExecutionQuery& query) {
  const Result<std::vector<core::ExecutionRow>> rows = reader.list(query);
  REQUIRE(rows);
  std::vector<std::uint64_t> numbers;
  for (const core::ExecutionRow& row : *rows) numbers.push_back(row.number.value);
  return numbers;
}

void check_empty(StoreUnderTest& under_test) {
  const Result<core::Recovered> found = under_test.store().recover();
  REQUIRE(found);
  CHECK(found->documents.empty());
  CHECK(found->parked.empty());
  CHECK(found->outstanding.empty());
  CHECK(found->deliveries.empty());
  CHECK(found->last_number.value == 0);
  CHECK(found->last_delivery.value == 0);
  const Result<core::Loaded> loaded =
      under_test.store().load({.numbers = {{7}}, .names = {{kMachine, "order-7"}}});
  REQUIRE(loaded);
  CHECK(loaded->executions.empty());
  CHECK(under_test.store().commit({}));
}

void check_documents(StoreUnderTest& under_test) {
  core::Batch first;
  first.put_documents = {{"rule", "b", "2"}, {"rule", "a", "1"}, {"bus", "\xC3\xA9\"", "{}"}};
  REQUIRE(under_test.store().commit(first));
  core::Batch second;
  second.put_documents = {{"rule", "b", "3"}, {"tag", "", ""}};
  second.erased_documents = {{"rule", "a"}, {"rule", "never there"}};
  REQUIRE(under_test.store().commit(second));
  const std::vector<core::DocumentRow> expected = {
      {"bus", "\xC3\xA9\"", "{}"}, {"rule", "b", "3"}, {"tag", "", ""}};
  CHECK(recovered(under_test).documents == expected);
  const std::unique_ptr<core::Reader> reader = under_test.reader();
  CHECK(*reader->has_document(expected[0].kind, expected[0].key));
  CHECK_FALSE(*reader->has_document(expected[0].kind, "another"));

  core::Batch both;
  both.put_documents = {{"rule", "c", "1"}};
  both.erased_documents = {{"rule", "c"}};
  REQUIRE(under_test.store().commit(both));
  REQUIRE(under_test.store().commit(batch_of(&core::Batch::put_documents, {{"rule", "b", "4"}})));
  CHECK(recovered(under_test).documents[1] == core::DocumentRow{"rule", "b", "4"});
}

void check_load(StoreUnderTest& under_test) {
  core::ExecutionRow row = row_of(5);
  row.wake_at = time_of_epoch_ms(1'700'000'900'000);
  row.details = R"({"traceHeader":"Root=1"})";
  REQUIRE(under_test.store().commit(start_of(row)));
  REQUIRE(under_test.store().commit(start_of(row_of(6))));
  core::Batch step;
  row.next_seq = 3;
  row.status = run::Status::TimedOut;
  row.stop_time = row.wake_at;
  row.wake_at.reset();
  step.put_executions = {row};
  const std::string bytes{"\0\xFF pack", 7};
  step.history = {step_of(5, 1, bytes), step_of(5, 2, "")};
  REQUIRE(under_test.store().commit(step));

  const core::Keys keys{.numbers = {{5}, {5}, {99}},
                        .names = {{kMachine, "order-5"}, {kOther, "order-5"}, {kMachine, "x"}}};
  for (int pass = 0; pass < 2; ++pass) {
    const Result<core::Loaded> loaded = under_test.store().load(keys);
    REQUIRE(loaded);
    REQUIRE(loaded->executions.size() == 1);
    CHECK(loaded->executions[0].row == row);
    const std::vector<core::HistoryRow> history = {step_of(5, 0, "first"), step_of(5, 1, bytes),
                                                   step_of(5, 2, "")};
    CHECK(loaded->executions[0].history == history);
    under_test.reopen();
  }
}

void check_recovery(StoreUnderTest& under_test) {
  core::ExecutionRow parked = row_of(3);
  parked.wake_at = time_of_epoch_ms(42);
  core::ExecutionRow outstanding = row_of(9);
  outstanding.is_outstanding = true;
  core::Batch batch;
  batch.put_executions = {outstanding, row_of(4, run::Status::Succeeded), parked, row_of(2)};
  batch.history = {step_of(9, 1, "second"), step_of(9, 0, "first"), step_of(3, 0, "p"),
                   step_of(4, 0, "s"), step_of(2, 0, "t")};
  REQUIRE(under_test.store().commit(batch));

  const core::Recovered found = recovered(under_test);
  const std::vector<core::ParkedExecution> expected = {
      {.number = {2}, .wake_at = {}}, {.number = {3}, .wake_at = time_of_epoch_ms(42)}};
  CHECK(found.parked == expected);
  CHECK(found.running == std::map<std::string, std::uint64_t>{{kMachine, 3}});
  REQUIRE(found.outstanding.size() == 1);
  CHECK(found.outstanding[0].row == outstanding);
  const std::vector<core::HistoryRow> history = {step_of(9, 0, "first"), step_of(9, 1, "second")};
  CHECK(found.outstanding[0].history == history);
  CHECK(found.last_number.value == 9);
}

void check_deliveries(StoreUnderTest& under_test) {
  const core::DeliveryRow first{.id = {1}, .due = time_of_epoch_ms(5), .attempts = 0, .value = "a"};
  core::DeliveryRow second{.id = {2}, .due = time_of_epoch_ms(6), .attempts = 1, .value = "b"};
  const core::DeliveryRow third{.id = {3}, .due = time_of_epoch_ms(7), .attempts = 0, .value = "c"};
  REQUIRE(under_test.store().commit(batch_of(&core::Batch::put_deliveries, {second, first})));
  second.attempts = 2;
  second.due = time_of_epoch_ms(60);
  core::Batch batch;
  batch.put_deliveries = {second, third};
  batch.erased_deliveries = {{1}, {3}, {77}};
  REQUIRE(under_test.store().commit(batch));
  const core::Recovered found = recovered(under_test);
  CHECK(found.deliveries == std::vector<core::DeliveryRow>{second});
  CHECK(found.last_delivery.value >= 3);
}

void check_erasure(StoreUnderTest& under_test) {
  REQUIRE(under_test.store().commit(start_of(row_of(1, run::Status::Succeeded))));
  REQUIRE(under_test.store().commit(start_of(row_of(2, run::Status::Succeeded))));
  REQUIRE(under_test.store().commit(batch_of(&core::Batch::erased_executions, {{2}})));
  const std::unique_ptr<core::Reader> reader = under_test.reader();
  CHECK(listed(*reader, {.machine_arn = kMachine, .status = {}, .before = {}}) ==
        std::vector<std::uint64_t>{1});
  CHECK(reader->history({2}, 0, false, 10)->empty());
  CHECK_FALSE(reader->find({kMachine, "order-2"})->has_value());
  CHECK(recovered(under_test).last_number.value == 2);
  core::ExecutionRow again = row_of(3);
  again.name = "order-2";
  CHECK(under_test.store().commit(start_of(again)));
  // In one batch the name is given back before it is taken.
  core::ExecutionRow third = row_of(4);
  third.name = "order-2";
  core::Batch both = start_of(third);
  both.erased_executions = {{3}};
  REQUIRE(under_test.store().commit(both));
  const std::unique_ptr<core::Reader> later = under_test.reader();
  const auto taken = later->find({kMachine, "order-2"});
  REQUIRE(taken);
  REQUIRE(taken->has_value());
  CHECK((*taken)->number.value == 4);
  CHECK(later->history({3}, 0, false, 10)->empty());
}

std::vector<std::uint64_t> scanned(StoreUnderTest& under_test, const core::Scan& scan) {
  const auto loaded = under_test.store().load({.numbers = {}, .names = {}, .scan = scan});
  REQUIRE(loaded);
  CHECK(loaded->executions.empty());
  std::vector<std::uint64_t> numbers;
  for (const core::ExecutionRow& row : loaded->scanned) numbers.push_back(row.number.value);
  return numbers;
}

void check_scan(StoreUnderTest& under_test) {
  using Numbers = std::vector<std::uint64_t>;
  CHECK(scanned(under_test, {.after = {}, .limit = 3}).empty());
  for (const std::uint64_t number : {5, 2, 9, 4}) {
    REQUIRE(under_test.store().commit(
        start_of(row_of(number, number == 4 ? run::Status::Running : run::Status::Succeeded))));
  }
  CHECK(scanned(under_test, {.after = {}, .limit = 3}) == Numbers{2, 4, 5});
  CHECK(scanned(under_test, {.after = {5}, .limit = 3}) == Numbers{9});
  REQUIRE(under_test.store().commit(batch_of(&core::Batch::erased_executions, {{2}, {5}})));
  CHECK(scanned(under_test, {.after = {}, .limit = 3}) == Numbers{4, 9});
  const auto loaded =
      under_test.store().load({.numbers = {}, .names = {}, .scan = core::Scan{{}, 1}});
  CHECK(loaded->scanned == std::vector{row_of(4)});
}

void check_long_histories(StoreUnderTest& under_test) {
  for (std::uint64_t number = 1; number <= 3; ++number) {
    core::Batch batch = start_of(row_of(number, run::Status::Succeeded));
    for (std::uint64_t seq = 1; seq < 2'000; ++seq) {
      batch.history.push_back(step_of(number, seq, "later"));
    }
    REQUIRE(under_test.store().commit(batch));
  }
  REQUIRE(under_test.store().commit(batch_of(&core::Batch::erased_executions, {{1}, {3}})));
  CHECK(recovered(under_test).last_number.value == 3);
  for (int i = 0;; ++i) {
    const Result<bool> is_left = under_test.store().tidy();
    REQUIRE(is_left);
    if (!*is_left) break;
    REQUIRE(i < 1'000);
    if (i == 0) under_test.reopen();
  }
  const std::unique_ptr<core::Reader> reader = under_test.reader();
  CHECK(reader->history({1}, 0, false, 10)->empty());
  CHECK(reader->history({2}, 0, false, 3'000)->size() == 2'000);
  CHECK(reader->history({3}, 0, false, 10)->empty());
}

void check_lists(StoreUnderTest& under_test) {
  core::Batch batch;
  for (std::uint64_t number = 1; number <= 20; ++number) {
    const bool is_running = number % 5 == 0;
    core::ExecutionRow row = row_of(number, is_running        ? run::Status::Running
                                            : number % 2 == 0 ? run::Status::Succeeded
                                                              : run::Status::Aborted);
    if (number == 10) row.machine_arn = kOther;
    batch.put_executions.push_back(row);
  }
  REQUIRE(under_test.store().commit(batch));
  const std::unique_ptr<core::Reader> reader = under_test.reader();
  using Numbers = std::vector<std::uint64_t>;
  core::ExecutionQuery query{.machine_arn = kMachine, .status = {}, .before = {}, .limit = 4};
  CHECK(listed(*reader, query) == Numbers{20, 19, 18, 17});
  query.before = ExecutionNumber{12};
  CHECK(listed(*reader, query) == Numbers{11, 9, 8, 7});
  query.status = run::Status::Running;
  CHECK(listed(*reader, query) == Numbers{5});
  query.before.reset();
  CHECK(listed(*reader, query) == Numbers{20, 15, 5});
  query.status = run::Status::Failed;
  CHECK(listed(*reader, query).empty());
  query = {.machine_arn = "arn:unknown", .status = {}, .before = {}};
  CHECK(listed(*reader, query).empty());
}

void check_named(StoreUnderTest& under_test) {
  core::Batch batch;
  const std::pair<const char*, const char*> rows[] = {
      {"a_", kMachine}, {"a_2", kMachine}, {"a_1", kOther},   {"a`", kMachine},
      {"aa_1", kOther}, {"a_3", kMachine}, {"A_1", kMachine}, {"a_\xF0\x9F\x8D\xB5", kOther}};
  for (const auto& [name, machine] : rows) {
    core::ExecutionRow row = row_of(batch.put_executions.size() + 1);
    row.name = name;
    row.machine_arn = machine;
    batch.put_executions.push_back(row);
  }
  REQUIRE(under_test.store().commit(batch));
  const std::unique_ptr<core::Reader> reader = under_test.reader();
  const auto numbers = [&](std::size_t limit) {
    const auto found = reader->named("a_", limit);
    REQUIRE(found);
    std::vector<std::uint64_t> listed_numbers;
    for (const core::ExecutionRow& row : *found) listed_numbers.push_back(row.number.value);
    return listed_numbers;
  };
  CHECK(numbers(10) == std::vector<std::uint64_t>{2, 3, 6, 8});
  CHECK(numbers(2) == std::vector<std::uint64_t>{2, 3});
}

void check_reader(StoreUnderTest& under_test) {
  const std::unique_ptr<core::Reader> reader = under_test.reader();
  core::ExecutionRow row = row_of(8);
  REQUIRE(under_test.store().commit(start_of(row)));
  CHECK(*reader->find({kMachine, "order-8"}) == row);
  CHECK_FALSE(reader->find({kOther, "order-8"})->has_value());
  CHECK_FALSE(reader->find({kMachine, "order-"})->has_value());

  core::Batch batch;
  row.status = run::Status::Succeeded;
  row.next_seq = 4;
  batch.put_executions = {row};
  batch.history = {step_of(8, 1, "b"), step_of(8, 2, "c"), step_of(8, 3, "d")};
  REQUIRE(under_test.store().commit(batch));
  CHECK(*reader->find({kMachine, "order-8"}) == row);
  CHECK(listed(*reader, {.machine_arn = kMachine, .status = run::Status::Running, .before = {}})
            .empty());
  using Steps = std::vector<core::HistoryRow>;
  CHECK(*reader->history({8}, 0, false, 2) == Steps{step_of(8, 0, "first"), step_of(8, 1, "b")});
  CHECK(*reader->history({8}, 3, false, 9) == Steps{step_of(8, 3, "d")});
  CHECK(*reader->history({8}, ~0ULL, true, 2) == Steps{step_of(8, 3, "d"), step_of(8, 2, "c")});
  CHECK(*reader->history({8}, 1, true, 9) == Steps{step_of(8, 1, "b"), step_of(8, 0, "first")});
  CHECK(reader->history({9}, 0, false, 9)->empty());
}

void check_clear(StoreUnderTest& under_test) {
  core::Batch batch = start_of(row_of(4));
  batch.put_documents = {{"bus", "default", "{}"}};
  batch.put_deliveries = {{.id = {4}, .due = {}, .attempts = 0, .value = "x"}};
  REQUIRE(under_test.store().commit(batch));
  REQUIRE(under_test.store().clear());
  const std::unique_ptr<core::Reader> reader = under_test.reader();
  CHECK_FALSE(reader->find({kMachine, "order-4"})->has_value());
  CHECK(under_test.store().load({.numbers = {{4}}, .names = {}})->executions.empty());
  REQUIRE(under_test.store().commit(start_of(row_of(5))));
  CHECK(*reader->find({kMachine, "order-5"}) == row_of(5));
  const core::Recovered found = recovered(under_test);
  CHECK(found.documents.empty());
  CHECK(found.deliveries.empty());
  CHECK(found.parked.size() == 1);
}

}  // namespace

void check_store_contract(const MakeStore& make) {
  const std::unique_ptr<StoreUnderTest> under_test = make();
  SUBCASE("a new store is empty, and an empty batch is nothing") { check_empty(*under_test); }
  SUBCASE("documents are put, replaced and erased, and come back in order") {
    check_documents(*under_test);
  }
  SUBCASE("load finds by number and by name, each once, with all its history") {
    check_load(*under_test);
  }
  SUBCASE("recovery tells parked from outstanding, and leaves out what has ended") {
    check_recovery(*under_test);
  }
  SUBCASE("deliveries move, and ids are never used again") { check_deliveries(*under_test); }
  SUBCASE("an erased execution is gone with its history, and its name is free") {
    check_erasure(*under_test);
  }
  SUBCASE("a scan gives pages of all executions by number") { check_scan(*under_test); }
  SUBCASE("long histories go a little at a time, however often the store is opened") {
    check_long_histories(*under_test);
  }
  SUBCASE("lists are newest first, one machine's, by status and page") { check_lists(*under_test); }
  SUBCASE("names are found by how they begin, whatever their machine") { check_named(*under_test); }
  SUBCASE("a reader sees each commit as soon as it returned") { check_reader(*under_test); }
  SUBCASE("clear forgets everything") { check_clear(*under_test); }
}

}  // namespace presso::test
