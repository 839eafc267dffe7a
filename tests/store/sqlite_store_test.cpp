#include "server/store/sqlite_store.h"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "server/store/damage.h"
#include "server/store/data_folder.h"
#include "server/store/sqlite_reader.h"
#include "tests/store/folder.h"
#include "tests/store/store_contract.h"

namespace presso::test {
namespace {

namespace fs = std::filesystem;
using server::DataFolder;
using server::Durability;
using server::SqliteReader;
using server::SqliteStore;

class SqliteUnderTest final : public StoreUnderTest {
 public:
  SqliteUnderTest() { SqliteUnderTest::reopen(); }
  core::Store& store() override { return *store_; }
  std::unique_ptr<core::Reader> reader() override {
    Result<std::unique_ptr<SqliteReader>> reader = SqliteReader::open(folder_.file("presso.db"));
    REQUIRE(reader);
    return std::move(*reader);
  }
  void reopen() override {
    store_.reset();
    Result<std::unique_ptr<SqliteStore>> opened =
        SqliteStore::open(folder_.file("presso.db"), Durability::None);
    REQUIRE(opened);
    store_ = std::move(*opened);
  }

 private:
  Folder folder_;
  std::unique_ptr<SqliteStore> store_;
};

std::unique_ptr<StoreUnderTest> make_sqlite() { return std::make_unique<SqliteUnderTest>(); }

std::string refusal(const std::string& path) {
  const Result<std::unique_ptr<SqliteStore>> opened = SqliteStore::open(path, Durability::None);
  return opened ? "" : opened.error().message;
}

void run_sql(const std::string& path, const std::string& sql) {
  Result<server::Connection> connection =
      server::Connection::open(path, server::Connection::Access::ReadWriteCreate);
  REQUIRE(connection);
  REQUIRE(connection->execute(sql));
}

core::Batch large_batch(std::uint64_t number) {
  core::Batch batch;
  batch.history.push_back({.number = {number}, .seq = 0, .pack = std::string(100'000, 'x')});
  return batch;
}

TEST_CASE("the SQLite store keeps the contract") { check_store_contract(make_sqlite); }

TEST_CASE("the SQLite store is a set of maps") {
  const char* seed = std::getenv("PRESSO_SEED");
  if (seed) return check_store_against_model(make_sqlite, std::strtoull(seed, nullptr, 10));
  for (std::uint64_t each = 1; each <= 5; ++each) check_store_against_model(make_sqlite, each);
}

TEST_CASE("files that are no database of ours are refused by name") {
  const Folder folder;
  SUBCASE("no database at all") {
    const std::string path = folder.file("presso.db");
    std::ofstream{path} << std::string(5'000, 'z');
    CHECK(refusal(path) == path + ": file is not a database" + std::string{server::kDamageWayOut});
  }
  SUBCASE("somebody else's") {
    const std::string path = folder.file("presso.db");
    run_sql(path, "CREATE TABLE notes (text TEXT)");
    CHECK(refusal(path) == path + " is a database of another program, not of presso");
  }
  SUBCASE("a newer presso's") {
    const std::string path = folder.file("presso.db");
    { REQUIRE(SqliteStore::open(path, Durability::None)); }
    run_sql(path, "PRAGMA user_version = 999");
    CHECK(refusal(path) == path + " was written by a newer presso (schema 999, this one knows 3)");
  }
  SUBCASE("a folder that is not there") {
    const std::string path = folder.file("no/presso.db");
    CHECK(refusal(path) == path + ": unable to open database file");
  }
}

TEST_CASE("a full disk fails the commit, and what was committed before is there") {
  const Folder folder;
  const std::string path = folder.file("presso.db");
  struct rlimit before {};
  getrlimit(RLIMIT_FSIZE, &before);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  std::uint64_t committed = 0;
  {
    Result<std::unique_ptr<SqliteStore>> store = SqliteStore::open(path, Durability::Full);
    REQUIRE(store);
    const struct rlimit small { 1'000'000, before.rlim_max };
    setrlimit(RLIMIT_FSIZE, &small);
    while (committed < 100 && (*store)->commit(large_batch(committed))) ++committed;
    setrlimit(RLIMIT_FSIZE, &before);
  }
  static_cast<void>(std::signal(SIGXFSZ, old_handler));
  CHECK(committed > 2);
  CHECK(committed < 100);
  REQUIRE(SqliteStore::open(path, Durability::Full));
  const Result<std::unique_ptr<SqliteReader>> reader = SqliteReader::open(path);
  REQUIRE(reader);
  for (std::uint64_t i = 0; i < committed; ++i) {
    CHECK((*reader)->history({i}, 0, false, 2)->size() == 1);
  }
  CHECK((*reader)->history({committed}, 0, false, 2)->empty());
}

// A database as the first version made it, with what it stored.
void make_old_database(const std::string& path) {
  { REQUIRE(SqliteStore::open(path, Durability::None)); }
  run_sql(path,
          "PRAGMA journal_mode = DELETE; PRAGMA auto_vacuum = NONE; VACUUM; DROP TABLE erased;"
          "PRAGMA user_version = 1;"
          "INSERT INTO texts VALUES (1, 'arn:machine'), (2, 'revision');"
          "INSERT INTO executions VALUES (1, 1, 'one', 1, 5, 6, NULL, 0, 1, 2, '{}');"
          "INSERT INTO history VALUES (1, 0, x'01')");
}

std::uint64_t tidied_size(SqliteStore& store, const std::string& path) {
  for (int i = 0; i < 10'000; ++i) {
    const Result<bool> is_left = store.tidy();
    REQUIRE(is_left);
    if (!*is_left) return fs::file_size(path);
  }
  FAIL("it never ends");
  return 0;
}

core::Batch closed_execution(std::uint64_t number) {
  core::Batch batch = large_batch(number);
  core::ExecutionRow row;
  row.number = {number};
  row.machine_arn = "arn:machine";
  row.name = std::to_string(number);
  row.status = run::Status::Succeeded;
  row.revision = "revision";
  row.details = "{}";
  batch.put_executions.push_back(std::move(row));
  return batch;
}

TEST_CASE("the file shrinks when executions go, and keeps what stays") {
  const Folder folder;
  const std::string path = folder.file("presso.db");
  Result<std::unique_ptr<SqliteStore>> store = SqliteStore::open(path, Durability::None);
  REQUIRE(store);
  for (std::uint64_t i = 1; i <= 200; ++i) REQUIRE((*store)->commit(closed_execution(i)));
  core::Batch erasure;
  for (std::uint64_t i = 2; i <= 200; ++i) erasure.erased_executions.push_back({i});
  CHECK(tidied_size(**store, path) > 10'000'000);
  REQUIRE((*store)->commit(erasure));
  CHECK(tidied_size(**store, path) < 3'000'000);
  const auto loaded = (*store)->load({.numbers = {{1}, {2}}, .names = {}});
  REQUIRE(loaded->executions.size() == 1);
  CHECK(loaded->executions[0].history[0].pack.size() == 100'000);
}

TEST_CASE("a database of the first version opens as it was, and uses freed pages again") {
  const Folder folder;
  const std::string path = folder.file("presso.db");
  make_old_database(path);
  Result<std::unique_ptr<SqliteStore>> store = SqliteStore::open(path, Durability::None);
  REQUIRE_MESSAGE(store.has_value(), (store ? "" : store.error().message));
  const auto loaded = (*store)->load({.numbers = {{1}}, .names = {}});
  REQUIRE(loaded->executions.size() == 1);
  CHECK(loaded->executions[0].row.name == "one");
  CHECK(loaded->executions[0].history.size() == 1);
  for (std::uint64_t round = 0; round < 3; ++round) {
    core::Batch erasure;
    for (std::uint64_t i = 2; i <= 100; ++i) {
      REQUIRE((*store)->commit(closed_execution(i)));
      erasure.erased_executions.push_back({i});
    }
    REQUIRE((*store)->commit(erasure));
    CHECK(tidied_size(**store, path) < 20'000'000);
  }
}

TEST_CASE("a list of the running ones does not look at those that ended") {
  const Folder folder;
  const std::string path = folder.file("presso.db");
  { REQUIRE(SqliteStore::open(path, Durability::None)); }
  Result<server::Connection> connection =
      server::Connection::open(path, server::Connection::Access::ReadOnly);
  REQUIRE(connection);
  Result<server::Statement> plan = connection->prepare(
      "EXPLAIN QUERY PLAN SELECT number, wake_at FROM executions"
      " WHERE machine IN (SELECT id FROM texts) AND status = 0");
  REQUIRE(plan);
  std::string text;
  REQUIRE(plan->each([&](const server::Row& row) { text += row.text(3) + "\n"; }));
  CHECK(text.find("USING INDEX execution_lists (machine=? AND status=?)") != std::string::npos);
}

TEST_CASE("a data folder keeps the word of how its log was written") {
  const Folder folder;
  const std::string path = folder.file("data");
  const auto with = [&](const auto& check) {
    const Result<DataFolder> held = DataFolder::open(path);
    REQUIRE(held);
    check(*held);
  };
  with([](const DataFolder& held) {
    CHECK_FALSE(held.is_log_synced());
    CHECK(held.set_log_synced(true));
  });
  std::ofstream{folder.file("data/presso.db")} << "1";
  with([](const DataFolder& held) {
    CHECK(held.is_log_synced());
    held.set_kept();
  });
  with([](const DataFolder& held) {
    CHECK(held.is_log_synced());
    CHECK(held.set_log_synced(false));
  });
  with([](const DataFolder& held) { CHECK_FALSE(held.is_log_synced()); });
  std::ofstream{folder.file("data/presso.db")} << "";
  CHECK_FALSE(DataFolder::open(path));
}

TEST_CASE("a data folder is held by one at a time") {
  const Folder folder;
  const std::string path = folder.file("deep/data");
  {
    const Result<DataFolder> first = DataFolder::open(path);
    REQUIRE(first);
    CHECK(first->database() == path + "/presso.db");
    const Result<DataFolder> second = DataFolder::open(path);
    REQUIRE_FALSE(second);
    CHECK(second.error().message == path + " is in use by another presso (process " +
                                        std::to_string(getpid()) +
                                        "): stop that one, or choose another --data");
  }
  CHECK(DataFolder::open(path));
  CHECK(fs::exists(path));
  std::ofstream{folder.file("file")} << "x";
  const Result<DataFolder> none = DataFolder::open(folder.file("file"));
  REQUIRE_FALSE(none);
  CHECK(none.error().message.starts_with("cannot use " + folder.file("file") + ": "));
}

TEST_CASE("a new database and its log are this user's alone") {
  const Folder folder;
  const Result<DataFolder> held = DataFolder::open(folder.file("data"));
  REQUIRE(held);
  const auto store = server::SqliteStore::open(held->database(), server::Durability::Process);
  REQUIRE(store);
  core::Batch batch;
  batch.put_documents.push_back({"kind", "key", "{}"});
  REQUIRE((*store)->commit(batch));
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator{folder.file("data")}) {
    CAPTURE(entry.path().string());
    CHECK((entry.status().permissions() & ~fs::perms::owner_all) == fs::perms::none);
    ++files;
  }
  CHECK(files >= 3);
}

TEST_CASE("a temporary folder ends with its holder, and leftovers with the next start") {
  const Folder folder;
  std::string path;
  {
    const Result<DataFolder> held = DataFolder::temporary(folder.path());
    REQUIRE(held);
    path = held->path();
    server::remove_leftovers(folder.path());
    CHECK(fs::exists(path + "/presso.lock"));
  }
  CHECK_FALSE(fs::exists(path));

  fs::create_directory(folder.file("presso-abcdef"));
  std::ofstream{folder.file("presso-abcdef/presso.lock")} << "1";
  std::ofstream{folder.file("presso-abcdef/presso.db")} << "1";
  fs::create_directory(folder.file("presso-backup"));
  fs::create_directory(folder.file("presso-ghijkl"));
  server::remove_leftovers(folder.path());
  CHECK_FALSE(fs::exists(folder.file("presso-abcdef")));
  CHECK(fs::exists(folder.file("presso-backup")));
  CHECK(fs::exists(folder.file("presso-ghijkl")));
}

}  // namespace
}  // namespace presso::test
