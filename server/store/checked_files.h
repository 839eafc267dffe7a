// SQLite's files with a checksum in each page: a file system for SQLite (a VFS, over its own) that
// seals pages as they are written and checks them as they are read.
//
//   sqlite3_open_v2(path, &database, flags, checked_vfs());
//   reserve_checksums(database);                     // a new one, before its first table
//   … SQLITE_IOERR_DATA: found_damage(database) says where
//
// A page that is not as it was written is an error of the read, never data. The pages in the log
// are sealed too, so a checkpoint by whatever program copies pages that are right. SQLite has
// summed up a frame before it writes it: the frame's own checksum is made anew here, from what the
// file has. (SQLite's own extension `cksumvfs` leaves it, and its log does not survive a crash.)
// What is asked of it: one connection of this VFS writes; others, of any program, may read and may
// be the first to open what a crash left, but what they write has no checksums.
//
// A database whose header has no room for checksums is read and written as it is.
#pragma once

#include <optional>

#include "server/store/page_checksum.h"

struct sqlite3;

namespace presso::server {

// Its name, for sqlite3_open_v2; registered at the first call, from any thread.
[[nodiscard]] const char* checked_vfs();

// Pages of an empty database get room for their checksums.
void reserve_checksums(sqlite3*);

struct DamagedPlace {
  bool is_in_log;        // FILE-wal
  std::uint32_t number;  // of the page; in the log of the frame, from 1
};
// The last that the connection read.
[[nodiscard]] std::optional<DamagedPlace> found_damage(sqlite3*);

}  // namespace presso::server
