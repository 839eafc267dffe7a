// Random machines whose calls fail: however often an execution is redriven, it comes to what it
// would have come to without a failure.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "engine/asl/parse.h"
#include "engine/run/event_codec.h"
#include "engine/run/evolve.h"
#include "engine/run/step.h"
#include "tests/support/gen.h"

namespace presso::run {
namespace {

// States in a row: calls, waits, passes that assign, and branches and iterations of such rows.
class MachineMaker {
 public:
  explicit MachineMaker(Entropy& entropy) : entropy_{entropy} {}

  Json make() { return row(2, 1 + next_below(entropy_, 4)); }

 private:
  Json row(int depth, std::uint64_t length) {
    Json states = Json::object();
    const std::uint64_t first = count_;
    const std::size_t known = variables_.size();
    for (std::uint64_t i = 0; i < length; ++i) {
      const std::string name = "S" + std::to_string(count_++);
      if (i > 0) states.back()["Next"] = name;
      states[name] = nullptr;  // before those within, so that the last one is its row's
      states[name] = state(depth, name);
    }
    states.back()["End"] = true;
    variables_.resize(known);  // those of a branch are its own
    return Json{{"StartAt", "S" + std::to_string(first)}, {"States", std::move(states)}};
  }

  Json state(int depth, const std::string& name) {
    switch (next_below(entropy_, depth > 0 ? 8 : 5)) {
      case 0: return Json{{"Type", "Wait"}, {"Seconds", 1 + next_below(entropy_, 9)}};
      case 1: return pass(name);
      case 5:
      case 6: return parallel(depth);
      case 7:
        return Json{{"Type", "Map"},
                    {"ItemsPath", "$$.Execution.Input.items"},
                    {"MaxConcurrency", next_below(entropy_, 3)},
                    {"ItemProcessor", row(depth - 1, 1 + next_below(entropy_, 2))}};
      default: return call(name);
    }
  }

  // Shows the variable that was assigned last, and assigns one.
  Json pass(const std::string& name) {
    Json made{{"Type", "Pass"}, {"Parameters", {{"from", name}, {"in.$", "$"}}}};
    if (!variables_.empty()) made["Parameters"]["kept.$"] = "$" + variables_.back();
    variables_.push_back("v" + name);
    made["Assign"] = Json{{variables_.back() + ".$", "$"}};
    return made;
  }

  Json call(const std::string& name) {
    Json made{{"Type", "Task"},
              {"Resource", "arn:aws:states:::lambda:invoke"},
              {"Parameters", {{"FunctionName", name}, {"Payload.$", "$"}}}};
    if (next_below(entropy_, 4) == 0) {
      made["Retry"] = Json::array({Json{{"ErrorEquals", {"Oops"}}, {"MaxAttempts", 1}}});
    }
    return made;
  }

  Json parallel(int depth) {
    Json branches = Json::array();
    for (auto left = 1 + next_below(entropy_, 3); left > 0; --left) {
      branches.push_back(row(depth - 1, 1 + next_below(entropy_, 2)));
    }
    return Json{{"Type", "Parallel"}, {"Branches", std::move(branches)}};
  }

  Entropy& entropy_;
  std::uint64_t count_ = 0;
  std::vector<std::string> variables_;
};

// What becomes of a call: its count in the run, from 0.
enum class Fate { Succeeds, Fails, IsStopped };
using Fates = std::function<Fate(std::uint64_t)>;

// A call's answer depends on what it was asked alone, and is short.
SharedJson answer_to(const WaitingTask& task) {
  std::uint64_t digest = 14'695'981'039'346'656'037U;
  for (const char c : task.parameters.text()) {
    digest = (digest ^ static_cast<unsigned char>(c)) * 1'099'511'628'211U;
  }
  return SharedJson{Json(std::to_string(digest))};
}

class Run {
 public:
  Run(std::shared_ptr<const asl::Definition> definition, Entropy& entropy)
      : live_{make_execution({}, definition)}, folded_{live_}, entropy_{entropy} {}

  // Until it has succeeded; what it gives.
  std::string play(const Fates& fates) {
    feed(Start{SharedJson{Json{{"items", {1, 2, 3}}}}, {}, {}});
    while (live_.status != Status::Succeeded) {
      REQUIRE(events_ < 20'000);
      advance(fates);
    }
    return live_.output.text();
  }
  std::uint64_t calls() const { return calls_; }

 private:
  void advance(const Fates& fates) {
    if (is_terminal(live_.status)) return feed(Redrive{});
    std::vector<const WaitingTask*> waiting;
    for (const auto& [id, frame] : live_.frames) {
      if (const auto* task = std::get_if<WaitingTask>(&frame.waiting)) waiting.push_back(task);
    }
    if (waiting.empty()) {
      const auto due = next_deadline(live_);
      REQUIRE(due.has_value());
      now_ = *due;
      return feed(DeadlineReached{});
    }
    const WaitingTask& task = *waiting[next_below(entropy_, waiting.size())];
    const TaskId id{live_.identity.number, task.scheduled_event};
    switch (fates(calls_++)) {
      case Fate::Succeeds: return feed(CallSucceeded{id, answer_to(task)});
      case Fate::Fails: return feed(CallFailed{id, {.error = "Oops", .cause = std::nullopt}});
      case Fate::IsStopped: return feed(Stop{});
    }
  }

  void feed(const Input& input) {
    const Outcome outcome = step(live_, input, Env{.now = now_, .entropy = &entropy_});
    events_ += outcome.events.size();
    const auto stored = decode(encode(outcome.events));
    REQUIRE(stored.has_value());
    for (const Event& event : *stored) evolve(folded_, event);
    REQUIRE(is_same(live_, folded_));
    if (next_below(entropy_, 8) == 0) live_ = folded_;  // a restart
  }

  Execution live_;
  Execution folded_;
  Entropy& entropy_;
  Time now_{};
  std::uint64_t calls_ = 0;
  std::size_t events_ = 0;
};

}  // namespace

TEST_CASE("an execution redriven after any failure comes to what it would have come to without") {
  const std::uint64_t seed = test::seed_or(41);
  CAPTURE(seed);
  SeededEntropy entropy{seed};
  std::uint64_t failures = 0;
  for (int round = 0; round < 60; ++round) {
    const std::string text = dump_json(MachineMaker{entropy}.make());
    CAPTURE(text);
    const auto definition = asl::parse(text, asl::MachineType::Standard).definition;
    REQUIRE(definition != nullptr);
    Run smooth{definition, entropy};
    const std::string result = smooth.play([](std::uint64_t) { return Fate::Succeeds; });
    for (const Fate fate : {Fate::Fails, Fate::IsStopped}) {
      for (std::uint64_t point = 0; point < smooth.calls(); ++point, ++failures) {
        const auto once = [&](std::uint64_t call) { return call == point ? fate : Fate::Succeeds; };
        REQUIRE(Run{definition, entropy}.play(once) == result);
      }
    }
    for (int again = 0; again < 3; ++again) {
      const auto often = [&](std::uint64_t) {
        const std::uint64_t drawn = next_below(entropy, 8);
        return drawn == 0 ? Fate::IsStopped : drawn < 3 ? Fate::Fails : Fate::Succeeds;
      };
      REQUIRE(Run{definition, entropy}.play(often) == result);
    }
  }
  CHECK(failures > 100);
}

}  // namespace presso::run
