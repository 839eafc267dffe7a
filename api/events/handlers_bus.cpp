#include <string>
#include <utility>

#include "api/decode.h"
#include "api/encode.h"
#include "api/events/handlers.h"
#include "api/events/paging.h"
#include "base/json.h"

namespace presso::api::events {
namespace {

std::optional<DeadLetterConfig> dead_letter_of(const bus::Bus& bus) {
  if (!bus.dead_letter_arn) return {};
  return DeadLetterConfig{bus.dead_letter_arn};
}

// What was stored was valid once.
std::optional<LogConfig> log_config_of(const bus::Bus& bus) {
  if (!bus.log_config.is_object()) return {};
  auto config = decode<LogConfig>(bus.log_config);
  return config ? std::optional{*std::move(config)} : std::nullopt;
}

std::optional<std::string> policy_of(const bus::Bus& bus) {
  return bus.policy ? std::optional{dump_json(*bus.policy)} : std::nullopt;
}

}  // namespace

Result<CreateEventBusResponse> create_event_bus(Core& core, const Caller& caller,
                                                const CreateEventBusRequest& request) {
  if (request.event_source_name) {
    const auto active = activate_source(core, caller, *request.event_source_name);
    if (!active) return active.error();
  }
  bus::CreateBus create;
  create.name = request.name;
  create.event_source_name = request.event_source_name;
  create.description = request.description;
  create.kms_key_identifier = request.kms_key_identifier;
  if (request.dead_letter_config) create.dead_letter_arn = request.dead_letter_config->arn;
  if (request.log_config) create.log_config = encode(*request.log_config);
  create.tags = tags_of(request.tags);
  const auto bus = core.events().book(caller).create_bus(std::move(create), core.now());
  if (!bus) return bus.error();
  core.events().store(caller, **bus);
  return CreateEventBusResponse{(*bus)->arn, (*bus)->description, (*bus)->kms_key_identifier,
                                dead_letter_of(**bus), log_config_of(**bus)};
}

Result<DescribeEventBusResponse> describe_event_bus(Core& core, const Caller& caller,
                                                    const DescribeEventBusRequest& request) {
  const auto found = core.events().book(caller).describe_bus(request.name);
  if (!found) return found.error();
  const bus::Bus& bus = **found;
  DescribeEventBusResponse response;
  response.name = bus.name;
  response.arn = bus.arn;
  response.description = bus.description;
  response.kms_key_identifier = bus.kms_key_identifier;
  response.dead_letter_config = dead_letter_of(bus);
  response.policy = policy_of(bus);
  response.log_config = log_config_of(bus);
  response.creation_time = bus.creation_time;
  response.last_modified_time = bus.last_modified_time;
  return response;
}

Result<ListEventBusesResponse> list_event_buses(Core& core, const Caller& caller,
                                                const ListEventBusesRequest& request) {
  const std::string prefix = request.name_prefix.value_or("");
  const PageToken token{caller, "ListEventBuses", Json(prefix)};
  auto page =
      make_page(core.events().book(caller).list_buses(prefix), token,
                {request.next_token, request.limit}, [](const bus::Bus* bus) { return bus->name; });
  if (!page) return page.error();
  std::vector<EventBus> buses;
  for (const bus::Bus* bus : page->items) {
    buses.push_back({bus->name, bus->arn, bus->description, policy_of(*bus), bus->creation_time,
                     bus->last_modified_time});
  }
  return ListEventBusesResponse{std::move(buses), std::move(page->next_token)};
}

Result<Nothing> delete_event_bus(Core& core, const Caller& caller,
                                 const DeleteEventBusRequest& request) {
  const auto is_gone = core.events().book(caller).delete_bus(request.name);
  if (!is_gone) return is_gone.error();
  if (*is_gone) core.events().erase_bus(caller, request.name);
  return Nothing{};
}

}  // namespace presso::api::events
