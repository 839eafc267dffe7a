// Which executions are in memory, and what the store is told of them at the end of a turn. Nothing
// here looks at more executions than a turn touched.
#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "engine/core/core.h"
#include "engine/core/executions.h"
#include "engine/core/inside.h"
#include "engine/run/event_codec.h"
#include "engine/run/evolve.h"

namespace presso::core {

namespace {

bool goes_outside(const asl::Resource& resource) {
  return resource.kind != asl::Resource::Kind::Activity && !runs_inside(resource);
}

}  // namespace

Keys Executions::missing(const Keys& keys) const {
  std::set<ExecutionNumber> numbers;
  for (const ExecutionNumber number : keys.numbers) {
    const bool was_given = number.value > 0 && number <= last_number_;
    if (was_given && !live_.contains(number)) numbers.insert(number);
  }
  std::set<ExecutionName> names;
  for (const ExecutionName& name : keys.names) {
    if (!names_.contains(name)) names.insert(name);
  }
  return {.numbers = {numbers.begin(), numbers.end()}, .names = {names.begin(), names.end()}};
}

Keys Executions::missing(Keys keys, Time now, std::size_t limit) const {
  for (const auto& [due, number] : deadlines_) {
    if (due > now || limit == 0) break;
    --limit;
    keys.numbers.push_back(number);
  }
  return missing(keys);
}

Result<run::Execution> Executions::fold(const StoredExecution& stored) const {
  const auto revision = core_.machines().revision(stored.row.revision);
  if (revision == nullptr) {
    return Error{"CorruptHistory", "Execution " + std::to_string(stored.row.number.value) +
                                       " runs the unknown revision '" + stored.row.revision + "'"};
  }
  run::Execution execution = run::make_execution(identity_of(stored.row), revision->compiled);
  for (const HistoryRow& row : stored.history) {
    const auto events = run::decode(row.pack);
    if (!events) return events.error();
    for (const run::Event& event : *events) run::evolve(execution, event);
  }
  return execution;
}

void Executions::take(StoredExecution stored) {
  const ExecutionNumber number = stored.row.number;
  if (live_.contains(number)) return;
  touched_.insert(number);
  if (run::is_terminal(stored.row.status)) {
    keep(std::move(stored.row), {}).history = std::move(stored.history);
    return;
  }
  auto execution = fold(stored);
  if (execution) {
    keep(std::move(stored.row), *std::move(execution));
    return;
  }
  // Nothing can go on from here; without its deadline it does not come up every turn.
  if (stored.row.wake_at) deadlines_.erase({*stored.row.wake_at, number});
  touched_.erase(number);
  core_.perform(Warning{"An execution's history cannot be read, and it stands still: " +
                        execution_arn(stored.row.machine_arn, stored.row.name) + ": " +
                        execution.error().message});
}

void Executions::forget(ExecutionNumber number) {
  touched_.erase(number);
  if (live_.contains(number)) drop(number);
}

Result<void> Executions::recover(Recovered& recovered) {
  last_number_ = recovered.last_number;
  for (const auto& [machine, count] : recovered.running) running_.add(machine, count);
  for (const ParkedExecution& parked : recovered.parked) {
    if (parked.wake_at) deadlines_.emplace(*parked.wake_at, parked.number);
  }
  for (StoredExecution& stored : recovered.outstanding) {
    if (auto done = adopt(std::move(stored)); !done) return done;
  }
  return {};
}

Result<void> Executions::adopt(StoredExecution stored) {
  auto execution = fold(stored);
  if (!execution) return execution.error();
  if (stored.row.wake_at) deadlines_.emplace(*stored.row.wake_at, stored.row.number);
  outstanding_.push_back(stored.row.number);
  touched_.insert(stored.row.number);
  keep(std::move(stored.row), *std::move(execution));
  return {};
}

// A call without a recorded answer may have been made: at least once is what is promised.
void Executions::resume() {
  std::size_t repeated = 0;
  std::string first;
  for (const ExecutionNumber number : std::exchange(outstanding_, {})) {
    Live* found = live(number);
    PRESSO_ASSERT(found != nullptr);
    for (const run::Command& command : run::resume(found->execution)) {
      const auto* task = std::get_if<run::RunTask>(&command);
      if (task != nullptr && goes_outside(task->resource) && repeated++ == 0) {
        first = task->resource.arn + " of " + found->execution.identity.arn;
      }
      act(*found, command);
    }
  }
  if (repeated == 0) return;
  core_.perform(Warning{"Calls whose answers were not recorded are made again: " +
                        std::to_string(repeated) + ", the first of them " + first + "."});
}

std::size_t Executions::fire_due(std::size_t limit) {
  std::vector<ExecutionNumber> due;
  for (const auto& [time, number] : deadlines_) {
    if (time > core_.now() || due.size() == limit) break;
    due.push_back(number);
  }
  for (const ExecutionNumber number : due) {
    if (Live* found = live(number)) {
      apply(*found, run::DeadlineReached{});
    } else {
      forget_deadline(number);
    }
  }
  return due.size();
}

// The store knows nothing of an execution that it had told us to wake.
void Executions::forget_deadline(ExecutionNumber number) {
  std::erase_if(deadlines_, [&](const auto& entry) { return entry.second == number; });
  core_.perform(Warning{"Execution " + std::to_string(number.value) +
                        " is due, but the store does not have it."});
}

void Executions::go_on(std::size_t limit) {
  for (std::size_t left = std::min(limit, unfinished_.size()); left > 0; --left) {
    auto it = unfinished_.upper_bound(last_gone_on_);
    if (it == unfinished_.end()) it = unfinished_.begin();
    if (it == unfinished_.end()) return;
    last_gone_on_ = *it;
    unfinished_.erase(it);
    Live* found = live(last_gone_on_);
    PRESSO_ASSERT(found != nullptr);
    if (!run::is_terminal(found->row.status)) apply(*found, run::Continue{});
  }
}

std::optional<Time> Executions::next_deadline() const {
  if (deadlines_.empty()) return std::nullopt;
  return deadlines_.begin()->first;
}

const run::Execution* Executions::find_live(ExecutionNumber number) const {
  const auto it = live_.find(number);
  // Of a closed one that was loaded only the row is known.
  if (it == live_.end() || it->second.execution.identity.number != number) return nullptr;
  return &it->second.execution;
}

void Executions::tell_express(Live& live, const std::vector<run::Event>& events) {
  core_.express_traces().add(live.row, live.execution, events);
  if (!core_.settings().is_traced) return;
  core_.perform(Effect{ExpressStep{.row = live.row,
                                   .arn = live.execution.identity.arn,
                                   .seq = live.row.next_seq++,
                                   .pack = run::encode(events)}});
}

auto Executions::keep(ExecutionRow row, run::Execution execution) -> Live& {
  const ExecutionNumber number = row.number;
  names_.emplace(ExecutionName{row.machine_arn, row.name}, number);
  Live& live = live_[number];
  live.row = std::move(row);
  live.execution = std::move(execution);
  if (const auto revision = core_.machines().revision(live.row.revision)) live.log = revision->log;
  return live;
}

void Executions::drop(ExecutionNumber number) {
  const auto it = live_.find(number);
  names_.erase({it->second.row.machine_arn, it->second.row.name});
  unfinished_.erase(number);
  live_.erase(it);
}

// The row says under which time the index has the execution.
void Executions::index_deadline(Live& live) {
  const std::optional<Time> next = run::next_deadline(live.execution);
  if (next == live.row.wake_at) return;
  if (live.row.wake_at) deadlines_.erase({*live.row.wake_at, live.row.number});
  if (next) deadlines_.emplace(*next, live.row.number);
  live.row.wake_at = next;
}

// The row does not say yet that it has ended.
void Executions::count_end(const Live& live) {
  if (run::is_terminal(live.row.status)) return;
  const bool was_last = running_.remove(live.row.machine_arn);
  if (was_last) core_.machines().none_runs(live.row.machine_arn);
}

void Executions::finish_turn() {
  ++turn_;
  for (const ExecutionNumber number : std::exchange(touched_, {})) {
    Live* found = live(number);
    PRESSO_ASSERT(found != nullptr);
    settle(*found);
  }
  while (parked_.size() > core_.settings().executions_in_memory) {
    const ExecutionNumber oldest = parked_.begin()->second;
    parked_.erase(parked_.begin());
    drop(oldest);
  }
}

void Executions::settle(Live& live) {
  const bool is_running = !run::is_terminal(live.row.status);
  const bool is_parked = is_running && !live.is_express && run::is_parked(live.execution);
  if (live.is_changed) {
    live.row.is_outstanding = is_running && !is_parked;
    core_.batch().put_executions.push_back(live.row);
    live.is_changed = false;
  }
  if (live.parked_in) parked_.erase({*live.parked_in, live.row.number});
  live.parked_in.reset();
  if (is_parked) {
    live.parked_in = turn_;
    parked_.emplace(turn_, live.row.number);
  }
  if (!is_running) drop(live.row.number);
}

}  // namespace presso::core
