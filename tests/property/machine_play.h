// One execution of a random machine, with a core of its own and everybody whom it calls, under
// virtual time. What the outside does depends on what it is asked for, never on when the process
// died: a run with a crash is then told as a run without.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/core.h"
#include "tests/support/memory_store.h"
#include "tests/support/random_machine.h"

namespace presso::test {

// What becomes of one attempt of a task.
enum class Fate {
  Succeeds,
  Fails,
  Never,        // nobody answers
  Lives,        // heartbeats, then success
  StopsTheRun,  // the whole execution is stopped instead
};
struct Attempt {
  std::uint64_t number = 0;      // of the whole run, from 0
  std::uint64_t of_its_key = 0;  // among those that asked for the same, from 0
  std::uint64_t digest = 0;      // of what is asked for
  bool may_time_out = false;     // and so be left without an answer
};
using Fates = std::function<Fate(const Attempt&)>;

// The process dies after this commit, from 1; 0: never. Effects of that commit may be lost with it.
struct Crash {
  std::uint64_t after_commit = 0;
  bool loses_effects = false;
  bool is_repeated = false;  // after each commit from then on
};

class MachinePlay {
 public:
  MachinePlay(const RandomMachine&, Fates, Crash = {}, std::size_t executions_in_memory = 1'024);

  // Until nothing more can happen. The execution has ended then.
  void run();
  // The closed execution goes on, until nothing more can happen. False: it is not redrivable.
  [[nodiscard]] bool redrive();

  [[nodiscard]] run::Status status() const;
  // The output, or error and cause; what is drawn at random is named by its place.
  [[nodiscard]] std::string result() const;
  // Every execution's events as GetExecutionHistory shows them, one a line, the same way.
  [[nodiscard]] std::string told() const;
  // By execution.
  [[nodiscard]] std::vector<std::vector<run::Event>> histories() const;
  [[nodiscard]] std::uint64_t commits() const { return commits_; }
  [[nodiscard]] std::uint64_t attempts() const { return attempts_; }

 private:
  struct Happening {
    enum class What { CallSucceeds, CallFails, TokenSucceeds, TokenFails, Heartbeat, Stop };
    What what = What::CallSucceeds;
    TaskId task;
    std::string text;  // the output or, of what is about a token, the token
    std::uint64_t digest = 0;
  };

  void boot();
  void settle();
  void turn(std::vector<core::Input>);
  void release(std::vector<core::Effect>, bool is_lost);
  void check(const core::Batch&);
  void poll();
  void called(const core::TaskCall&);
  void cancelled(TaskId);
  void taken(const std::string& activity, const core::Answer&);
  void plan(TaskId, const std::string& asked, const std::string& token, bool is_call);
  [[nodiscard]] core::Input input_of(const Happening&);
  core::Input request(core::Keys, std::function<void(core::Core&)>);

  RandomMachine machine_;
  Fates fates_;
  Crash crash_;
  core::Settings settings_;
  core::Caller caller_;
  Time now_;
  MemoryStore store_;
  std::unique_ptr<core::Core> core_;
  std::string execution_;  // its ARN
  std::multimap<std::pair<Time, TaskId>, Happening> planned_;
  std::set<std::pair<TaskId, std::string>> asked_;  // and not answered yet: asked once
  std::map<std::string, std::uint64_t> keys_;       // what was asked for, and how often
  std::map<RequestId, std::string> polls_;          // by their requests: activities
  std::uint64_t last_request_ = 0;
  std::uint64_t commits_ = 0;
  std::uint64_t attempts_ = 0;
};

}  // namespace presso::test
