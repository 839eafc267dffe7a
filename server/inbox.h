// Inbox: where the I/O threads leave what the core thread is to do. The process's one lock that
// matters: a bounded queue, taken in portions.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <variant>
#include <vector>

#include "base/time.h"
#include "engine/core/input.h"

namespace presso::server {

class CoreThread;

// Work on the core thread that is no input of the core: the clock, a reset, the end.
using Control = std::function<void(CoreThread&)>;

// Of both kinds: how large a turn gets.
inline constexpr std::size_t kTurnInputs = 256;
inline constexpr std::size_t kTurnBytes = 2 * 1024 * 1024;
// Some seconds of work; beyond that a client had better hear that it is too fast.
inline constexpr std::size_t kInboxCapacity = 10'000;

class Inbox {
 public:
  // `size_bytes` counts towards a turn's size. False: full, nothing was taken.
  [[nodiscard]] bool push(core::Request, std::size_t size_bytes);
  // Answers of calls, and clients that have gone: these are bounded by what the core itself asked
  // for, and may not be lost.
  void push(core::CallAnswered);
  void push(core::DeliveryAnswered);
  void push(core::RequestGone);
  void push(Control);

  // One portion in order: inputs up to kTurnInputs and kTurnBytes (at least one), or one control.
  struct Portion {
    std::vector<core::Input> inputs;
    Control control;
    [[nodiscard]] bool empty() const { return inputs.empty() && !control; }
  };
  [[nodiscard]] Portion take();
  // Sleeps until something is there, at most `timeout` (nothing: as long as it takes).
  void wait(std::optional<Duration> timeout);
  [[nodiscard]] std::size_t size() const;

 private:
  struct Entry {
    std::variant<core::Input, Control> work;
    std::size_t size_bytes = 0;
  };
  void push(Entry);

  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Entry> entries_;
};

}  // namespace presso::server
