// A turn, in order: what the last one left, what is due, the inputs, the steps to go on, the queue.
#include "engine/core/core.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/assert.h"
#include "base/json.h"
#include "engine/core/limits.h"

namespace presso::core {

namespace {

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

Core::Core(Settings settings)
    : settings_{std::move(settings)},
      entropy_{settings_.seed},
      machines_{*this},
      versions_{*this},
      tags_{*this},
      activities_{*this},
      executions_{*this},
      events_{*this},
      deliveries_{*this},
      nested_{*this},
      jobs_{*this},
      map_runs_{*this},
      registry_{*this},
      schedules_{*this},
      archives_{*this},
      mock_rules_{*this},
      retention_{*this} {
  mock_rules_.use(settings_.mock_rules);
}

Result<void> Core::recover(Recovered recovered) {
  deliveries_.set_last_id(recovered.last_delivery);
  for (const DocumentRow& row : recovered.documents) {
    if (auto done = restore(row); !done) return done;
  }
  if (auto done = executions_.recover(recovered); !done) return done;
  for (const DeliveryRow& row : recovered.deliveries) {
    if (auto done = deliveries_.restore(row); !done) return done;
  }
  machines_.recovered();
  schedules_.recovered();
  archives_.recovered();
  mock_rules_.recovered();
  return {};
}

Result<void> Core::restore(const DocumentRow& row) {
  const auto fail = [&](const Error& error) {
    return Error{error.code, "Document '" + row.key + "' of the kind '" + row.kind +
                                 "' cannot be read: " + error.message};
  };
  auto value = parse_json(row.value);
  if (!value) return fail(value.error());
  Result<void> done = Error{"DocumentCorrupt", "nothing of this version knows the kind"};
  if (Machines::knows(row.kind)) {
    done = machines_.restore(row.kind, *value);
  } else if (row.kind == "alias" || row.kind == "version" || row.kind == "version-count") {
    done = versions_.restore(row.kind, *value);
  } else if (row.kind == "tags") {
    done = tags_.restore(row.key, *value);
  } else if (row.kind == "map-run") {
    done = map_runs_.restore(*value);
  } else if (row.kind == "activity") {
    done = activities_.restore(*value);
  } else if (row.kind == "event-bus" || row.kind == "rule") {
    done = events_.restore(row.kind, *value);
  } else if (row.kind == "timer") {
    done = schedules_.restore(row.key, *value);
  } else if (row.kind == "archived-event") {
    done = archives_.restore(row.key, *value);
  } else if (MockRules::knows(row.kind)) {
    done = mock_rules_.restore(row, *value);
  } else if (Registry::knows(row.kind)) {
    done = registry_.restore(row, *std::move(value));
  }
  return done ? done : fail(done.error());
}

Keys Core::missing(const std::vector<Input>& inputs, Time now) const {
  Keys keys;
  for (const Input& input : inputs) {
    if (const auto* request = std::get_if<Request>(&input)) {
      append(keys.numbers, request->keys.numbers);
      append(keys.names, request->keys.names);
    } else if (const auto* answered = std::get_if<CallAnswered>(&input)) {
      keys.numbers.push_back(answered->task.execution);
    }
  }
  for (std::size_t i = 0; i < std::min(looked_up_.size(), kWorkPerTurn); ++i) {
    const Keys wanted = keys_of(looked_up_[i].work);
    append(keys.numbers, wanted.numbers);
    append(keys.names, wanted.names);
  }
  keys = executions_.missing(std::move(keys), std::max(now_, now), kDuePerTurn);
  keys.scan = retention_.wanted(std::max(now_, now));
  return keys;
}

TurnResult Core::turn(std::vector<Input> inputs, Loaded loaded, Time now) {
  now_ = std::max(now_, now);
  for (StoredExecution& stored : loaded.executions) executions_.take(std::move(stored));
  retention_.sweep(loaded.scanned);
  executions_.resume();
  result_.deadlines_fired = fire_due(kDuePerTurn);
  for (Input& input : inputs) apply(input);
  executions_.go_on(kContinuedPerTurn);
  drain();
  keep_new(looked_up_);
  keep_new(queue_);
  executions_.finish_turn();
  mock_rules_.finish_turn();
  return std::exchange(result_, TurnResult{});
}

std::size_t Core::fire_due(std::size_t limit) {
  std::size_t fired = executions_.fire_due(limit);
  fired += schedules_.fire_due(limit - fired);
  fired += archives_.fire_due(limit - fired);
  fired += deliveries_.fire_due(limit - fired);
  fired += jobs_.fire_due(limit - fired);
  fired += mock_rules_.fire_due(limit - fired);
  return fired;
}

void Core::apply(Input& input) {
  std::visit(Overloaded{[&](Request& request) { request.apply(*this, request.id); },
                        // Only long polls outlive their turn.
                        [&](const RequestGone& gone) { activities_.end_poll(gone.id); },
                        [&](CallAnswered& answered) { this->answered(std::move(answered)); },
                        [&](DeliveryAnswered& answered) { deliveries_.answered(answered); }},
             input);
}

void Core::call(TaskCall call, Answered answered) {
  calls_[call.task] = std::move(answered);
  perform(Effect{std::move(call)});
}

void Core::answered(CallAnswered answered) {
  const auto it = calls_.find(answered.task);
  if (it == calls_.end()) return executions_.call_answered(std::move(answered));
  const Answered tell = std::move(it->second);
  calls_.erase(it);
  tell(std::move(answered));
}

// What was waiting for a load goes first: it was there first, and what is loaded now may be dropped
// from memory at the end of this turn.
void Core::drain() {
  std::size_t budget = kWorkPerTurn;
  for (std::size_t left = std::min(looked_up_.size(), budget); left > 0; --left, --budget) {
    Entry entry = std::move(looked_up_.front());
    looked_up_.pop_front();
    perform(entry);
  }
  for (; budget > 0 && !queue_.empty(); --budget) {
    Entry entry = std::move(queue_.front());
    queue_.pop_front();
    if (must_look_up(entry.work)) {
      looked_up_.push_back(std::move(entry));
    } else {
      perform(entry);
    }
  }
}

bool Core::must_look_up(const Work& work) const {
  const Keys missing = executions_.missing(keys_of(work));
  return !missing.numbers.empty() || !missing.names.empty();
}

void Core::perform(Entry& entry) {
  if (entry.row) result_.batch.erased_deliveries.push_back(*entry.row);
  std::visit(
      Overloaded{[&](const RouteEvent& event) { events_.route(event); },
                 [&](const RouteStatus& status) { events_.route(status); },
                 [&](const StartByRule& start) { events_.start(start); },
                 [&](const RunInside& task) { executions_.run_inside(task); },
                 [&](const AnswerMocked& mocked) { executions_.answer_mocked(mocked); },
                 [&](const EndMocked& mocked) { mock_rules_.finish(mocked.call); },
                 [&](EndTask& end) { executions_.end_task(std::move(end)); },
                 [&](const StopNested& stop) { executions_.stop(stop.execution); },
                 [&](const StartMapChild& start) { executions_.start_map_child(start.child); },
                 [&](EndMapChild& end) { executions_.end_map_child(std::move(end)); },
                 [&](const StopMapChild& stop) { executions_.stop_map_child(stop); },
                 [&](HandOver& over) { activities_.hand_over(std::move(over)); }},
      entry.work);
}

// What came in this turn stands behind what is kept already: a long queue costs nothing.
void Core::keep_new(std::deque<Entry>& queue) {
  auto first_new = queue.end();
  while (first_new != queue.begin() && !std::prev(first_new)->is_kept) --first_new;
  std::for_each(first_new, queue.end(), [&](Entry& entry) { keep(entry); });
}

void Core::keep(Entry& entry) {
  entry.is_kept = true;
  const auto value = to_json(entry.work);
  if (!value) return;
  entry.row = deliveries_.next_id();
  result_.batch.put_deliveries.push_back(
      {.id = *entry.row, .due = now_, .attempts = 0, .value = dump_json(*value)});
}

std::optional<Time> Core::next_deadline() const {
  if (has_work_left()) return now_;
  std::optional<Time> earliest;
  for (const std::optional<Time>& deadline :
       {executions_.next_deadline(), schedules_.next_deadline(), archives_.next_deadline(),
        deliveries_.next_deadline(), jobs_.next_deadline(), mock_rules_.next_deadline()}) {
    if (deadline && (!earliest || *deadline < *earliest)) earliest = deadline;
  }
  return earliest;
}

bool Core::has_work_left() const {
  return !queue_.empty() || !looked_up_.empty() || executions_.has_unfinished();
}

void Core::reply(RequestId request, Answer answer) {
  result_.effects.push_back(Reply{request, std::move(answer)});
}
void Core::perform(Effect effect) { result_.effects.push_back(std::move(effect)); }

void Core::enqueue(Work work) { queue_.emplace_back(std::move(work), std::nullopt, false); }
void Core::enqueue_stored(DeliveryId row, Work work) {
  queue_.emplace_back(std::move(work), row, true);
}

void Core::handle_for(const std::string& execution_arn, const std::function<void()>& handle) {
  asked_by_ = execution_arn;
  handle();
  asked_by_.clear();
}

void Core::handle_within(const std::string& trace_context, const std::function<void()>& handle) {
  trace_context_ = trace_context;
  handle();
  trace_context_.clear();
}

// A batch applies its puts before its erasures, so a document that comes back within a turn must
// not be among the erased.
void Core::put_document(std::string kind, std::string key, const Json& value) {
  auto& erased = result_.batch.erased_documents;
  erased.erase(std::remove(erased.begin(), erased.end(), std::pair{kind, key}), erased.end());
  result_.batch.put_documents.push_back({std::move(kind), std::move(key), dump_json(value)});
}
void Core::erase_document(std::string kind, std::string key) {
  result_.batch.erased_documents.emplace_back(std::move(kind), std::move(key));
}

}  // namespace presso::core
