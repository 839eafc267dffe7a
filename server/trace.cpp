#include "server/trace.h"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <variant>
#include <vector>

#include "base/json_members.h"
#include "engine/core/executions.h"
#include "engine/core/names.h"
#include "engine/core/redrive.h"
#include "engine/core/status_event.h"
#include "engine/run/event_codec.h"
#include "engine/run/history.h"
#include "engine/run/map_run.h"
#include "engine/run/told.h"

namespace presso::server {
namespace {

constexpr std::size_t kUuid = 36;
constexpr std::size_t kRowsAtOnce = 256;

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

// The event that a rule started the execution with; empty when none did. A schedule has none, and
// its executions have a UUID alone for their name.
std::string event_of(const core::ExecutionRow& row, const Json& details) {
  const bool is_pair = row.name.size() == 2 * kUuid + 1 && row.name[kUuid] == '_';
  return is_pair && text_if(details, core::kStartedByRule) ? row.name.substr(0, kUuid) : "";
}

// A stored one, or one that the core remembers.
struct Found {
  core::ExecutionRow row;
  std::shared_ptr<const core::ExpressTrace> express;

  [[nodiscard]] std::string arn() const {
    return express ? express->arn : core::execution_arn(row.machine_arn, row.name);
  }
};

Json row_json(const Found& found) {
  const core::ExecutionRow& row = found.row;
  Json json{{"execution", found.arn()},
            {"status", run::to_string(row.status)},
            {"startDate", to_iso_milliseconds(row.start_time)},
            {"stopDate", nullptr}};
  if (row.stop_time) json["stopDate"] = to_iso_milliseconds(*row.stop_time);
  return json;
}

// Looks among both.
class Executions {
 public:
  Executions(core::Reader& reader, const ExpressTraces& express) : reader_(reader) {
    for (const auto& trace : express) {
      const Json details = details_of(trace->row);
      by_arn_[trace->arn] = trace;
      const std::string event = event_of(trace->row, details);
      if (!event.empty()) of_event_[event].push_back(trace);
      const std::string run = text_at(details, "mapRunArn");
      if (!run.empty()) of_run_[run].push_back(trace);
    }
  }

  [[nodiscard]] Result<std::optional<Found>> find(const std::string& arn) const {
    const auto express = by_arn_.find(arn);
    if (express != by_arn_.end())
      return std::optional{Found{express->second->row, express->second}};
    const auto name = core::parse_execution_arn(arn);
    if (!name) return std::optional<Found>{};
    auto row = reader_.find(*name);
    if (!row) return row.error();
    if (!*row) return std::optional<Found>{};
    return std::optional{Found{**std::move(row), nullptr}};
  }

  // That rules started because of this event, at most one more than a trace takes.
  [[nodiscard]] Result<std::vector<Found>> started_by(const std::string& event) const {
    auto rows = reader_.named(event + "_", kTracedExecutions + 1);
    if (!rows) return rows.error();
    std::vector<Found> found;
    for (core::ExecutionRow& row : *rows) {
      if (event_of(row, details_of(row)) == event) found.push_back({std::move(row), nullptr});
    }
    return with_express(std::move(found), of_event_, event);
  }

  [[nodiscard]] Result<std::vector<Found>> of_map_run(const std::string& run,
                                                      std::uint64_t begun) const {
    std::vector<Found> found;
    for (std::uint64_t i = 0; i < std::min<std::uint64_t>(begun, kTracedExecutions + 1); ++i) {
      auto child = reader_.find({run::child_machine_arn(run), run::child_name(run, i)});
      if (!child) return child.error();
      if (*child) found.push_back({**std::move(child), nullptr});
    }
    return with_express(std::move(found), of_run_, run);
  }

 private:
  using Lists = std::map<std::string, ExpressTraces, std::less<>>;

  static std::vector<Found> with_express(std::vector<Found> found, const Lists& lists,
                                         const std::string& key) {
    const auto list = lists.find(key);
    if (list == lists.end()) return found;
    for (const auto& trace : list->second) found.push_back({trace->row, trace});
    return found;
  }

