// The services that calls go to: where their endpoints are configured, and what requests to them
// are signed with. What they take and give is in engine/models.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "server/integrations/integration.h"
#include "server/integrations/sigv4.h"
#include "server/routes/route_table.h"

namespace presso::server {

// A service that is called by hand-made requests.
struct Service {
  std::string_view name;                // in ARNs: "dynamodb"
  std::string_view variable;            // AWS_ENDPOINT_URL_…: "DYNAMODB"
  std::string_view signing_name;        // "dynamodb"
  std::string_view target_prefix = {};  // of X-Amz-Target
  std::string_view json_version = {};   // "1.0"
};

inline constexpr Service kLambdaService{
    .name = "lambda", .variable = "LAMBDA", .signing_name = "lambda"};
inline constexpr Service kS3Service{.name = "s3", .variable = "S3", .signing_name = "s3"};

inline constexpr Service kLogsService{.name = "logs",
                                      .variable = "CLOUDWATCH_LOGS",
                                      .signing_name = "logs",
                                      .target_prefix = "Logs_20140328",
                                      .json_version = "1.1"};

// "SECRETS_MANAGER" of a model's id "Secrets Manager".
[[nodiscard]] std::string endpoint_variable(std::string_view service_id);

// From AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN; without them a pair that
// every local service takes, with the caller's account as its key.
[[nodiscard]] Credentials credentials_of(const Environment&, const core::Caller&);

// What a task or delivery without an endpoint says.
[[nodiscard]] std::string no_endpoint_message(std::string_view service, std::string_view variable);
// Where the call goes, or why it goes nowhere: there is no route, or a mock's that no mock
// answered.
[[nodiscard]] std::variant<Route, std::string> route_or_reason(const RouteTable&, const Called&,
                                                               const core::Caller&,
                                                               std::string_view variable);

// Which function a route of the kind Function means: as it was called, qualifier and all, unless
// the route names another one.
[[nodiscard]] std::string function_for(const Route&, const Called&, const std::string& as_called);
// The same within the parameters of a call of Lambda, JSON text.
[[nodiscard]] std::string with_function(const std::string& parameters, const Route&);

// For an idempotency token that is not given, as the SDK makes one up: a UUID, the same for the
// same call, so that a call that is repeated after a crash is the same request.
[[nodiscard]] std::string idempotency_token(std::string_view call);

}  // namespace presso::server
