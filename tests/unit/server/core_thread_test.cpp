#include "server/core_thread.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <condition_variable>
#include <csignal>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/faulty_store.h"
#include "tests/support/memory_store.h"

namespace presso::server {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart = time_of_epoch_ms(1'767'225'600'000);

constexpr const char* kTwoWaits = R"({"StartAt": "A", "States": {
  "A": {"Type": "Wait", "Seconds": 300, "Next": "B"},
  "B": {"Type": "Wait", "Seconds": 600, "End": true}}})";
constexpr const char* kCallAndWait = R"({"StartAt": "A", "States": {
  "A": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem",
        "Parameters": {"TableName": "t", "Key": {"k": {"S": "1"}}}, "TimeoutSeconds": 60,
        "Next": "B"},
  "B": {"Type": "Wait", "Seconds": 10, "End": true}}})";

// What other threads hand to a test, one after the other.
template <class T>
class Mailbox {
 public:
  void put(T value) {
    const std::lock_guard lock{mutex_};
    values_.push_back(std::move(value));
    arrived_.notify_all();
  }
  std::optional<T> take(std::chrono::milliseconds patience = 10s) {
    std::unique_lock lock{mutex_};
    if (!arrived_.wait_for(lock, patience, [&] { return !values_.empty(); })) return std::nullopt;
    T value = std::move(values_.front());
    values_.erase(values_.begin());
    return value;
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<T> values_;
};

// A core thread over a store in memory; effects land in mailboxes.
class Running {
 public:
  Running(Clock clock, core::Store& store)
      : thread_({.settings = {.seed = 1, .buses = {}},
                 .store = store,
                 .clock = std::move(clock),
                 .perform =
                     [this](std::vector<core::Effect> effects, std::vector<core::Published> items) {
                       sort(std::move(effects));
                       for (core::Published& item : items) published.put(std::move(item));
                     },
                 .log = log_}) {
    REQUIRE(thread_.recover());
    thread_.start();
  }
  ~Running() { thread_.stop(); }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  std::string command(std::function<std::string(core::Core&)> run) {
    core::Request request{.id = {++last_}, .keys = {}, .apply = {}};
    request.apply = [run = std::move(run)](core::Core& core, RequestId id) {
      core.reply(id, {.body = run(core), .error_code = {}});
    };
    REQUIRE(thread_.inbox().push(std::move(request), 100));
    const std::optional<core::Reply> reply = replies.take();
    REQUIRE(reply);
    return reply->answer.body;
  }
  // Its ARN.
  std::string start_execution(const char* definition) {
    return command([definition](core::Core& core) {
      const core::Caller caller;
      const auto machine =
          core.machines().create(caller, {.name = "m",
                                          .type = asl::MachineType::Standard,
                                          .first = {.definition = definition,
                                                    .role_arn = "arn:aws:iam::000000000000:role/r",
                                                    .settings = Json::object()}});
      if (!machine) return machine.error().message;
      const auto started = core.executions().start(
          caller, {.machine_arn = (*machine)->arn, .name = "e", .trace_header = {}});
      return started ? started->arn : started.error().message;
    });
  }
  std::optional<ClockReport> advance(Duration by, std::chrono::milliseconds patience = 10s) {
    thread_.inbox().push(Control{[this, by](CoreThread& core) {
      core.advance_clock(by, [this](const ClockReport& report) { reports.put(report); });
    }});
    return reports.take(patience);
  }
  CoreThread& thread() { return thread_; }

  Mailbox<core::Reply> replies;
  Mailbox<core::TaskCall> calls;
  Mailbox<core::Published> published;
  Mailbox<ClockReport> reports;

 private:
  void sort(std::vector<core::Effect> effects) {
    for (core::Effect& effect : effects) {
      if (auto* reply = std::get_if<core::Reply>(&effect)) replies.put(std::move(*reply));
      if (auto* call = std::get_if<core::TaskCall>(&effect)) calls.put(std::move(*call));
    }
  }

