// A call of any service whose model is there (engine/models), in each of AWS's wire protocols: the
// request that a task's parameters make, and what the answer shows.
//
//   const ModelCall call{.model = …, .action = *model->action("publish"), .style = …};
//   auto request = model_request(call, endpoint, parameters, token);   // unsigned
//   done(model_result(call, answer));
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "engine/models/service_model.h"
#include "server/http_client.h"
#include "server/integrations/integration.h"
#include "server/integrations/model_values.h"

namespace presso::server {

struct ModelCall {
  std::shared_ptr<const models::ServiceModel> model;
  models::Action action;
  ModelStyle style = ModelStyle::Sdk;
  // Of an optimised integration: "SNS" begins its errors' names, "AmazonSNS" stands in their
  // causes.
  std::string_view optimised_prefix = {};
  std::string_view optimised_service = {};
};

// `token`: what the SDK makes up for an idempotency token that is not given. The failure is the
// task's.
[[nodiscard]] std::variant<OutboundRequest, run::Failure> model_request(
    const ModelCall&, std::string_view endpoint, const std::string& parameters,
    const std::string& token);

// As the integration shows it: an optimised one with the HTTP metadata, aws-sdk without.
[[nodiscard]] CallResult model_result(const ModelCall&, const OutboundResult&);

}  // namespace presso::server
