#include "engine/core/scheduled_target.h"

#include <string>
#include <string_view>

#include "base/arn.h"
#include "base/entropy.h"
#include "base/json.h"
#include "base/json_members.h"
#include "engine/core/core.h"

namespace presso::core {

namespace {

void replace_all(std::string& text, std::string_view keyword, const std::string& value) {
  for (auto at = text.find(keyword); at != std::string::npos; at = text.find(keyword, at)) {
    text.replace(at, keyword.size(), value);
    at += value.size();
  }
}

// AWS: without an Input a target gets an event that says which schedule it was. Its detail is a
// text.
std::string default_input(const Caller& caller, const std::string& arn, Time scheduled,
                          const std::string& id) {
  return dump_json(Json{{"version", "0"},
                        {"id", id},
                        {"detail-type", "Scheduled Event"},
                        {"source", "aws.scheduler"},
                        {"account", caller.account},
                        {"time", to_iso_seconds(scheduled)},
                        {"region", caller.region},
                        {"resources", Json::array({arn})},
                        {"detail", "{}"}});
}

// AWS: "a unique ID for each attempted invocation, for example, d32c5kddcf5bb8c3".
std::string execution_id(Core& core) {
  std::string id = next_uuid(core.entropy());
  std::erase(id, '-');
  return id.substr(0, 16);
}

// The Input of a schedule for a bus is the event's detail.
void put_on_bus(Core& core, const Delivery& invocation, const Json& target) {
  const Json* parameters = find_member(target, "EventBridgeParameters");
  const auto arn = parse_arn(invocation.target_arn);
  bus::PutEventsEntry entry;
  if (parameters != nullptr) {
    entry.source = text_at(*parameters, "Source");
    entry.detail_type = text_at(*parameters, "DetailType");
  }
  entry.detail = invocation.payload;
  entry.event_bus_name = invocation.target_arn;
  const Caller home{arn->account, arn->region};
  if (!core.events().book(home).find_bus(invocation.target_arn)) {
    core.deliveries().give_up(invocation,
                              {"ResourceNotFoundException",
                               "Event bus " + invocation.target_arn + " does not exist.", false});
    return;
  }
  const auto results = core.events().put_events(invocation.caller, {std::move(entry)});
  if (results.front().error_code.empty()) return;
  core.deliveries().give_up(invocation,
                            {results.front().error_code, results.front().error_message, false});
}

}  // namespace

void invoke_scheduled(Core& core, const Caller& caller, const Json& schedule, Time scheduled) {
  const Json* target = find_member(schedule, "Target");
  if (target == nullptr) return;
  const std::string arn = text_at(schedule, "Arn");
  Delivery invocation{.id = {},
                      .caller = caller,
                      .rule_arn = arn,
                      .target_arn = text_at(*target, "Arn"),
                      .target = dump_json(*target),
                      .payload = text_at(*target, "Input"),
                      .created = core.now(),
                      .due = core.now(),
                      .execution_id = execution_id(core),
                      .scheduled = scheduled};
  if (find_member(*target, "Input") == nullptr) {
    invocation.payload = default_input(caller, arn, scheduled, next_uuid(core.entropy()));
  }
  replace_all(invocation.payload, "<aws.scheduler.schedule-arn>", arn);
  replace_all(invocation.payload, "<aws.scheduler.scheduled-time>", to_iso_seconds(scheduled));
  replace_all(invocation.payload, "<aws.scheduler.execution-id>", invocation.execution_id);
  const auto parsed = parse_arn(invocation.target_arn);
  const bool is_machine =
      parsed && parsed->service == "states" && parsed->resource.starts_with("stateMachine:");
  const bool is_bus =
      parsed && parsed->service == "events" && parsed->resource.starts_with("event-bus/");
  if (is_machine || is_bus) {
    replace_all(invocation.payload, "<aws.scheduler.attempt-number>", "1");
  }
  if (is_bus) {
    put_on_bus(core, invocation, *target);
  } else if (is_machine) {
    core.enqueue(StartByRule{.machine_arn = invocation.target_arn,
                             .input = invocation.payload,
                             .event_id = "",
                             .rule_arn = arn,
                             .target = invocation.target});
  } else {
    core.deliveries().add(std::move(invocation));
  }
}

}  // namespace presso::core
