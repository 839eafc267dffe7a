#include "server/mock_file.h"

#include <fstream>
#include <sstream>

namespace presso::server {

auto MockFile::read() -> Result<Mocks> {
  watch_.look();
  return parse();
}

auto MockFile::read_if_changed() -> std::optional<Result<Mocks>> {
  if (!watch_.has_changed()) return std::nullopt;
  return parse();
}

auto MockFile::parse() const -> Result<Mocks> {
  std::ifstream file{watch_.path(), std::ios::binary};
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    return Error{"MockConfiguration", watch_.path() + ": it cannot be read, or is empty"};
  }
  auto mocks = core::Mocks::parse(text.str());
  if (!mocks) return Error{mocks.error().code, watch_.path() + ": " + mocks.error().message};
  return std::make_shared<const core::Mocks>(*std::move(mocks));
}

}  // namespace presso::server
