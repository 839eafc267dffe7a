#include "tests/unit/core/world.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/json.h"
#include "engine/run/event_codec.h"
#include "engine/run/history.h"

namespace presso::test {

using core::Core;

World::World(core::Settings first) : settings{std::move(first)} { crash(); }

void World::crash() {
  services.forget();
  if (core_ != nullptr) ++settings.seed;
  core_ = std::make_unique<Core>(settings);
  const auto recovered = core_->recover(*store.recover());
  REQUIRE_MESSAGE(recovered.has_value(), (recovered ? "" : recovered.error().message));
}

core::TurnResult World::turn(std::vector<core::Input> inputs) {
  const core::Keys keys = core_->missing(inputs, now_);
  auto loaded = store.load(keys);
  REQUIRE(loaded);
  core::TurnResult result = core_->turn(std::move(inputs), *std::move(loaded), now_);
  REQUIRE(store.commit(result.batch));
  batches.push_back(result.batch);
  for (const core::Effect& effect : result.effects) perform(effect);
  for (const core::Published& item : result.published) published.push_back(item);
  check_invariant(result.batch);
  return result;
}

void World::perform(const core::Effect& effect) {
  services.perform(effect, now_);
  if (const auto* log = std::get_if<core::ExecutionLog>(&effect)) logs.push_back(*log);
  if (const auto* warning = std::get_if<core::Warning>(&effect)) {
    warnings.push_back(warning->message);
  }
  if (const auto* reply = std::get_if<core::Reply>(&effect)) {
    replies[reply->request] = reply->answer;
  }
}

void World::check_invariant(const core::Batch& batch) {
  for (const core::ExecutionRow& row : batch.put_executions) {
    const run::Execution* live = core_->executions().find_live(row.number);
    if (live == nullptr) continue;
    const auto folded = core_->executions().fold({row, store.history(row.number)});
    REQUIRE(folded);
    CHECK(run::is_same(*folded, *live));
    CHECK(row.wake_at == run::next_deadline(*live));
    CHECK(row.is_outstanding == !run::is_parked(*live));
  }
}

void World::settle() {
  for (int turns = 0; turns < 10'000; ++turns) {
    auto inputs = services.take_due(now_);
    const auto due = core_->next_deadline();
    if (inputs.empty() && (!due || *due > now_)) return;
    turn(std::move(inputs));
  }
  FAIL("it never settles");
}

void World::advance(Duration duration) {
  const Time end = now_ + duration;
  settle();
  while (now_ < end) {
    Time next = end;
    if (const auto due = core_->next_deadline()) next = std::min(next, *due);
    if (const auto answer = services.next()) next = std::min(next, *answer);
    now_ = std::max(now_, next);
    settle();
  }
}

std::vector<core::Input> World::one(core::Keys keys, std::function<void(Core&)> work) {
  std::vector<core::Input> inputs;
  inputs.emplace_back(
      core::Request{RequestId{1}, std::move(keys),
                    [work = std::move(work)](Core& core, RequestId) { work(core); }});
  return inputs;
}

std::string World::create(const std::string& name, std::string_view definition) {
  const auto created = ask([&](Core& core) {
    const auto machine =
        core.machines().create(caller, {.name = name,
                                        .type = asl::MachineType::Standard,
                                        .first = {.definition = std::string{definition},
                                                  .role_arn = "arn:aws:iam::000000000000:role/any",
                                                  .settings = Json::object()}});
    REQUIRE_MESSAGE(machine.has_value(), (machine ? "" : machine.error().message));
    return (*machine)->arn;
  });
  return created;
}

Result<core::StartedExecution> World::try_start(core::StartExecution request) {
  return ask(core::keys_of_start(request),
             [&](Core& core) { return core.executions().start(caller, request); });
}

std::string World::start(const std::string& machine_arn, const std::string& input) {
  const auto started = try_start({.machine_arn = machine_arn,
                                  .name = std::nullopt,
                                  .input = input,
                                  .trace_header = std::nullopt});
  REQUIRE_MESSAGE(started.has_value(), (started ? "" : started.error().message));
  return started->arn;
}

Result<void> World::succeed(const std::string& token, const std::string& output) {
  return ask(core::keys_of_token(token),
             [&](Core& core) { return core.executions().succeed_task(token, output); });
}

core::ExecutionRow World::row(const std::string& execution_arn) const {
  const auto name = core::parse_execution_arn(execution_arn);
  REQUIRE(name);
  const auto found = store.reader()->find(*name);
  REQUIRE(found);
  REQUIRE(found->has_value());
  return **found;
}

std::vector<run::Event> World::events(const std::string& execution_arn) const {
  std::vector<run::Event> events;
  for (const core::HistoryRow& stored : store.history(row(execution_arn).number)) {
    auto decoded = run::decode(stored.pack);
    REQUIRE(decoded);
    for (run::Event& event : *decoded) events.push_back(std::move(event));
  }
  return events;
}

std::string World::history(const std::string& execution_arn) const {
  std::string joined;
  for (const run::Event& event : events(execution_arn)) {
    if (!run::is_public(event)) continue;
    if (!joined.empty()) joined += ' ';
    joined += run::public_type(event);
  }
  return joined;
}

std::string World::output(const std::string& execution_arn) const {
  const auto all = events(execution_arn);
  REQUIRE_FALSE(all.empty());
  if (const auto* end = std::get_if<run::ExecutionSucceeded>(&all.back().detail)) {
    return end->output.text();
  }
  const auto* end = std::get_if<run::ExecutionEnded>(&all.back().detail);
  if (end == nullptr) return "";
  return end->error.value_or("") + ": " + end->cause.value_or("");
}

std::string World::token(const std::string& execution_arn) const {
  std::string token;
  for (const run::Event& event : events(execution_arn)) {
    if (const auto* task = std::get_if<run::TaskScheduled>(&event.detail)) token = task->token;
  }
  return token;
}

void World::put_rule(const std::string& bus, const std::string& name, const std::string& pattern,
                     std::vector<std::string> target_arns) {
  ask([&](Core& core) {
    bus::RuleBook& book = core.events().book(caller);
    bus::PutRule rule;
    rule.name = name;
    rule.bus = bus;
    rule.event_pattern = pattern;
    const auto put = book.put_rule(std::move(rule));
    REQUIRE_MESSAGE(put.has_value(), (put ? "" : put.error().message));
    std::vector<bus::Target> targets;
    for (const std::string& arn : target_arns) {
      bus::Target target;
      target.id = std::to_string(targets.size());
      target.arn = arn;
      targets.push_back(std::move(target));
    }
    const auto failed = book.put_targets(name, bus, std::move(targets));
    REQUIRE(failed);
    CHECK(failed->empty());
    core.events().store(caller, **book.describe_rule(name, bus));
    return true;
  });
}

std::vector<core::PutEventsResult> World::put_event(const std::string& bus,
                                                    const std::string& source,
                                                    const std::string& detail) {
  return ask([&](Core& core) {
    bus::PutEventsEntry entry;
    entry.event_bus_name = bus;
    entry.source = source;
    entry.detail_type = "Test";
    entry.detail = detail;
    std::vector<bus::PutEventsEntry> entries;
    entries.push_back(std::move(entry));
    return core.events().put_events(caller, std::move(entries));
  });
}

}  // namespace presso::test
