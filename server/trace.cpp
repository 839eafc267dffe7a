#include "server/trace.h"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
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

Json row_json(const core::ExecutionRow& row) {
  Json json{{"execution", core::execution_arn(row.machine_arn, row.name)},
            {"status", run::to_string(row.status)},
            {"startDate", to_iso_milliseconds(row.start_time)},
            {"stopDate", nullptr}};
  if (row.stop_time) json["stopDate"] = to_iso_milliseconds(*row.stop_time);
  return json;
}

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
  explicit Tracer(core::Reader& reader) : reader_(reader) {}

  Result<Trace> follow(const std::string& id) {
    if (const auto name = core::parse_execution_arn(id)) {
      auto row = reader_.find(*name);
      if (!row) return row.error();
      if (!*row) return Error{"ExecutionDoesNotExist", "Execution Does Not Exist: '" + id + "'"};
      seen_.insert(id);
      executions_.push_back(**std::move(row));
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

  bool add_execution(core::ExecutionRow row) {
    if (known_executions_ == kTracedExecutions) {
      trace_.is_complete = false;
      return false;
    }
    if (seen_.insert(core::execution_arn(row.machine_arn, row.name)).second) {
      ++known_executions_;
      executions_.push_back(std::move(row));
    }
    return true;
  }

  Result<void> next_event() {
    const std::string id = events_.front();
    events_.pop_front();
    auto rows = reader_.named(id + "_", kTracedExecutions + 1);
    if (!rows) return rows.error();
    for (core::ExecutionRow& row : *rows) {
      const Json details = details_of(row);
      if (event_of(row, details) != id) continue;
      Json& event = trace_.events[place_.at(id)];
      const std::string origin = text_at(details, core::kOrigin);
      if (!origin.empty()) event["origin"] = origin;
      event["targets"].push_back(
          Json{{"rule", text_at(details, core::kStartedByRule)},
               {"target", row.machine_arn},
               {"status", "STARTED"},
               {"execution", core::execution_arn(row.machine_arn, row.name)}});
      if (!add_execution(std::move(row))) break;
    }
    return {};
  }

  Result<void> next_execution() {
    const core::ExecutionRow row = std::move(executions_.front());
    executions_.pop_front();
    const Json details = details_of(row);
    Json shown = row_json(row);
    const std::string arn = text_at(shown, "execution");
    const std::string event = event_of(row, details);
    shown["event"] = text_or_null(event);
    shown["rule"] = text_or_null(text_at(details, core::kStartedByRule));
    shown["origin"] = text_or_null(text_at(details, core::kOrigin));
    shown["lastState"] = nullptr;
    for (const char* list : {"states", "events", "executions"}) shown[list] = Json::array();
    const Result<void> read = read_history(row, event, shown);
    if (!read) return read;
    for (const std::string& id : status_events(row, details)) add_event(id, arn);
    trace_.executions.push_back(std::move(shown));
    return {};
  }

  Result<void> read_history(const core::ExecutionRow& row, const std::string& event, Json& shown) {
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
          const Result<void> done = read_event(one, event, shown);
          if (!done) return done;
        }
        seq = step.seq + 1;
      }
      if (rows->size() < kRowsAtOnce) return {};
    }
  }

  Result<void> read_event(const run::Event& read, const std::string& event, Json& shown) {
    if (const auto* entered = std::get_if<run::StateEntered>(&read.detail)) {
      const std::string type{run::public_type(read)};
      shown["lastState"] = entered->name;
      shown["states"].push_back(Json{{"name", entered->name},
                                     {"type", type.substr(0, type.find("State"))},
                                     {"entered", to_iso_milliseconds(read.time)}});
    } else if (const auto* started = std::get_if<run::ExecutionStarted>(&read.detail)) {
      const auto it = place_.find(event);
      const Json& input = started->input.value();
      if (it != place_.end() && input.is_object() && text_if(input, "id") == event) {
        trace_.events[it->second]["event"] = input;
      }
    } else if (const auto* done = std::get_if<run::TaskSucceeded>(&read.detail)) {
      return read_answer(done->resource, done->output.value(), shown);
    } else if (const auto* submitted = std::get_if<run::TaskSubmitted>(&read.detail)) {
      return read_answer(submitted->resource, submitted->output.value(), shown);
    } else if (const auto* failed = std::get_if<run::TaskFailed>(&read.detail)) {
      // Some entries may have been accepted.
      const auto cause = parse_json(failed->cause.value_or(""));
      if (cause) return read_answer(failed->resource, *cause, shown);
    }
    return {};
  }

  // `resource`: "putEvents", "startExecution.sync", whichever integration it is of.
  Result<void> read_answer(const std::string& resource, const Json& answer, Json& shown) {
    const std::string arn = text_at(shown, "execution");
    if (!answer.is_object()) return {};
    if (resource.starts_with("putEvents")) {
      const Json* entries = find_member(answer, "Entries");
      if (entries == nullptr || !entries->is_array()) return {};
      for (const Json& entry : *entries) {
        const auto id = entry.is_object() ? text_if(entry, "EventId") : std::nullopt;
        if (!id) continue;
        shown["events"].push_back(*id);
        add_event(*id, arn);
      }
    } else if (resource.starts_with("startExecution")) {
      const auto child = text_if(answer, "ExecutionArn");
      const auto name = child ? core::parse_execution_arn(*child) : std::nullopt;
      if (!name || seen_.contains(*child)) return {};
      auto row = reader_.find(*name);
      if (!row) return row.error();
      shown["executions"].push_back(*child);
      if (*row) static_cast<void>(add_execution(**std::move(row)));
    }
    return {};
  }

  core::Reader& reader_;
  Trace trace_;
  std::set<std::string> seen_;                // ids and ARNs
  std::map<std::string, std::size_t> place_;  // of an event in the trace
  std::deque<std::string> events_;
  std::deque<core::ExecutionRow> executions_;
  std::size_t known_executions_ = 0;
  std::size_t history_rows_ = 0;
};

}  // namespace

Result<Trace> trace_from(core::Reader& reader, const std::string& id) {
  return Tracer{reader}.follow(id);
}

Result<Json> trace_back(core::Reader& reader, const std::string& execution_arn) {
  std::vector<Json> path;
  std::string root;
  std::string arn = execution_arn;
  for (std::size_t hops = 0; hops < kTracedBack && !arn.empty(); ++hops) {
    const auto name = core::parse_execution_arn(arn);
    const auto row = name ? reader.find(*name) : std::optional<core::ExecutionRow>{};
    if (!row) return row.error();
    if (!*row) {
      if (!path.empty()) break;  // its origin's retention is over, or it never was
      return Error{"ExecutionDoesNotExist", "Execution Does Not Exist: '" + arn + "'"};
    }
    const Json details = details_of(**row);
    path.push_back(row_json(**row));
    root = arn;
    if (const auto rule = text_if(details, core::kStartedByRule)) {
      const std::string event = event_of(**row, details);
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
