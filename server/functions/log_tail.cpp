#include "server/functions/log_tail.h"

#include <utility>

namespace presso::server {

void LineSplitter::put(std::string_view bytes, const Line& line) {
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    begun_.append(bytes.substr(0, end));
    if (end == std::string_view::npos) break;
    bytes.remove_prefix(end + 1);
    line(std::exchange(begun_, {}));
  }
  if (begun_.size() > kLogLineBytes) flush(line);
}

void LineSplitter::flush(const Line& line) {
  if (!begun_.empty()) line(std::exchange(begun_, {}));
}

void LogTail::add(std::string_view line) {
  text_.append(line).append("\n");
  if (text_.size() > 4 * kFunctionLogTailBytes) {
    text_.erase(0, text_.size() - kFunctionLogTailBytes);
  }
}

std::string LogTail::take() {
  std::string text = std::exchange(text_, {});
  if (text.size() > kFunctionLogTailBytes) text.erase(0, text.size() - kFunctionLogTailBytes);
  return text;
}

}  // namespace presso::server
