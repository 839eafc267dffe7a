// A database that was cut short or overwritten: found before anything is read from it, so that no
// part of it is missing silently.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "server/store/checked_files.h"
#include "server/store/sqlite.h"

namespace presso::server {

// What to do, behind the words that say what is wrong.
inline constexpr std::string_view kDamageWayOut =
    ". The file is damaged: put a copy of it back, save what can be read with `sqlite3 FILE "
    ".dump`, or begin anew with another --data";

// "DIR/presso.db: page 7 is not as it was written", and the way out.
[[nodiscard]] Error damaged_at(const std::string& path, const DamagedPlace&);

// Looks through all of a small database and the tables that everything else depends on of a large
// one, and, as its log is empty, at the checksum of every page of one up to 128 MiB: a hundred
// milliseconds at most. The rest of a large one is found out when it is read.
[[nodiscard]] Result<void> check_damage(Connection&, const std::string& path);

}  // namespace presso::server
