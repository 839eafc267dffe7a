#include "engine/core/mock_rules.h"

#include <algorithm>

#include "base/assert.h"
#include "base/entropy.h"
#include "base/json.h"
#include "base/json_members.h"
#include "base/like.h"
#include "bus/flatten.h"
#include "engine/core/core.h"
#include "engine/core/corrupt.h"

namespace presso::core {

namespace {

constexpr char kRuleKind[] = "mock-rule";
constexpr char kCountKind[] = "mock-count";
constexpr char kCallKind[] = "mocked-call";

std::string key_of(const CallId& id) {
  if (const auto* task = std::get_if<TaskId>(&id)) {
    return "task/" + std::to_string(task->execution.value) + "/" + std::to_string(task->event);
  }
  return "delivery/" + std::to_string(std::get<DeliveryId>(id).value);
}

CallId id_from_json(const Json& value) {
  if (const auto delivery = number_if<std::uint64_t>(value, "delivery")) {
    return DeliveryId{*delivery};
  }
  return TaskId{{number_if<std::uint64_t>(value, "execution").value_or(0)},
                number_if<std::uint64_t>(value, "event").value_or(0)};
}

Json to_json(const CallId& id) {
  if (const auto* task = std::get_if<TaskId>(&id)) {
    return Json{{"execution", task->execution.value}, {"event", task->event}};
  }
  return Json{{"delivery", std::get<DeliveryId>(id).value}};
}

// A child of a Map Run runs what its machine's Map holds: "NAME/LABEL".
std::string_view without_label(std::string_view machine_name) {
  return machine_name.substr(0, machine_name.find('/'));
}

bool is_for(const MockRule& rule, const AskedCall& asked) {
  const bool is_task = std::holds_alternative<TaskId>(asked.id);
  if (!is_task && rule.is_for_tasks()) return false;
  if (!rule.machine.empty() && !is_like(rule.machine, without_label(asked.machine))) return false;
  if (!rule.state.empty() && !is_like(rule.state, asked.state)) return false;
  if (!rule.test_case.empty() && rule.test_case != asked.test_case) return false;
  if (rule.is_for && !rule.is_for(asked.call)) return false;
  if (!rule.arguments) return true;
  return asked.arguments != nullptr && asked.arguments->is_object() &&
         rule.arguments->matches(*asked.arguments);
}

}  // namespace

// ---- the list ----

void MockRules::use(std::shared_ptr<const Rules> rules) {
  configured_ = std::move(rules);
  for (auto it = told_.begin(); it != told_.end();) {
    const bool gives_way = is_configured(it->first);
    if (gives_way) replaced_.insert(it->first);
    it = gives_way ? told_.erase(it) : std::next(it);
  }
  set_order();
  recovered();
}

void MockRules::recovered() {
  std::vector<std::string> gone;
  for (const auto& [id, count] : counts_) {
    if (!is_configured(id) && !told_.contains(id)) gone.push_back(id);
  }
  for (const std::string& id : gone) forget(id);
}

bool MockRules::is_configured(const std::string& id) const {
  return configured_ != nullptr &&
         std::ranges::find(*configured_, id, &MockRule::id) != configured_->end();
}

void MockRules::set_order() {
  order_.clear();
  std::vector<const Told*> told;
  for (const auto& [id, one] : told_) told.push_back(&one);
  std::ranges::sort(told, std::ranges::greater{}, &Told::order);
  for (const Told* one : told) order_.push_back(&one->rule);
  if (configured_ == nullptr) return;
  for (const MockRule& rule : *configured_) order_.push_back(&rule);
}

auto MockRules::list() const -> std::vector<Listed> {
  std::vector<Listed> all;
  for (const MockRule* rule : order_) {
    const auto found = counts_.find(rule->id);
    const Count count = found == counts_.end() ? Count{} : found->second;
    all.push_back({.rule = *rule,
                   .is_told = told_.contains(rule->id),
                   .calls = count.calls,
                   .hits = count.hits});
  }
  return all;
}

Result<void> MockRules::check_ids(const Rules& rules) const {
  for (const MockRule& rule : rules) {
    if (is_configured(rule.id)) {
      return Error{"MockExists", "The mock '" + rule.id + "' is of the configuration."};
    }
  }
  return {};
}

Result<void> MockRules::add(Rules rules) {
  if (auto free = check_ids(rules); !free) return free;
  if (told_.size() + rules.size() > kToldMocks) {
    return Error{"TooManyMocks", "There can be " + std::to_string(kToldMocks) +
                                     " mocks at most that are added at run time."};
  }
  std::uint64_t order = 0;
  for (const auto& [id, told] : told_) order = std::max(order, told.order);
  order += rules.size();
  for (MockRule& rule : rules) {
    forget(rule.id);
    const auto old = told_.find(rule.id);
    tell(std::move(rule), old == told_.end() ? order : old->second.order);
    --order;
  }
  set_order();
  return {};
}

Result<void> MockRules::replace(Rules rules) {
  if (auto free = check_ids(rules); !free) return free;
  if (rules.size() > kToldMocks) return add(std::move(rules));
  while (!told_.empty()) {
    const std::string id = told_.begin()->first;
    const auto removed = remove(id);
    PRESSO_ASSERT(removed.has_value());
  }
  return add(std::move(rules));
}

Result<void> MockRules::remove(const std::string& id) {
  if (is_configured(id)) {
    return Error{"MockExists", "The mock '" + id + "' is of the configuration."};
  }
  if (told_.erase(id) == 0) {
    return Error{"MockDoesNotExist", "There is no mock '" + id + "'."};
  }
  core_.erase_document(kRuleKind, id);
  forget(id);
  set_order();
  return {};
}

void MockRules::tell(MockRule rule, std::uint64_t order) {
  core_.put_document(kRuleKind, rule.id,
                     Json{{"order", order}, {"where", rule.where}, {"rule", rule.source}});
  const std::string id = rule.id;
  told_.insert_or_assign(id, Told{.rule = std::move(rule), .order = order});
}

void MockRules::forget(const std::string& id) {
  if (counts_.erase(id) > 0) forgotten_.insert(id);
}

bool MockRules::has_case(std::string_view machine, std::string_view test_case) const {
  return std::ranges::any_of(order_, [&](const MockRule* rule) {
    return rule->test_case == test_case &&
           (rule->machine.empty() || is_like(rule->machine, machine));
  });
}

// ---- calls ----

bool MockRules::take(const AskedCall& asked) {
  if (const auto known = decided_.find(asked.id); known != decided_.end()) {
    return known->second.due.has_value();
  }
  const MockRule* deciding = nullptr;
  bool is_counted = false;
  for (const MockRule* rule : order_) {
    if (!is_for(*rule, asked)) continue;
    is_counted = true;
    const bool has_turn = count(asked, *rule);
    if (deciding == nullptr && has_turn && decides(*rule)) deciding = rule;
  }
  if (!is_counted) return false;
  new_.insert(asked.id);
  if (deciding == nullptr) {
    decided_[asked.id].is_kept = asked.is_kept;
    return false;
  }
  decide(asked, *deciding);
  return true;
}

bool MockRules::count(const AskedCall& asked, const MockRule& rule) {
  std::uint64_t place = ++counts_[rule.id].calls;
  counted_.insert(rule.id);
  if (rule.counts_per_execution) place = asked.count_in_execution(rule.id);
  return rule.first <= place && place <= rule.last;
}

bool MockRules::decides(const MockRule& rule) {
  Count& count = counts_.at(rule.id);
  if (rule.applies_once && count.hits > 0) return false;
  if (rule.rate < 1 && next_fraction(core_.entropy()) >= rule.rate) return false;
  ++count.hits;
  return true;
}

void MockRules::decide(const AskedCall& asked, const MockRule& rule) {
  Decided decided{.due = core_.now() + rule.latency, .answer = {}, .is_kept = asked.is_kept};
  if (const auto* returned = std::get_if<MockRule::Returned>(&rule.answer)) {
    decided.answer = asked.evaluate(*returned);
  } else if (const auto* thrown = std::get_if<MockRule::Thrown>(&rule.answer)) {
    decided.answer = run::Failure{.error = thrown->error, .cause = thrown->cause};
  }
  if (rule.latency == Duration{0}) {
    core_.enqueue(EndMocked{asked.id});
  } else {
    timers_.emplace(*decided.due, asked.id);
  }
  decided_[asked.id] = std::move(decided);
}

void MockRules::finish(const CallId& id) {
  const auto found = decided_.find(id);
  if (found == decided_.end() || !found->second.due) return;
  const auto* task = std::get_if<TaskId>(&id);
  if (!found->second.answer) {
    found->second.due.reset();
    new_.insert(id);
    if (task != nullptr) return core_.executions().go_through(*task);
    return core_.deliveries().go_through(std::get<DeliveryId>(id));
  }
  const MockedAnswer answer = *std::move(found->second.answer);
  const CallId of = id;
  settled(of);
  if (task != nullptr) return core_.executions().answer_mocked({*task, answer});
  core_.deliveries().answer_mocked(std::get<DeliveryId>(of), answer);
}

void MockRules::settled(const CallId& id) {
  const auto found = decided_.find(id);
  if (found == decided_.end()) return;
  if (found->second.due) timers_.erase({*found->second.due, id});
  if (found->second.is_stored) core_.erase_document(kCallKind, key_of(id));
  new_.erase(id);
  decided_.erase(found);
}

// ---- the turn ----

std::size_t MockRules::fire_due(std::size_t limit) {
  std::size_t fired = 0;
  while (fired < limit && !timers_.empty() && timers_.begin()->first <= core_.now()) {
    core_.enqueue(EndMocked{timers_.begin()->second});
    timers_.erase(timers_.begin());
    ++fired;
  }
  return fired;
}

std::optional<Time> MockRules::next_deadline() const {
  if (timers_.empty()) return std::nullopt;
  return timers_.begin()->first;
}

void MockRules::finish_turn() {
  for (const std::string& id : std::exchange(replaced_, {})) {
    if (!told_.contains(id)) core_.erase_document(kRuleKind, id);
  }
  for (const std::string& id : std::exchange(forgotten_, {})) {
    if (!counts_.contains(id)) core_.erase_document(kCountKind, id);
  }
  for (const std::string& id : std::exchange(counted_, {})) {
    const auto count = counts_.find(id);
    if (count == counts_.end()) continue;
    core_.put_document(kCountKind, id,
                       Json{{"calls", count->second.calls}, {"hits", count->second.hits}});
  }
  for (const CallId& id : std::exchange(new_, {})) {
    Decided& decided = decided_.at(id);
    if (!decided.is_kept) continue;
    Json value = to_json(id);
    if (decided.due) value["due"] = epoch_ms(*decided.due);
    if (decided.answer) {
      if (const auto* returned = std::get_if<SharedJson>(&*decided.answer)) {
        value["return"] = returned->value();
      } else {
        const auto& failure = std::get<run::Failure>(*decided.answer);
        value["error"] = failure.error.value_or("");
        if (failure.cause) value["cause"] = *failure.cause;
      }
    }
    core_.put_document(kCallKind, key_of(id), value);
    decided.is_stored = true;
  }
}

bool MockRules::knows(std::string_view kind) {
  return kind == kRuleKind || kind == kCountKind || kind == kCallKind;
}

Result<void> MockRules::restore(const DocumentRow& row, const Json& value) {
  if (row.kind == kCountKind) {
    counts_[row.key] = {.calls = number_if<std::uint64_t>(value, "calls").value_or(0),
                        .hits = number_if<std::uint64_t>(value, "hits").value_or(0)};
    return {};
  }
  if (row.kind == kRuleKind) {
    const Json* source = find_member(value, "rule");
    if (source == nullptr) return corrupt("it has no rule");
    auto rule = parse_mock_rule(*source, core_.settings().call_words);
    if (const auto* mistake = std::get_if<MockMistake>(&rule)) {
      return corrupt(mistake->path + ": " + mistake->what);
    }
    Told told{.rule = std::move(std::get<MockRule>(rule)),
              .order = number_if<std::uint64_t>(value, "order").value_or(0)};
    told.rule.where = text_at(value, "where");
    if (is_configured(row.key)) {
      replaced_.insert(row.key);
    } else {
      told_.insert_or_assign(row.key, std::move(told));
    }
    set_order();
    return {};
  }
  const CallId id = id_from_json(value);
  Decided decided{.due = {}, .answer = {}, .is_kept = true, .is_stored = true};
  if (const auto due = number_if<std::int64_t>(value, "due")) {
    decided.due = time_of_epoch_ms(*due);
    timers_.emplace(*decided.due, id);
  }
  if (const Json* returned = find_member(value, "return")) {
    decided.answer = SharedJson{*returned};
  } else if (const auto error = text_if(value, "error")) {
    decided.answer = run::Failure{.error = *error, .cause = text_if(value, "cause")};
  }
  decided_[id] = std::move(decided);
  return {};
}

}  // namespace presso::core
