#include "engine/core/execution_log.h"

#include <string_view>

#include "base/json.h"
#include "base/json_members.h"
#include "engine/run/history.h"

namespace presso::core {

namespace {

// https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html lists each type; its table is
// these rules.
bool is_fatal(std::string_view type) {
  return type == "ExecutionAborted" || type == "ExecutionFailed" || type == "ExecutionTimedOut";
}
bool is_error(std::string_view type) {
  return type.ends_with("Failed") || type.ends_with("TimedOut") || type.ends_with("Aborted") ||
         type == "FailStateEntered";
}

bool is_wanted(LogSettings::Level level, std::string_view type) {
  switch (level) {
    case LogSettings::Level::Fatal: return is_fatal(type);
    case LogSettings::Level::Error: return is_error(type);
    case LogSettings::Level::All: return true;
  }
  return false;
}

// The text as far as its escaped form fits, at the end of a character.
std::string cut(const std::string& text) {
  std::size_t escaped = 2;
  std::size_t end = 0;
  while (end < text.size()) {
    std::size_t next = end + 1;
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0U) == 0x80U) ++next;
    escaped += dump_json(Json(text.substr(end, next - end))).size() - 2;
    if (escaped > kLoggedBytes) break;
    end = next;
  }
  return text.substr(0, end);
}

void bound(Json& details, const char* member, const char* about) {
  const auto text = text_if(details, member);
  if (!text || text->size() < kLoggedBytes / 6 || dump_json(Json(*text)).size() <= kLoggedBytes) {
    return;
  }
  details[member] = cut(*text);
  details[about] = Json{{"truncated", true}};
}

Json details_in(const Json& shown) {
  for (const auto& [name, value] : shown.items()) {
    if (std::string_view{name}.ends_with("Details")) {
      Json details = value;
      bound(details, "input", "inputDetails");
      bound(details, "output", "outputDetails");
      return details;
    }
  }
  return Json::object();
}

}  // namespace

std::optional<LogSettings> log_settings(const Json& settings) {
  const Json* logging = find_member(settings, "loggingConfiguration");
  if (logging == nullptr) return std::nullopt;
  LogSettings made;
  const std::string level = text_at(*logging, "level");
  if (level == "FATAL") {
    made.level = LogSettings::Level::Fatal;
  } else if (level == "ERROR") {
    made.level = LogSettings::Level::Error;
  } else if (level != "ALL") {
    return std::nullopt;
  }
  const Json* includes_data = find_member(*logging, "includeExecutionData");
  made.includes_data = includes_data != nullptr && *includes_data == true;
  const Json* destinations = find_member(*logging, "destinations");
  if (destinations != nullptr && destinations->is_array() && !destinations->empty()) {
    const Json* group = find_member(destinations->front(), "cloudWatchLogsLogGroup");
    if (group != nullptr) made.group_arn = text_at(*group, "logGroupArn");
  }
  return made;
}

std::size_t ExecutionLog::size_bytes() const {
  std::size_t size = sizeof *this + execution_arn.size() + group_arn.size();
  for (const LogLine& line : lines) size += sizeof line + line.text.size();
  return size;
}

std::optional<ExecutionLog> log_of(const LogSettings& settings, const run::Execution& execution,
                                   const std::vector<run::Event>& events) {
  const run::Identity& identity = execution.identity;
  ExecutionLog log{.caller = {identity.account, identity.region},
                   .machine_name = identity.machine_name,
                   .execution_arn = identity.arn,
                   .group_arn = settings.group_arn,
                   .lines = {}};
  for (const run::Event& event : events) {
    if (!run::is_public(event) || !is_wanted(settings.level, run::public_type(event))) continue;
    const Json line{{"id", std::to_string(event.id)},
                    {"type", run::public_type(event)},
                    {"details", details_in(run::to_public(event, settings.includes_data))},
                    {"previous_event_id", std::to_string(event.previous)},
                    {"event_timestamp", std::to_string(epoch_ms(event.time))},
                    {"execution_arn", identity.arn},
                    {"redrive_count", std::to_string(execution.redrive_count)}};
    log.lines.push_back({event.time, dump_json(line)});
  }
  if (log.lines.empty()) return std::nullopt;
  return log;
}

}  // namespace presso::core
