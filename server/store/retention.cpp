#include "server/store/retention.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace presso::server {
namespace {

// Steps deleted at once, and bytes of them: under a millisecond, and a few.
constexpr std::size_t kStepsOfCommit = 512;
constexpr std::size_t kStepsOfIdle = 2'048;
constexpr std::int64_t kBytesAtOnce = 4 * 1024 * 1024;
// Pages of 4 KiB. Fewer free ones than this are soon written to again.
constexpr std::int64_t kFreePagesKept = 256;
constexpr std::int64_t kPagesAtOnce = 256;
// Nor is a file cut of which less than an eighth is free: moving pages is writing them.
constexpr std::int64_t kFreeShare = 8;

}  // namespace

Result<void> StoreRetention::prepare(Connection& connection) {
  const std::pair<Statement*, std::string_view> table[] = {
      {&erase_execution_, "DELETE FROM executions WHERE number = ?1"},
      {&note_, "INSERT OR IGNORE INTO erased VALUES (?1)"},
      {&find_noted_, "SELECT number FROM erased LIMIT 1"},
      {&forget_, "DELETE FROM erased WHERE number = ?1"},
      {&find_steps_, "SELECT rowid, length(pack) FROM history WHERE number = ?1 LIMIT ?2"},
      {&erase_step_, "DELETE FROM history WHERE rowid = ?1"},
  };
  for (const auto& [statement, sql] : table) {
    Result<Statement> prepared = connection.prepare(sql);
    if (!prepared) return prepared.error();
    *statement = std::move(*prepared);
  }
  constexpr std::int64_t kIncremental = 2;
  const Result<std::int64_t> kind = connection.integer("PRAGMA auto_vacuum");
  if (!kind) return kind.error();
  is_cuttable_ = *kind == kIncremental;
  may_shrink_ = is_cuttable_;
  return {};
}

Result<void> StoreRetention::erase(std::int64_t number) {
  Result<void> done = erase_execution_.run(number);
  if (!done) return done;
  has_steps_ = true;
  return note_.run(number);
}

Result<void> StoreRetention::go_on(Portion portion) {
  std::size_t left = portion == Portion::OfCommit ? kStepsOfCommit : kStepsOfIdle;
  while (has_steps_ && left > 0) {
    std::optional<std::int64_t> number;
    Result<void> done = find_noted_.each([&](const Row& row) { number = row.integer(0); });
    if (!done) return done;
    if (!number) {
      has_steps_ = false;
      return {};
    }
    freed();
    const Result<std::size_t> erased = erase_steps(*number, left);
    if (!erased) return erased.error();
    if (*erased > 0) {
      left -= *erased;
      continue;
    }
    done = forget_.run(*number);
    if (!done) return done;
    --left;
  }
  return {};
}

Result<std::size_t> StoreRetention::erase_steps(std::int64_t number, std::size_t rows) {
  std::vector<std::int64_t> steps;
  std::int64_t bytes = 0;
  Result<void> done = find_steps_.each(
      [&](const Row& row) {
        if (bytes > kBytesAtOnce) return;
        steps.push_back(row.integer(0));
        bytes += row.integer(1);
      },
      number, static_cast<std::int64_t>(rows));
  if (!done) return done.error();
  for (const std::int64_t step : steps) {
    done = erase_step_.run(step);
    if (!done) return done.error();
  }
  // Enough for this time, however few they were.
  return bytes > kBytesAtOnce ? rows : steps.size();
}

Result<bool> StoreRetention::shrink(Connection& connection) {
  if (!may_shrink_) return false;
  const Result<std::int64_t> free = connection.integer("PRAGMA freelist_count");
  if (!free) return free.error();
  const Result<std::int64_t> pages = connection.integer("PRAGMA page_count");
  if (!pages) return pages.error();
  const bool is_worth_it = *free > kFreePagesKept && (is_shrinking_ || *free * kFreeShare > *pages);
  Result<void> done;
  if (is_worth_it) {
    is_shrinking_ = true;
    done = connection.execute("PRAGMA incremental_vacuum(" + std::to_string(kPagesAtOnce) + ")");
    if (!done) return done.error();
    return true;
  }
  may_shrink_ = false;
  if (!std::exchange(is_shrinking_, false)) return false;
  // What the log holds reaches the file, which only then becomes smaller.
  done = connection.execute("PRAGMA wal_checkpoint(PASSIVE)");
  if (!done) return done.error();
  return false;
}

}  // namespace presso::server
