#include "engine/core/api_endpoint.h"

#include "base/arn.h"
#include "base/json.h"
#include "base/json_members.h"

namespace presso::core {

namespace {

constexpr std::string_view kDestination = "api-destination/";
constexpr std::string_view kConnectionResource = "connection/";

// NAME of "…:TYPE/NAME/UUID"; empty for another ARN.
std::string name_in(const Arn& arn, std::string_view type) {
  if (arn.service != "events" || !arn.resource.starts_with(type)) return {};
  const std::string rest = arn.resource.substr(type.size());
  return rest.substr(0, rest.find('/'));
}

DeliveryFailure no_resource(std::string message) {
  return {"NO_RESOURCE", std::move(message), false};
}

const Json* find_connection(const Registry& registry, const Caller& home,
                            const std::string& connection_arn) {
  const auto arn = parse_arn(connection_arn);
  const Json* connection =
      arn ? registry.find(home, core::kConnection, name_in(*arn, kConnectionResource)) : nullptr;
  const bool is_it =
      connection != nullptr && text_at(*connection, "ConnectionArn") == connection_arn;
  return is_it ? connection : nullptr;
}

}  // namespace

bool is_api_destination(std::string_view arn) {
  const auto parsed = parse_arn(arn);
  return parsed && !name_in(*parsed, kDestination).empty();
}

std::variant<ApiEndpoint, DeliveryFailure> resolve_endpoint(const Registry& registry,
                                                            const std::string& arn) {
  const auto parsed = parse_arn(arn);
  const Caller home = parsed ? Caller{parsed->account, parsed->region} : Caller{};
  const std::string name = parsed ? name_in(*parsed, kDestination) : "";
  const Json* destination = registry.find(home, kApiDestination, name);
  if (destination == nullptr || text_at(*destination, "ApiDestinationArn") != arn) {
    return no_resource("The API destination " + arn + " does not exist.");
  }
  const std::string connection_arn = text_at(*destination, "ConnectionArn");
  const Json* connection = find_connection(registry, home, connection_arn);
  if (connection == nullptr) {
    return no_resource("The connection " + connection_arn + " does not exist.");
  }
  if (text_at(*connection, "ConnectionState") != "AUTHORIZED") {
    return DeliveryFailure{"NO_PERMISSIONS",
                           "The connection " + connection_arn + " is not authorized.", false};
  }
  Json endpoint = Json::object();
  endpoint["method"] = text_at(*destination, "HttpMethod");
  endpoint["url"] = text_at(*destination, "InvocationEndpoint");
  endpoint["connection"] = *connection;
  const Json* rate = find_member(*destination, "InvocationRateLimitPerSecond");
  ApiEndpoint found{.text = dump_json(endpoint)};
  if (rate != nullptr && rate->is_number_integer()) found.per_second = rate->get<std::int64_t>();
  return found;
}

std::string resolve_connection(const Registry& registry, const Json& parameters) {
  for (const std::string_view holder : {"Authentication", "InvocationConfig"}) {
    const Json* named = find_member(parameters, holder);
    const std::string arn = named == nullptr ? "" : text_at(*named, "ConnectionArn");
    const auto parsed = parse_arn(arn);
    if (!parsed) continue;
    const Json* found = find_connection(registry, {parsed->account, parsed->region}, arn);
    if (found != nullptr && text_at(*found, "ConnectionState") == "AUTHORIZED") {
      return dump_json(*found);
    }
  }
  return {};
}

}  // namespace presso::core
