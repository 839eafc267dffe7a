#include "tests/sim/world.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace presso::sim {

namespace {

constexpr std::size_t kInputsPerTurn = 256;

// Whole seconds only, as an event's `time` shows them: what people see is then exact.
Time whole_second(Time time) { return std::chrono::ceil<std::chrono::seconds>(time); }

}  // namespace

World::World(std::uint64_t seed, Crashes crashes) : entropy_{seed}, plan_{crashes} {
  boot();
  plan_crash();
}

void World::at(Time time, std::function<void()> action) {
  actors_.emplace(std::max(time, now_), std::move(action));
}

void World::request(core::Keys keys, std::function<void(core::Core&, RequestId)> apply,
                    Heard heard) {
  const RequestId id{++last_request_};
  waiting_.emplace(id, std::move(heard));
  inbox_.push_back(core::Request{id, std::move(keys), std::move(apply)});
}

std::optional<Time> World::next() const {
  std::optional<Time> earliest;
  const auto consider = [&](const std::optional<Time>& time) {
    if (time && (!earliest || *time < *earliest)) earliest = time;
  };
  consider(core_->next_deadline());
  consider(services_.next());
  if (!actors_.empty()) consider(actors_.begin()->first);
  return earliest;
}

void World::run() {
  for (;;) {
    if (inbox_.empty() && !core_->has_work_left()) {
      const auto time = next();
      if (!time) return;
      now_ = std::max(now_, whole_second(*time));
    }
    while (!actors_.empty() && actors_.begin()->first <= now_) {
      auto action = std::move(actors_.begin()->second);
      actors_.erase(actors_.begin());
      action();
    }
    auto answers = services_.take_due(now_);
    std::move(answers.begin(), answers.end(), std::back_inserter(inbox_));
    turn();
  }
}

void World::outlast(Time time) {
  now_ = std::max(now_, whole_second(time));
  while (core_->retention_due() <= now_ || core_->has_work_left()) turn();
}

void World::turn() {
  const auto count = static_cast<std::ptrdiff_t>(std::min(inbox_.size(), kInputsPerTurn));
  std::vector<core::Input> inputs(std::make_move_iterator(inbox_.begin()),
                                  std::make_move_iterator(inbox_.begin() + count));
  inbox_.erase(inbox_.begin(), inbox_.begin() + count);
  auto loaded = faulty_.load(core_->missing(inputs, now_));
  PRESSO_ASSERT(loaded.has_value());
  auto result = core_->turn(std::move(inputs), std::move(*loaded), now_);
  if (!result.batch.empty()) {
    const auto committed = faulty_.commit(result.batch);
    if (!committed) return crash();
  }
  release(std::move(result.effects));
}

void World::release(std::vector<core::Effect> effects) {
  for (const core::Effect& effect : effects) {
    services_.perform(effect, now_);
    const auto* reply = std::get_if<core::Reply>(&effect);
    if (reply == nullptr) continue;
    auto node = waiting_.extract(reply->request);
    PRESSO_ASSERT(!node.empty());
    node.mapped()(reply->answer);
  }
}

void World::crash() {
  ++crash_count_;
  inbox_.clear();
  services_.forget();
  auto unheard = std::exchange(waiting_, {});
  boot();
  plan_crash();
  for (auto& [id, heard] : unheard) heard(std::nullopt);
}

void World::boot() {
  core_ = std::make_unique<core::Core>(
      core::Settings{.seed = entropy_.next(), .buses = {}, .executions_in_memory = 256});
  auto recovered = faulty_.recover();
  PRESSO_ASSERT(recovered.has_value());
  const auto restored = core_->recover(std::move(*recovered));
  PRESSO_ASSERT(restored.has_value());
}

void World::plan_crash() {
  if (plan_.mean_commits == 0) return;
  const auto commits = 1 + next_below(entropy_, 2 * plan_.mean_commits);
  const auto fault =
      next_below(entropy_, 2) == 0 ? test::Fault::BeforeCommit : test::Fault::AfterCommit;
  faulty_.fail_at(commits, fault);
}

}  // namespace presso::sim
