// `arn:aws:states:::apigateway:invoke`: a REST or HTTP API of API Gateway, called by its address;
// and such an API as the target of a rule.
// https://docs.aws.amazon.com/step-functions/latest/dg/connect-api-gateway.html
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-gateway-target.html
//
// The answer is shown as {"Headers", "ResponseBody", "StatusCode", "StatusText"}; one that is no
// success fails the task with ApiGateway.NNN.
#pragma once

#include <string>
#include <variant>

#include "base/arn.h"
#include "base/json_fwd.h"
#include "server/http_client.h"
#include "server/integrations/integration.h"

namespace presso::server {

struct ApiGatewayCall {
  OutboundRequest request;  // its URL is the path and what follows: "/stage/path?a=b"
  std::string host;         // "ID.execute-api.REGION.amazonaws.com", or one of this machine
  bool is_signed = false;   // AuthType IAM_ROLE
};

[[nodiscard]] std::variant<ApiGatewayCall, run::Failure> api_gateway_call(const Json& parameters);

// The target arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/PATH, each * of whose path is the
// next of the PathParameterValues. The failure's cause tells what cannot be sent.
[[nodiscard]] std::variant<ApiGatewayCall, run::Failure> api_gateway_target(
    const Arn&, const Json& http_parameters, const std::string& payload);

// "http://localhost:3000" of a host that only this machine or its network can mean, as a server
// for tests has one; empty for any other.
[[nodiscard]] std::string local_endpoint(const std::string& host);

[[nodiscard]] CallResult api_gateway_result(const OutboundResult&);

}  // namespace presso::server
