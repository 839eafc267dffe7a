#include "tests/scenarios/scenario.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "engine/asl/parse.h"
#include "engine/run/event_codec.h"
#include "engine/run/evolve.h"
#include "engine/run/execution.h"
#include "engine/run/history.h"
#include "engine/run/step.h"
#include "tests/support/virtual_clock.h"

namespace presso::test {
namespace {

using run::Event;
using run::Execution;

Error bad(std::string message) { return {"BadScenario", std::move(message)}; }

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \r") - first + 1);
}

// The first word, which is taken off `text`.
std::string_view take_word(std::string_view& text) {
  text = trim(text);
  const std::string_view word = text.substr(0, text.find(' '));
  text = trim(text.substr(word.size()));
  return word;
}

// "+5s", "+2m", "+1.5h", "+250ms".
std::optional<Time> time_of(std::string_view word) {
  if (!word.starts_with('+')) return std::nullopt;
  word.remove_prefix(1);
  double count = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), count);
  if (error != std::errc{}) return std::nullopt;
  static const std::map<std::string_view, double> kUnits = {
      {"ms", 1}, {"s", 1e3}, {"m", 60e3}, {"h", 3600e3}, {"d", 86400e3}};
  const auto unit = kUnits.find(word.substr(static_cast<std::size_t>(end - word.data())));
  if (unit == kUnits.end()) return std::nullopt;
  return VirtualClock::kStart + Duration{static_cast<std::int64_t>(count * unit->second)};
}

std::string show_offset(Time time) {
  const std::int64_t ms = (time - VirtualClock::kStart).count();
  std::string text = "+" + std::to_string(ms / 1000);
  if (ms % 1000 != 0) {
    const std::string fraction = std::to_string(1000 + ms % 1000).substr(1);
    text += "." + fraction.substr(0, fraction.find_last_not_of('0') + 1);
  }
  return text + "s";
}

// A compact JSON object or array in a text as itself; {"truncated":false} left out.
Json readable(const Json& value) {
  if (const std::string* text = as_string(&value)) {
    if (text->empty() || (text->front() != '{' && text->front() != '[')) return value;
    auto parsed = parse_json(*text);
    return parsed && dump_json(*parsed) == *text ? *parsed : value;
  }
  if (!value.is_object()) return value;
  Json result = Json::object();
  for (const auto& [name, member] : value.items()) {
    if (name.ends_with("Details") && dump_json(member) == R"({"truncated":false})") continue;
    result[name] = readable(member);
  }
  return result;
}

// JSON without the white space between its parts; numbers stay as they are written.
std::string compact(std::string_view json) {
  std::string result;
  bool is_in_text = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (!is_in_text && (json[i] == ' ' || json[i] == '\n')) continue;
    result += json[i];
    if (json[i] == '"') is_in_text = !is_in_text;
    if (json[i] == '\\' && i + 1 < json.size()) result += json[++i];
  }
  return result;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

std::string show_failure(const run::Failure& failure) {
  return failure.error.value_or("-") + (failure.cause ? " " + *failure.cause : "");
}

run::Identity identity() {
  const std::string prefix = "arn:aws:states:us-east-1:123456789012:";
  return {.number = ExecutionNumber{1},
          .arn = prefix + "execution:Machine:run",
          .name = "run",
          .machine_arn = prefix + "stateMachine:Machine",
          .machine_name = "Machine",
          .role_arn = "arn:aws:iam::123456789012:role/Role",
          .account = "123456789012",
          .region = "us-east-1"};
}

class Player {
 public:
  explicit Player(std::shared_ptr<const asl::Definition> definition)
      : definition_{std::move(definition)},
        live_{run::make_execution(identity(), definition_)},
        folded_{live_} {}

  void start(SharedJson input) { feed(run::Start{std::move(input), {}, {}}); }

  Result<void> happen(std::string_view line) {
    const std::string whole{line};
    const std::string_view when = take_word(line);
    const auto time = when == "next" ? run::next_deadline(live_) : time_of(when);
    if (!time) return bad("no time at the beginning of: " + whole);
    advance_to(*time);
    const std::string_view verb = take_word(line);
    if (verb.empty()) return {};
    if (verb == "restart") {
      live_ = folded_;
      return {};
    }
    if (verb == "stop") {
      feed(run::Stop{failure(line)});
      return {};
    }
    if (verb == "redrive") {
      is_announced_ = false;
      feed(run::Redrive{});
      return {};
    }
    const std::string_view who = take_word(line);
    const auto task = find_task(who);
    if (!task) return bad("nothing waits for: " + whole);
    const auto input = verb == "child"    ? child_input(who, *task, line)
                       : verb == "limits" ? limits_input(*task, line)
                                          : task_input(verb, *task, line);
    if (!input) return bad("not understood: " + whole);
    feed(*input);
    return {};
  }

