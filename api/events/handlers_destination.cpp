#include <utility>

#include "api/events/documents.h"
#include "api/events/handlers.h"
#include "base/entropy.h"
#include "base/json_members.h"

namespace presso::api::events {
namespace {

using core::kApiDestination;
using core::kConnection;

constexpr std::int64_t kDefaultRate = 300;

Error no_destination(const std::string& name) {
  return not_found("Failed to describe the api-destination(s). An api-destination '" + name +
                   "' does not exist.");
}

// The connection's document; it must be the one of that ARN, not a later one of the same name.
const Json* find_connection(Core& core, const Caller& caller, const std::string& arn) {
  const std::string path = name_in_arn(caller, arn, "connection/");
  const Json* found = core.registry().find(caller, kConnection, path.substr(0, path.find('/')));
  return found != nullptr && text_at(*found, "ConnectionArn") == arn ? found : nullptr;
}

Result<void> check_connection(Core& core, const Caller& caller, const std::string& arn) {
  if (find_connection(core, caller, arn) != nullptr) return {};
  return not_found("Connection '" + arn + "' does not exist.");
}

// AWS: a destination is active as long as its connection is authorized.
Json with_state(Core& core, const Caller& caller, Json destination) {
  const Json* connection = find_connection(core, caller, text_at(destination, "ConnectionArn"));
  const bool is_active =
      connection != nullptr && text_at(*connection, "ConnectionState") == "AUTHORIZED";
  destination["ApiDestinationState"] = is_active ? "ACTIVE" : "INACTIVE";
  return destination;
}

}  // namespace

Result<CreateApiDestinationResponse> create_api_destination(
    Core& core, const Caller& caller, const CreateApiDestinationRequest& request) {
  if (core.registry().find(caller, kApiDestination, request.name) != nullptr) {
    return already_exists("An api-destination '" + request.name + "' already exists.");
  }
  if (auto known = check_connection(core, caller, request.connection_arn); !known) {
    return known.error();
  }
  Json destination = encode(request);
  const std::string path = request.name + "/" + next_uuid(core.entropy());
  destination["ApiDestinationArn"] = events_arn(caller, "api-destination/" + path);
  destination["InvocationRateLimitPerSecond"] =
      request.invocation_rate_limit_per_second.value_or(kDefaultRate);
  destination["CreationTime"] = to_epoch_seconds(core.now());
  destination["LastModifiedTime"] = destination["CreationTime"];
  core.registry().put(caller, kApiDestination, request.name, destination);
  return decode<CreateApiDestinationResponse>(with_state(core, caller, std::move(destination)));
}

Result<DescribeApiDestinationResponse> describe_api_destination(
    Core& core, const Caller& caller, const DescribeApiDestinationRequest& request) {
  const Json* found = core.registry().find(caller, kApiDestination, request.name);
  if (found == nullptr) return no_destination(request.name);
  return decode<DescribeApiDestinationResponse>(with_state(core, caller, *found));
}

Result<UpdateApiDestinationResponse> update_api_destination(
    Core& core, const Caller& caller, const UpdateApiDestinationRequest& request) {
  const Json* found = core.registry().find(caller, kApiDestination, request.name);
  if (found == nullptr) return no_destination(request.name);
  if (request.connection_arn) {
    auto known = check_connection(core, caller, *request.connection_arn);
    if (!known) return known.error();
  }
  Json destination = *found;
  merge(destination, encode(request));
  destination["LastModifiedTime"] = to_epoch_seconds(core.now());
  core.registry().put(caller, kApiDestination, request.name, destination);
  return decode<UpdateApiDestinationResponse>(with_state(core, caller, std::move(destination)));
}

Result<ListApiDestinationsResponse> list_api_destinations(
    Core& core, const Caller& caller, const ListApiDestinationsRequest& request) {
  core::Registry::Documents shown;
  for (const auto& [name, destination] : core.registry().all(caller, kApiDestination)) {
    shown[name] = with_state(core, caller, destination);
  }
  const std::string prefix = request.name_prefix.value_or("");
  const std::string connection = request.connection_arn.value_or("");
  auto page = list_documents<ApiDestination>(
      shown, prefix, PageToken{caller, "ListApiDestinations", Json::array({prefix, connection})},
      {request.next_token, request.limit}, [&](const Json& destination) {
        return connection.empty() || text_at(destination, "ConnectionArn") == connection;
      });
  if (!page) return page.error();
  return ListApiDestinationsResponse{std::move(page->items), std::move(page->next_token)};
}

Result<Nothing> delete_api_destination(Core& core, const Caller& caller,
                                       const DeleteApiDestinationRequest& request) {
  if (core.registry().find(caller, kApiDestination, request.name) == nullptr) {
    return no_destination(request.name);
  }
  core.registry().erase(caller, kApiDestination, request.name);
  return Nothing{};
}

}  // namespace presso::api::events
