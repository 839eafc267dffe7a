#include "tests/property/machine_play.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "base/json.h"
#include "base/json_members.h"
#include "engine/run/event_codec.h"
#include "engine/run/history.h"

namespace presso::test {
namespace {

constexpr Time kBegin = time_of_epoch_ms(1'760'000'000'000);
constexpr int kMostTurns = 20'000;

std::uint64_t digest_of(std::string_view text) {
  std::uint64_t digest = 14'695'981'039'346'656'037U;
  for (const char c : text) {
    digest = (digest ^ static_cast<unsigned char>(c)) * 1'099'511'628'211U;
  }
  return digest ^ (digest >> 29U);
}

bool is_hex(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0 || (c >= 'a' && c <= 'f');
}

bool is_uuid(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (is_dash ? text[i] != '-' : !is_hex(text[i])) return false;
  }
  return text.size() == 36;
}

// Each UUID as the place where it is met first.
std::string with_uuids_named(const std::string& text) {
  std::map<std::string, std::string, std::less<>> names;
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view next = std::string_view{text}.substr(i, 36);
    if (!is_uuid(next)) {
      result += text[i++];
      continue;
    }
    const auto [it, is_new] = names.emplace(next, "<" + std::to_string(names.size()) + ">");
    result += it->second;
    i += 36;
  }
  return result;
}

// Without what is drawn at random: a token, a Map Run's id in a key, and what is told of children.
std::string key_of(const core::TaskCall& call) {
  Json asked = *parse_json(call.parameters);
  if (asked.is_object() && asked.contains("MessageBody")) asked["MessageBody"].erase("token");
  if (call.resource.action == "putObject") {
    const std::string key = text_at(asked, "Key");
    return call.resource.arn + key.substr(0, key.find('/')) + key.substr(key.rfind('/'));
  }
  return with_uuids_named(call.resource.arn + dump_json(asked));
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

}  // namespace

MachinePlay::MachinePlay(const RandomMachine& machine, Fates fates, Crash crash,
                         std::size_t executions_in_memory)
    : machine_{machine}, fates_{std::move(fates)}, crash_{crash}, now_{kBegin} {
  settings_.executions_in_memory = executions_in_memory;
  boot();
}

// Of an Express child nothing is stored: it begins anew, and its number may be another's now.
void MachinePlay::boot() {
  ++settings_.seed;
  polls_.clear();
  const MemoryDisk disk = store_.disk();
  std::erase_if(
      asked_, [&](const auto& asked) { return !disk.executions.contains(asked.first.execution); });
  std::erase_if(planned_, [&](const auto& planned) {
    const Happening& what = planned.second;
    return what.what != Happening::What::Stop && !disk.executions.contains(what.task.execution);
  });
  core_ = std::make_unique<core::Core>(settings_);
  auto recovered = store_.recover();
  REQUIRE(recovered);
  REQUIRE(core_->recover(*std::move(recovered)));
}

core::Input MachinePlay::request(core::Keys keys, std::function<void(core::Core&)> work) {
  return core::Request{RequestId{++last_request_}, std::move(keys),
                       [work = std::move(work)](core::Core& core, RequestId) { work(core); }};
}

void MachinePlay::run() {
  if (execution_.empty()) {
    std::vector<core::Input> inputs;
    inputs.push_back(request({}, [this](core::Core& core) {
      for (const std::string& name : machine_.activities) {
        REQUIRE(core.activities().create(caller_, name, Json::object()));
      }
      const auto made = core.machines().create(
          caller_, {.name = "m",
                    .type = asl::MachineType::Standard,
                    .first = {.definition = machine_.definition,
                              .role_arn = "arn:aws:iam::000000000000:role/any",
                              .settings = Json::object()}});
      REQUIRE_MESSAGE(made.has_value(), (made ? "" : made.error().message));
      const auto started = core.executions().start(caller_, {.machine_arn = (*made)->arn,
                                                             .name = "run",
                                                             .input = machine_.input,
                                                             .trace_header = std::nullopt});
      REQUIRE(started);
      execution_ = started->arn;
    }));
    turn(std::move(inputs));
  }
  for (;;) {
    settle();
    std::optional<Time> next = core_->next_deadline();
    if (!planned_.empty()) {
      const Time answer = planned_.begin()->first.first;
      next = next ? std::min(*next, answer) : answer;
    }
    if (!next) return;
    now_ = std::max(now_, *next);
  }
}

bool MachinePlay::redrive() {
  bool is_redriven = false;
  std::vector<core::Input> inputs;
  inputs.push_back(request(core::keys_of_execution(execution_), [&](core::Core& core) {
    is_redriven = core.executions().redrive(execution_, std::nullopt).has_value();
  }));
  turn(std::move(inputs));
  if (is_redriven) run();
  return is_redriven;
}