  std::vector<std::string> finish() {
    std::string end = "= " + std::string{run::to_string(live_.status)};
    if (live_.status == run::Status::Succeeded) {
      end += " " + live_.output.text();
    } else if (run::is_terminal(live_.status)) {
      end += " " + show_failure(live_.failure);
    } else if (const auto deadline = run::next_deadline(live_)) {
      end += " until " + show_offset(*deadline);
    }
    lines_.push_back(end);
    for (const auto& [token, name] : tokens_) {
      for (std::string& line : lines_) replace_all(line, token, name);
    }
    return std::move(lines_);
  }

 private:
  void feed(const run::Input& input) {
    const run::Outcome outcome =
        run::step(live_, input, Env{.now = clock_.now(), .entropy = &entropy_});
    for (const Event& event : outcome.events) show(event);
    for (const run::Command& command : outcome.commands) show(command);
    store(outcome.events);
    check(outcome);
    const bool has_more =
        std::any_of(outcome.commands.begin(), outcome.commands.end(),
                    [](const auto& it) { return std::holds_alternative<run::ContinueLater>(it); });
    if (has_more) feed(run::Continue{});
  }

  // Through every deadline on the way, as the shell's clock goes.
  void advance_to(Time target) {
    for (auto due = run::next_deadline(live_); due && *due <= target;
         due = run::next_deadline(live_)) {
      clock_.advance_to(std::max(*due, clock_.now()));
      feed(run::DeadlineReached{});
      if (run::next_deadline(live_) == due) {
        complain("a deadline does not pass");
        break;
      }
    }
    clock_.advance_to(std::max(target, clock_.now()));
  }

  // "#5", "State" or "State[2]".
  std::optional<TaskId> find_task(std::string_view word) const {
    std::uint64_t number = 0;
    if (word.starts_with('#')) {
      std::from_chars(word.data() + 1, word.data() + word.size(), number);
      return TaskId{live_.identity.number, number};
    }
    const auto bracket = word.find('[');
    const std::string_view name = word.substr(0, bracket);
    const bool has_index = bracket != std::string_view::npos;
    if (has_index) {
      std::from_chars(word.data() + bracket + 1, word.data() + word.size(), number);
    }
    for (const auto& [id, frame] : live_.frames) {
      const auto* map_run = std::get_if<run::WaitingMapRun>(&frame.waiting);
      if (map_run && frame.state->name == name) {
        return TaskId{live_.identity.number, map_run->started_event};
      }
      const auto* task = std::get_if<run::WaitingTask>(&frame.waiting);
      if (!task || !frame.state || frame.state->name != name) continue;
      if (has_index && frame.index != number) continue;
      return TaskId{live_.identity.number, task->scheduled_event};
    }
    return std::nullopt;
  }

  // The error's name, then the cause.
  static run::Failure failure(std::string_view text) {
    run::Failure result;
    const std::string_view error = take_word(text);
    if (!error.empty() && error != "-") result.error = error;
    if (!text.empty()) result.cause = text;
    return result;
  }

  static std::optional<run::Input> task_input(std::string_view who, TaskId task,
                                              std::string_view line) {
    const std::string_view verb = take_word(line);
    const bool is_call = who == "call";
    if (!is_call && who != "task") return std::nullopt;
    if (verb == "succeeds") {
      const auto output = SharedJson::parse(std::string{line});
      if (!output) return std::nullopt;
      return is_call ? run::Input{run::CallSucceeded{task, *output}}
                     : run::Input{run::TaskDone{task, *output}};
    }
    if (verb == "fails") {
      return is_call ? run::Input{run::CallFailed{task, failure(line)}}
                     : run::Input{run::TaskGivenUp{task, failure(line)}};
    }
    if (is_call) return std::nullopt;
    if (verb == "heartbeat") return run::TaskHeartbeat{task};
    if (verb != "taken") return std::nullopt;
    run::ActivityTaken taken{task, {}};
    if (!line.empty()) taken.worker_name = line;
    return taken;
  }