  core::Reader& reader_;
  std::map<std::string, std::shared_ptr<const core::ExpressTrace>, std::less<>> by_arn_;
  Lists of_event_;
  Lists of_run_;
};

// All that the execution can have told so far. How an attempt before a redrive ended is not in the
// row; what never was told has started nothing.
std::vector<std::string> status_events(const core::ExecutionRow& row, const Json& details) {
  using run::Status;
  const std::uint64_t redrives = core::redrives_of(details).count;
  std::vector<std::string> ids;
  const auto add = [&](std::uint64_t redrive, Status status) {
    ids.push_back(core::status_event_id({.number = row.number,
                                         .start_time = row.start_time,
                                         .redrive_count = redrive,
                                         .status = status}));
  };
  for (std::uint64_t redrive = 0; redrive <= redrives; ++redrive) {
    add(redrive, Status::Running);
    if (redrive == redrives) break;
    for (const Status ended : {Status::Failed, Status::TimedOut, Status::Aborted}) {
      add(redrive, ended);
    }
  }
  if (run::is_terminal(row.status)) add(redrives, row.status);
  return ids;
}

class Tracer {
 public:
  Tracer(core::Reader& reader, const ExpressTraces& express)
      : reader_(reader), known_(reader, express) {}

  Result<Trace> follow(const std::string& id) {
    if (core::parse_execution_arn(id) || core::is_express_arn(id)) {
      auto found = known_.find(id);
      if (!found) return found.error();
      if (!*found) return Error{"ExecutionDoesNotExist", "Execution Does Not Exist: '" + id + "'"};
      seen_.insert(id);
      executions_.push_back(**std::move(found));
    } else {
      add_event(id, "");
    }
    while (!events_.empty() || !executions_.empty()) {
      const Result<void> done = events_.empty() ? next_execution() : next_event();
      if (!done) return done.error();
    }
    return std::move(trace_);
  }

 private:
  void add_event(const std::string& id, const std::string& origin) {
    if (!seen_.insert(id).second) return;
    place_[id] = trace_.events.size();
    trace_.events.push_back(Json{{"id", id},
                                 {"origin", text_or_null(origin)},
                                 {"event", nullptr},
                                 {"targets", Json::array()}});
    events_.push_back(id);
  }

  bool add_execution(Found found) {
    if (known_executions_ == kTracedExecutions) {
      trace_.is_complete = false;
      return false;
    }
    if (seen_.insert(found.arn()).second) {
      ++known_executions_;
      executions_.push_back(std::move(found));
    }
    return true;
  }

  Result<void> next_event() {
    const std::string id = events_.front();
    events_.pop_front();
    auto started = known_.started_by(id);
    if (!started) return started.error();
    for (Found& found : *started) {
      const Json details = details_of(found.row);
      Json& event = trace_.events[place_.at(id)];
      const std::string origin = text_at(details, core::kOrigin);
      if (!origin.empty()) event["origin"] = origin;
      event["targets"].push_back(Json{{"rule", text_at(details, core::kStartedByRule)},
                                      {"target", found.row.machine_arn},
                                      {"status", "STARTED"},
                                      {"execution", found.arn()}});
      if (!add_execution(std::move(found))) break;
    }
    return {};
  }

  Result<void> next_execution() {
    const Found found = std::move(executions_.front());
    executions_.pop_front();
    const Json details = details_of(found.row);
    Json shown = row_json(found);
    const std::string arn = found.arn();
    const std::string event = event_of(found.row, details);
    shown["event"] = text_or_null(event);
    shown["rule"] = text_or_null(text_at(details, core::kStartedByRule));
    shown["origin"] = text_or_null(text_at(details, core::kOrigin));
    run::Told told;
    if (found.express) {
      told = found.express->told;
      if (!found.express->is_whole) trace_.is_complete = false;
    } else if (const auto read = read_history(found.row, event, told); !read) {
      return read;
    }
    if (const Result<void> done = show(told, arn, shown); !done) return done;
    if (!found.express) {  // AWS: no bus hears of an Express one's status
      for (const std::string& id : status_events(found.row, details)) add_event(id, arn);
    }
    trace_.executions.push_back(std::move(shown));
    return {};
  }

