// What a process writes, as lines, and the last of what was logged of an invocation.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "server/functions/function.h"

namespace presso::server {

// A line longer than this is shown in pieces.
inline constexpr std::size_t kLogLineBytes = 64 * 1024;

class LineSplitter {
 public:
  using Line = std::function<void(std::string_view)>;  // without its end
  void put(std::string_view bytes, const Line&);
  // What has no end yet is a line, too.
  void flush(const Line&);

 private:
  std::string begun_;
};

class LogTail {
 public:
  void add(std::string_view line);
  void clear() { text_.clear(); }
  [[nodiscard]] std::string take();  // at most kFunctionLogTailBytes

 private:
  std::string text_;
};

}  // namespace presso::server
