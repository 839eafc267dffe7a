#include <utility>

#include "api/events/documents.h"
#include "api/events/handlers.h"
#include "base/entropy.h"

namespace presso::api::events {
namespace {

using core::kEndpoint;

Error no_endpoint(const std::string& name) {
  return not_found("Endpoint " + name + " does not exist.");
}

// AWS: "linkId.abc", of ten and three characters.
std::string new_endpoint_id(Core& core) {
  std::string id = next_uuid(core.entropy());
  std::erase(id, '-');
  return id.substr(0, 10) + "." + id.substr(10, 3);
}

}  // namespace

// What is asked for takes minutes on AWS and is done here at once; the answer says what AWS's says.
Result<CreateEndpointResponse> create_endpoint(Core& core, const Caller& caller,
                                               const CreateEndpointRequest& request) {
  if (core.registry().find(caller, kEndpoint, request.name) != nullptr) {
    return already_exists("Endpoint " + request.name + " already exists.");
  }
  Json endpoint = encode(request);
  const std::string id = new_endpoint_id(core);
  endpoint["Arn"] = events_arn(caller, "endpoint/" + request.name);
  if (!request.replication_config) endpoint["ReplicationConfig"] = Json{{"State", "ENABLED"}};
  endpoint["EndpointId"] = id;
  endpoint["EndpointUrl"] = "https://" + id + ".endpoint.events.amazonaws.com";
  endpoint["State"] = "ACTIVE";
  endpoint["CreationTime"] = to_epoch_seconds(core.now());
  endpoint["LastModifiedTime"] = endpoint["CreationTime"];
  core.registry().put(caller, kEndpoint, request.name, endpoint);
  endpoint["State"] = "CREATING";
  return decode<CreateEndpointResponse>(endpoint);
}

Result<DescribeEndpointResponse> describe_endpoint(Core& core, const Caller& caller,
                                                   const DescribeEndpointRequest& request) {
  const Json* endpoint = core.registry().find(caller, kEndpoint, request.name);
  if (endpoint == nullptr) return no_endpoint(request.name);
  return decode<DescribeEndpointResponse>(*endpoint);
}

Result<UpdateEndpointResponse> update_endpoint(Core& core, const Caller& caller,
                                               const UpdateEndpointRequest& request) {
  const Json* found = core.registry().find(caller, kEndpoint, request.name);
  if (found == nullptr) return no_endpoint(request.name);
  Json endpoint = *found;
  merge(endpoint, encode(request));
  endpoint["LastModifiedTime"] = to_epoch_seconds(core.now());
  core.registry().put(caller, kEndpoint, request.name, endpoint);
  endpoint["State"] = "UPDATING";
  return decode<UpdateEndpointResponse>(endpoint);
}

Result<ListEndpointsResponse> list_endpoints(Core& core, const Caller& caller,
                                             const ListEndpointsRequest& request) {
  const std::string prefix = request.name_prefix.value_or("");
  const std::string home = request.home_region.value_or("");
  auto page =
      list_documents<Endpoint>(core.registry().all(caller, kEndpoint), prefix,
                               PageToken{caller, "ListEndpoints", Json::array({prefix, home})},
                               {request.next_token, request.max_results},
                               [&](const Json&) { return home.empty() || home == caller.region; });
  if (!page) return page.error();
  return ListEndpointsResponse{std::move(page->items), std::move(page->next_token)};
}

Result<Nothing> delete_endpoint(Core& core, const Caller& caller,
                                const DeleteEndpointRequest& request) {
  if (core.registry().find(caller, kEndpoint, request.name) == nullptr) {
    return no_endpoint(request.name);
  }
  core.registry().erase(caller, kEndpoint, request.name);
  return Nothing{};
}

}  // namespace presso::api::events
