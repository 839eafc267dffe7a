#include "server/file_watch.h"

#include <system_error>

namespace presso::server {

auto FileWatch::stamp() const -> std::optional<Stamp> {
  std::error_code error;
  const auto time = std::filesystem::last_write_time(path_, error);
  if (error) return std::nullopt;
  const auto size = std::filesystem::file_size(path_, error);
  if (error) return std::nullopt;
  return Stamp{time, size};
}

void FileWatch::look() { static_cast<void>(has_changed()); }

bool FileWatch::has_changed() {
  const std::lock_guard lock{mutex_};
  const auto now = stamp();
  if (now == seen_) return false;
  seen_ = now;
  return true;
}

}  // namespace presso::server