  // "State[2]", or "#4[2]": a child of the Map Run that event 4 started.
  std::optional<run::Input> child_input(std::string_view who, TaskId task,
                                        std::string_view line) const {
    const run::Frame* frame = run::find_map_run(live_, task);
    const auto bracket = who.find('[');
    if (bracket == std::string_view::npos) return std::nullopt;
    using How = run::MapRunChildEnded::How;
    static const std::map<std::string_view, How> kEnds = {{"succeeds", How::Succeeded},
                                                          {"fails", How::Failed},
                                                          {"times-out", How::TimedOut},
                                                          {"aborts", How::Aborted}};
    const auto how = kEnds.find(take_word(line));
    if (how == kEnds.end()) return std::nullopt;
    run::MapRunChildEnded ended;
    ended.how = how->second;
    std::from_chars(who.data() + bracket + 1, who.data() + who.size(), ended.index);
    ended.start_time = ended.stop_time = clock_.now();
    if (ended.how == How::Succeeded) {
      const auto output = SharedJson::parse(std::string{line});
      if (!output) return std::nullopt;
      ended.output = *output;
    } else {
      const run::Failure why = failure(line);
      ended.error = why.error;
      ended.cause = why.cause;
    }
    const auto* map_run =
        frame == nullptr ? nullptr : std::get_if<run::WaitingMapRun>(&frame->waiting);
    return run::MapChildEnded{task, map_run == nullptr ? 0 : map_run->redrive_count, ended};
  }

  // Numbers: children at once, failures tolerated, percent of them; `-` for none.
  static std::optional<run::Input> limits_input(TaskId task, std::string_view line) {
    const auto next = [&]() -> std::optional<std::uint64_t> {
      const std::string_view word = take_word(line);
      std::uint64_t number = 0;
      const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
      return error == std::errc{} ? std::optional{number} : std::nullopt;
    };
    run::UpdateMapRun update{task, {}};
    update.limits.max_concurrency = next().value_or(0);
    update.limits.tolerated_count = next();
    if (const auto percent = next()) update.limits.tolerated_millionths = *percent * 1'000'000;
    return update;
  }

  void show(const Event& event) {
    if (const auto* started = std::get_if<run::MapRunStarted>(&event.detail)) {
      tokens_[started->map_run_arn] = "<map run #" + std::to_string(event.id) + ">";
    }
    if (const auto* scheduled = std::get_if<run::TaskScheduled>(&event.detail)) {
      if (!scheduled->token.empty()) {
        tokens_[scheduled->token] = "<token #" + std::to_string(event.id) + ">";
      }
    }
    if (!run::is_public(event)) return;
    Json shown = run::to_public(event, true);
    std::string line = std::to_string(event.id) + " " + std::to_string(event.previous) + " " +
                       show_offset(event.time) + " " + std::string{run::public_type(event)};
    for (const auto& [name, value] : shown.items()) {
      if (name.ends_with("EventDetails")) line += " " + dump_json(readable(value));
    }
    lines_.push_back(std::move(line));
  }

  static std::string show_child(const std::string& map_run_arn, std::uint64_t index) {
    return map_run_arn + "[" + std::to_string(index) + "]";
  }

  void show(const run::Command& command) {
    const auto ask = [&](const std::string& what) {
      lines_.push_back("> " + show_offset(clock_.now()) + " " + what);
    };
    if (const auto* it = std::get_if<run::RunTask>(&command)) {
      ask("run " + it->resource.arn + " #" + std::to_string(it->task.event) + " " +
          it->parameters.text() + (it->token.empty() ? "" : " " + it->token));
    } else if (const auto* cancel = std::get_if<run::CancelTask>(&command)) {
      ask("cancel #" + std::to_string(cancel->task.event));
    } else if (std::holds_alternative<run::StatusChanged>(command)) {
      const bool is_first = !std::exchange(is_announced_, true);
      const auto status = is_first ? run::Status::Running : live_.status;
      ask("status " + std::string{run::to_string(status)});
    } else if (const auto* child = std::get_if<run::StartMapChild>(&command)) {
      ask((child->may_exist ? "redrive child " : "start child ") +
          show_child(child->map_run_arn, child->index) + " " + child->input.text());
    } else if (const auto* stopped = std::get_if<run::StopMapChild>(&command)) {
      ask("stop child " + show_child(stopped->map_run_arn, stopped->index));
    } else if (const auto* changed = std::get_if<run::MapRunChanged>(&command)) {
      ask("map run " + changed->summary.arn + " " +
          std::string{run::to_string(changed->summary.status)});
    } else {
      ask("continue");
    }
  }

