// A target as the requests of deliveries are made of it, and those whose request is more than a
// service's action with parameters: APIs, GraphQL, workflows and assessments.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "base/arn.h"
#include "base/json.h"
#include "base/json_members.h"
#include "engine/core/effect.h"
#include "engine/core/input.h"
#include "server/http_client.h"

namespace presso::server {

struct DeliveryTarget {
  const core::DeliveryCall& call;
  Arn arn;
  Json json;  // as PutTargets or CreateSchedule took it
  std::string endpoint;
  bool is_for_aws = false;

  // What a host of a service's own answers for; another server is told which one was meant.
  void address(OutboundRequest& request, const std::string& host) const;
  // A member of the target that is an object; null when there is none.
  [[nodiscard]] const Json* parameters(std::string_view name) const {
    return find_member(json, name);
  }
};

// The parameters of the call, the request itself, or why there is none.
using MadeDelivery = std::variant<Json, OutboundRequest, core::DeliveryFailure>;

// A REST or HTTP API of API Gateway: api_gateway.h.
[[nodiscard]] MadeDelivery api_request(const DeliveryTarget&);

// AWS: the target is arn:aws:appsync:REGION:ACCOUNT:endpoints/graphql-api/ID, and the input holds
// the operation's variables. An answer of 200 is a success, whatever "errors" it has: a guess.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/target-appsync.html
[[nodiscard]] MadeDelivery mutation(const DeliveryTarget&);

// AWS calls glue:NotifyEvent, which is no public action. What it leads to is a run of the workflow
// that names its events, and that can be asked for.
// https://docs.aws.amazon.com/glue/latest/dg/viewing-start-event-info.html
[[nodiscard]] MadeDelivery workflow_run(const DeliveryTarget&);

[[nodiscard]] MadeDelivery assessment(const DeliveryTarget&);

}  // namespace presso::server
