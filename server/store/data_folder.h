// The folder that the database lives in, held by one process at a time.
//
// The lock is the kernel's (flock on presso.lock), so it ends with the process however that ends. A
// temporary folder is removed with its holder; what a killed process left behind is recognised by a
// lock that nobody holds.
#pragma once

#include <string>

#include "base/result.h"

namespace presso::server {

class DataFolder {
 public:
  // Made if it is not there; a new database is readable by this user only. Error: it cannot be
  // made, or another process holds it.
  [[nodiscard]] static Result<DataFolder> open(const std::string& path);
  // A new one in `parent`, readable by this user only.
  [[nodiscard]] static Result<DataFolder> temporary(const std::string& parent);

  DataFolder(DataFolder&& other) noexcept;
  DataFolder& operator=(DataFolder&&) = delete;
  ~DataFolder();

  [[nodiscard]] std::string database() const { return path_ + "/presso.db"; }
  [[nodiscard]] const std::string& path() const { return path_; }
  // Whether the last holder said so of the log that it left.
  [[nodiscard]] bool is_log_synced() const;
  // Every commit is synced from now on, in a log that was empty; or not every one: that word is on
  // the disk before the first of them is. Error: it cannot be written.
  [[nodiscard]] Result<void> set_log_synced(bool) const;
  // There is a database here from now on: an empty file in its place is refused by `open`.
  void set_kept() const;

 private:
  DataFolder(std::string path, int lock, bool is_temporary)
      : path_(std::move(path)), lock_(lock), is_temporary_(is_temporary) {}

  std::string path_;
  int lock_;
  bool is_temporary_;
};

// Removes temporary folders of this user in `parent` whose holder is gone.
void remove_leftovers(const std::string& parent);

}  // namespace presso::server
