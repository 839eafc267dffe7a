// The mock configuration's file: read at the start, and again when it has changed.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/result.h"
#include "engine/core/mocks.h"

namespace presso::server {

class Log;

class MockFile {
 public:
  using Mocks = std::shared_ptr<const core::Mocks>;

  explicit MockFile(std::string path) : path_(std::move(path)) {}

  // What the file says now. The message of an error begins with the file's name and the line.
  [[nodiscard]] Result<Mocks> read();
  // The same if the file is another than at the last call of either; nothing if it is not. From any
  // thread.
  [[nodiscard]] std::optional<Result<Mocks>> read_if_changed();

 private:
  struct Stamp {
    std::filesystem::file_time_type time;
    std::uintmax_t size = 0;

    friend bool operator==(const Stamp&, const Stamp&) = default;
  };
  [[nodiscard]] std::optional<Stamp> stamp() const;

  std::string path_;
  std::mutex mutex_;
  std::optional<Stamp> seen_;
};

}  // namespace presso::server
