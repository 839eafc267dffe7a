// The mock configuration's file: read at the start, and again when it has changed.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "engine/core/mocks.h"
#include "server/file_watch.h"

namespace presso::server {

class MockFile {
 public:
  using Mocks = std::shared_ptr<const core::Mocks>;

  explicit MockFile(std::string path) : watch_(std::move(path)) {}

  // What the file says now. The message of an error begins with the file's name and the line.
  [[nodiscard]] Result<Mocks> read();
  // The same if the file is another than at the last call of either; nothing if it is not. From any
  // thread.
  [[nodiscard]] std::optional<Result<Mocks>> read_if_changed();

 private:
  [[nodiscard]] Result<Mocks> parse() const;

  FileWatch watch_;
};

}  // namespace presso::server