  Log log_{LogLevel::Off};
  std::uint64_t last_ = 0;
  CoreThread thread_;
};

Clock frozen() {
  return Clock{ClockMode::Frozen, [] { return kStart; }};
}

const core::ExecutionRow& only_row(const test::MemoryDisk& disk) {
  REQUIRE(disk.executions.size() == 1);
  return disk.executions.begin()->second;
}

TEST_CASE("advancing steps through every deadline, each at its own time") {
  test::MemoryStore store;
  Running running{frozen(), store};
  CHECK(running.start_execution(kTwoWaits).ends_with(":execution:m:e"));
  const std::optional<ClockReport> before = running.advance(seconds(299));
  REQUIRE(before);
  CHECK(before->fired.empty());
  const std::optional<ClockReport> report = running.advance(seconds(1'000));
  REQUIRE(report);
  CHECK(report->now == kStart + seconds(1'299));
  REQUIRE(report->fired.size() == 2);
  CHECK(report->fired[0].at == kStart + seconds(300));
  CHECK(report->fired[1].at == kStart + seconds(900));
  CHECK(report->deadlines_fired == 2);
  const test::MemoryDisk disk = store.disk();
  CHECK(only_row(disk).status == run::Status::Succeeded);
  CHECK(only_row(disk).stop_time == kStart + seconds(900));
}

TEST_CASE("a call in flight holds the clock back") {
  test::MemoryStore store;
  Running running{frozen(), store};
  running.start_execution(kCallAndWait);
  const std::optional<core::TaskCall> call = running.calls.take();
  REQUIRE(call);
  CHECK_FALSE(running.advance(seconds(100), 100ms));
  // Inputs are handled meanwhile, at the time at which the clock stands.
  CHECK(running.command([](core::Core& core) { return to_iso_seconds(core.now()); }) ==
        to_iso_seconds(kStart));
  running.thread().inbox().push(core::CallAnswered{.task = call->task, .result = "{}"});
  const std::optional<ClockReport> report = running.reports.take();
  REQUIRE(report);
  REQUIRE(report->fired.size() == 1);
  CHECK(report->fired[0].at == kStart + seconds(10));
  CHECK(only_row(store.disk()).stop_time == kStart + seconds(10));
}

TEST_CASE("two advances are made one after the other") {
  test::MemoryStore store;
  Running running{frozen(), store};
  running.start_execution(kCallAndWait);
  const std::optional<core::TaskCall> call = running.calls.take();
  REQUIRE(call);
  CHECK_FALSE(running.advance(seconds(5), 1ms));
  CHECK_FALSE(running.advance(seconds(6), 1ms));
  running.thread().inbox().push(core::CallAnswered{.task = call->task, .result = "{}"});
  CHECK(running.reports.take()->now == kStart + seconds(5));
  const std::optional<ClockReport> second = running.reports.take();
  REQUIRE(second);
  CHECK(second->now == kStart + seconds(11));
  CHECK(second->deadlines_fired == 1);
}

TEST_CASE("in auto mode time in which nothing happens is skipped") {
  test::MemoryStore store;
  Running running{Clock{ClockMode::Auto}, store};
  running.start_execution(kTwoWaits);
  bool has_ended = false;
  while (!has_ended) {
    const std::optional<core::Published> item = running.published.take();
    REQUIRE(item);
    has_ended = item->envelope().find("SUCCEEDED") != std::string::npos;
  }
  const test::MemoryDisk disk = store.disk();
  CHECK(*only_row(disk).stop_time - only_row(disk).start_time >= seconds(900));
}

TEST_CASE("after a reset nothing is left, and the clock stays") {
  test::MemoryStore store;
  Running running{frozen(), store};
  running.start_execution(kTwoWaits);
  REQUIRE(running.advance(seconds(10)));
  running.thread().inbox().push(Control{[](CoreThread& core) { core.reset(); }});
  CHECK(running.command([](core::Core& core) {
    return std::to_string(core.machines().list({}).size()) + " " + to_iso_seconds(core.now());
  }) == "0 " + to_iso_seconds(kStart + seconds(10)));
  CHECK(store.disk().executions.empty());
  CHECK(running.start_execution(kTwoWaits).ends_with(":execution:m:e"));
}

TEST_CASE("a failed commit ends the process") {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    static_cast<void>(std::signal(SIGABRT, SIG_DFL));
    test::MemoryStore memory;
    test::FaultyStore store{memory};
    store.fail_at(1, test::Fault::BeforeCommit);
    Running running{frozen(), store};
    running.start_execution(kTwoWaits);
    _exit(0);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGABRT);
}

}  // namespace
}  // namespace presso::server
