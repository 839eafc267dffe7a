#include "server/functions/code_watch.h"

#include <filesystem>
#include <functional>
#include <string_view>
#include <system_error>

namespace presso::server {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kWatchedFiles = 100'000;
constexpr int kShareOfTime = 20;

bool is_left_out(const fs::path& folder) {
  const std::string name = folder.filename().string();
  return name == "node_modules" || name == "__pycache__" || name.starts_with('.');
}

std::uint64_t hash_of(const fs::directory_entry& file) {
  std::error_code ignored;
  const auto changed = file.last_write_time(ignored).time_since_epoch().count();
  const std::string text = file.path().string() + " " + std::to_string(changed) + " " +
                           std::to_string(file.file_size(ignored));
  return std::hash<std::string_view>{}(text);
}

}  // namespace

CodeWatch::CodeWatch(std::string folder) : folder_(std::move(folder)), seen_(fingerprint()) {}

// A folder is listed in any order: the sum does not depend on it.
std::uint64_t CodeWatch::fingerprint() const {
  std::uint64_t sum = 0;
  std::error_code error;
  fs::recursive_directory_iterator entry{folder_, fs::directory_options::skip_permission_denied,
                                         error};
  for (std::size_t count = 0; !error && entry != fs::end(entry) && count < kWatchedFiles; ++count) {
    std::error_code ignored;
    if (entry->is_directory(ignored)) {
      if (is_left_out(entry->path())) entry.disable_recursion_pending();
    } else {
      sum += hash_of(*entry);
    }
    entry.increment(error);
  }
  return sum;
}

bool CodeWatch::has_changed() {
  const auto begin = Clock::now();
  if (begin < next_look_) return false;
  const std::uint64_t now = fingerprint();
  const auto end = Clock::now();
  next_look_ = end + (end - begin) * kShareOfTime;
  return std::exchange(seen_, now) != now;
}

}  // namespace presso::server
