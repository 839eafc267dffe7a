#include "server/store/checked_files.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "server/store/damage.h"
#include "server/store/log_frame.h"
#include "tests/store/folder.h"
#include "tests/store/notes.h"

namespace presso::test {
namespace {

namespace fs = std::filesystem;
using server::Connection;
constexpr std::size_t kPageBytes = 4'096;

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span{text});
}

std::size_t unsound_pages(const std::string& path) {
  const std::string bytes = read_bytes(path);
  CHECK(bytes.size() % kPageBytes == 0);
  std::size_t unsound = 0;
  for (std::size_t page = 0; page < bytes.size() / kPageBytes; ++page) {
    const auto number = static_cast<server::PageNumber>(page + 1);
    const auto image = bytes_of(bytes).subspan(page * kPageBytes, kPageBytes);
    if (!server::is_page_sound(image, number)) ++unsound;
  }
  return unsound;
}

TEST_CASE("every page of a new database has its checksum, in the file and in its log") {
  const Folder folder;
  const std::string path = folder.file("presso.db");
  Connection connection = opened(path);
  run(connection, std::string{kWal} + kTable + inserts(500, 300) + inserts(2, 20'000));
  CHECK(read_bytes(path)[20] == 8);
  const std::string log = read_bytes(path + "-wal");
  const std::size_t frame_size = server::kFrameHeaderBytes + kPageBytes;
  std::size_t frames = 0;
  for (std::size_t at = server::kLogHeaderBytes; at < log.size(); at += frame_size) {
    const auto frame = bytes_of(log).subspan(at, frame_size);
    CHECK(server::is_page_sound(frame.subspan(server::kFrameHeaderBytes),
                                server::frame_header(frame.data()).page));
    ++frames;
  }
  CHECK(frames > 100);
  run(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
  CHECK(unsound_pages(path) == 0);
  CHECK(number(connection, "PRAGMA auto_vacuum") == 2);
}

// Transactions of all kinds, larger than the cache among them, some given up: each time the files
// as they are have all that was committed.
TEST_CASE("what a crash leaves is whole") {
  const char* seed = std::getenv("PRESSO_SEED");
  const std::uint64_t first = seed ? std::strtoull(seed, nullptr, 10) : 1;
  for (std::uint64_t each = first; each < first + (seed ? 1 : 6); ++each) {
    CAPTURE(each);
    std::mt19937_64 random{each};
    const Folder folder;
    const std::string path = folder.file("presso.db");
    Connection connection = opened(path);
    run(connection, std::string{kWal} + "PRAGMA synchronous = OFF; PRAGMA cache_size = 20;" +
                        "PRAGMA wal_autocheckpoint = " + (each % 2 == 0 ? "100;" : "0;") + kTable);
    for (int round = 0; round < 25; ++round) {
      std::string sql = "BEGIN;";
      for (std::uint64_t i = random() % 4 + 1; i > 0; --i) {
        const bool is_savepoint = random() % 3 == 0;
        if (is_savepoint) sql += "SAVEPOINT a;";
        if (random() % 3 > 0) sql += inserts(static_cast<int>(random() % 200 + 1), 400);
        if (random() % 3 == 0) sql += "UPDATE notes SET text = text || 'x' WHERE id % 3 = 0;";
        if (random() % 5 == 0) sql += "DELETE FROM notes WHERE id % 5 = 0;";
        if (is_savepoint) sql += random() % 2 == 0 ? "ROLLBACK TO a;" : "RELEASE a;";
      }
      run(connection, sql + (random() % 4 == 0 ? "ROLLBACK" : "COMMIT"));
      if (random() % 8 == 0) run(connection, "PRAGMA incremental_vacuum(20)");
      if (random() % 8 == 0) run(connection, "PRAGMA wal_checkpoint(RESTART)");
      leave(path, folder.file("copy.db"));
      Connection copy = opened(folder.file("copy.db"));
      REQUIRE(content(copy) == content(connection));
      // What is written next goes on behind what was recovered.
      run(copy, "DELETE FROM notes WHERE id % 2 = 0");
      leave(folder.file("copy.db"), folder.file("again.db"));
      Connection again = opened(folder.file("again.db"));
      REQUIRE(content(again) == content(copy));
    }
    run(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    CHECK(unsound_pages(path) == 0);
  }
}

TEST_CASE("another program may read, and be the first after a crash") {
  const Folder folder;
  const std::string path = folder.file("presso.db");
  const std::string copy = folder.file("copy.db");
  Connection connection = opened(path);
  run(connection, std::string{kWal} + kTable + inserts(300, 300));
  run(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
  run(connection, "UPDATE notes SET text = text || 'x' WHERE id % 2 = 0;" + inserts(300, 300));
  leave(path, copy);
  {
    Connection other = opened(folder.file("other.db"));
    run(other, "ATTACH 'file:" + copy + "?vfs=unix' AS left");
    CHECK(number(other, "SELECT count(*) FROM left.notes") == 600);
    run(other, "PRAGMA left.wal_checkpoint(TRUNCATE)");
  }
  CHECK(unsound_pages(copy) == 0);
  Connection again = opened(copy);
  CHECK(content(again) == content(connection));
}

TEST_CASE("a page that was overwritten is an error that names it") {
  const Folder folder;
  const std::string path = folder.file("presso.db");
  {
    Connection connection = opened(path);
    run(connection, std::string{kWal} + kTable + inserts(50, 5'000));
  }
  const std::size_t size = fs::file_size(path);
  const auto refusal = [&](std::size_t page) {
    return path + ": page " + std::to_string(page) + " is not as it was written" +
           std::string{server::kDamageWayOut};
  };
  SUBCASE("one bit of the text of a row, which SQLite would take as it is") {
    // The third page is the table's root; the middle of the file is in rows.
    const std::size_t at = size / 2 + 1'000;
    flip_bit(path, at, 3);
    Connection connection = opened(path);
    CHECK(content(connection) == refusal(at / kPageBytes + 1));
    CHECK(content(connection) == refusal(at / kPageBytes + 1));
  }
  SUBCASE("with zeros") {
    write_bytes(path, 40 * kPageBytes, std::string(kPageBytes, '\0'));
    Connection connection = opened(path);
    CHECK(content(connection) == refusal(41));
  }
  SUBCASE("with another page") {
    const std::string bytes = read_bytes(path);
    write_bytes(path, 40 * kPageBytes, bytes.substr(50 * kPageBytes, kPageBytes));
    Connection connection = opened(path);
    CHECK(content(connection) == refusal(41));
  }
  SUBCASE("the first, wherever") {
    for (std::size_t at = 0; at < kPageBytes; ++at) {
      CAPTURE(at);
      flip_bit(path, at, static_cast<int>(at % 8));
      {
        Connection connection = opened(path);
        const std::string found = content(connection);
        const bool is_named = found == refusal(1);
        const bool is_header =
            found == path + ": file is not a database" + std::string{server::kDamageWayOut};
        CHECK((is_named || (is_header && at < 24)));
      }
      flip_bit(path, at, static_cast<int>(at % 8));
    }
    Connection connection = opened(path);
    CHECK(content(connection).size() > 500'000);
  }
  SUBCASE("the first says that there are no checksums") {
    write_bytes(path, 20, std::string(1, '\0'));
    Connection connection = opened(path);
    CHECK(content(connection) == refusal(1));
  }
}

TEST_CASE("a frame of the log that was overwritten is an error that names it") {
  const Folder folder;
  const std::string path = folder.file("presso.db");
  Connection connection = opened(path);
  run(connection,
      std::string{kWal} + "PRAGMA wal_autocheckpoint = 0;" + kTable + inserts(50, 5'000));
  const std::size_t at = server::kLogHeaderBytes + 60 * (server::kFrameHeaderBytes + kPageBytes);
  flip_bit(path + "-wal", at + 2'000, 3);
  const std::string refusal =
      path + "-wal: frame 61 is not as it was written" + std::string{server::kDamageWayOut};
  Result<Connection> reader = Connection::open(path, Connection::Access::ReadOnly);
  REQUIRE(reader);
  CHECK(content(*reader) == refusal);
  const Result<void> moved = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  REQUIRE_FALSE(moved);
  CHECK(moved.error().message == refusal);
}

TEST_CASE("a database without room for checksums is read and written as it is") {
  const Folder folder;
  const std::string path = folder.file("presso.db");
  {
    Connection other = opened(folder.file("other.db"));
    run(other, "ATTACH '" + path +
                   "' AS old; PRAGMA old.auto_vacuum = INCREMENTAL;"
                   "PRAGMA old.journal_mode = WAL; CREATE TABLE old.notes (id INTEGER PRIMARY KEY,"
                   " text TEXT)");
  }
  Connection connection = opened(path);
  CHECK(read_bytes(path)[20] == 0);
  run(connection, inserts(300, 300) + "VACUUM;" + inserts(300, 300));
  leave(path, folder.file("copy.db"));
  Connection copy = opened(folder.file("copy.db"));
  CHECK(content(copy) == content(connection));
  run(copy, "PRAGMA wal_checkpoint(TRUNCATE)");
  CHECK(read_bytes(folder.file("copy.db"))[20] == 0);
  CHECK(content(copy).size() > 300'000);
}

TEST_CASE("pages have their checksums without a log, and after all was written anew") {
  const Folder folder;
  const std::string path = folder.file("presso.db");
  Connection connection = opened(path);
  run(connection, kTable + inserts(300, 300) + "DELETE FROM notes WHERE id % 7 < 3; VACUUM;");
  CHECK(unsound_pages(path) == 0);
  run(connection, "BEGIN;" + inserts(300, 3'000) + "ROLLBACK; PRAGMA journal_mode = WAL; VACUUM;" +
                      "PRAGMA wal_checkpoint(TRUNCATE)");
  CHECK(unsound_pages(path) == 0);
}

}  // namespace
}  // namespace presso::test
