#include "server/store/damage.h"

#include <cstdint>
#include <optional>
#include <span>

namespace presso::server {
namespace {

constexpr std::int64_t kSmallBytes = 32 * 1024 * 1024;

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
