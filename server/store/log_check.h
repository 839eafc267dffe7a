// A write-ahead log that was damaged, found before SQLite reads it: for SQLite the log ends where a
// frame is wrong, as after a power cut, and commits behind that are gone without a word.
//
// When each commit was synced before the next began (synchronous=FULL), a power cut or `kill -9`
// can leave at most the last transaction in pieces, its last frame before others or not at all. So
// one frame that ends a transaction may be in the file at or behind the first wrong one; with two
// of them, at least the first of their transactions was synced, and so acknowledged: the log is
// damaged. What belongs to this log is known by its salt, another one each time that SQLite begins
// it anew; the store begins it anew at each start, so that nothing is in it which an earlier start
// gave up. The log's header is synced before its first frame, within one sector: with frames behind
// it, it is right or damaged.
//
// Not found: damage within the last transaction, which looks like a commit that a power cut tore,
// and a log that is gone or was cut short. Nothing is said of one that was not synced at each
// commit.
#pragma once

#include <string>

#include "base/result.h"

namespace presso::server {

// `database`: its path; the log is beside it, or there is none. Every commit in it was synced.
[[nodiscard]] Result<void> check_log(const std::string& database);

}  // namespace presso::server
