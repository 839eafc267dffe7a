#include "server/store/sqlite_reader.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <utility>

#include "server/store/schema.h"

namespace presso::server {
namespace {

constexpr run::Status kStatuses[] = {run::Status::Running, run::Status::Succeeded,
                                     run::Status::Failed, run::Status::TimedOut,
                                     run::Status::Aborted};

}  // namespace

Result<std::unique_ptr<SqliteReader>> SqliteReader::open(const std::string& path) {
  Result<Connection> connection = Connection::open(path, Connection::Access::ReadOnly);
  if (!connection) return connection.error();
  auto reader = std::make_unique<SqliteReader>(std::move(*connection));
  const Result<void> prepared = reader->prepare();
  if (!prepared) return prepared.error();
  return reader;
}

Result<void> SqliteReader::prepare() {
  const Result<void> set =
      connection_.execute("PRAGMA busy_timeout = 10000; PRAGMA cache_size = -1024;");
  if (!set) return set;
  const std::string select{kSelectExecution};
  const std::pair<Statement*, std::string> table[] = {
      {&find_name_,
       select + "WHERE e.machine = (SELECT id FROM texts WHERE text = ?1) AND e.name = ?2"},
      {&find_document_, "SELECT 1 FROM documents WHERE kind = ?1 AND key = ?2"},
      {&find_number_, select + "WHERE e.number = ?1"},
      {&list_,
       "SELECT number FROM executions INDEXED BY execution_lists"
       " WHERE machine = (SELECT id FROM texts WHERE text = ?1) AND status = ?2 AND number < ?3"
       " ORDER BY number DESC LIMIT ?4"},
      // The index is by machine and name: one look for each machine there ever was.
      {&named_,
       "SELECT e.number FROM texts t CROSS JOIN executions e INDEXED BY execution_names"
       " ON e.machine = t.id WHERE e.name > ?1 AND e.name < ?2 ORDER BY e.number LIMIT ?3"},
      {&history_up_,
       "SELECT seq, pack FROM history WHERE number = ?1 AND seq >= ?2 ORDER BY seq LIMIT ?3"},
      {&history_down_,
       "SELECT seq, pack FROM history WHERE number = ?1 AND seq <= ?2 ORDER BY seq DESC LIMIT ?3"},
  };
  for (const auto& [statement, sql] : table) {
    Result<Statement> prepared = connection_.prepare(sql);
    if (!prepared) return prepared.error();
    *statement = std::move(*prepared);
  }
  return {};
}

Result<std::optional<core::ExecutionRow>> SqliteReader::find(const core::ExecutionName& name) {
  std::optional<core::ExecutionRow> found;
  const Result<void> done = find_name_.each([&](const Row& row) { found = read_execution(row); },
                                            name.first, name.second);
  if (!done) return done.error();
  return found;
}

Result<bool> SqliteReader::has_document(const std::string& kind, const std::string& key) {
  bool has = false;
  const Result<void> done = find_document_.each([&](const Row&) { has = true; }, kind, key);
  if (!done) return done.error();
  return has;
}

// One transaction: an execution that ends between the statements must be in the page once.
Result<std::vector<core::ExecutionRow>> SqliteReader::list(const core::ExecutionQuery& query) {
  Result<Transaction> transaction = Transaction::begin(connection_, Transaction::Kind::Read);
  if (!transaction) return transaction.error();
  const Result<std::vector<std::int64_t>> page = numbers(query);
  if (!page) return page.error();
  return rows_of(*page);
}

Result<std::vector<core::ExecutionRow>> SqliteReader::named(const std::string& prefix,
                                                            std::size_t limit) {
  Result<Transaction> transaction = Transaction::begin(connection_, Transaction::Kind::Read);
  if (!transaction) return transaction.error();
  std::string end = prefix;
  ++end.back();
  std::vector<std::int64_t> numbers;
  const Result<void> done = named_.each([&](const Row& row) { numbers.push_back(row.integer(0)); },
                                        prefix, end, static_cast<std::int64_t>(limit));
  if (!done) return done.error();
  return rows_of(numbers);
}

Result<std::vector<core::ExecutionRow>> SqliteReader::rows_of(
    const std::vector<std::int64_t>& numbers) {
  std::vector<core::ExecutionRow> rows;
  rows.reserve(numbers.size());
  for (const std::int64_t number : numbers) {
    const Result<void> done =
        find_number_.each([&](const Row& row) { rows.push_back(read_execution(row)); }, number);
    if (!done) return done.error();
  }
  return rows;
}

// The index holds one run of numbers for each status; without a filter their newest are merged.
Result<std::vector<std::int64_t>> SqliteReader::numbers(const core::ExecutionQuery& query) {
  const std::int64_t before =
      query.before ? stored_id(*query.before) : std::numeric_limits<std::int64_t>::max();
  std::vector<std::int64_t> numbers;
  for (const run::Status status : kStatuses) {
    if (query.status && *query.status != status) continue;
    const Result<void> done =
        list_.each([&](const Row& row) { numbers.push_back(row.integer(0)); }, query.machine_arn,
                   stored_status(status), before, static_cast<std::int64_t>(query.limit));
    if (!done) return done.error();
  }
  std::ranges::sort(numbers, std::greater<>{});
  if (numbers.size() > query.limit) numbers.resize(query.limit);
  return numbers;
}

Result<std::vector<core::HistoryRow>> SqliteReader::history(ExecutionNumber number,
                                                            std::uint64_t from, bool descending,
                                                            std::size_t limit) {
  constexpr std::uint64_t kMax = std::numeric_limits<std::int64_t>::max();
  std::vector<core::HistoryRow> rows;
  const Result<void> done =
      (descending ? history_down_ : history_up_)
          .each(
              [&](const Row& row) {
                rows.push_back({.number = number,
                                .seq = static_cast<std::uint64_t>(row.integer(0)),
                                .pack = row.text(1)});
              },
              stored_id(number), static_cast<std::int64_t>(std::min(from, kMax)),
              static_cast<std::int64_t>(limit));
  if (!done) return done.error();
  return rows;
}

}  // namespace presso::server
