// How an event is handed to each kind of target: the request that is made of a delivery, and what
// its answer means.
//
// A service without a row here, an endpoint that is not configured and a target without what it
// needs are failures with a message that says so.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "engine/core/effect.h"
#include "engine/core/input.h"
#include "server/http_client.h"
#include "server/integrations/integration.h"
#include "server/integrations/services.h"
#include "server/routes/route.h"

namespace presso::server {

struct DeliveryRequest {
  OutboundRequest request;
  std::string signing_name = {};  // whose signature it carries; empty: none
};

// The target is a URL, or the ARN of a queue, function, topic, log group, stream, cluster, …; a
// universal target of EventBridge Scheduler names service and action itself.
[[nodiscard]] std::variant<DeliveryRequest, core::DeliveryFailure> delivery_request(
    const core::DeliveryCall&, const RouteTable&);

// The target as routes name it, with the action that delivers to it: "sqs", "SendMessage".
[[nodiscard]] Called called_target(const std::string& target_arn);

// None: delivered. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html names
// the codes, and which failures are not tried again.
[[nodiscard]] std::optional<core::DeliveryFailure> delivery_failure(const OutboundResult&);

// The request that has to come before the delivery can succeed: a log stream that is missing is
// made. Nothing for any other answer.
[[nodiscard]] std::optional<OutboundRequest> first_of(const DeliveryRequest&,
                                                      const OutboundResult&);

// "aws-sdk:sfn:startExecution" of arn:aws:scheduler:::aws-sdk:sfn:startExecution.
struct UniversalAction {
  std::string service;
  std::string action;
};
[[nodiscard]] std::optional<UniversalAction> universal_action(const std::string& target_arn);

}  // namespace presso::server
