// Pool: the processes of one function, and the invocations that wait for one.
//
// An invocation is given to the process that became ready last, so that as few as possible stay
// warm; without one it waits for a process that starts, or that has answered and comes back in a
// moment. At most `concurrency` processes run side by side: beyond, an invocation is throttled, or
// waits in the backlog when it is an asynchronous one. When the code changes, idle processes are
// ended and busy ones after their answer.
//
// Touched on the io_context's one thread only.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "base/entropy.h"
#include "server/functions/code_watch.h"
#include "server/functions/function.h"
#include "server/functions/runtimes.h"
#include "server/functions/sandbox.h"

namespace presso::server {

class Pool {
 public:
  struct Setup {
    boost::asio::io_context& io;
    const FunctionWorld& world;
    const FunctionLimits& limits;
    const Log& log;
    Entropy& entropy;
  };

  Pool(Setup, FunctionSettings);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  [[nodiscard]] const FunctionSettings& settings() const { return settings_; }
  // False: throttled, and `done` is not called.
  [[nodiscard]] bool invoke(Invocation, InvocationDone);
  // False: the backlog is full.
  [[nodiscard]] bool invoke_later(Invocation, InvocationDone);
  // Ends every process. No `done` is called any more.
  void end();

 private:
  struct Waiting {
    Invocation invocation;
    InvocationDone done;
    bool has_lost_init = false;  // its process took too long to start
  };
  using Place = std::shared_ptr<Sandbox>;

  void start_sandbox(bool is_second_init);
  void on_ready(Sandbox&);
  void on_gone(Sandbox&, std::optional<InitFailure>);
  void fail(const InitFailure&);
  void serve();
  void draw_backlog();
  void ensure();
  void retire_changed();
  void watch_patience();
  [[nodiscard]] std::size_t count(Sandbox::State) const;
  [[nodiscard]] std::size_t expected() const;
  [[nodiscard]] std::string next_log_stream();

  Setup setup_;
  FunctionSettings settings_;
  CodeWatch code_;
  std::vector<Place> sandboxes_;   // what became ready last is last
  std::vector<Sandbox*> changed_;  // those that run code that is old, and are busy
  std::deque<Waiting> waiting_;
  std::deque<Waiting> backlog_;
  boost::asio::steady_timer patience_;
  bool is_watching_ = false;
};

}  // namespace presso::server
