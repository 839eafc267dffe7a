// SQLite as values: a connection, its statements and a transaction, with errors as Results that
// name the file. The one place that speaks to the library.
//
//   Statement insert = …; insert.run(number, name, blob(pack))
//   select.each([&](const Row& row) { names.push_back(row.text(0)); }, machine)
//
// Everything belongs to one thread at a time. Statements end before their connection.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace presso::server {

// Bytes that are no text. The view holds until the statement has run.
struct Blob {
  std::string_view bytes;
};
[[nodiscard]] inline Blob blob(std::string_view bytes) { return {bytes}; }

// The current row of a running statement; columns count from 0.
class Row {
 public:
  explicit Row(sqlite3_stmt* statement) : statement_(statement) {}
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::optional<std::int64_t> optional_integer(int column) const;
  [[nodiscard]] std::string text(int column) const;  // also of a blob

 private:
  sqlite3_stmt* statement_;
};

class Statement {
 public:
  Statement() = default;

  // Binds the arguments to ?1, ?2, … and runs to the end.
  template <class... Arguments>
  Result<void> run(const Arguments&... arguments) {
    return each([](const Row&) {}, arguments...);
  }
  // The same, and calls `on_row` with each row.
  template <class OnRow, class... Arguments>
  Result<void> each(OnRow&& on_row, const Arguments&... arguments) {
    int index = 0;
    (bind(++index, arguments), ...);
    for (;;) {
      const Result<bool> has_row = step();
      if (!has_row) return has_row.error();
      if (!*has_row) return {};
      on_row(Row{statement_.get()});
    }
  }

 private:
  friend class Connection;
  struct Finalize {
    void operator()(sqlite3_stmt*) const;
  };
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

  void bind(int index, std::int64_t);
  void bind(int index, std::string_view text);
  void bind(int index, Blob);
  void bind(int index, const std::optional<std::int64_t>&);
  // False: done, and ready to run again.
  Result<bool> step();

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

class Connection {
 public:
  enum class Access { ReadOnly, ReadWriteCreate };

  [[nodiscard]] static Result<Connection> open(const std::string& path, Access);

  [[nodiscard]] Result<Statement> prepare(std::string_view sql);
  // One or several statements without arguments; their rows are not looked at.
  [[nodiscard]] Result<void> execute(const std::string& sql);
  // The first column of the first row.
  [[nodiscard]] Result<std::int64_t> integer(std::string_view sql);
  // Rows that the last statement inserted, updated or deleted.
  [[nodiscard]] std::int64_t changes() const;
  [[nodiscard]] std::int64_t last_insert_id() const;

 private:
  struct Close {
    void operator()(sqlite3*) const;
  };
  explicit Connection(sqlite3* database) : database_(database) {}

  std::unique_ptr<sqlite3, Close> database_;
};

// Rolled back at its end unless it was committed.
class Transaction {
 public:
  enum class Kind { Read, Write };

  [[nodiscard]] static Result<Transaction> begin(Connection&, Kind);
  Transaction(Transaction&& other) noexcept
      : connection_(std::exchange(other.connection_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  [[nodiscard]] Result<void> commit();

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}

  Connection* connection_;
};

}  // namespace presso::server
