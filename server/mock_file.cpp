#include "server/mock_file.h"

#include <fstream>
#include <sstream>
#include <system_error>

namespace presso::server {

auto MockFile::stamp() const -> std::optional<Stamp> {
  std::error_code error;
  const auto time = std::filesystem::last_write_time(path_, error);
  if (error) return std::nullopt;
  const auto size = std::filesystem::file_size(path_, error);
  if (error) return std::nullopt;
  return Stamp{time, size};
}

auto MockFile::read() -> Result<Mocks> {
  const std::lock_guard lock{mutex_};
  seen_ = stamp();
  std::ifstream file{path_, std::ios::binary};
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    return Error{"MockConfiguration", path_ + ": it cannot be read, or is empty"};
  }
  auto mocks = core::Mocks::parse(text.str());
  if (!mocks) return Error{mocks.error().code, path_ + ": " + mocks.error().message};
  return std::make_shared<const core::Mocks>(*std::move(mocks));
}

auto MockFile::read_if_changed() -> std::optional<Result<Mocks>> {
  {
    const std::lock_guard lock{mutex_};
    if (stamp() == seen_) return std::nullopt;
  }
  return read();
}

}  // namespace presso::server
