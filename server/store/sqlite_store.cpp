#include "server/store/sqlite_store.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "server/store/damage.h"

namespace presso::server {
namespace {

// Four times SQLite's own: fewer, longer checkpoints write a page that changed often once. Beyond
// some 16 MiB the log itself no longer fits the caches.
constexpr std::string_view kWalPages = "4000";
// The unique index of names is written at random places; its inner pages should stay.
constexpr std::string_view kCacheKib = "4096";

constexpr std::string_view kExecutionCounter = "execution";
constexpr std::string_view kDeliveryCounter = "delivery";

std::string_view synchronous_of(Durability durability) {
  switch (durability) {
    case Durability::Full: return "FULL";
    case Durability::Process: return "NORMAL";
    case Durability::None: return "OFF";
  }
  PRESSO_ASSERT(false);
}

// The one kind of document that holds secrets.
constexpr std::string_view kSecretKind = "connection";

KeyPlace place_of_key(const std::string& database, Durability durability,
                      const std::optional<std::string>& named) {
  if (named) return {.file = *named, .is_ours = false};
  if (durability == Durability::None) return {};
  return {.file = (std::filesystem::path{database}.parent_path() / "presso.key").string()};
}

std::optional<std::int64_t> stored_time(const std::optional<Time>& time) {
  if (!time) return std::nullopt;
  return epoch_ms(*time);
}

}  // namespace

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(
    const std::string& path, Durability durability, const std::optional<std::string>& secrets_key) {
  Result<Connection> connection = Connection::open(path, Connection::Access::ReadWriteCreate);
  if (!connection) return connection.error();
  auto store = std::make_unique<SqliteStore>(std::move(*connection),
                                             place_of_key(path, durability, secrets_key));

  // First how much is synced: switching to WAL writes the first page of a new file.
  std::string settings = "PRAGMA busy_timeout = 10000;";
  settings.append(StoreRetention::kPragma);
  settings.append("PRAGMA synchronous = ").append(synchronous_of(durability)).append(";");
  settings.append("PRAGMA journal_mode = WAL;");
  settings.append("PRAGMA wal_autocheckpoint = ").append(kWalPages).append(";");
  settings.append("PRAGMA cache_size = -").append(kCacheKib).append(";");
  const Result<void> set = store->connection_.execute(settings);
  if (!set) return set.error();
  const Result<void> begun = store->begin_log(path);
  if (!begun) return begun.error();
  const Result<void> tables = prepare_schema(store->connection_, path);
  if (!tables) return tables.error();
  const Result<void> sound = check_damage(store->connection_, path);
  if (!sound) return sound.error();
  const Result<void> prepared = store->prepare();
  if (!prepared) return prepared.error();
  const Result<void> sealed = store->seal_what_is_plain();
  if (!sealed) return sealed.error();
  return store;
}

// What an earlier start left in the log is taken over, and the rest of it, which nobody was told
// of, is gone: `check_log` counts on it.
Result<void> SqliteStore::begin_log(const std::string& path) {
  const Result<std::int64_t> is_busy = connection_.integer("PRAGMA wal_checkpoint(TRUNCATE)");
  if (!is_busy) return is_busy.error();
  if (*is_busy == 0) return {};
  return Error{"StoreError", path + " is being read by another program: end that first"};
}

Result<void> SqliteStore::prepare() {
  const std::string by_number = std::string{kSelectExecution} + "WHERE e.number = ?1";
  const std::pair<Statement*, std::string> table[] = {
      {&statements_.put_document, "REPLACE INTO documents VALUES (?1, ?2, ?3)"},
      {&statements_.erase_document, "DELETE FROM documents WHERE kind = ?1 AND key = ?2"},
      {&statements_.insert_execution,
       "INSERT INTO executions VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
       " ON CONFLICT (number) DO UPDATE SET machine = ?2, name = ?3, status = ?4, start_time = ?5,"
       " stop_time = ?6, wake_at = ?7, is_outstanding = ?8, next_seq = ?9, revision = ?10,"
       " details = ?11"},
      {&statements_.update_execution,
       "UPDATE executions SET start_time = ?4, stop_time = ?5, wake_at = ?6, is_outstanding = ?7,"
       " next_seq = ?8, revision = ?9, details = ?10"
       " WHERE number = ?1 AND status = ?2 AND machine = ?3 AND name = ?11"},
      {&statements_.insert_history, "INSERT INTO history VALUES (?1, ?2, ?3)"},
      {&statements_.put_delivery, "REPLACE INTO deliveries VALUES (?1, ?2, ?3, ?4)"},
      {&statements_.erase_delivery, "DELETE FROM deliveries WHERE id = ?1"},
      {&statements_.raise_counter,
       "INSERT INTO counters VALUES (?1, ?2)"
       " ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)"},
      {&statements_.insert_text, "INSERT INTO texts (text) VALUES (?1)"},
      {&statements_.find_text, "SELECT id FROM texts WHERE text = ?1"},
      {&statements_.find_name,
       "SELECT number FROM executions"
       " WHERE machine = (SELECT id FROM texts WHERE text = ?1) AND name = ?2"},
      {&statements_.find_execution, by_number},
      {&statements_.find_history, "SELECT seq, pack FROM history WHERE number = ?1 ORDER BY seq"},
      {&statements_.scan,
       std::string{kSelectExecution} + "WHERE e.number > ?1 ORDER BY e.number LIMIT ?2"},
  };
  for (const auto& [statement, sql] : table) {
    Result<Statement> prepared = connection_.prepare(sql);
    if (!prepared) return prepared.error();
    *statement = std::move(*prepared);
  }
  return retention_.prepare(connection_);
}

// ---- commit ----

Result<void> SqliteStore::commit(const core::Batch& batch) {
  Result<Transaction> transaction = Transaction::begin(connection_, Transaction::Kind::Write);
  if (!transaction) return transaction.error();
  Result<void> written = erase_executions(batch);
  if (!written) return written;
  written = write_documents(batch);
  if (!written) return written;
  for (const core::ExecutionRow& row : batch.put_executions) {
    written = put(row);
    if (!written) return written;
  }
  for (const core::HistoryRow& row : batch.history) {
    written = statements_.insert_history.run(stored_id(row.number),
                                             static_cast<std::int64_t>(row.seq), blob(row.pack));
    if (!written) return written;
  }
  written = write_deliveries(batch);
  if (!written) return written;
  written = retention_.go_on(StoreRetention::Portion::OfCommit);
  if (!written) return written;
  return transaction->commit();
}

Result<bool> SqliteStore::tidy() {
  if (!retention_.has_steps()) return retention_.shrink(connection_);
  Result<Transaction> transaction = Transaction::begin(connection_, Transaction::Kind::Write);
  if (!transaction) return transaction.error();
  Result<void> done = retention_.go_on(StoreRetention::Portion::OfIdle);
  if (done) done = transaction->commit();
  if (!done) return done.error();
  return true;
}

Result<void> SqliteStore::write_documents(const core::Batch& batch) {
  for (const core::DocumentRow& row : batch.put_documents) {
    const Result<void> done = put(row);
    if (!done) return done;
  }
  for (const auto& [kind, key] : batch.erased_documents) {
    const Result<void> done = statements_.erase_document.run(kind, key);
    if (!done) return done;
  }
  return {};
}

Result<void> SqliteStore::put(const core::DocumentRow& row) {
  if (row.kind != kSecretKind) return statements_.put_document.run(row.kind, row.key, row.value);
  const Result<std::string> sealed = secrets_.seal(row.key, row.value);
  if (!sealed) return sealed.error();
  return statements_.put_document.run(row.kind, row.key, *sealed);
}

Result<void> SqliteStore::seal_what_is_plain() {
  const Result<void> ready = secrets_.prepare();
  if (!ready) return ready;
  std::vector<core::DocumentRow> plain;
  Result<Statement> documents =
      connection_.prepare("SELECT key, value FROM documents WHERE kind = ?1 ORDER BY key");
  if (!documents) return documents.error();
  Result<void> done = documents->each(
      [&](const Row& row) {
        if (SecretBox::is_sealed(row.text(1))) return;
        plain.push_back({std::string{kSecretKind}, row.text(0), row.text(1)});
      },
      kSecretKind);
  if (done && !plain.empty()) done = seal(plain);
  if (!done) return done;
  const Result<std::int64_t> has_traces =
      connection_.integer("SELECT count(*) FROM counters WHERE name = 'traces'");
  if (!has_traces) return has_traces.error();
  if (*has_traces == 0) return {};
  return connection_.execute(
      "VACUUM; PRAGMA wal_checkpoint(TRUNCATE); DELETE FROM counters WHERE name = 'traces'");
}

// Free pages and the log still have what was there. Both are written anew afterwards, once; the
// counter says so to the next start, should this one be cut short.
Result<void> SqliteStore::seal(const std::vector<core::DocumentRow>& plain) {
  Result<Transaction> transaction = Transaction::begin(connection_, Transaction::Kind::Write);
  if (!transaction) return transaction.error();
  Result<void> done = connection_.execute("REPLACE INTO counters VALUES ('traces', 1)");
  for (const core::DocumentRow& row : plain) {
    if (done) done = put(row);
  }
  if (!done) return done;
  return transaction->commit();
}

// A step that leaves the status as it was, the common one, must not touch the indexes: SQLite
// rewrites the entries of every indexed column that an UPDATE names.
Result<void> SqliteStore::put(const core::ExecutionRow& row) {
  const Result<std::int64_t> machine = intern(row.machine_arn);
  if (!machine) return machine.error();
  const Result<std::int64_t> revision = intern(row.revision);
  if (!revision) return revision.error();
  const std::int64_t number = stored_id(row.number);
  const std::int64_t status = stored_status(row.status);
  const std::int64_t start_time = epoch_ms(row.start_time);
  const std::optional<std::int64_t> stop_time = stored_time(row.stop_time);
  const std::optional<std::int64_t> wake_at = stored_time(row.wake_at);
  const std::int64_t is_outstanding = row.is_outstanding ? 1 : 0;
  const auto next_seq = static_cast<std::int64_t>(row.next_seq);

  const bool is_likely_new = row.next_seq <= 1;
  if (!is_likely_new) {
    const Result<void> updated = statements_.update_execution.run(
        number, status, *machine, start_time, stop_time, wake_at, is_outstanding, next_seq,
        *revision, row.details, row.name);
    if (!updated) return updated;
    if (connection_.changes() == 1) return {};
  }
  return statements_.insert_execution.run(number, *machine, row.name, status, start_time, stop_time,
                                          wake_at, is_outstanding, next_seq, *revision,
                                          row.details);
}

Result<void> SqliteStore::write_deliveries(const core::Batch& batch) {
  for (const core::DeliveryRow& row : batch.put_deliveries) {
    const Result<void> done = statements_.put_delivery.run(
        stored_id(row.id), epoch_ms(row.due), static_cast<std::int64_t>(row.attempts), row.value);
    if (!done) return done;
  }
  if (batch.erased_deliveries.empty()) return {};
  for (const DeliveryId id : batch.erased_deliveries) {
    const Result<void> done = statements_.erase_delivery.run(stored_id(id));
    if (!done) return done;
  }
  return statements_.raise_counter.run(
      kDeliveryCounter, stored_id(*std::ranges::max_element(batch.erased_deliveries)));
}

Result<void> SqliteStore::erase_executions(const core::Batch& batch) {
  if (batch.erased_executions.empty()) return {};
  for (const ExecutionNumber number : batch.erased_executions) {
    const Result<void> erased = retention_.erase(stored_id(number));
    if (!erased) return erased;
  }
  return statements_.raise_counter.run(
      kExecutionCounter, stored_id(*std::ranges::max_element(batch.erased_executions)));
}

Result<std::int64_t> SqliteStore::intern(std::string_view text) {
  const auto known = interned_.find(text);
  if (known != interned_.end()) return known->second;
  std::optional<std::int64_t> id;
  const Result<void> found =
      statements_.find_text.each([&](const Row& row) { id = row.integer(0); }, text);
  if (!found) return found.error();
  if (!id) {
    const Result<void> inserted = statements_.insert_text.run(text);
    if (!inserted) return inserted.error();
    id = connection_.last_insert_id();
  }
  interned_.emplace(text, *id);
  return *id;
}

// ---- load ----

Result<core::Loaded> SqliteStore::load(const core::Keys& keys) {
  std::set<std::int64_t> numbers;
  for (const ExecutionNumber number : keys.numbers) numbers.insert(stored_id(number));
  for (const auto& [machine, name] : keys.names) {
    const Result<void> found = statements_.find_name.each(
        [&](const Row& row) { numbers.insert(row.integer(0)); }, machine, name);
    if (!found) return found.error();
  }
  core::Loaded loaded;
  for (const std::int64_t number : numbers) {
    Result<core::StoredExecution> execution = load_execution(number);
    if (!execution) return execution.error();
    if (execution->row.number.value != 0) loaded.executions.push_back(std::move(*execution));
  }
  if (!keys.scan) return loaded;
  const Result<void> scanned = statements_.scan.each(
      [&](const Row& row) { loaded.scanned.push_back(read_execution(row)); },
      stored_id(keys.scan->after), static_cast<std::int64_t>(keys.scan->limit));
  if (!scanned) return scanned.error();
  return loaded;
}

// Its number is 0 when there is none.
Result<core::StoredExecution> SqliteStore::load_execution(std::int64_t number) {
  core::StoredExecution execution;
  const Result<void> row = statements_.find_execution.each(
      [&](const Row& found) { execution.row = read_execution(found); }, number);
  if (!row) return row.error();
  const Result<void> history = statements_.find_history.each(
      [&](const Row& step) {
        execution.history.push_back({.number = execution.row.number,
                                     .seq = static_cast<std::uint64_t>(step.integer(0)),
                                     .pack = step.text(1)});
      },
      number);
  if (!history) return history.error();
  return execution;
}

// ---- recover ----

Result<core::Recovered> SqliteStore::recover() {
  core::Recovered recovered;
  Result<void> done = recover_rows(recovered);
  if (done) done = recover_running(recovered);
  if (done) done = recover_counters(recovered);
  if (!done) return done.error();
  return recovered;
}

Result<void> SqliteStore::recover_rows(core::Recovered& recovered) {
  Result<Statement> documents =
      connection_.prepare("SELECT kind, key, value FROM documents ORDER BY kind, key");
  if (!documents) return documents.error();
  const Result<void> read = documents->each([&](const Row& row) {
    recovered.documents.push_back({row.text(0), row.text(1), row.text(2)});
  });
  if (!read) return read;
  for (core::DocumentRow& row : recovered.documents) {
    if (row.kind != kSecretKind) continue;
    Result<std::string> text = secrets_.unseal(row.key, row.value);
    if (!text) return text.error();
    row.value = *std::move(text);
  }
  Result<Statement> deliveries =
      connection_.prepare("SELECT id, due, attempts, value FROM deliveries ORDER BY id");
  if (!deliveries) return deliveries.error();
  return deliveries->each([&](const Row& row) {
    recovered.deliveries.push_back({.id = {static_cast<std::uint64_t>(row.integer(0))},
                                    .due = time_of_epoch_ms(row.integer(1)),
                                    .attempts = static_cast<std::uint32_t>(row.integer(2)),
                                    .value = row.text(3)});
  });
}

// Through the index of lists: what it costs depends on how many run, not on how many ever ran.
Result<void> SqliteStore::recover_running(core::Recovered& recovered) {
  Result<Statement> running = connection_.prepare(
      "SELECT number, wake_at, is_outstanding FROM executions"
      " WHERE machine IN (SELECT id FROM texts) AND status = ?1");
  if (!running) return running.error();
  std::vector<std::int64_t> outstanding;
  const Result<void> read = running->each(
      [&](const Row& row) {
        if (row.integer(2) != 0) {
          outstanding.push_back(row.integer(0));
          return;
        }
        core::ParkedExecution parked{.number = {static_cast<std::uint64_t>(row.integer(0))},
                                     .wake_at = {}};
        if (const auto wake_at = row.optional_integer(1)) {
          parked.wake_at = time_of_epoch_ms(*wake_at);
        }
        recovered.parked.push_back(parked);
      },
      stored_status(run::Status::Running));
  if (!read) return read;
  Result<Statement> counted = connection_.prepare(
      "SELECT t.text, count(*) FROM executions e JOIN texts t ON t.id = e.machine"
      " WHERE e.machine IN (SELECT id FROM texts) AND e.status = ?1 GROUP BY e.machine");
  if (!counted) return counted.error();
  const Result<void> counts = counted->each(
      [&](const Row& row) {
        recovered.running.emplace(row.text(0), static_cast<std::uint64_t>(row.integer(1)));
      },
      stored_status(run::Status::Running));
  if (!counts) return counts;
  std::ranges::sort(recovered.parked, {}, &core::ParkedExecution::number);
  std::ranges::sort(outstanding);
  for (const std::int64_t number : outstanding) {
    Result<core::StoredExecution> execution = load_execution(number);
    if (!execution) return execution.error();
    recovered.outstanding.push_back(std::move(*execution));
  }
  return {};
}

Result<void> SqliteStore::recover_counters(core::Recovered& recovered) {
  const Result<std::int64_t> number = connection_.integer(
      "SELECT max(coalesce((SELECT max(number) FROM executions), 0),"
      " coalesce((SELECT value FROM counters WHERE name = 'execution'), 0))");
  if (!number) return number.error();
  const Result<std::int64_t> delivery = connection_.integer(
      "SELECT max(coalesce((SELECT max(id) FROM deliveries), 0),"
      " coalesce((SELECT value FROM counters WHERE name = 'delivery'), 0))");
  if (!delivery) return delivery.error();
  recovered.last_number = {static_cast<std::uint64_t>(*number)};
  recovered.last_delivery = {static_cast<std::uint64_t>(*delivery)};
  return {};
}

// Numbers go on where they were: an answer that is still under way must not find a new execution
// under the number of an old one.
Result<void> SqliteStore::clear() {
  core::Recovered counters;
  const Result<void> counted = recover_counters(counters);
  if (!counted) return counted;
  Result<Transaction> transaction = Transaction::begin(connection_, Transaction::Kind::Write);
  if (!transaction) return transaction.error();
  Result<void> done = connection_.execute(
      "DELETE FROM documents; DELETE FROM executions; DELETE FROM history;"
      "DELETE FROM deliveries; DELETE FROM texts; DELETE FROM erased");
  if (!done) return done;
  interned_.clear();
  retention_.freed();
  done = statements_.raise_counter.run(kExecutionCounter, stored_id(counters.last_number));
  if (!done) return done;
  done = statements_.raise_counter.run(kDeliveryCounter, stored_id(counters.last_delivery));
  if (!done) return done;
  return transaction->commit();
}

}  // namespace presso::server
