#include "server/integrations/delivery_target.h"

#include <utility>

#include "server/integrations/api_gateway.h"

namespace presso::server {

void DeliveryTarget::address(OutboundRequest& request, const std::string& host) const {
  if (is_for_aws) {
    request.url = "https://" + host + request.url;
    return;
  }
  request.url = endpoint + request.url;
  request.headers.emplace_back("host", host);
}

MadeDelivery api_request(const DeliveryTarget& target) {
  const Json* parameters = target.parameters("HttpParameters");
  auto made = api_gateway_target(target.arn, parameters == nullptr ? Json::object() : *parameters,
                                 target.call.payload);
  if (const auto* failure = std::get_if<run::Failure>(&made)) {
    return core::DeliveryFailure{"INVALID_PARAMETER", failure->cause.value_or(""), false};
  }
  auto& [request, host, is_signed] = std::get<ApiGatewayCall>(made);
  target.address(request, host);
  return std::move(request);
}

MadeDelivery mutation(const DeliveryTarget& target) {
  const Json* parameters = target.parameters("AppSyncParameters");
  const std::string operation =
      parameters == nullptr ? std::string{} : text_at(*parameters, "GraphQLOperation");
  if (operation.empty()) {
    return core::DeliveryFailure{"INVALID_PARAMETER",
                                 "The target has no AppSyncParameters.GraphQLOperation.", false};
  }
  Json body{{"query", operation}};
  if (auto variables = parse_json(target.call.payload); variables && variables->is_object()) {
    body["variables"] = *std::move(variables);
  }
  OutboundRequest request;
  request.url = "/graphql";
  request.headers = {{"content-type", "application/json"}};
  request.body = dump_json(body);
  const std::string& resource = target.arn.resource;
  target.address(request, resource.substr(resource.rfind('/') + 1) + ".appsync-api." +
                              target.arn.region + ".amazonaws.com");
  return request;
}

MadeDelivery workflow_run(const DeliveryTarget& target) {
  constexpr std::string_view kWorkflow = "workflow/";
  std::string name = target.arn.resource;
  if (name.starts_with(kWorkflow)) name = name.substr(kWorkflow.size());
  Json run{{"Name", name}};
  if (!target.call.event_id.empty()) {
    const Json ids = Json::array({target.call.event_id});
    run["RunProperties"] = Json{{"aws:eventIds", dump_json(ids)}};
  }
  return run;
}

MadeDelivery assessment(const DeliveryTarget& target) {
  return Json{{"assessmentTemplateArn", to_string(target.arn)}};
}

}  // namespace presso::server
