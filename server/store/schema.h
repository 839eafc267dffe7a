// The tables of presso.db and their versions. A database says who wrote it (application_id) and in
// which form (user_version); one of somebody else, or of a newer presso, is refused.
//
// Machine ARNs and revision ids are long and few: rows hold an integer, `texts` knows which. Two
// indexes are written at a start: the unique (machine, name), the one random insert, and (machine,
// status, number), which grows at a few hot ends and serves every list, newest first.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "engine/core/store.h"
#include "server/store/sqlite.h"

namespace presso::server {

// Makes the tables of an empty database; brings older ones up to date. Error: the file is not ours,
// not a database, or too new; the message names it.
[[nodiscard]] Result<void> prepare_schema(Connection&, const std::string& path);

// Stored for ever: a number never gets another meaning.
[[nodiscard]] std::int64_t stored_status(run::Status);
[[nodiscard]] run::Status status_of_stored(std::int64_t);

// SQLite's integers are signed: ids stay below 2^63.
template <class Tag>
[[nodiscard]] std::int64_t stored_id(Id<Tag> id) {
  return static_cast<std::int64_t>(id.value);
}

// "SELECT … FROM executions …", to be followed by WHERE; read_execution takes its rows.
inline constexpr std::string_view kSelectExecution =
    "SELECT e.number, m.text, e.name, e.status, e.start_time, e.stop_time, e.wake_at,"
    " e.is_outstanding, e.next_seq, r.text, e.details FROM executions e"
    " CROSS JOIN texts m ON m.id = e.machine CROSS JOIN texts r ON r.id = e.revision ";
[[nodiscard]] core::ExecutionRow read_execution(const Row&);

}  // namespace presso::server