void MachinePlay::settle() {
  for (int turns = 0; turns < kMostTurns; ++turns) {
    std::vector<core::Input> inputs;
    while (!planned_.empty() && planned_.begin()->first.first <= now_) {
      inputs.push_back(input_of(planned_.begin()->second));
      planned_.erase(planned_.begin());
    }
    for (const std::string& name : machine_.activities) {
      const bool is_asked = std::any_of(polls_.begin(), polls_.end(),
                                        [&](const auto& poll) { return poll.second == name; });
      if (is_asked) continue;
      const std::string arn = "arn:aws:states:us-east-1:000000000000:activity:" + name;
      const RequestId id{++last_request_};
      polls_[id] = name;
      inputs.push_back(core::Request{id, {}, [arn](core::Core& core, RequestId asked) {
                                       core.activities().poll({asked, arn, "worker"});
                                     }});
    }
    const auto due = core_->next_deadline();
    if (inputs.empty() && !core_->has_work_left() && (!due || *due > now_)) return;
    turn(std::move(inputs));
  }
  FAIL("it never settles");
}

void MachinePlay::turn(std::vector<core::Input> inputs) {
  auto loaded = store_.load(core_->missing(inputs, now_));
  REQUIRE(loaded);
  core::TurnResult result = core_->turn(std::move(inputs), *std::move(loaded), now_);
  REQUIRE(store_.commit(result.batch));
  check(result.batch);
  if (!result.batch.empty()) ++commits_;
  const bool is_due = crash_.is_repeated
                          ? crash_.after_commit != 0 && commits_ >= crash_.after_commit
                          : commits_ == crash_.after_commit;
  const bool is_crash = !result.batch.empty() && is_due;
  release(std::move(result.effects), is_crash && crash_.loses_effects);
  if (is_crash) boot();
}

// What is in memory is the fold of what is stored.
void MachinePlay::check(const core::Batch& batch) {
  for (const core::ExecutionRow& row : batch.put_executions) {
    const run::Execution* live = core_->executions().find_live(row.number);
    if (live == nullptr) continue;
    const auto folded = core_->executions().fold({row, store_.history(row.number)});
    REQUIRE(folded);
    REQUIRE(run::is_same(*folded, *live));
    REQUIRE(row.wake_at == run::next_deadline(*live));
    REQUIRE(row.is_outstanding == !run::is_parked(*live));
    REQUIRE(run::resume(*folded).size() == run::resume(*live).size());
  }
}

// What a client was told is told, even when the calls of the turn are lost.
void MachinePlay::release(std::vector<core::Effect> effects, bool is_lost) {
  for (const core::Effect& effect : effects) {
    if (const auto* reply = std::get_if<core::Reply>(&effect)) {
      const auto poll = polls_.find(reply->request);
      if (poll == polls_.end()) continue;
      const std::string activity = poll->second;
      polls_.erase(poll);
      taken(activity, reply->answer);
    } else if (const auto* call = std::get_if<core::TaskCall>(&effect); call && !is_lost) {
      called(*call);
    } else if (const auto* cancel = std::get_if<core::CancelCall>(&effect); cancel && !is_lost) {
      cancelled(cancel->task);
    }
  }
}

void MachinePlay::called(const core::TaskCall& call) {
  std::string token;
  const auto asked = parse_json(call.parameters);
  REQUIRE(asked);
  const std::string key = key_of(call);
  if (!asked_.emplace(call.task, key).second) return;  // it is being answered
  if (const Json* body = asked->is_object() ? find_member(*asked, "MessageBody") : nullptr) {
    token = text_at(*body, "token");
  }
  plan(call.task, key, token, true);
}

// Its answer does not come any more.
void MachinePlay::cancelled(TaskId task) {
  std::erase_if(asked_, [&](const auto& asked) { return asked.first == task; });
  std::erase_if(planned_, [&](const auto& planned) {
    const Happening& what = planned.second;
    return what.task == task &&
           (what.what == Happening::What::CallSucceeds || what.what == Happening::What::CallFails);
  });
}

void MachinePlay::taken(const std::string& activity, const core::Answer& answer) {
  const auto task = parse_json(answer.body);
  REQUIRE(task);
  const std::string token = text_at(*task, "taskToken");
  if (token.empty()) return;
  const auto id = run::parse_token(token);
  REQUIRE(id);
  plan(*id, with_uuids_named(activity + text_at(*task, "input")), token, false);
}

