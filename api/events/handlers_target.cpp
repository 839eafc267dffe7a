#include <string>
#include <utility>

#include "api/decode.h"
#include "api/encode.h"
#include "api/events/handlers.h"
#include "api/events/paging.h"
#include "base/json.h"

namespace presso::api::events {
namespace {

ChangeTargetsResponse response_of(const std::vector<bus::FailedTarget>& failed) {
  std::vector<PutTargetsResultEntry> entries;
  for (const bus::FailedTarget& target : failed) {
    entries.push_back({target.target_id, target.error_code, target.error_message});
  }
  const auto count = static_cast<std::int64_t>(entries.size());
  return {count, std::move(entries)};
}

// The rule was there a moment ago: its targets changed.
void store_rule(Core& core, const Caller& caller, const std::string& rule,
                const bus::BusReference& bus) {
  const auto changed = core.events().book(caller).describe_rule(rule, bus);
  if (changed) core.events().store(caller, **changed);
}

}  // namespace

Result<ChangeTargetsResponse> put_targets(Core& core, const Caller& caller,
                                          const PutTargetsRequest& request) {
  std::vector<bus::Target> targets;
  for (const Target& target : request.targets) {
    auto converted = bus::target_from_json(encode(target));
    if (!converted) return converted.error();
    targets.push_back(*std::move(converted));
  }
  const auto failed = core.events().book(caller).put_targets(request.rule, request.event_bus_name,
                                                             std::move(targets));
  if (!failed) return failed.error();
  store_rule(core, caller, request.rule, request.event_bus_name);
  return response_of(*failed);
}

Result<ChangeTargetsResponse> remove_targets(Core& core, const Caller& caller,
                                             const RemoveTargetsRequest& request) {
  const auto failed = core.events().book(caller).remove_targets(
      request.rule, request.event_bus_name, request.ids, request.force.value_or(false));
  if (!failed) return failed.error();
  store_rule(core, caller, request.rule, request.event_bus_name);
  return response_of(*failed);
}

Result<ListTargetsByRuleResponse> list_targets_by_rule(Core& core, const Caller& caller,
                                                       const ListTargetsByRuleRequest& request) {
  auto found = core.events().book(caller).list_targets(request.rule, request.event_bus_name);
  if (!found) return found.error();
  const PageToken token{caller, "ListTargetsByRule",
                        Json::array({request.rule, request.event_bus_name.value_or("")})};
  auto page = make_page(*std::move(found), token, {request.next_token, request.limit},
                        [](const bus::Target& target) { return target.id; });
  if (!page) return page.error();
  std::vector<Target> targets;
  for (const bus::Target& target : page->items) {
    auto shown = decode<Target>(bus::to_json(target));
    PRESSO_ASSERT(shown.has_value());
    targets.push_back(*std::move(shown));
  }
  return ListTargetsByRuleResponse{std::move(targets), std::move(page->next_token)};
}

}  // namespace presso::api::events
