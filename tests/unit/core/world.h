// A process and what is around it, under virtual time: a core, its disk, its services. After every
// turn the invariant is checked: what is in memory is the fold of what is stored.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/core.h"
#include "tests/support/fake_services.h"
#include "tests/support/memory_store.h"

namespace presso::test {

inline constexpr Time kStart = time_of_epoch_ms(1'760'000'000'000);

class World {
 public:
  explicit World(core::Settings settings = {});

  [[nodiscard]] core::Core& core() { return *core_; }
  [[nodiscard]] Time now() const { return now_; }
  void set_now(Time now) { now_ = now; }

  // One turn at this moment, committed and its effects performed.
  core::TurnResult turn(std::vector<core::Input> inputs = {});
  // Turns until nothing is left to do at this moment, answers of services included.
  void settle();
  // Time passes, through every moment at which something happens.
  void advance(Duration);
  // The process dies and starts anew, with another seed.
  void crash();

  // A request's work within a turn; what it returns.
  template <class Work>
  auto ask(core::Keys keys, Work work) {
    std::optional<decltype(work(*core_))> answer;
    turn(one(std::move(keys), [&](core::Core& core) { answer.emplace(work(core)); }));
    return *std::move(answer);
  }
  template <class Work>
  auto ask(Work work) {
    return ask(core::Keys{}, std::move(work));
  }

  // ---- what tests do most ----
  std::string create(const std::string& name, std::string_view definition);  // its ARN
  Result<core::StartedExecution> try_start(core::StartExecution);
  std::string start(const std::string& machine_arn, const std::string& input = "{}");  // its ARN
  Result<void> succeed(const std::string& token, const std::string& output);
  // Events of the execution's history, by their public names, joined with a blank.
  [[nodiscard]] std::string history(const std::string& execution_arn) const;
  [[nodiscard]] std::vector<run::Event> events(const std::string& execution_arn) const;
  [[nodiscard]] core::ExecutionRow row(const std::string& execution_arn) const;
  [[nodiscard]] std::string output(const std::string& execution_arn) const;
  // The token that the execution's latest task waits with.
  [[nodiscard]] std::string token(const std::string& execution_arn) const;
  void put_rule(const std::string& bus, const std::string& name, const std::string& pattern,
                std::vector<std::string> target_arns);
  std::vector<core::PutEventsResult> put_event(const std::string& bus, const std::string& source,
                                               const std::string& detail);

  core::Settings settings;
  core::Caller caller;
  MemoryStore store;
  FakeServices services;
  std::vector<core::Batch> batches;
  std::vector<core::Published> published;
  std::vector<core::ExecutionLog> logs;
  std::vector<std::string> warnings;
  std::map<RequestId, core::Answer> replies;

 private:
  static std::vector<core::Input> one(core::Keys keys, std::function<void(core::Core&)> work);
  void perform(const core::Effect&);
  void check_invariant(const core::Batch&);

  Time now_ = kStart;
  std::unique_ptr<core::Core> core_;
};

}  // namespace presso::test
