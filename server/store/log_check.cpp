#include "server/store/log_check.h"

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <ios>
#include <optional>
#include <span>
#include <vector>

#include "server/store/log_frame.h"

namespace presso::server {
namespace {

constexpr std::string_view kLogWayOut =
    ", and what was stored behind it cannot be read. The file is damaged: put a copy of it and of "
    "the database back, or go on with what is before it: `sqlite3 FILE 'PRAGMA "
    "wal_checkpoint(TRUNCATE)'` with the database's FILE";

Error log_error(const std::string& path, const std::string& what) {
  return {"StoreError", path + ": " + what + std::string{kLogWayOut}};
}

bool read_next(std::ifstream& file, std::span<std::byte> to) {
  void* const at = to.data();
  file.read(static_cast<char*>(at), static_cast<std::streamsize>(to.size()));
  return file.gcount() == static_cast<std::streamsize>(to.size());
}

}  // namespace

Result<void> check_log(const std::string& database) {
  const std::string path = database + "-wal";
  std::ifstream file{path, std::ios::binary};
  std::vector<std::byte> bytes(kLogHeaderBytes);
  if (!file || !read_next(file, bytes)) return {};
  const std::optional<LogHeader> header = log_header(bytes);
  if (!header) {
    bytes.resize(kFrameHeaderBytes);
    const bool has_frame = read_next(file, bytes) && frame_header(bytes.data()).page != 0;
    return has_frame ? log_error(path, "its header is not as it was written") : Result<void>{};
  }
  bytes.resize(kFrameHeaderBytes + header->page_size);
  LogChecksum sum = header->checksum;
  std::uint32_t number = 0;
  std::uint32_t first_wrong = 0;
  int ends_behind = 0;
  while (read_next(file, bytes)) {
    ++number;
    const FrameHeader frame = frame_header(bytes.data());
    if (first_wrong == 0) {
      sum = frame_checksum(sum, bytes, header->order);
      const bool is_right = frame.salt == header->salt && frame.page != 0 && frame.checksum == sum;
      if (is_right) continue;
      first_wrong = number;
    }
    if (frame.salt == header->salt && frame.pages_after != 0) ++ends_behind;
  }
  if (ends_behind < 2) return {};
  return log_error(path, "frame " + std::to_string(first_wrong) + " is not as it was written");
}

}  // namespace presso::server
