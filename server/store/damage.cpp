#include "server/store/damage.h"

#include <cstdint>
#include <fstream>
#include <ios>
#include <optional>
#include <span>
#include <vector>

namespace presso::server {
namespace {

constexpr std::int64_t kSmallBytes = 32 * 1024 * 1024;
constexpr std::int64_t kScannedBytes = 128 * 1024 * 1024;
constexpr std::size_t kReadAtOnce = 1024 * 1024;
// SQLite locks bytes of the page that is here, and never writes it.
constexpr std::size_t kLockedByte = 0x40000000;

constexpr std::string_view kWhole[] = {""};
constexpr std::string_view kTables[] = {"('texts')", "('documents')", "('deliveries')",
                                        "('counters')"};

// SQLite finds many lines to say; behind its heading the first is enough.
Error malformed(const std::string& path, const std::string& found) {
  const std::size_t begin = found.starts_with("***") ? found.find('\n') + 1 : 0;
  return {"StoreError", path + ": database disk image is malformed (" +
                            found.substr(begin, found.find('\n', begin) - begin) + ")" +
                            std::string{kDamageWayOut}};
}

std::span<const std::byte> next_bytes(std::ifstream& file, std::vector<char>& buffer) {
  file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
  return std::as_bytes(std::span{buffer}.first(static_cast<std::size_t>(file.gcount())));
}

// Pages that no tree has are among them, and rows that no index leads to.
Result<void> check_pages(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  std::vector<char> buffer(kReadAtOnce);
  std::optional<DatabaseHeader> header;
  PageNumber number = 0;
  while (true) {
    std::span<const std::byte> bytes = next_bytes(file, buffer);
    if (!header) header = database_header(bytes);
    if (!header || !header->has_checksums || bytes.empty()) return {};
    for (; bytes.size() >= header->page_size; bytes = bytes.subspan(header->page_size)) {
      ++number;
      if (is_page_sound(bytes.first(header->page_size), number)) continue;
      const bool is_locked = number == kLockedByte / header->page_size + 1;
      if (!is_locked) return damaged_at(path, {.is_in_log = false, .number = number});
    }
  }
}

}  // namespace

Error damaged_at(const std::string& path, const DamagedPlace& place) {
  return {"StoreError", path + (place.is_in_log ? "-wal: frame " : ": page ") +
                            std::to_string(place.number) + " is not as it was written" +
                            std::string{kDamageWayOut}};
}

Result<void> check_damage(Connection& connection, const std::string& path) {
  const Result<std::int64_t> pages = connection.integer("PRAGMA page_count");
  if (!pages) return pages.error();
  const Result<std::int64_t> size = connection.integer("PRAGMA page_size");
  if (!size) return size.error();
  if (*pages * *size <= kScannedBytes) {
    const Result<void> sound = check_pages(path);
    if (!sound) return sound;
  }
  const bool is_small = *pages * *size <= kSmallBytes;
  const std::span<const std::string_view> parts =
      is_small ? std::span<const std::string_view>{kWhole} : std::span{kTables};
  for (const std::string_view part : parts) {
    Result<Statement> check = connection.prepare("PRAGMA quick_check" + std::string{part});
    if (!check) return check.error();
    std::optional<std::string> found;
    const Result<void> read = check->each([&](const Row& row) {
      if (!found) found = row.text(0);
    });
    if (!read) return read.error();
    if (found && *found != "ok") return malformed(path, *found);
  }
  return {};
}

}  // namespace presso::server