  // What a restart would give: the steps so far as they were stored.
  void store(const std::vector<Event>& stepped) {
    const auto events = run::decode(run::encode(stepped));
    if (!events) return complain(events.error().message);
    for (const Event& event : *events) run::evolve(folded_, event);
  }

  void check(const run::Outcome& outcome) {
    for (const Event& event : outcome.events) {
      if (event.time != clock_.now()) complain("an event is not of its step's time");
      if (event.id == 0) continue;
      if (event.id != ++last_id_) complain("event ids do not follow each other");
      if (event.previous >= event.id) complain("an event follows a later one");
    }
    if (!run::is_same(live_, folded_)) complain("what was stored folds to another execution");
    if (run::next_deadline(live_) != run::next_deadline(folded_)) complain("deadlines differ");
    if (run::resume(live_).size() != run::resume(folded_).size()) complain("resume differs");
  }

  void complain(const std::string& what) {
    lines_.push_back("! after event " + std::to_string(live_.last_event_id) + ": " + what);
  }

  std::shared_ptr<const asl::Definition> definition_;
  VirtualClock clock_;
  SeededEntropy entropy_{1};
  Execution live_;
  Execution folded_;
  std::vector<std::string> lines_;
  std::map<std::string, std::string> tokens_;
  std::uint64_t last_id_ = 0;
  bool is_announced_ = false;  // as RUNNING
};

// Reads a file's lines into parts.
class Reader {
 public:
  explicit Reader(std::string_view text) : lines_{split(text, '\n')} {}

  Result<std::vector<Scenario>> read() {
    for (at_ = 0; at_ < lines_.size(); ++at_) {
      const std::string_view line = lines_[at_];
      if (trim(line).empty() || line.starts_with('#')) continue;
      if (line.starts_with(' ')) {
        if (const auto result = content(trim(line)); !result) return result.error();
      } else if (const auto result = heading(line); !result) {
        return result.error();
      }
    }
    return std::move(scenarios_);
  }

 private:
  Error bad_line() const {
    return bad("line " + std::to_string(at_ + 1) +
               " is not understood: " + std::string{lines_[at_]});
  }

  Result<void> heading(std::string_view line) {
    const std::string_view word = take_word(line);
    if (word == "scenario") {
      Scenario next;
      next.name = line;
      if (!scenarios_.empty()) next.definition = scenarios_.back().definition;
      if (!scenarios_.empty()) next.input = scenarios_.back().input;
      scenarios_.push_back(std::move(next));
    } else if (scenarios_.empty() || !line.empty()) {
      return bad_line();
    } else if (word == "definition") {
      scenarios_.back().definition.clear();
      scenarios_.back().input = "{}";
    } else if (word == "input") {
      scenarios_.back().input.clear();
    } else if (word == "expect") {
      scenarios_.back().expected_begin = scenarios_.back().expected_end = at_ + 1;
    } else if (word != "happens") {
      return bad_line();
    }
    part_ = word;
    return {};
  }

  Result<void> content(std::string_view line) {
    if (scenarios_.empty()) return bad_line();
    Scenario& scenario = scenarios_.back();
    if (part_ == "definition") {
      scenario.definition += std::string{line} + "\n";
    } else if (part_ == "input") {
      scenario.input += line;
    } else if (part_ == "happens") {
      scenario.happenings.emplace_back(line);
    } else if (part_ == "expect") {
      scenario.expected.emplace_back(line);
      scenario.expected_end = at_ + 1;
    } else {
      return bad_line();
    }
    return {};
  }

  std::vector<std::string_view> lines_;
  std::size_t at_ = 0;
  std::string_view part_;
  std::vector<Scenario> scenarios_;
};

}  // namespace

Result<std::vector<Scenario>> parse_scenarios(std::string_view text) { return Reader{text}.read(); }

Result<std::vector<std::string>> play(const Scenario& scenario) {
  const auto parsed = asl::parse(scenario.definition, asl::MachineType::Standard);
  if (!parsed.definition) return bad(asl::invalid_definition_message(parsed.diagnostics));
  auto input = SharedJson::parse(compact(scenario.input));
  if (!input) return bad("input: " + input.error().message);
  Player player{parsed.definition};
  player.start(*input);
  for (const std::string& line : scenario.happenings) {
    if (const auto result = player.happen(line); !result) return result.error();
  }
  return player.finish();
}

}  // namespace presso::test
