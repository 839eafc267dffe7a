#include "engine/core/work.h"

#include <array>
#include <string_view>
#include <utility>

#include "base/json.h"
#include "engine/core/inside.h"

namespace presso::core {

namespace {

constexpr std::string_view kRoute = "route";
constexpr std::string_view kStart = "start";

std::string kind_of(const Json& value) {
  const std::string* kind = as_string(find_member(value, "kind"));
  return kind == nullptr ? std::string{} : *kind;
}

Error corrupt(const std::string& what) {
  return Error{"DocumentCorrupt", "A stored piece of work " + what};
}

// The texts of `names`, all of which must be there.
template <std::size_t size>
Result<std::array<std::string, size>> texts(const Json& value,
                                            const std::array<const char*, size>& names) {
  std::array<std::string, size> found;
  for (std::size_t i = 0; i < size; ++i) {
    const std::string* text = as_string(find_member(value, names[i]));
    if (text == nullptr) return corrupt(std::string{"has no text '"} + names[i] + "'");
    found[i] = *text;
  }
  return found;
}

Result<Work> route_from_json(const Json& value) {
  auto found = texts<2>(value, {"account", "region"});
  if (!found) return found.error();
  const Json* stored = find_member(value, "event");
  if (stored == nullptr) return corrupt("has no event");
  auto event = bus::event_from_json(*stored);
  if (!event) return event.error();
  auto& [account, region] = *found;
  return Work{RouteEvent{{std::move(account), std::move(region)}, *std::move(event)}};
}

Result<Work> start_from_json(const Json& value) {
  auto found = texts<5>(value, {"machine", "input", "event", "rule", "target"});
  if (!found) return found.error();
  auto& [machine, input, event, rule, target] = *found;
  return Work{StartByRule{std::move(machine), std::move(input), std::move(event), std::move(rule),
                          std::move(target)}};
}

}  // namespace

std::optional<Json> to_json(const Work& work) {
  if (const auto* route = std::get_if<RouteEvent>(&work)) {
    return Json{{"kind", kRoute},
                {"account", route->home.account},
                {"region", route->home.region},
                {"event", bus::to_json(route->event)}};
  }
  if (const auto* start = std::get_if<StartByRule>(&work)) {
    return Json{{"kind", kStart},          {"machine", start->machine_arn},
                {"input", start->input},   {"event", start->event_id},
                {"rule", start->rule_arn}, {"target", start->target}};
  }
  return std::nullopt;
}

Result<Work> work_from_json(const Json& value) {
  const std::string kind = kind_of(value);
  if (kind == kRoute) return route_from_json(value);
  if (kind == kStart) return start_from_json(value);
  return corrupt("is of the unknown kind '" + kind + "'");
}

bool is_work(const Json& value) {
  const std::string kind = kind_of(value);
  return kind == kRoute || kind == kStart;
}

std::optional<ExecutionName> name_to_look_up(const Work& work) {
  const auto* inside = std::get_if<RunInside>(&work);
  return inside == nullptr ? std::nullopt : started_name(inside->resource, inside->parameters);
}

}  // namespace presso::core
