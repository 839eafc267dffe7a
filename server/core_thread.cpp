#include "server/core_thread.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>

#include "base/assert.h"
#include "base/json.h"
#include "server/otlp/trace_tap.h"

namespace presso::server {
namespace {

// Auto mode jumps once nothing was heard from outside for so long: a client that answers what it
// was just told gets the chance to.
constexpr Duration kAutoQuiet{50};
// A system clock that is set is noticed within this.
constexpr Duration kLongestNap = seconds(60);
// The kind of the document that says how far the clock was moved.
constexpr char kClockKind[] = "clock";

}  // namespace

CoreThread::CoreThread(Setup setup)
    : settings_(std::move(setup.settings)),
      store_(setup.store),
      clock_(std::move(setup.clock)),
      perform_(std::move(setup.perform)),
      log_(setup.log),
      is_busy_elsewhere_(std::move(setup.is_busy_elsewhere)),
      tap_(setup.tap) {}

CoreThread::~CoreThread() { stop(); }

Result<void> CoreThread::recover() {
  Result<core::Recovered> recovered = store_.recover();
  if (!recovered) return recovered.error();
  restore_clock(*recovered);
  core_ = std::make_unique<core::Core>(settings_);
  return core_->recover(std::move(*recovered));
}

void CoreThread::start() {
  PRESSO_ASSERT(core_ != nullptr);
  thread_ = std::thread{[this] { run(); }};
}

void CoreThread::stop() {
  if (!thread_.joinable()) return;
  inbox_.push(Control{[](CoreThread& self) { self.is_stopping_ = true; }});
  thread_.join();
}

void CoreThread::run() {
  last_heard_ = std::chrono::steady_clock::now();
  while (!is_stopping_) {
    Inbox::Portion portion = inbox_.take();
    if (!portion.empty()) last_heard_ = std::chrono::steady_clock::now();
    if (portion.control) {
      portion.control(*this);
      continue;
    }
    const Time now = clock_.now();
    seen_ms_ = epoch_ms(now);
    if (!portion.inputs.empty() || is_due(now)) {
      turn(std::move(portion.inputs), now);
    } else if (advance_ && !has_calls_in_flight()) {
      step_advance();
    } else if (!tidy()) {
      inbox_.wait(advance_ ? std::nullopt : nap());
    }
  }
}

bool CoreThread::is_due(Time now) const {
  const std::optional<Time> deadline = core_->next_deadline();
  return (deadline && *deadline <= now) || core_->retention_due() <= now;
}

bool CoreThread::tidy() {
  const Result<bool> is_left = store_.tidy();
  if (!is_left) fail("cannot store", is_left.error());
  return *is_left;
}

void CoreThread::turn(std::vector<core::Input> inputs, Time now) {
  const auto begin = MetricsClock::now();
  metrics_.inputs.add(inputs.size());
  for (const core::Input& input : inputs) {
    if (const auto* call = std::get_if<core::CallAnswered>(&input)) calls_.erase(call->task);
    if (const auto* call = std::get_if<core::DeliveryAnswered>(&input)) {
      deliveries_.erase(call->delivery);
      if (tap_ != nullptr) tap_->answered(*call);
    }
  }
  const core::Keys keys = core_->missing(inputs, now);
  core::Loaded loaded;
  if (!keys.empty()) {
    Result<core::Loaded> found = store_.load(keys);
    if (!found) fail("cannot read", found.error());
    loaded = std::move(*found);
  }
  core::TurnResult result = core_->turn(std::move(inputs), std::move(loaded), now);
  if (!result.batch.empty()) {
    if (auto clock = moved_clock()) result.batch.put_documents.push_back(std::move(*clock));
    commit(result.batch);
  }
  if (tap_ != nullptr) tap_->turn(result, core_->now());
  if (advance_ && result.deadlines_fired > 0) {
    ClockReport& report = advance_->report;
    report.deadlines_fired += result.deadlines_fired;
    if (!report.fired.empty() && report.fired.back().at == now) {
      report.fired.back().deadlines += result.deadlines_fired;
    } else if (report.fired.size() < kReportedInstants) {
      report.fired.push_back({now, result.deadlines_fired});
    }
  }
  release(std::move(result.effects), std::move(result.published));
  metrics_.executions_running.set(core_->executions().running());
  metrics_.rule_matches.set(core_->events().matches());
  metrics_.deliveries_pending.set(core_->deliveries().pending());
  metrics_.turn_us.add(microseconds_since(begin));
}

void CoreThread::commit(const core::Batch& batch) {
  const auto begin = MetricsClock::now();
  const Result<void> committed = store_.commit(batch);
  if (!committed) fail("cannot store", committed.error());
  metrics_.commit_us.add(microseconds_since(begin));
  metrics_.history_rows.add(batch.history.size());
}

void CoreThread::release(std::vector<core::Effect> effects,
                         std::vector<core::Published> published) {
  for (const core::Effect& effect : effects) {
    count(effect);
    if (const auto* call = std::get_if<core::TaskCall>(&effect)) calls_.insert(call->task);
    if (const auto* cancel = std::get_if<core::CancelCall>(&effect)) calls_.erase(cancel->task);
    if (const auto* call = std::get_if<core::DeliveryCall>(&effect)) {
      deliveries_.insert(call->delivery);
    }
  }
  for (const core::Published& item : published) count(item);
  if (effects.empty() && published.empty()) return;
  perform_(std::move(effects), std::move(published));
}

void CoreThread::count(const core::Effect& effect) {
  if (std::holds_alternative<core::TaskCall>(effect)) metrics_.task_calls.add();
  if (std::holds_alternative<core::DeliveryCall>(effect)) metrics_.delivery_attempts.add();
  if (std::holds_alternative<core::Warning>(effect)) metrics_.warnings.add();
}

void CoreThread::count(const core::Published& item) {
  const auto* change = std::get_if<core::SharedChange>(&item.content);
  if (change == nullptr) {
    metrics_.events.add();
  } else {
    metrics_.executions_of((*change)->status).add();
  }
}

void CoreThread::fail(std::string_view what, const Error& error) {
  log_.error(std::string{what} + ", so this process ends: " + error.message);
  std::abort();
}

// ---- the clock ----

void CoreThread::restore_clock(core::Recovered& recovered) {
  const auto is_clock = [](const core::DocumentRow& row) { return row.kind == kClockKind; };
  for (const core::DocumentRow& row : recovered.documents) {
    if (!is_clock(row)) continue;
    const auto value = parse_json(row.value);
    const Json* offset = value ? find_member(*value, "offset_ms") : nullptr;
    if (offset == nullptr || !offset->is_number_integer()) continue;
    kept_offset_ = Duration{offset->get<std::int64_t>()};
    clock_.jump_to(system_now() + kept_offset_);
  }
  std::erase_if(recovered.documents, is_clock);
}

// A frozen clock falls behind the system's all the time; only how far it is ahead matters, since a
// time in the past is not gone back to.
std::optional<core::DocumentRow> CoreThread::moved_clock() {
  const Duration offset = std::max(clock_.offset(), Duration{0});
  if (offset == kept_offset_) return std::nullopt;
  kept_offset_ = offset;
  Json value = Json::object();
  value["offset_ms"] = offset.count();
  return core::DocumentRow{.kind = kClockKind, .key = "offset", .value = dump_json(value)};
}

void CoreThread::keep_clock() {
  auto moved = moved_clock();
  if (!moved) return;
  core::Batch batch;
  batch.put_documents.push_back(std::move(*moved));
  const Result<void> committed = store_.commit(batch);
  if (!committed) fail("cannot store", committed.error());
}

std::optional<Duration> CoreThread::nap() {
  const std::optional<Duration> until_retention = clock_.time_until(core_->retention_due());
  const Duration longest = std::min(kLongestNap, until_retention.value_or(kLongestNap));
  const std::optional<Time> deadline = core_->next_deadline();
  if (!deadline) return longest;  // readers ask for the time
  std::optional<Duration> nap = clock_.time_until(*deadline);
  if (clock_.mode() == ClockMode::Auto && !has_calls_in_flight() && !core_->jobs().has_any()) {
    const auto quiet = std::chrono::steady_clock::now() - last_heard_;
    if (quiet >= kAutoQuiet) {
      clock_.jump_to(*deadline);
      return Duration{0};
    }
    const Duration rest = std::chrono::ceil<Duration>(kAutoQuiet - quiet);
    nap = nap ? std::min(*nap, rest) : rest;
  }
  if (nap) nap = std::min(*nap, longest);
  return nap;
}

ClockReport CoreThread::report() {
  ClockReport report;
  report.now = clock_.now();
  seen_ms_ = epoch_ms(report.now);
  report.mode = clock_.mode();
  report.offset = clock_.offset();
  return report;
}

void CoreThread::report_clock(const Reported& reported) { reported(report()); }

void CoreThread::set_clock_mode(ClockMode mode, Reported reported) {
  clock_commands_.push_back({.mode = mode, .by = {}, .reported = std::move(reported)});
  if (!advance_) next_clock_command();
}

void CoreThread::advance_clock(Duration by, Reported reported) {
  clock_commands_.push_back({.mode = {}, .by = by, .reported = std::move(reported)});
  if (!advance_) next_clock_command();
}

void CoreThread::next_clock_command() {
  while (!advance_ && !clock_commands_.empty()) {
    ClockCommand command = std::move(clock_commands_.front());
    clock_commands_.pop_front();
    if (command.mode) {
      clock_.set_mode(*command.mode);
      command.reported(report());
      continue;
    }
    clock_.hold();
    advance_ = Advance{.by = command.by,
                       .target = clock_.now() + command.by,
                       .report = {},
                       .reported = std::move(command.reported)};
  }
}

void CoreThread::step_advance() {
  const Time retention = core_->retention_due();
  const Time next = std::min(core_->next_deadline().value_or(retention), retention);
  if (next <= advance_->target) {
    clock_.hold_at(next);
    return;
  }
  clock_.release(advance_->by);
  keep_clock();
  Advance done = std::move(*advance_);
  advance_.reset();
  ClockReport end = report();
  end.fired = std::move(done.report.fired);
  end.deadlines_fired = done.report.deadlines_fired;
  done.reported(end);
  next_clock_command();
}

// ---- mocks ----

void CoreThread::use_mocks(std::shared_ptr<const core::Mocks> mocks) {
  settings_.mocks = mocks;
  core_->use_mocks(std::move(mocks));
}

void CoreThread::use_mock_rules(std::shared_ptr<const core::MockRules::Rules> rules) {
  settings_.mock_rules = rules;
  core_->use_mock_rules(std::move(rules));
}

// ---- reset ----

void CoreThread::reset() {
  const Result<void> cleared = store_.clear();
  if (!cleared) fail("cannot clear", cleared.error());
  std::vector<core::Effect> cancelled;
  for (const TaskId task : calls_) cancelled.emplace_back(core::CancelCall{task});
  calls_.clear();
  deliveries_.clear();
  if (!cancelled.empty()) perform_(std::move(cancelled), {});
  ++settings_.seed;
  kept_offset_ = Duration{0};  // is stored no more; the clock itself goes on
  const Result<void> recovered = recover();
  if (!recovered) fail("cannot start anew", recovered.error());
}

}  // namespace presso::server
