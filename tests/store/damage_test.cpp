#include "server/store/damage.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <random>
#include <string>

#include "server/store/sqlite_reader.h"
#include "server/store/sqlite_store.h"
#include "tests/store/folder.h"

namespace presso::test {
namespace {

namespace fs = std::filesystem;
using server::Durability;
using server::SqliteReader;
using server::SqliteStore;

std::string error_of(const std::string& path) {
  const Result<std::unique_ptr<SqliteStore>> opened = SqliteStore::open(path, Durability::None);
  return opened ? "" : opened.error().message;
}

std::string refusal(const std::string& path, std::size_t page) {
  return path + ": page " + std::to_string(page) + " is not as it was written" +
         std::string{server::kDamageWayOut};
}

core::Batch batch_of(std::uint64_t number, std::size_t size) {
  core::Batch batch;
  core::ExecutionRow row;
  row.number = {number};
  row.machine_arn = "arn:machine";
  row.name = "execution" + std::to_string(number);
  row.status = run::Status::Succeeded;
  row.revision = "revision";
  row.details = "{}";
  batch.put_executions.push_back(std::move(row));
  batch.history.push_back({.number = {number}, .seq = 0, .pack = std::string(size, 'x')});
  batch.put_documents.push_back({"kind", std::to_string(number), std::string(size, 'd')});
  return batch;
}

// Rows of all sizes, pages that hold a part of one, pages that are free.
void make_database(const std::string& path) {
  Result<std::unique_ptr<SqliteStore>> store = SqliteStore::open(path, Durability::None);
  REQUIRE(store);
  core::Batch erasure;
  for (std::uint64_t i = 1; i <= 100; ++i) {
    REQUIRE((*store)->commit(batch_of(i, i * i)));
    if (i % 4 == 0) erasure.erased_executions.push_back({i});
  }
  REQUIRE((*store)->commit(erasure));
}

TEST_CASE("no bit of a database is flipped without its page's number at the start") {
  const char* seed = std::getenv("PRESSO_SEED");
  std::mt19937_64 random{seed ? std::strtoull(seed, nullptr, 10) : 1};
  const Folder folder;
  const std::string path = folder.file("presso.db");
  make_database(path);
  const std::size_t size = fs::file_size(path);
  CHECK(size > 500'000);
  for (int i = 0; i < 300; ++i) {
    const std::size_t at = random() % size;
    const int bit = static_cast<int>(random() % 8);
    CAPTURE(at);
    CAPTURE(bit);
    const std::string copy = folder.file("copy.db");
    fs::copy_file(path, copy, fs::copy_options::overwrite_existing);
    flip_bit(copy, at, bit);
    // Without its first words it is no database at all.
    if (at >= 24) {
      CHECK(error_of(copy) == refusal(copy, at / 4'096 + 1));
    } else {
      CHECK(error_of(copy).ends_with(server::kDamageWayOut));
    }
  }
  CHECK(error_of(path).empty());
}

TEST_CASE("a page at another's place is refused, and one that SQLite never wrote") {
  const Folder folder;
  const std::string path = folder.file("presso.db");
  make_database(path);
  const std::string bytes = read_bytes(path);
  SUBCASE("another page") { write_bytes(path, 30 * 4'096, bytes.substr(31 * 4'096, 4'096)); }
  SUBCASE("zeros") { write_bytes(path, 30 * 4'096, std::string(4'096, '\0')); }
  SUBCASE("one sector of another page") {
    write_bytes(path, 30 * 4'096 + 512, bytes.substr(40 * 4'096, 512));
  }
  CHECK(error_of(path) == refusal(path, 31));
}

TEST_CASE("what is damaged while it is open is an error of who reads it") {
  const Folder folder;
  const std::string path = folder.file("presso.db");
  make_database(path);
  const Result<std::unique_ptr<SqliteStore>> store = SqliteStore::open(path, Durability::Full);
  REQUIRE(store);
  const std::string bytes = read_bytes(path);
  const std::size_t at = bytes.find(std::string(4'000, 'x'));
  REQUIRE(at != std::string::npos);
  for (std::size_t page = at / 4'096; page < bytes.size() / 4'096; ++page) {
    if (bytes[page * 4'096 + 2'000] == 'x') flip_bit(path, page * 4'096 + 2'000, 0);
  }
  Result<std::unique_ptr<SqliteReader>> reader = SqliteReader::open(path);
  REQUIRE(reader);
  const auto history = (*reader)->history({99}, 0, false, 10);
  REQUIRE_FALSE(history);
  CHECK(history.error().message.starts_with(path + ": page "));
  CHECK(history.error().message.ends_with(server::kDamageWayOut));
}

}  // namespace
}  // namespace presso::test
