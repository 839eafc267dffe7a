#include <utility>

#include "api/events/documents.h"
#include "api/events/handlers.h"
#include "base/json_members.h"

namespace presso::api::events {
namespace {

using core::kArchive;
using core::kReplay;

Error no_replay(const std::string& name) {
  return not_found("Replay " + name + " does not exist.");
}

// In AWS's order.
Result<void> check_start(Core& core, const Caller& caller, const StartReplayRequest& request) {
  const std::string bus = name_in_arn(caller, request.destination.arn, "event-bus/");
  if (bus.empty()) {
    return not_valid(
        "Parameter Destination.Arn is not valid. Reason: Must contain an event bus ARN.");
  }
  const auto found = core.events().book(caller).describe_bus(bus);
  if (!found) return found.error();
  const std::string archive_name = name_in_arn(caller, request.event_source_arn, "archive/");
  const Json* archive = core.registry().find(caller, kArchive, archive_name);
  if (archive == nullptr) {
    return not_valid("Parameter EventSourceArn is not valid. Reason: Archive " + archive_name +
                     " does not exist.");
  }
  if (request.event_start_time >= request.event_end_time) {
    return not_valid(
        "Parameter EventEndTime is not valid. "
        "Reason: EventStartTime must be before EventEndTime.");
  }
  if (text_at(*archive, "EventSourceArn") != (*found)->arn) {
    return not_valid(
        "Parameter Destination.Arn is not valid. "
        "Reason: Cross event bus replay is not permitted.");
  }
  if (core.registry().find(caller, kReplay, request.replay_name) != nullptr) {
    return already_exists("Replay " + request.replay_name + " already exists.");
  }
  return {};
}

}  // namespace

Result<StartReplayResponse> start_replay(Core& core, const Caller& caller,
                                         const StartReplayRequest& request) {
  if (auto valid = check_start(core, caller, request); !valid) return valid.error();
  Json replay = encode(request);
  replay["ReplayArn"] = events_arn(caller, "replay/" + request.replay_name);
  replay["State"] = "STARTING";
  replay["ReplayStartTime"] = to_epoch_seconds(core.now());
  core.registry().put(caller, kReplay, request.replay_name, replay);
  core.archives().replay_changed(caller, request.replay_name);
  return decode<StartReplayResponse>(replay);
}

Result<DescribeReplayResponse> describe_replay(Core& core, const Caller& caller,
                                               const DescribeReplayRequest& request) {
  const Json* replay = core.registry().find(caller, kReplay, request.replay_name);
  if (replay == nullptr) return no_replay(request.replay_name);
  return decode<DescribeReplayResponse>(*replay);
}

Result<ListReplaysResponse> list_replays(Core& core, const Caller& caller,
                                         const ListReplaysRequest& request) {
  const int filters =
      (request.name_prefix ? 1 : 0) + (request.event_source_arn ? 1 : 0) + (request.state ? 1 : 0);
  if (filters > 1) {
    return not_valid(
        "At most one filter is allowed for ListReplays. "
        "Use either : State, EventSourceArn, or NamePrefix.");
  }
  const std::string prefix = request.name_prefix.value_or("");
  const std::string source = request.event_source_arn.value_or("");
  const std::string state = request.state.value_or("");
  auto page = list_documents<Replay>(
      core.registry().all(caller, kReplay), prefix,
      PageToken{caller, "ListReplays", Json::array({prefix, source, state})},
      {request.next_token, request.limit}, [&](const Json& replay) {
        return (source.empty() || text_at(replay, "EventSourceArn") == source) &&
               (state.empty() || text_at(replay, "State") == state);
      });
  if (!page) return page.error();
  return ListReplaysResponse{std::move(page->items), std::move(page->next_token)};
}

Result<CancelReplayResponse> cancel_replay(Core& core, const Caller& caller,
                                           const CancelReplayRequest& request) {
  const Json* found = core.registry().find(caller, kReplay, request.replay_name);
  if (found == nullptr) return no_replay(request.replay_name);
  const std::string state = text_at(*found, "State");
  if (state != "STARTING" && state != "RUNNING") {
    return Error{"IllegalStatusException",
                 "Replay " + request.replay_name + " is not in a valid state for this operation."};
  }
  Json replay = *found;
  replay["State"] = "CANCELLING";
  core.registry().put(caller, kReplay, request.replay_name, replay);
  core.archives().replay_changed(caller, request.replay_name);
  return decode<CancelReplayResponse>(replay);
}

}  // namespace presso::api::events
