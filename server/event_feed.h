// The recent past of the buses, and of what executions log, for subscribers. Each worker has its
// own, over the same items: no lock, and a subscriber is a place in it, not a queue that could
// grow. Items come, stay and go by the batch, which is one turn's: what an item costs is paid once,
// not by each worker.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <vector>

#include "engine/core/effect.h"

namespace presso::server {

// At least so many stay, unless they are large: enough for a client that comes back after a moment.
inline constexpr std::size_t kFeedItems = 4'096;
inline constexpr std::size_t kFeedBytes = 4 * 1024 * 1024;

template <class T>
class Feed {
 public:
  struct Batch {
    explicit Batch(std::vector<T>);
    std::vector<T> items;
    std::size_t bytes = 0;
  };
  using Shared = std::shared_ptr<const Batch>;  // not empty
  using Moment = std::chrono::steady_clock::time_point;

  explicit Feed(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

  // The feed counts by itself, so that its numbers go on over a reset of the core.
  void publish(Shared);
  // Ends all waits, now and later.
  void close();
  [[nodiscard]] bool is_closed() const { return is_closed_; }

  // The number of the newest item ever, and of the oldest that is still here (last + 1: none is).
  [[nodiscard]] std::uint64_t last() const { return last_; }
  [[nodiscard]] std::uint64_t first() const {
    return batches_.empty() ? last_ + 1 : batches_.front().first;
  }
  [[nodiscard]] const T& at(std::uint64_t sequence) const;
  // Until there is something newer than `sequence`, the moment has come, or the feed is closed.
  boost::asio::awaitable<void> wait_beyond(std::uint64_t sequence, Moment);

 private:
  struct Held {
    std::uint64_t first;  // of its items
    Shared batch;
  };

  void wake();

  boost::asio::any_io_executor executor_;
  std::uint64_t last_ = 0;
  std::deque<Held> batches_;
  std::size_t bytes_ = 0;
  std::set<boost::asio::steady_timer*> waiting_;
  bool is_closed_ = false;
};

using EventFeed = Feed<core::Published>;
using LogFeed = Feed<core::ExecutionLog>;

}  // namespace presso::server
