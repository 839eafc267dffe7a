// Core: the whole machine. Inputs and a time go in, facts to store and effects to perform come out.
//
//   Keys keys = core.missing(inputs, now);
//   Loaded loaded = store.load(keys);
//   TurnResult result = core.turn(std::move(inputs), std::move(loaded), now);
//   store.commit(result.batch);            // then, and only then:
//   perform(result.effects, result.published);
//
// One owner, no threads, no I/O. The same inputs, times and seed give the same batches, byte for
// byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/entropy.h"
#include "base/time.h"
#include "engine/core/activities.h"
#include "engine/core/archives.h"
#include "engine/core/deliveries.h"
#include "engine/core/effect.h"
#include "engine/core/event_flow.h"
#include "engine/core/executions.h"
#include "engine/core/express_traces.h"
#include "engine/core/input.h"
#include "engine/core/jobs.h"
#include "engine/core/limits.h"
#include "engine/core/machines.h"
#include "engine/core/map_runs.h"
#include "engine/core/mock_rules.h"
#include "engine/core/mocks.h"
#include "engine/core/nested.h"
#include "engine/core/registry.h"
#include "engine/core/retention.h"
#include "engine/core/schedules.h"
#include "engine/core/store.h"
#include "engine/core/tags.h"
#include "engine/core/versions.h"
#include "engine/core/work.h"

namespace presso::core {

struct Settings {
  std::uint64_t seed = 1;
  std::vector<std::string> buses;            // exist from the start, beside the two that always do
  std::size_t executions_in_memory = 1'024;  // parked ones above this are dropped after a turn
  Time started{};                            // the age of what always exists
  std::shared_ptr<const Mocks> mocks = {};   // null: nothing is mocked by test cases
  std::shared_ptr<const MockRules::Rules> mock_rules = {};  // null: there are none
  // For rules that were told at run time and are read from the store again.
  CallWords call_words = {};
  Duration retention = kRetention;  // of closed executions
  bool is_traced = false;           // ExpressStep and Published::sent_by are wanted
};

struct TurnResult {
  Batch batch;
  std::vector<Effect> effects;
  std::vector<Published> published;
  // What fired by itself: for the answer of POST /_presso/clock.
  std::size_t deadlines_fired = 0;
};

class Core {
 public:
  explicit Core(Settings settings);
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  // Once, before the first turn: memory as it was, and effects for everything outstanding come with
  // the first turn. Error: a document that cannot be read, named.
  [[nodiscard]] Result<void> recover(Recovered);

  [[nodiscard]] Keys missing(const std::vector<Input>&, Time now) const;
  [[nodiscard]] TurnResult turn(std::vector<Input>, Loaded, Time now);
  // The earliest deadline of all; a time not after `now` when work is left for the next turn.
  [[nodiscard]] std::optional<Time> next_deadline() const;
  [[nodiscard]] bool has_work_left() const;
  // When a turn will look for executions that are past their time.
  [[nodiscard]] Time retention_due() const { return retention_.due(); }
  // From now on these, in place of Settings::mocks.
  void use_mocks(std::shared_ptr<const Mocks> mocks) { settings_.mocks = std::move(mocks); }

  // The same for Settings::mock_rules.
  void use_mock_rules(std::shared_ptr<const MockRules::Rules> rules) {
    mock_rules_.use(std::move(rules));
  }

  // ---- for what runs within a turn ----
  [[nodiscard]] Time now() const { return now_; }
  [[nodiscard]] Entropy& entropy() { return entropy_; }
  [[nodiscard]] Machines& machines() { return machines_; }
  [[nodiscard]] Versions& versions() { return versions_; }
  [[nodiscard]] Tags& tags() { return tags_; }
  [[nodiscard]] Activities& activities() { return activities_; }
  [[nodiscard]] Executions& executions() { return executions_; }
  [[nodiscard]] EventFlow& events() { return events_; }
  [[nodiscard]] Deliveries& deliveries() { return deliveries_; }
  [[nodiscard]] Nested& nested() { return nested_; }
  [[nodiscard]] Jobs& jobs() { return jobs_; }
  [[nodiscard]] MapRuns& map_runs() { return map_runs_; }
  [[nodiscard]] Registry& registry() { return registry_; }
  [[nodiscard]] Schedules& schedules() { return schedules_; }
  [[nodiscard]] Archives& archives() { return archives_; }
  [[nodiscard]] MockRules& mock_rules() { return mock_rules_; }
  [[nodiscard]] ExpressTraces& express_traces() { return express_traces_; }
  // The execution whose task makes the request that is being handled, empty for any other: what is
  // put or started meanwhile comes from it.
  [[nodiscard]] const std::string& asked_by() const { return asked_by_; }
  void handle_for(const std::string& execution_arn, const std::function<void()>& handle);
  // The trace that the request which is being handled belongs to, in the words of whoever traces;
  // an execution that it starts keeps them. Empty: nobody traces, or it belongs to none.
  [[nodiscard]] const std::string& trace_context() const { return trace_context_; }
  void handle_within(const std::string& trace_context, const std::function<void()>& handle);
  [[nodiscard]] const Settings& settings() const { return settings_; }
  [[nodiscard]] const Mocks* mocks() const { return settings_.mocks.get(); }
  [[nodiscard]] Batch& batch() { return result_.batch; }
  void reply(RequestId, Answer);
  void perform(Effect);
  void publish(Published item) { result_.published.push_back(std::move(item)); }
  // A call to the outside that is no execution's, and what becomes of its answer; both are
  // forgotten when the process ends.
  using Answered = std::function<void(CallAnswered)>;
  void call(TaskCall, Answered);
  // Work of this turn, done first in, first out, after what is being done now. At most
  // kWorkPerTurn entries; what is left is stored and waits for the next turn.
  void enqueue(Work);
  // Work that an earlier process left in the store.
  void enqueue_stored(DeliveryId row, Work);
  void put_document(std::string kind, std::string key, const Json& value);
  void erase_document(std::string kind, std::string key);

 private:
  struct Entry {
    Work work;
    std::optional<DeliveryId> row;  // in which it is stored since an earlier turn
    bool is_kept = false;           // has such a row, or needs none
  };

  [[nodiscard]] Result<void> restore(const DocumentRow&);
  [[nodiscard]] bool must_look_up(const Work&) const;
  std::size_t fire_due(std::size_t limit);
  void apply(Input&);
  void answered(CallAnswered);
  void drain();
  void perform(Entry&);
  void keep_new(std::deque<Entry>&);
  void keep(Entry&);

  Settings settings_;
  SeededEntropy entropy_;
  Time now_{};
  TurnResult result_;
  std::map<TaskId, Answered> calls_;
  std::deque<Entry> queue_;
  std::deque<Entry> looked_up_;  // want to know of executions what the next load brings
  Machines machines_;
  Versions versions_;
  Tags tags_;
  Activities activities_;
  Executions executions_;
  EventFlow events_;
  Deliveries deliveries_;
  Nested nested_;
  Jobs jobs_;
  MapRuns map_runs_;
  Registry registry_;
  Schedules schedules_;
  Archives archives_;
  MockRules mock_rules_;
  Retention retention_;
  ExpressTraces express_traces_;
  std::string asked_by_;
  std::string trace_context_;
};

}  // namespace presso::core
