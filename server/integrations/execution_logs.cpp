#include "server/integrations/execution_logs.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

#include "base/json.h"
#include "base/json_members.h"
#include "server/integrations/aws_json.h"

namespace presso::server {

namespace {

// AWS: "states/MACHINE/2026-01-31-23-59/1f0e23a5"; a stream for each machine and process.
std::string stream_name(const core::ExecutionLog& log) {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::array<char, 32> minute{};
  std::strftime(minute.data(), minute.size(), "%Y-%m-%d-%H-%M", &parts);
  std::array<char, 16> number{};
  const auto hash = std::hash<std::string>{}(log.execution_arn + std::to_string(now));
  std::snprintf(number.data(), number.size(), "%08x", static_cast<unsigned>(hash & 0xffffffffU));
  return "states/" + log.machine_name + "/" + minute.data() + "/" + number.data();
}

bool is_missing(const OutboundResult& result) {
  const auto* response = std::get_if<OutboundResponse>(&result);
  return response != nullptr && response->status == 400 &&
         response->body.find("ResourceNotFoundException") != std::string::npos;
}

}  // namespace

std::string log_group_of(std::string_view group_arn) {
  constexpr std::string_view kGroup = ":log-group:";
  const auto at = group_arn.find(kGroup);
  std::string_view name =
      at == std::string_view::npos ? group_arn : group_arn.substr(at + kGroup.size());
  if (name.ends_with(":*")) name.remove_suffix(2);
  return std::string{name};
}

void ExecutionLogs::add(std::shared_ptr<const core::ExecutionLog> log) {
  if (log->group_arn.empty()) return;
  const Key key{log->group_arn, log->machine_name};
  {
    const std::lock_guard lock{mutex_};
    Stream& stream = streams_[key];
    if (stream.name.empty()) stream.name = stream_name(*log);
    for (const core::LogLine& line : log->lines) stream.waiting.push_back(line);
    while (stream.waiting.size() > kWaitingLogLines) stream.waiting.pop_front();
    stream.newest = std::move(log);
    if (stream.is_sending) return;
    stream.is_sending = true;
  }
  send_next(key);
}

std::string ExecutionLogs::take(Stream& stream) const {
  if (stream.waiting.empty()) return {};
  Json events = Json::array();
  std::size_t bytes = 0;
  while (!stream.waiting.empty() && events.size() < kLogLinesPerRequest) {
    core::LogLine& line = stream.waiting.front();
    bytes += line.text.size() + kLogBytesPerLine;
    if (bytes > kLogBytesPerRequest && !events.empty()) break;
    events.push_back(Json{{"timestamp", epoch_ms(line.at)}, {"message", std::move(line.text)}});
    stream.waiting.pop_front();
  }
  return dump_json(Json{{"logGroupName", log_group_of(stream.newest->group_arn)},
                        {"logStreamName", stream.name},
                        {"logEvents", std::move(events)}});
}

void ExecutionLogs::send_next(const Key& key) {
  std::string parameters;
  std::shared_ptr<const core::ExecutionLog> log;
  {
    const std::lock_guard lock{mutex_};
    Stream& stream = streams_[key];
    parameters = take(stream);
    stream.is_sending = !parameters.empty();
    log = stream.newest;
  }
  if (!parameters.empty()) send(key, log, std::move(parameters), false);
}

void ExecutionLogs::send(const Key& key, const std::shared_ptr<const core::ExecutionLog>& log,
                         std::string parameters, bool is_second) {
  const bool is_sent = call(
      *log, "PutLogEvents", parameters,
      [self = shared_from_this(), key, log, parameters, is_second](const OutboundResult& result) {
        if (!is_second && is_missing(result)) {
          return self->make_stream(key, log, parameters);
        }
        self->send_next(key);
      });
  if (is_sent) return;
  const std::lock_guard lock{mutex_};
  streams_.erase(key);
}

void ExecutionLogs::make_stream(const Key& key,
                                const std::shared_ptr<const core::ExecutionLog>& log,
                                const std::string& parameters) {
  const auto json = parse_json(parameters);
  const Json named{{"logGroupName", json ? text_at(*json, "logGroupName") : ""},
                   {"logStreamName", json ? text_at(*json, "logStreamName") : ""}};
  const bool is_sent = call(*log, "CreateLogStream", dump_json(named),
                            [self = shared_from_this(), key, log, parameters](
                                const OutboundResult&) { self->send(key, log, parameters, true); });
  if (is_sent) return;
  const std::lock_guard lock{mutex_};
  streams_.erase(key);
}

// One route has them all: the group's.
bool ExecutionLogs::call(const core::ExecutionLog& log, std::string_view action,
                         std::string parameters, std::function<void(OutboundResult)> done) {
  const auto route = routes_->find(called_at(log.group_arn), log.caller);
  if (!route || route->kind == DestinationKind::Function) return false;
  OutboundRequest request =
      aws_json_request(kLogsService, route->endpoint, action, std::move(parameters));
  if (!parse_url(request.url)) return false;
  client_->send(std::move(request),
                {.service = std::string{kLogsService.signing_name},
                 .caller = log.caller,
                 .is_for_aws = route->kind == DestinationKind::Aws},
                std::move(done));
  return true;
}

}  // namespace presso::server
