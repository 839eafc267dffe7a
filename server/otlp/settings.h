// Where spans go: OpenTelemetry's own environment variables.
// https://opentelemetry.io/docs/specs/otel/protocol/exporter/
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "server/http_client.h"
#include "server/integrations/integration.h"

namespace presso::server {

struct OtlpSettings {
  std::string url;
  Headers headers;
  std::vector<std::pair<std::string, std::string>> resource;  // service.name first
  Duration timeout = seconds(10);

  friend bool operator==(const OtlpSettings&, const OtlpSettings&) = default;
};

// Nothing: no endpoint is set, or OTEL_SDK_DISABLED or OTEL_TRACES_EXPORTER=none says so. Error: a
// variable that cannot be understood, named.
[[nodiscard]] Result<std::optional<OtlpSettings>> otlp_settings(const Environment&);

}  // namespace presso::server