  Result<void> read_history(const core::ExecutionRow& row, const std::string& event,
                            run::Told& told) {
    std::uint64_t seq = 0;
    for (;;) {
      if (history_rows_ >= kTracedHistoryRows) {
        trace_.is_complete = false;
        return {};
      }
      const auto rows = reader_.history(row.number, seq, false, kRowsAtOnce);
      if (!rows) return rows.error();
      history_rows_ += rows->size();
      for (const core::HistoryRow& step : *rows) {
        const auto events = run::decode(step.pack);
        if (!events) return events.error();
        for (const run::Event& one : *events) {
          run::tell(one, told);
          if (const auto* begun = std::get_if<run::ExecutionStarted>(&one.detail)) {
            keep_event(*begun, event);
          }
        }
        seq = step.seq + 1;
      }
      if (rows->size() < kRowsAtOnce) return {};
    }
  }

  // The input of what a rule started is often the event itself.
  void keep_event(const run::ExecutionStarted& started, const std::string& event) {
    const auto it = place_.find(event);
    if (it == place_.end()) return;
    const Json& input = started.input.value();
    if (input.is_object() && text_if(input, "id") == event) {
      trace_.events[it->second]["event"] = input;
    }
  }

  Result<void> show(const run::Told& told, const std::string& arn, Json& shown) {
    shown["lastState"] = told.states.empty() ? Json(nullptr) : Json(told.states.back().name);
    for (const char* list : {"states", "events", "executions"}) shown[list] = Json::array();
    for (const run::Told::State& state : told.states) {
      shown["states"].push_back(Json{{"name", state.name},
                                     {"type", state.type},
                                     {"entered", to_iso_milliseconds(state.entered)}});
    }
    for (const std::string& id : told.events) {
      shown["events"].push_back(id);
      add_event(id, arn);
    }
    for (const std::string& child : told.executions) {
      auto found = known_.find(child);
      if (!found) return found.error();
      shown["executions"].push_back(child);
      if (*found) static_cast<void>(add_execution(**std::move(found)));
    }
    for (const auto& [run, begun] : told.children) {
      auto children = known_.of_map_run(run, begun);
      if (!children) return children.error();
      for (Found& child : *children) {
        const std::string child_arn = child.arn();
        if (!add_execution(std::move(child))) return {};
        shown["executions"].push_back(child_arn);
      }
    }
    return {};
  }

  core::Reader& reader_;
  Executions known_;
  Trace trace_;
  std::set<std::string> seen_;                // ids and ARNs
  std::map<std::string, std::size_t> place_;  // of an event in the trace
  std::deque<std::string> events_;
  std::deque<Found> executions_;
  std::size_t known_executions_ = 0;
  std::size_t history_rows_ = 0;
};

}  // namespace

Result<Trace> trace_from(core::Reader& reader, const ExpressTraces& express,
                         const std::string& id) {
  return Tracer{reader, express}.follow(id);
}

Result<Json> trace_back(core::Reader& reader, const ExpressTraces& express,
                        const std::string& execution_arn) {
  const Executions known{reader, express};
  std::vector<Json> path;
  std::string root;
  std::string arn = execution_arn;
  for (std::size_t hops = 0; hops < kTracedBack && !arn.empty(); ++hops) {
    const auto found = known.find(arn);
    if (!found) return found.error();
    if (!*found) {
      if (!path.empty()) break;  // its origin's retention is over, or it never was
      return Error{"ExecutionDoesNotExist", "Execution Does Not Exist: '" + arn + "'"};
    }
    const core::ExecutionRow& row = (*found)->row;
    const Json details = details_of(row);
    path.push_back(row_json(**found));
    root = arn;
    if (const auto rule = text_if(details, core::kStartedByRule)) {
      const std::string event = event_of(row, details);
      path.push_back(event.empty() ? Json{{"schedule", *rule}}
                                   : Json{{"event", event}, {"rule", *rule}});
      if (!event.empty()) root = event;
    }
    arn = text_at(details, core::kOrigin);
  }
  std::reverse(path.begin(), path.end());
  return Json{{"trace", root}, {"path", Json(std::move(path))}};
}

}  // namespace presso::server
