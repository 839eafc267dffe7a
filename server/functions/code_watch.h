// CodeWatch: whether the files of a function's folder have changed.
//
// Names, sizes and times of all files are compared, but for those of folders that packages are
// installed into (node_modules, __pycache__ and hidden ones). Looking never takes more than a
// twentieth of the time: in a folder with very many files a change is noticed that much later.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace presso::server {

class CodeWatch {
 public:
  explicit CodeWatch(std::string folder);
  // Since it was asked last.
  [[nodiscard]] bool has_changed();

 private:
  using Clock = std::chrono::steady_clock;
  [[nodiscard]] std::uint64_t fingerprint() const;

  std::string folder_;
  std::uint64_t seen_ = 0;
  Clock::time_point next_look_;
};

}  // namespace presso::server
