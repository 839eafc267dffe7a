// One state on its own, as TestState runs it: entered with an input, given the result or the
// failure of its work, and left. Nothing of it is stored.
// https://docs.aws.amazon.com/step-functions/latest/dg/test-state-isolation.html
//
//   StateTest test{setup};
//   test.begin(env);
//   if (test.call()) …                    // a Task waits for the answer of this call
//   test.succeed(result, env);            // or fail(…); also for Map and Parallel
//   const auto& verdict = test.verdict();
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/shared_json.h"
#include "engine/asl/definition.h"
#include "engine/run/command.h"
#include "engine/run/event.h"
#include "engine/run/execution.h"
#include "engine/run/failure.h"
#include "lang/env.h"

namespace presso::run {

class Stepper;

class StateTest {
 public:
  struct Setup {
    Identity identity;
    std::shared_ptr<const asl::Definition> definition;
    std::string state;  // of the definition
    SharedJson input;
    SharedJson context;
    std::vector<Assignment> variables;
    std::uint32_t retries = 0;                         // that a Retrier has made before
    std::optional<std::string> item_reader_data = {};  // instead of what an ItemReader would read
  };
  enum class Status { Open, Succeeded, Failed, Retriable, CaughtError };
  struct Verdict {
    Status status = Status::Open;
    SharedJson output;
    Failure failure;
    std::optional<std::string> next;
    std::optional<std::size_t> retrier;
    std::optional<std::size_t> catcher;
    std::optional<Duration> backoff;
    std::vector<Assignment> assignments;
  };
  // What a state does on its way, by the name of TestState's inspectionData.
  using Inspection = std::vector<std::pair<std::string, SharedJson>>;

  explicit StateTest(Setup);

  void begin(const Env&);
  // What a Task asks for, while it waits.
  [[nodiscard]] std::optional<RunTask> call() const;
  // The state's work has begun: what comes before it did not fail.
  [[nodiscard]] bool has_begun() const { return has_begun_; }
  // The execution in which the Task waits.
  [[nodiscard]] const Execution& execution() const { return execution_; }
  [[nodiscard]] const asl::State& state() const { return *state_; }
  // How many items a Map works on; nothing before it has begun.
  [[nodiscard]] std::optional<std::uint64_t> iterations() const;
  // A Map's limits, as its fields or their paths give them; nothing of what is not written.
  struct MapLimits {
    std::int64_t max_concurrency = 0;
    std::optional<std::int64_t> tolerated_count;
    std::optional<std::int64_t> tolerated_percentage;
  };
  [[nodiscard]] std::optional<MapLimits> map_limits(const Env&) const;
  void succeed(const SharedJson& result, const Env&);
  void fail(const Failure&, const Env&);
  [[nodiscard]] const Verdict& verdict() const { return verdict_; }
  [[nodiscard]] Inspection inspect(const Env&) const;

 private:
  [[nodiscard]] Execution fresh(const asl::State&) const;
  void give_items(Stepper&);
  void read(const std::vector<Event>&, const Env&);
  void decide_failure(const Env&);
  void inspect_work(Inspection&, const Env&) const;
  [[nodiscard]] SharedJson as_written(const asl::Selection&, const SharedJson& input,
                                      const SharedJson& selected) const;
  void inspect_items(Inspection&, const asl::MapState&) const;
  void inspect_iterations(Inspection&, const asl::MapState&) const;

  Setup setup_;
  const asl::State* state_;
  // The same without Retry and Catch: every failure comes out. Frames point to it.
  std::shared_ptr<const asl::State> bare_;
  Execution execution_;
  bool has_begun_ = false;
  SharedJson parameters_;  // of a Task that was begun
  // Of a Map that was begun: what its iterations or batches are given; no value: its items as they
  // are.
  SharedJson iteration_inputs_;
  SharedJson result_;
  Verdict verdict_;
};

}  // namespace presso::run
