#include "engine/core/redrive.h"

#include <utility>

#include "base/json.h"
#include "base/json_members.h"
#include "engine/core/core.h"
#include "engine/core/limits.h"
#include "engine/run/limits.h"

namespace presso::core {

std::optional<std::string> why_not_redrivable(const RedriveCandidate& it, Time now) {
  if (!run::is_unsuccessful(it.status)) {
    return "Execution is " + std::string{run::to_string(it.status)} + " and cannot be redriven";
  }
  if (it.is_map_child) return "Execution is a child of a Map Run and cannot be redriven by itself";
  if (!it.has_machine) return "State machine is in DELETING status";
  if (it.events >= run::kRedrivableEvents) return "Execution history event limit exceeded";
  if (now - it.start_time > kExecutionTime) return "Execution has exceeded the max execution time";
  if (now - it.stop_time.value_or(now) > kRedrivablePeriod) {
    return "Execution redrivable period exceeded";
  }
  return std::nullopt;
}

Redrives redrives_of(const Json& details) {
  Redrives redrives;
  const auto last = number_if<std::int64_t>(details, "redriveDate");
  if (!last) return redrives;
  redrives.count = number_if<std::uint64_t>(details, "redriveCount").value_or(0);
  redrives.last = time_of_epoch_ms(*last);
  const Json* tokens = find_member(details, "redriveTokens");
  if (tokens == nullptr || !tokens->is_array()) return redrives;
  for (const Json& token : *tokens) {
    const auto date = number_if<std::int64_t>(token, "date");
    if (date) redrives.tokens.push_back({text_at(token, "token"), time_of_epoch_ms(*date)});
  }
  return redrives;
}

void write_redrives(const Redrives& redrives, Json& details) {
  if (!redrives.last) return;
  details["redriveCount"] = redrives.count;
  details["redriveDate"] = epoch_ms(*redrives.last);
  Json tokens = Json::array();
  for (const auto& [token, date] : redrives.tokens) {
    tokens.push_back(Json{{"token", token}, {"date", epoch_ms(date)}});
  }
  details["redriveTokens"] = std::move(tokens);
}

std::optional<Time> date_of(const Redrives& redrives, std::string_view client_token, Time now) {
  for (const auto& [token, date] : redrives.tokens) {
    if (token == client_token && now - date < kRedriveTokenTime) return date;
  }
  return std::nullopt;
}

void add_redrive(Redrives& redrives, const std::optional<std::string>& client_token, Time now) {
  ++redrives.count;
  redrives.last = now;
  auto& tokens = redrives.tokens;
  std::erase_if(tokens, [&](const auto& known) {
    return now - known.date >= kRedriveTokenTime || known.client_token == client_token;
  });
  if (client_token) tokens.push_back({*client_token, now});
  if (tokens.size() > kRedriveTokens) tokens.erase(tokens.begin());
}

// ---- an execution that is stored, and in memory as a row at most ----

Result<void> Executions::unfold(Live& live) const {
  if (live.execution.identity.number == live.row.number) return {};  // it ended in this turn
  auto execution = fold({live.row, std::move(live.history)});
  live.history.clear();
  if (!execution) return execution.error();
  live.execution = *std::move(execution);
  return {};
}

Result<Time> Executions::redrive(const std::string& execution_arn,
                                 const std::optional<std::string>& client_token) {
  auto row = find(execution_arn);
  if (!row) return row.error();
  Live& found = live_.at((*row)->number);
  const Redrives redrives = redrives_of(details_of(found.row));
  const Time now = core_.now();
  if (client_token) {
    if (const auto date = date_of(redrives, *client_token, now)) return *date;
  }
  if (auto unfolded = unfold(found); !unfolded) return unfolded.error();
  if (auto reason =
          why_not_redrivable({.status = found.row.status,
                              .start_time = found.row.start_time,
                              .stop_time = found.row.stop_time,
                              .events = found.execution.last_event_id,
                              .has_machine = core_.machines().is_usable(found.row.machine_arn),
                              .is_map_child = !found.execution.identity.map_state.empty()},
                             now)) {
    return Error{"ExecutionNotRedrivable", *std::move(reason)};
  }
  redrive(found, client_token);
  return now;
}

void Executions::redrive(Live& found, const std::optional<std::string>& client_token) {
  Json details = details_of(found.row);
  Redrives redrives = redrives_of(details);
  add_redrive(redrives, client_token, core_.now());
  write_redrives(redrives, details);
  found.row.details = dump_json(details);
  found.row.status = run::Status::Running;
  running_.add(found.row.machine_arn);
  apply(found, run::Redrive{});
}

}  // namespace presso::core
