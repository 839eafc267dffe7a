// What executions log, on its way to CloudWatch Logs: the lines of a machine go one request after
// the other, so that they stand in their order, and those that come meanwhile go together.
// https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
//
// Best effort, as AWS says of its own: lines are lost with the process, when the group is not
// there, and when more wait than kWaitingLogLines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "engine/core/execution_log.h"
#include "server/http_client.h"
#include "server/integrations/signed_client.h"
#include "server/routes/route_table.h"

namespace presso::server {

inline constexpr std::size_t kWaitingLogLines = 10'000;  // of one machine; the oldest go first
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
inline constexpr std::size_t kLogLinesPerRequest = 10'000;
inline constexpr std::size_t kLogBytesPerRequest = 1'048'576;
inline constexpr std::size_t kLogBytesPerLine = 26;  // count beside the line's own

class ExecutionLogs : public std::enable_shared_from_this<ExecutionLogs> {
 public:
  ExecutionLogs(std::shared_ptr<const RouteTable> routes, std::shared_ptr<SignedClient> client)
      : routes_(std::move(routes)), client_(std::move(client)) {}

  // From any thread.
  void add(std::shared_ptr<const core::ExecutionLog>);

 private:
  using Key = std::pair<std::string, std::string>;  // group, machine
  struct Stream {
    std::shared_ptr<const core::ExecutionLog> newest;  // says in whose name requests are made
    std::string name;
    std::deque<core::LogLine> waiting;
    bool is_sending = false;
  };

  // The request's parameters, JSON text; its lines wait no more. Empty: none waits.
  [[nodiscard]] std::string take(Stream&) const;
  void send_next(const Key&);
  void send(const Key&, const std::shared_ptr<const core::ExecutionLog>&, std::string parameters,
            bool is_second);
  void make_stream(const Key&, const std::shared_ptr<const core::ExecutionLog>&,
                   const std::string& parameters);

  // False: there is no route to CloudWatch Logs.
  bool call(const core::ExecutionLog&, std::string_view action, std::string parameters,
            std::function<void(OutboundResult)> done);

  std::shared_ptr<const RouteTable> routes_;
  std::shared_ptr<SignedClient> client_;
  // Lines come from the core's thread and leave on the I/O threads.
  std::mutex mutex_;
  std::map<Key, Stream> streams_;
};

// The name of a log group's ARN.
[[nodiscard]] std::string log_group_of(std::string_view group_arn);

}  // namespace presso::server