// A call is answered once; what waits for a token ends by it, after its call has been answered.
void MachinePlay::plan(TaskId task, const std::string& asked, const std::string& token,
                       bool is_call) {
  using What = Happening::What;
  const std::uint64_t digest = digest_of(asked);
  const bool is_of_map_run = asked.starts_with("arn:aws:states:::s3:");
  const Fate fate = fates_({.number = attempts_++,
                            .of_its_key = keys_[asked]++,
                            .digest = digest,
                            .may_time_out = machine_.has_timeouts && !is_of_map_run});
  const auto at = [&](std::uint64_t delay, What what, std::string text) {
    planned_.emplace(std::pair{now_ + seconds(static_cast<std::int64_t>(delay)), task},
                     Happening{what, task, std::move(text), digest});
  };
  const std::uint64_t delay = 1 + digest % 7;
  if (fate == Fate::StopsTheRun) at(delay, What::Stop, "");
  const bool fails_at_once = fate == Fate::Fails && (token.empty() || digest % 2 == 0);
  if (is_call && fate != Fate::Never) {
    if (fails_at_once) return at(delay, What::CallFails, asked);
    std::string output = dump_json(Json(std::to_string(digest)));
    if (asked.starts_with("arn:aws:states:::s3:getObject")) output = R"({"Body":"[7,8,9]"})";
    at(delay, What::CallSucceeds, std::move(output));
  }
  if (token.empty() || fate == Fate::Never) return;
  if (fate == Fate::Fails) return at(delay + 1, What::TokenFails, token);
  if (fate == Fate::Lives) {
    for (const std::uint64_t beat : {5U, 11U}) at(beat, What::Heartbeat, token);
    return at(14, What::TokenSucceeds, token);
  }
  at(delay + 2, What::TokenSucceeds, token);
}

core::Input MachinePlay::input_of(const Happening& what) {
  const std::string& text = what.text;
  switch (what.what) {
    case Happening::What::CallSucceeds:
      std::erase_if(asked_, [&](const auto& asked) { return asked.first == what.task; });
      return core::CallAnswered{what.task, text};
    case Happening::What::CallFails:
      std::erase_if(asked_, [&](const auto& asked) { return asked.first == what.task; });
      return core::CallAnswered{what.task, run::Failure{.error = "Oops", .cause = "by order"}};
    case Happening::What::TokenSucceeds:
      return request(core::keys_of_token(text), [text, what](core::Core& core) {
        (void)core.executions().succeed_task(text, dump_json(Json(what.digest)));
      });
    case Happening::What::TokenFails:
      return request(core::keys_of_token(text), [text](core::Core& core) {
        (void)core.executions().fail_task(text, {.error = "Oops", .cause = "by order"});
      });
    case Happening::What::Heartbeat:
      return request(core::keys_of_token(text),
                     [text](core::Core& core) { (void)core.executions().heartbeat(text); });
    case Happening::What::Stop:
      return request(core::keys_of_execution(execution_), [this](core::Core& core) {
        (void)core.executions().stop(execution_, {.error = "Stopped", .cause = std::nullopt});
      });
  }
  PRESSO_ASSERT(false);
}

std::vector<std::vector<run::Event>> MachinePlay::histories() const {
  std::vector<std::vector<run::Event>> all;
  for (const auto& [number, row] : store_.disk().executions) {
    auto& events = all.emplace_back();
    for (const core::HistoryRow& stored : store_.history(number)) {
      auto decoded = run::decode(stored.pack);
      REQUIRE(decoded);
      for (run::Event& event : *decoded) events.push_back(std::move(event));
    }
  }
  return all;
}

run::Status MachinePlay::status() const { return store_.disk().executions.begin()->second.status; }

std::string MachinePlay::result() const {
  const run::Event last = histories().front().back();
  if (const auto* end = std::get_if<run::ExecutionSucceeded>(&last.detail)) {
    return with_uuids_named(end->output.text());
  }
  const auto* end = std::get_if<run::ExecutionEnded>(&last.detail);
  if (end == nullptr) return "?";
  return end->error.value_or("") + ": " + end->cause.value_or("");
}

std::string MachinePlay::told() const {
  std::string text;
  std::vector<std::string> tokens;
  for (const auto& events : histories()) {
    text += "---\n";
    for (const run::Event& event : events) {
      if (const auto* task = std::get_if<run::TaskScheduled>(&event.detail)) {
        if (!task->token.empty()) tokens.push_back(task->token);
      }
      if (run::is_public(event)) text += dump_json(run::to_public(event, true)) + "\n";
    }
  }
  for (const std::string& token : tokens) replace_all(text, token, "<token>");
  return with_uuids_named(text);
}

}  // namespace presso::test
