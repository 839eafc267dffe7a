// presso.yaml, the file of --config: functions, routes, mocks, retention.
//
//   functions: {orders: {runtime: nodejs20.x, handler: app.handler}}
//   routes:
//     dynamodb: http://localhost:8000
//     queue jobs-*: http://localhost:9324
//   mocks: [{call: sns, return: {MessageId: m}}]
//   retention: 30d
//
// What is wrong is refused with file and line.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "engine/core/mock_rules.h"
#include "server/functions/function.h"
#include "server/routes/route.h"

namespace presso::server {

struct Settings {
  std::vector<FunctionSettings> functions;
  std::vector<RouteLine> routes;
  core::MockRules::Rules mocks;
  std::optional<Duration> retention;  // of closed executions
};

[[nodiscard]] Result<Settings> read_settings(const std::string& file);

}  // namespace presso::server
