// presso.yaml, the file of --config: functions, routes.
//
//   functions: {orders: {runtime: nodejs20.x, handler: app.handler}}
//   routes:
//     dynamodb: http://localhost:8000
//     queue jobs-*: http://localhost:9324
//
// What is wrong is refused with file and line.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "server/functions/function.h"
#include "server/routes/route.h"

namespace presso::server {

struct Settings {
  std::vector<FunctionSettings> functions;
  std::vector<RouteLine> routes;
};

[[nodiscard]] Result<Settings> read_settings(const std::string& file);

}  // namespace presso::server
