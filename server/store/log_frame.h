// The form of SQLite's write-ahead log (FILE-wal): a header, then frames, each a header and the
// image of a page. https://www.sqlite.org/fileformat2.html#the_write_ahead_log
//
// Each frame's checksum goes on from that of the frame before it, so the log ends for SQLite where
// the first one is wrong. Numbers in headers have their highest byte first; the words that are
// summed up are in the order of the machine that began the log.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>

#include "server/store/page_checksum.h"

namespace presso::server {

inline constexpr std::size_t kLogHeaderBytes = 32;
inline constexpr std::size_t kFrameHeaderBytes = 24;

[[nodiscard]] inline std::uint32_t big_endian(const std::byte* at) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8 | std::to_integer<std::uint32_t>(at[i]);
  return value;
}

struct LogChecksum {
  std::uint32_t first = 0, second = 0;
  bool operator==(const LogChecksum&) const = default;
};
[[nodiscard]] LogChecksum checksum_at(const std::byte*);
void put_checksum(std::byte*, LogChecksum);

// `bytes`: a multiple of 8.
[[nodiscard]] LogChecksum add_words(LogChecksum, std::span<const std::byte> bytes, std::endian);

// The checksum that belongs behind `before` into the header of `frame`, a header and its page.
[[nodiscard]] LogChecksum frame_checksum(LogChecksum before, std::span<const std::byte> frame,
                                         std::endian);

// The same from the checksum that SQLite told, without a look at the frame: SQLite had
// `told_before` behind the frame before, where the file has `before`, and 8 bytes of the page's end
// changed. Each step of the sum is linear, so that a difference is carried through a frame by one
// matrix.
class FrameCarry {
 public:
  explicit FrameCarry(std::size_t page_size);
  [[nodiscard]] std::size_t page_size() const { return page_size_; }

  struct Change {
    LogChecksum told_before, before;
    std::span<const std::byte> old_end, new_end;
  };
  [[nodiscard]] LogChecksum corrected(LogChecksum told, const Change&, std::endian) const;

 private:
  std::size_t page_size_;
  std::uint32_t first_of_first_ = 1, first_of_second_ = 0;
};

struct FrameHeader {
  PageNumber page;
  std::uint32_t pages_after;  // of the database after a commit; 0: the frame ends no transaction
  std::uint64_t salt;
  LogChecksum checksum;
};
[[nodiscard]] FrameHeader frame_header(const std::byte*);

struct LogHeader {
  std::endian order;
  std::size_t page_size;
  std::uint64_t salt;  // another one each time that the log is begun anew
  LogChecksum checksum;
};
// Nothing when it is none, or its checksum is wrong.
[[nodiscard]] std::optional<LogHeader> log_header(std::span<const std::byte>);
// Of the first word alone; the machine's own order when it is no log's.
[[nodiscard]] std::endian order_of_log(const std::byte* header);

}  // namespace presso::server
