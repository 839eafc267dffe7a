// A database of notes: what tests of the store's files write and read.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "server/store/sqlite.h"

namespace presso::test {

inline server::Connection opened(const std::string& path) {
  Result<server::Connection> connection =
      server::Connection::open(path, server::Connection::Access::ReadWriteCreate);
  REQUIRE(connection);
  return std::move(*connection);
}

inline void run(server::Connection& connection, const std::string& sql) {
  const Result<void> done = connection.execute(sql);
  REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().message));
}

inline std::int64_t number(server::Connection& connection, std::string_view sql) {
  const Result<std::int64_t> found = connection.integer(sql);
  REQUIRE(found);
  return *found;
}

inline constexpr const char* kWal = "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;";
inline constexpr const char* kTable = "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT);";

inline std::string inserts(int count, int size) {
  return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
         std::to_string(count) + ") INSERT INTO notes (text) SELECT hex(randomblob(" +
         std::to_string(size) + ")) FROM n;";
}

// All that is in it, in an order that does not depend on the file.
inline std::string content(server::Connection& connection) {
  std::string all;
  Result<server::Statement> rows = connection.prepare("SELECT id, text FROM notes ORDER BY id");
  if (!rows) return rows.error().message;
  const Result<void> read = rows->each([&](const server::Row& row) {
    all += std::to_string(row.integer(0)) + ":" + row.text(1) + "\n";
  });
  return read ? all : read.error().message;
}

// What a killed process leaves behind.
inline void leave(const std::string& path, const std::string& copy) {
  for (const char* suffix : {"", "-wal"}) {
    std::filesystem::copy_file(path + suffix, copy + suffix,
                               std::filesystem::copy_options::overwrite_existing);
  }
  std::filesystem::remove(copy + "-shm");
}

}  // namespace presso::test
