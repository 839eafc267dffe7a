#include "server/store/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace presso::server {
namespace {

constexpr std::string_view kPrefix = "presso-";
constexpr std::size_t kSuffixLength = 6;  // mkdtemp's
constexpr const char* kLockName = "/presso.lock";
constexpr const char* kDatabaseName = "/presso.db";

std::string reason() { return std::strerror(errno); }

Error folder_error(const std::string& path) {
  return {"StoreError", "cannot use " + path + ": " + reason()};
}

// In the file of the lock: the process, a word when each commit in the database's log was synced,
// and one, the last, when there is a database.
constexpr std::string_view kSynced = " synced";
constexpr std::string_view kKept = " kept";
struct Words {
  bool is_synced, is_kept;
};

std::string text_of(int lock) {
  std::array<char, 32> text{};
  const ssize_t size = pread(lock, text.data(), text.size() - 1, 0);
  return {text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
}

Words words_of(int lock) {
  const std::string text = text_of(lock);
  return {.is_synced = text.find(kSynced) != std::string::npos, .is_kept = text.ends_with(kKept)};
}

std::string holder_of(int lock) {
  const std::string text = text_of(lock);
  return text.empty() ? "" : " (process " + text.substr(0, text.find(' ')) + ")";
}

Result<void> write_holder(int lock, const std::string& path, Words words) {
  std::string text = std::to_string(getpid());
  if (words.is_synced) text += kSynced;
  if (words.is_kept) text += kKept;
  if (ftruncate(lock, 0) != 0 || pwrite(lock, text.data(), text.size(), 0) < 0) {
    return folder_error(path);
  }
  return {};
}

bool is_empty_file(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 && info.st_size == 0;
}

// Its file may have been removed, by somebody who saw it without a holder, before it was locked.
bool is_still_there(int lock, const std::string& path) {
  struct stat held {};
  struct stat named {};
  return fstat(lock, &held) == 0 && stat(path.c_str(), &named) == 0 &&
         held.st_ino == named.st_ino && held.st_dev == named.st_dev;
}

Result<int> take_lock(const std::string& folder) {
  const std::string path = folder + kLockName;
  const int lock = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return folder_error(path);
  if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
    const std::string holder = holder_of(lock);
    close(lock);
    return Error{"StoreError", folder + " is in use by another presso" + holder +
                                   ": stop that one, or choose another --data"};
  }
  if (!is_still_there(lock, path)) {
    close(lock);
    return Error{"StoreError", folder + " was removed by another process"};
  }
  const Words words = words_of(lock);
  const auto written = write_holder(lock, path, words);
  if (written && !(words.is_kept && is_empty_file(folder + kDatabaseName))) return lock;
  close(lock);
  if (!written) return written.error();
  return Error{"StoreError",
               folder + kDatabaseName +
                   " is empty, and was not: put a copy of it back, or remove it and " + path +
                   " to begin anew"};
}

bool is_leftover_name(const std::string& name) {
  return name.size() == kPrefix.size() + kSuffixLength && name.starts_with(kPrefix);
}

void remove_leftover(const std::string& folder) {
  struct stat info {};
  if (lstat(folder.c_str(), &info) != 0 || !S_ISDIR(info.st_mode) || info.st_uid != getuid()) {
    return;
  }
  // One without a lock file is being made at this moment, or is nobody we know.
  const int lock = open((folder + kLockName).c_str(), O_RDWR | O_CLOEXEC);
  if (lock < 0) return;
  if (flock(lock, LOCK_EX | LOCK_NB) == 0) {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  close(lock);
}

// Its log and its index get the same mode from SQLite.
Result<void> make_private(const std::string& database) {
  const int file = open(database.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return folder_error(database);
  close(file);
  return {};
}

}  // namespace

Result<DataFolder> DataFolder::open(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return Error{"StoreError", "cannot use " + path + ": " + error.message()};
  const Result<int> lock = take_lock(path);
  if (!lock) return lock.error();
  DataFolder folder{path, *lock, false};
  const Result<void> made = make_private(folder.database());
  if (!made) return made.error();
  return folder;
}

Result<DataFolder> DataFolder::temporary(const std::string& parent) {
  std::string path = parent + "/" + std::string{kPrefix} + std::string(kSuffixLength, 'X');
  if (!mkdtemp(path.data())) return folder_error(parent);
  const Result<int> lock = take_lock(path);
  if (!lock) return lock.error();
  return DataFolder{path, *lock, true};
}

DataFolder::DataFolder(DataFolder&& other) noexcept
    : path_(std::move(other.path_)),
      lock_(std::exchange(other.lock_, -1)),
      is_temporary_(other.is_temporary_) {}

bool DataFolder::is_log_synced() const { return words_of(lock_).is_synced; }

Result<void> DataFolder::set_log_synced(bool is_synced) const {
  const Words words = words_of(lock_);
  if (words.is_synced == is_synced) return {};
  const Result<void> written =
      write_holder(lock_, path_ + kLockName, {.is_synced = is_synced, .is_kept = words.is_kept});
  if (!written || is_synced) return written;
  return fdatasync(lock_) == 0 ? Result<void>{} : folder_error(path_ + kLockName);
}

// Best effort: without the word an empty file is a new database.
void DataFolder::set_kept() const {
  const bool is_synced = is_log_synced();
  static_cast<void>(
      write_holder(lock_, path_ + kLockName, {.is_synced = is_synced, .is_kept = true}));
}

DataFolder::~DataFolder() {
  if (lock_ < 0) return;
  if (is_temporary_) {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  close(lock_);
}

void remove_leftovers(const std::string& parent) {
  std::error_code error;
  for (std::filesystem::directory_iterator it{parent, error}, end; !error && it != end;
       it.increment(error)) {
    if (is_leftover_name(it->path().filename().string())) remove_leftover(it->path().string());
  }
}

}  // namespace presso::server
