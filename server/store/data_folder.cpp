#include "server/store/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

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

std::string reason() { return std::strerror(errno); }

Error folder_error(const std::string& path) {
  return {"StoreError", "cannot use " + path + ": " + reason()};
}

std::string holder_of(int lock) {
  std::array<char, 32> text{};
  const ssize_t size = pread(lock, text.data(), text.size() - 1, 0);
  return size > 0 ? " (process " + std::string{text.data(), static_cast<std::size_t>(size)} + ")"
                  : "";
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
  const std::string process = std::to_string(getpid());
  if (ftruncate(lock, 0) != 0 || pwrite(lock, process.data(), process.size(), 0) < 0) {
    const Error error = folder_error(path);
    close(lock);
    return error;
  }
  return lock;
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
