// The embedded store: one SQLite database in WAL mode. Used from the core's thread alone.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/core/store.h"
#include "server/store/retention.h"
#include "server/store/schema.h"
#include "server/store/secret_box.h"
#include "server/store/sqlite.h"

namespace presso::server {

// What an acknowledged commit survives.
enum class Durability {
  Full,     // a power cut: synchronous=FULL, the WAL is synced at each commit
  Process,  // the end of the process, however it comes: synchronous=NORMAL
  None,     // nothing: a temporary database, synchronous=OFF
};

class SqliteStore final : public core::Store {
 public:
  // For `open`, which also prepares the connection.
  SqliteStore(Connection connection, KeyPlace key)
      : connection_(std::move(connection)), secrets_(std::move(key)) {}
  // Error: the file is no database, somebody else's, too new, or cannot be written; or its secrets
  // cannot be read. `secrets_key`: a file; nothing: presso.key beside the database, or in memory
  // for one that does not last.
  [[nodiscard]] static Result<std::unique_ptr<SqliteStore>> open(
      const std::string& path, Durability, const std::optional<std::string>& secrets_key = {});

  [[nodiscard]] Result<core::Recovered> recover() override;
  [[nodiscard]] Result<core::Loaded> load(const core::Keys&) override;
  [[nodiscard]] Result<void> commit(const core::Batch&) override;
  [[nodiscard]] Result<bool> tidy() override;
  [[nodiscard]] Result<void> clear() override;

 private:
  struct Statements {
    Statement put_document, erase_document;
    Statement insert_execution, update_execution;
    Statement insert_history;
    Statement put_delivery, erase_delivery;
    Statement raise_counter;
    Statement insert_text, find_text;
    Statement find_name, find_execution, find_history, scan;
  };

  Result<void> begin_log(const std::string& path);
  Result<void> prepare();

  Result<void> put(const core::ExecutionRow&);
  Result<void> write_documents(const core::Batch&);
  Result<void> put(const core::DocumentRow&);
  // What an earlier version stored as it is, is sealed, and no trace of it is left in the files.
  Result<void> seal_what_is_plain();
  Result<void> seal(const std::vector<core::DocumentRow>& plain);
  Result<void> write_deliveries(const core::Batch&);
  Result<void> erase_executions(const core::Batch&);
  // The integer that stands for a text; a new one is written down.
  Result<std::int64_t> intern(std::string_view text);

  Result<void> recover_rows(core::Recovered&);
  Result<void> recover_running(core::Recovered&);
  Result<void> recover_counters(core::Recovered&);
  Result<core::StoredExecution> load_execution(std::int64_t number);

  Connection connection_;
  Statements statements_;
  StoreRetention retention_;
  SecretBox secrets_;
  std::map<std::string, std::int64_t, std::less<>> interned_;
};

}  // namespace presso::server
