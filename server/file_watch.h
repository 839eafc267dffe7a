// Whether a file has changed since somebody looked: by its time and its size.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace presso::server {

// All calls from any thread.
class FileWatch {
 public:
  explicit FileWatch(std::string path) : path_(std::move(path)) {}

  [[nodiscard]] const std::string& path() const { return path_; }
  // To be called before the file is read: a change during that is one.
  void look();
  // The same, and whether the file is another than at the last look.
  [[nodiscard]] bool has_changed();

 private:
  struct Stamp {
    std::filesystem::file_time_type time;
    std::uintmax_t size = 0;

    friend bool operator==(const Stamp&, const Stamp&) = default;
  };
  [[nodiscard]] std::optional<Stamp> stamp() const;

  std::string path_;
  // Guards the stamp alone, for a comparison: requests come on both I/O threads.
  std::mutex mutex_;
  std::optional<Stamp> seen_;
};

}  // namespace presso::server
