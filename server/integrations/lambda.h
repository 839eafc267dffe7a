// Lambda's Invoke API. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "server/http_client.h"
#include "server/integrations/integration.h"

namespace presso::server {

struct LambdaInvocation {
  std::string function;   // a name or an ARN, qualified or not
  std::string qualifier;  // may be empty
  std::string payload;    // JSON text
  std::string invocation_type = "RequestResponse";
  std::string client_context;  // base64; may be empty
  std::string log_type;        // "Tail"; may be empty
};

// Of the Parameters of arn:aws:states:::lambda:invoke. The failure is the task's.
[[nodiscard]] std::variant<LambdaInvocation, run::Failure> lambda_invocation(
    const std::string& parameters);

[[nodiscard]] OutboundRequest lambda_request(std::string_view endpoint, LambdaInvocation);

// A function ARN as Resource gives its payload alone, lambda:invoke the whole answer.
enum class LambdaResultForm { Payload, Whole };
[[nodiscard]] CallResult lambda_result(LambdaResultForm, const OutboundResult&);

}  // namespace presso::server
