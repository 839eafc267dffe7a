// Worker: one I/O thread with what only it touches: its sessions' executor, its reader, the
// requests that wait for the core, and the recent events. Nothing in it is locked; other threads
// post.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <unordered_map>

#include "base/entropy.h"
#include "base/ids.h"
#include "base/result.h"
#include "engine/core/effect.h"
#include "engine/core/store.h"
#include "server/event_feed.h"

namespace presso::server {

class Worker {
 public:
  struct Setup {
    std::size_t index = 0;
    std::size_t count = 1;  // of workers
    std::string database;
    std::uint64_t seed = 1;
  };

  explicit Worker(Setup);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void start();  // on a thread of its own
  void run();    // on this one, until `stop`
  void stop();   // from any thread
  void join();
  [[nodiscard]] boost::asio::io_context& io() { return io_; }
  [[nodiscard]] std::size_t index() const { return setup_.index; }

  // ---- on its thread ----
  [[nodiscard]] EventFeed& feed() { return feed_; }
  [[nodiscard]] LogFeed& logs() { return logs_; }
  void close_feeds() {
    feed_.close();
    logs_.close();
  }
  [[nodiscard]] Entropy& entropy() { return entropy_; }
  // Opened at the first use. Error: the database cannot be read.
  [[nodiscard]] Result<core::Reader*> reader();

  // An id whose reply comes back to this worker.
  [[nodiscard]] RequestId next_request();
  [[nodiscard]] static std::size_t worker_of(RequestId id, std::size_t count) {
    return static_cast<std::size_t>(id.value % count);
  }
  // The reply, whenever it comes. To be awaited in the same go in which the request was sent.
  boost::asio::awaitable<core::Answer> reply_to(RequestId);
  void deliver(core::Reply);

 private:
  class Waiting;
  template <class Handler>
  class WaitingFor;

  Setup setup_;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::thread thread_;
  SeededEntropy entropy_;
  EventFeed feed_;
  LogFeed logs_;
  std::unique_ptr<core::Reader> reader_;
  std::uint64_t last_request_ = 0;
  std::unordered_map<RequestId, std::unique_ptr<Waiting>> waiting_;
};

}  // namespace presso::server
