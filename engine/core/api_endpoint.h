// API destinations: where an event goes by HTTP, and with which credentials.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/json_fwd.h"
#include "engine/core/input.h"
#include "engine/core/registry.h"

namespace presso::core {

struct ApiEndpoint {
  std::string text;  // for DeliveryCall::endpoint
  std::int64_t per_second = 300;
};

// "arn:aws:events:REGION:ACCOUNT:api-destination/NAME/UUID"
[[nodiscard]] bool is_api_destination(std::string_view arn);

// The endpoint, with its connection, or why there is none to call: it was deleted, or its
// connection has no authorization any more.
[[nodiscard]] std::variant<ApiEndpoint, DeliveryFailure> resolve_endpoint(const Registry&,
                                                                          const std::string& arn);

// The connection that the parameters of http:invoke name, JSON text; empty when it does not exist
// or is not authorized.
[[nodiscard]] std::string resolve_connection(const Registry&, const Json& parameters);

}  // namespace presso::core
