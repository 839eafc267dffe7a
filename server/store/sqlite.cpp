#include "server/store/sqlite.h"

#include <sqlite3.h>

#include "server/store/checked_files.h"
#include "server/store/damage.h"
#include "server/versions.h"

namespace presso::server {
namespace {

// "DIR/presso.db: database disk image is malformed"
Error error_of(sqlite3* database) {
  const char* name = sqlite3_db_filename(database, "main");
  const std::string path{name ? name : ""};
  const std::optional<DamagedPlace> place = sqlite3_extended_errcode(database) == SQLITE_IOERR_DATA
                                                ? found_damage(database)
                                                : std::nullopt;
  if (place) return damaged_at(path, *place);
  const int code = sqlite3_errcode(database);
  const bool is_damaged = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
  return {"StoreError",
          path + ": " + sqlite3_errmsg(database) + std::string{is_damaged ? kDamageWayOut : ""}};
}

}  // namespace

std::int64_t Row::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::optional<std::int64_t> Row::optional_integer(int column) const {
  if (sqlite3_column_type(statement_, column) == SQLITE_NULL) return std::nullopt;
  return integer(column);
}

std::string Row::text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  if (!bytes) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

// Binding fails only for an index that the SQL does not have, or without memory.
void Statement::bind(int index, std::int64_t value) {
  PRESSO_ASSERT(sqlite3_bind_int64(statement_.get(), index, value) == SQLITE_OK);
}

// A null pointer would bind NULL: an empty view has to point somewhere.
void Statement::bind(int index, std::string_view text) {
  PRESSO_ASSERT(sqlite3_bind_text64(statement_.get(), index, text.data() ? text.data() : "",
                                    text.size(), SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK);
}

void Statement::bind(int index, Blob value) {
  const std::string_view bytes = value.bytes;
  PRESSO_ASSERT(sqlite3_bind_blob64(statement_.get(), index, bytes.data() ? bytes.data() : "",
                                    bytes.size(), SQLITE_STATIC) == SQLITE_OK);
}

void Statement::bind(int index, const std::optional<std::int64_t>& value) {
  if (value) return bind(index, *value);
  PRESSO_ASSERT(sqlite3_bind_null(statement_.get(), index) == SQLITE_OK);
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) {
    Error error = error_of(sqlite3_db_handle(statement_.get()));
    sqlite3_reset(statement_.get());
    return error;
  }
  sqlite3_reset(statement_.get());
  return false;
}

void Connection::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

Result<Connection> Connection::open(const std::string& path, Access access) {
  const int flags = access == Access::ReadOnly ? SQLITE_OPEN_READONLY
                                               : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  sqlite3* database = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &database, flags | SQLITE_OPEN_NOMUTEX, checked_vfs());
  Connection connection{database};
  if (code != SQLITE_OK) {
    return Error{"StoreError", path + ": " + (database ? sqlite3_errmsg(database) : "no memory")};
  }
  if (access == Access::ReadOnly) return connection;
  // What is wrong with the file is told to those who use it.
  const Result<std::int64_t> pages = connection.integer("PRAGMA page_count");
  if (pages && *pages == 0) reserve_checksums(database);
  return connection;
}

Result<Statement> Connection::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return error_of(database_.get());
  return Statement{statement};
}

Result<void> Connection::execute(const std::string& sql) {
  if (sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return error_of(database_.get());
  }
  return {};
}

Result<std::int64_t> Connection::integer(std::string_view sql) {
  Result<Statement> statement = prepare(sql);
  if (!statement) return statement.error();
  std::int64_t value = 0;
  const Result<void> done = statement->each([&](const Row& row) { value = row.integer(0); });
  if (!done) return done.error();
  return value;
}

std::int64_t Connection::changes() const { return sqlite3_changes64(database_.get()); }

std::int64_t Connection::last_insert_id() const {
  return sqlite3_last_insert_rowid(database_.get());
}

Result<Transaction> Transaction::begin(Connection& connection, Kind kind) {
  const Result<void> begun =
      connection.execute(kind == Kind::Write ? "BEGIN IMMEDIATE" : "BEGIN DEFERRED");
  if (!begun) return begun.error();
  return Transaction{connection};
}

// A failed roll-back leaves nothing to do: SQLite has rolled back by itself.
Transaction::~Transaction() {
  if (connection_) static_cast<void>(connection_->execute("ROLLBACK"));
}

Result<void> Transaction::commit() {
  const Result<void> done = connection_->execute("COMMIT");
  if (done) connection_ = nullptr;
  return done;
}

LibraryVersion version_of_sqlite() { return {"SQLite", SQLITE_VERSION, sqlite3_libversion()}; }

}  // namespace presso::server
