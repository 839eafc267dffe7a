// The page that Prometheus reads: everything that presso counts, and what the process takes.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "server/metrics/core_metrics.h"
#include "server/metrics/request_metrics.h"

namespace presso::server {

class RouteTable;

struct MetricsPage {
  const RequestMetrics& requests;
  const CoreMetrics& core;
  const RouteTable& routes;
  std::function<std::size_t()> calls_in_flight;  // of tasks and deliveries
  std::string database;                          // its file

  // From any thread.
  [[nodiscard]] std::string text() const;
};

}  // namespace presso::server
