#include "server/store/log_check.h"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "server/store/log_frame.h"
#include "tests/store/folder.h"
#include "tests/store/notes.h"

namespace presso::test {
namespace {

using server::Connection;
constexpr std::size_t kFrameBytes = server::kFrameHeaderBytes + 4'096;

std::string found_in(const std::string& path) {
  const Result<void> done = server::check_log(path);
  return done ? "" : done.error().message;
}

std::size_t frames_of(const std::string& path) {
  return (std::filesystem::file_size(path + "-wal") - server::kLogHeaderBytes) / kFrameBytes;
}

std::size_t offset_of(std::size_t frame) {
  return server::kLogHeaderBytes + (frame - 1) * kFrameBytes;
}

// Ten transactions of several frames; before the last of them the log had `frames_before_last`.
struct Log {
  Folder folder;
  std::string path = folder.file("presso.db");
  std::size_t frames_before_last = 0;
  std::size_t frames = 0;

  Log() {
    Connection connection = opened(folder.file("live.db"));
    run(connection, std::string{kWal} + "PRAGMA wal_autocheckpoint = 0;" + kTable);
    for (int i = 0; i < 10; ++i) {
      frames_before_last = frames_of(folder.file("live.db"));
      run(connection, inserts(20, 500));
    }
    leave(folder.file("live.db"), path);
    frames = frames_of(path);
  }
  [[nodiscard]] std::string copy() const {
    leave(path, folder.file("copy.db"));
    return folder.file("copy.db");
  }
};

TEST_CASE("a log as it was written has nothing wrong") {
  const Log log;
  CHECK(found_in(log.path).empty());
  CHECK(found_in(log.folder.file("none.db")).empty());
  Connection connection = opened(log.path);
  CHECK(number(connection, "SELECT count(*) FROM notes") == 200);
}

TEST_CASE("a bit of the log before its last transaction is missed") {
  const Log log;
  std::mt19937_64 random{1};
  for (std::size_t frame = 1; frame <= log.frames; ++frame) {
    CAPTURE(frame);
    const std::string copy = log.copy();
    flip_bit(copy + "-wal", offset_of(frame) + random() % kFrameBytes,
             static_cast<int>(random() % 8));
    const std::string found = found_in(copy);
    if (frame > log.frames_before_last) {
      CHECK(found.empty());
    } else {
      CHECK(found.starts_with(copy + "-wal: frame " + std::to_string(frame) +
                              " is not as it was written, and what was stored behind it"));
    }
  }
}

TEST_CASE("the way out of a damaged log keeps what is before it") {
  const Log log;
  flip_bit(log.path + "-wal", offset_of(log.frames / 2) + 1'000, 1);
  CHECK_FALSE(found_in(log.path).empty());
  {
    Connection other = opened(log.folder.file("other.db"));
    run(other, "ATTACH 'file:" + log.path + "?vfs=unix' AS left");
    run(other, "PRAGMA left.wal_checkpoint(TRUNCATE)");
  }
  CHECK(found_in(log.path).empty());
  Connection connection = opened(log.path);
  const std::int64_t kept = number(connection, "SELECT count(*) FROM notes");
  CHECK(kept >= 60);
  CHECK(kept < 200);
}

TEST_CASE("a log without its header is missed, and one that never had any is not") {
  const Log log;
  for (std::size_t at = 0; at < server::kLogHeaderBytes; ++at) {
    const std::string copy = log.copy();
    flip_bit(copy + "-wal", at, static_cast<int>(at % 8));
    CHECK(found_in(copy).starts_with(copy + "-wal: its header is not as it was written"));
  }
  std::filesystem::resize_file(log.path + "-wal", server::kLogHeaderBytes);
  flip_bit(log.path + "-wal", 9, 1);
  CHECK(found_in(log.path).empty());
}

// Of the last transaction any frames may be missing, in whole or from a sector on: they are as the
// file was before, with zeros or with frames of a log before this one.
TEST_CASE("a last transaction in pieces is no damage") {
  std::mt19937_64 random{2};
  const Log log;
  for (int round = 0; round < 200; ++round) {
    CAPTURE(round);
    const std::string copy = log.copy();
    const std::string other(kFrameBytes, static_cast<char>(round % 2 == 0 ? 0 : random()));
    for (std::size_t frame = log.frames_before_last + 1; frame <= log.frames; ++frame) {
      if (random() % 2 == 0) continue;
      const std::size_t from = random() % 2 == 0 ? 0 : random() % kFrameBytes;
      write_bytes(copy + "-wal", offset_of(frame) + from, other.substr(from));
    }
    CHECK(found_in(copy).empty());
    Connection connection = opened(copy);
    CHECK(number(connection, "SELECT count(*) FROM notes") >= 180);
  }
}

TEST_CASE("a log that ends anywhere, or lies over an older one, is no damage") {
  const Folder folder;
  const std::string path = folder.file("presso.db");
  Connection connection = opened(path);
  run(connection, std::string{kWal} + "PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = 10;" +
                      kTable + inserts(300, 500));
  run(connection, "PRAGMA wal_checkpoint(RESTART)");
  run(connection, inserts(5, 500));
  run(connection, "BEGIN;" + inserts(100, 500) + "ROLLBACK");
  run(connection, inserts(5, 500));
  leave(path, folder.file("copy.db"));
  CHECK(found_in(folder.file("copy.db")).empty());
  for (std::size_t frame = frames_of(path); frame > 0; --frame) {
    std::filesystem::resize_file(folder.file("copy.db-wal"), offset_of(frame) + frame * 7);
    CHECK(found_in(folder.file("copy.db")).empty());
  }
}

}  // namespace
}  // namespace presso::test
