// A checksum at the end of each page of the database: a page that was overwritten, or written at
// another page's place, is found when it is read.
//
//   seal_page(page, 7);                  // before it is written
//   if (!is_page_sound(page, 7)) …       // after it was read
//
// SQLite leaves the last 8 bytes of each page alone when byte 20 of the file's header says 8. There
// the checksum is, least byte first, of all bytes before it and of the page's number. It finds
// damage, not forgery. 4 KiB take a quarter of a microsecond; zlib's CRC-32 takes more than ten
// times that. A database that an earlier version made has no such bytes, and no checksums.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace presso::server {

inline constexpr std::size_t kChecksumBytes = 8;

using PageNumber = std::uint32_t;  // counts from 1

// `page`: all of it, a power of two between 512 and 65,536 bytes; what its last 8 bytes hold is
// none of the checksum.
[[nodiscard]] std::uint64_t page_checksum(std::span<const std::byte> page, PageNumber);
// What it ends with.
[[nodiscard]] std::uint64_t stored_checksum(std::span<const std::byte> page);
void seal_page(std::span<std::byte> page, PageNumber);
[[nodiscard]] bool is_page_sound(std::span<const std::byte> page, PageNumber);

// What the first 100 bytes of a database say; nothing when they are no header of SQLite's.
struct DatabaseHeader {
  std::size_t page_size;
  bool has_checksums;
};
inline constexpr std::size_t kDatabaseHeaderBytes = 100;
[[nodiscard]] std::optional<DatabaseHeader> database_header(std::span<const std::byte>);

}  // namespace presso::server
