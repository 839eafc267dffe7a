// The core thread: collect → load → apply → commit → release, for as long as the process lives.
//
// It owns the core, the store and the clock. Others leave inputs and controls in its inbox; what a
// control may call is the second part of this class. A failed commit ends the process: nobody knows
// what the disk holds, and the next start does.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <thread>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "engine/core/core.h"
#include "engine/core/effect.h"
#include "engine/core/store.h"
#include "server/clock.h"
#include "server/inbox.h"
#include "server/log.h"
#include "server/metrics/core_metrics.h"

namespace presso::server {

// Takes effects on the core thread, after the commit, and must return at once.
using Perform = std::function<void(std::vector<core::Effect>, std::vector<core::Published>)>;

// How the clock stands, and what fired on the way there.
struct ClockReport {
  Time now;
  ClockMode mode = ClockMode::Real;
  Duration offset{0};
  struct Instant {
    Time at;
    std::size_t deadlines = 0;
  };
  std::vector<Instant> fired;  // the first kReportedInstants of them
  std::size_t deadlines_fired = 0;
};
inline constexpr std::size_t kReportedInstants = 1'000;

class TraceTap;

class CoreThread {
 public:
  struct Setup {
    core::Settings settings;
    core::Store& store;
    Clock clock;
    Perform perform;
    const Log& log;
    // Something runs of which inputs may come, though the core does not wait for it: it holds
    // virtual time back as a call does.
    std::function<bool()> is_busy_elsewhere = {};
    TraceTap* tap = nullptr;  // hears of each turn after its commit; null: nobody traces
  };

  explicit CoreThread(Setup);
  ~CoreThread();
  CoreThread(const CoreThread&) = delete;
  CoreThread& operator=(const CoreThread&) = delete;

  // Before `start`, from the starting thread.
  [[nodiscard]] Result<void> recover();
  void start();
  // Does what the inbox holds at this moment, then ends the thread.
  void stop();
  [[nodiscard]] Inbox& inbox() { return inbox_; }
  // Any thread: its time when it looked last, a minute ago at most.
  [[nodiscard]] const CoreMetrics& metrics() const { return metrics_; }
  [[nodiscard]] Time seen_now() const { return time_of_epoch_ms(seen_ms_.load()); }

  // ---- on the core thread, from a Control ----
  using Reported = std::function<void(const ClockReport&)>;
  void report_clock(const Reported&);
  // These two wait for an advance that is under way.
  void set_clock_mode(ClockMode, Reported);
  // Steps through every deadline up to now + `by` in order, each with its own turns at its own
  // time, and settled before the next: nothing due, nothing in the inbox, no call in flight.
  void advance_clock(Duration by, Reported);
  // From now on, also after a reset.
  void use_mocks(std::shared_ptr<const core::Mocks>);
  void use_mock_rules(std::shared_ptr<const core::MockRules::Rules>);
  // Forgets everything: a new core over an empty store. Calls in flight are cancelled.
  void reset();

 private:
  struct Advance {
    Duration by{0};
    Time target;
    ClockReport report;
    Reported reported;
  };
  struct ClockCommand {
    std::optional<ClockMode> mode;  // nothing: an advance
    Duration by{0};
    Reported reported;
  };

  void run();
  void turn(std::vector<core::Input>, Time now);
  void release(std::vector<core::Effect>, std::vector<core::Published>);
  void count(const core::Effect&);
  void count(const core::Published&);
  void commit(const core::Batch&);
  [[nodiscard]] bool is_due(Time now) const;
  // Whether the store has more to put in order.
  [[nodiscard]] bool tidy();
  [[nodiscard]] bool has_calls_in_flight() const {
    return !calls_.empty() || !deliveries_.empty() || (is_busy_elsewhere_ && is_busy_elsewhere_());
  }
  // Nothing is left to do at this instant: on to the next one, or to the end of the advance.
  void step_advance();
  void next_clock_command();
  // How long nothing will be due; in auto mode the clock may jump instead.
  [[nodiscard]] std::optional<Duration> nap();
  [[nodiscard]] ClockReport report();
  // How far the clock was moved is kept beside the facts, so that a restart goes on in the same
  // virtual time: what is stored lies in its past.
  void restore_clock(core::Recovered&);
  [[nodiscard]] std::optional<core::DocumentRow> moved_clock();
  void keep_clock();
  [[noreturn]] void fail(std::string_view what, const Error&);

  core::Settings settings_;
  core::Store& store_;
  Clock clock_;
  Duration kept_offset_{0};
  Perform perform_;
  const Log& log_;
  Inbox inbox_;
  std::unique_ptr<core::Core> core_;
  std::thread thread_;
  bool is_stopping_ = false;

  std::function<bool()> is_busy_elsewhere_;
  TraceTap* tap_;
  std::set<TaskId> calls_;
  std::set<DeliveryId> deliveries_;
  std::optional<Advance> advance_;
  std::deque<ClockCommand> clock_commands_;
  std::chrono::steady_clock::time_point last_heard_{};  // something came from outside
  std::atomic<std::int64_t> seen_ms_{0};
  CoreMetrics metrics_;
};

}  // namespace presso::server
