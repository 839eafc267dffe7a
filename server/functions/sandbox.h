// Sandbox: one process of a function and the Runtime API that it talks to. AWS's word for it is
// execution environment.
//
//   Starting ── next ──► Ready ── give ──► Busy ── response, error ──► Answered ── next ──► Ready
//      │                   │                 │                            │
//      └── init error, ────┴── idle ─────────┴── time-out, exit ──────────┴──► Gone
//          exit, time-out      too long
//
// A process that is Gone has been ended, with everything of its group. Touched on the io_context's
// one thread only; the callbacks of Setup are not called from within `start` and `give`.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "server/functions/child_process.h"
#include "server/functions/function.h"
#include "server/functions/log_tail.h"
#include "server/functions/runtime_listener.h"
#include "server/log.h"

namespace presso::server {

// {"errorType":TYPE,"errorMessage":"RequestId: ID Error: TEXT"}
[[nodiscard]] std::string fault_payload(std::string_view type, std::string_view request_id,
                                        std::string_view text);
// "Runtime exited with error: exit status 1", "… signal: killed".
[[nodiscard]] std::string exit_text(int wait_status);
// "Task timed out after 3.00 seconds"
[[nodiscard]] std::string timeout_text(Duration);

// Why a process never asked for its first invocation.
struct InitFailure {
  bool is_timeout = false;
  std::string type = {};
  std::string text = {};
  std::string payload = {};  // when the process told of it itself
  std::string log_tail = {};

  [[nodiscard]] std::string payload_for(const Invocation&) const;
};

class Sandbox : public std::enable_shared_from_this<Sandbox> {
 public:
  enum class State { Starting, Ready, Busy, Answered, Gone };

  struct Setup {
    boost::asio::io_context& io;
    const FunctionSettings& settings;
    const FunctionLimits& limits;
    const Log& log;
    // How to start the process that finds its Runtime API at this port.
    std::function<Result<Launch>(std::uint16_t port)> launch;
    std::function<void(Sandbox&)> ready;
    std::function<void(Sandbox&, std::optional<InitFailure>)> gone;
    // AWS: an init that took too long is repeated within the time of the invocation.
    bool is_second_init = false;
  };

  explicit Sandbox(Setup);
  void start();
  [[nodiscard]] State state() const { return state_; }
  // When it is Ready. False: the process has hung up meanwhile, and is not Ready any more.
  bool give(const Invocation&, InvocationDone);
  // At once, whatever it does; no callback follows.
  void end();

 private:
  using Clock = std::chrono::steady_clock;

  void handle(RuntimeRequest, const RuntimeReply&);
  void on(const NextInvocation&, const RuntimeReply&);
  void on(InvocationAnswer, const RuntimeReply&);
  void on(InvocationFault, const RuntimeReply&);
  void on(InitFault, const RuntimeReply&);
  void on(const OversizeBody&, const RuntimeReply&);
  bool accept_answer(const std::string& request_id, const RuntimeReply&);
  void refuse_oversize(const RuntimeReply&);

  void on_output(std::string_view);
  void on_exit(int wait_status);
  void on_deadline();
  void expect(Duration);
  // Ends the invocation; `status` is what the log's last line says of it.
  void finish(InvocationResult, std::string_view status);
  void fail_init(InitFailure);
  void leave(std::optional<InitFailure>);

  void say(std::string_view line);
  [[nodiscard]] std::string report(std::string_view status) const;

  Setup setup_;
  State state_ = State::Starting;
  std::unique_ptr<RuntimeListener> listener_;
  std::shared_ptr<ChildProcess> child_;
  std::optional<RuntimeReply> next_;
  boost::asio::steady_timer timer_;
  Clock::time_point began_;                   // of the init, then of the invocation
  std::optional<Clock::duration> init_time_;  // until the first invocation has told of it
  Invocation invocation_;
  InvocationDone done_;
  LineSplitter lines_;
  LogTail tail_;
};

}  // namespace presso::server
