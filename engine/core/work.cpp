#include "engine/core/work.h"

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "base/json.h"
#include "base/json_members.h"
#include "engine/core/corrupt.h"
#include "engine/core/inside.h"

namespace presso::core {

namespace {

constexpr std::string_view kRoute = "route";
constexpr std::string_view kStart = "start";
constexpr std::string_view kEnd = "end";
constexpr std::string_view kStop = "stop";
constexpr std::string_view kEndChild = "end-child";
constexpr std::string_view kStopChild = "stop-child";

std::string kind_of(const Json& value) {
  const std::string* kind = as_string(find_member(value, "kind"));
  return kind == nullptr ? std::string{} : *kind;
}

Error corrupt_work(const std::string& what) { return corrupt("A stored piece of work " + what); }

// The texts of `names`, all of which must be there.
template <std::size_t size>
Result<std::array<std::string, size>> texts(const Json& value,
                                            const std::array<const char*, size>& names) {
  std::array<std::string, size> found;
  for (std::size_t i = 0; i < size; ++i) {
    const std::string* text = as_string(find_member(value, names[i]));
    if (text == nullptr) return corrupt_work(std::string{"has no text '"} + names[i] + "'");
    found[i] = *text;
  }
  return found;
}
Result<std::uint64_t> number(const Json& value, const std::string& name) {
  const Json* found = find_member(value, name);
  if (found == nullptr || !found->is_number_unsigned()) {
    return corrupt_work("has no number '" + name + "'");
  }
  return found->get<std::uint64_t>();
}
std::optional<std::string> optional_text(const Json& value, std::string_view name) {
  const std::string* text = as_string(find_member(value, name));
  return text == nullptr ? std::nullopt : std::optional{*text};
}

Result<Work> route_from_json(const Json& value) {
  auto found = texts<3>(value, {"account", "region", "bus"});
  if (!found) return found.error();
  const Json* stored = find_member(value, "event");
  if (stored == nullptr) return corrupt_work("has no event");
  auto event = bus::event_from_json(*stored);
  if (!event) return event.error();
  auto& [account, region, bus] = *found;
  return Work{RouteEvent{.home = {std::move(account), std::move(region)},
                         .bus = std::move(bus),
                         .event = std::make_shared<const bus::Event>(*std::move(event)),
                         .sent_by = optional_text(value, "sentBy").value_or("")}};
}

Result<Work> start_from_json(const Json& value) {
  auto found = texts<5>(value, {"machine", "input", "event", "rule", "target"});
  if (!found) return found.error();
  auto& [machine, input, event, rule, target] = *found;
  return Work{StartByRule{std::move(machine), std::move(input), std::move(event), std::move(rule),
                          std::move(target), optional_text(value, "envelope").value_or(""),
                          optional_text(value, "origin").value_or("")}};
}

Result<Work> end_from_json(const Json& value) {
  const auto execution = number(value, "execution");
  if (!execution) return execution.error();
  const auto event = number(value, "event");
  if (!event) return event.error();
  EndTask end{.task = {ExecutionNumber{*execution}, *event}, .result = {}};
  if (auto output = optional_text(value, "output")) {
    end.result = *std::move(output);
  } else {
    end.result = run::Failure{.error = optional_text(value, "error"),
                              .cause = optional_text(value, "cause")};
  }
  return Work{std::move(end)};
}

Result<Work> stop_from_json(const Json& value) {
  const auto execution = number(value, "execution");
  if (!execution) return execution.error();
  return Work{StopNested{ExecutionNumber{*execution}}};
}

Json to_json(const EndMapChild& end) {
  const run::MapRunChildEnded& ended = end.ended;
  Json value{{"kind", kEndChild},
             {"execution", end.run.execution.value},
             {"event", end.run.event},
             {"attempt", end.attempt},
             {"index", ended.index},
             {"how", static_cast<std::uint64_t>(ended.how)},
             {"started", epoch_ms(ended.start_time)},
             {"stopped", epoch_ms(ended.stop_time)}};
  if (ended.redrive_count > 0) value["redrives"] = ended.redrive_count;
  if (ended.is_final) value["final"] = true;
  if (ended.output.has_value()) value["output"] = ended.output.text();
  if (ended.error) value["error"] = *ended.error;
  if (ended.cause) value["cause"] = *ended.cause;
  return value;
}

Result<Work> end_child_from_json(const Json& value) {
  EndMapChild end;
  std::uint64_t how = 0;
  std::uint64_t started = 0;
  std::uint64_t stopped = 0;
  const std::pair<const char*, std::uint64_t*> members[] = {{"execution", &end.run.execution.value},
                                                            {"event", &end.run.event},
                                                            {"index", &end.ended.index},
                                                            {"how", &how},
                                                            {"started", &started},
                                                            {"stopped", &stopped}};
  for (const auto& [name, to] : members) {
    const auto found = number(value, name);
    if (!found) return found.error();
    *to = *found;
  }
  if (how > static_cast<std::uint64_t>(run::MapRunChildEnded::How::Aborted)) {
    return corrupt_work("has an unknown 'how'");
  }
  end.ended.how = static_cast<run::MapRunChildEnded::How>(how);
  end.ended.start_time = time_of_epoch_ms(static_cast<std::int64_t>(started));
  end.ended.stop_time = time_of_epoch_ms(static_cast<std::int64_t>(stopped));
  if (auto output = text_if(value, "output")) {
    end.ended.output = SharedJson::trusted(*std::move(output));
  }
  end.attempt = number_if<std::uint64_t>(value, "attempt").value_or(0);
  end.ended.redrive_count = number_if<std::uint64_t>(value, "redrives").value_or(0);
  end.ended.is_final = find_member(value, "final") != nullptr;
  end.ended.error = text_if(value, "error");
  end.ended.cause = text_if(value, "cause");
  return Work{std::move(end)};
}

Result<Work> stop_child_from_json(const Json& value) {
  auto found = texts<2>(value, {"machine", "name"});
  if (!found) return found.error();
  auto& [machine, name] = *found;
  return Work{StopMapChild{{std::move(machine), std::move(name)},
                           number_if<std::uint64_t>(value, "attempt").value_or(0)}};
}

Json to_json(const EndTask& end) {
  Json value{{"kind", kEnd}, {"execution", end.task.execution.value}, {"event", end.task.event}};
  if (const auto* output = std::get_if<std::string>(&end.result)) {
    value["output"] = *output;
    return value;
  }
  const auto& failure = std::get<run::Failure>(end.result);
  if (failure.error) value["error"] = *failure.error;
  if (failure.cause) value["cause"] = *failure.cause;
  return value;
}

Json to_json(const RouteEvent& route) {
  Json value{{"kind", kRoute},
             {"account", route.home.account},
             {"region", route.home.region},
             {"bus", route.bus},
             {"event", bus::to_json(*route.event)}};
  if (!route.sent_by.empty()) value["sentBy"] = route.sent_by;
  return value;
}

}  // namespace

std::optional<Json> to_json(const Work& work) {
  if (const auto* route = std::get_if<RouteEvent>(&work)) return to_json(*route);
  if (const auto* status = std::get_if<RouteStatus>(&work)) {
    return to_json(
        RouteEvent{.home = {status->change->account, status->change->region},
                   .bus = "default",
                   .event = std::make_shared<const bus::Event>(status_event(*status->change))});
  }
  if (const auto* start = std::get_if<StartByRule>(&work)) {
    Json value{{"kind", kStart},          {"machine", start->machine_arn},
               {"input", start->input},   {"event", start->event_id},
               {"rule", start->rule_arn}, {"target", start->target}};
    if (!start->event.empty()) value["envelope"] = start->event;
    if (!start->origin_arn.empty()) value["origin"] = start->origin_arn;
    return value;
  }
  if (const auto* end = std::get_if<EndTask>(&work)) return to_json(*end);
  if (const auto* stop = std::get_if<StopNested>(&work)) {
    return Json{{"kind", kStop}, {"execution", stop->execution.value}};
  }
  if (const auto* end = std::get_if<EndMapChild>(&work)) return to_json(*end);
  if (const auto* stop = std::get_if<StopMapChild>(&work)) {
    return Json{{"kind", kStopChild},
                {"machine", stop->child.first},
                {"name", stop->child.second},
                {"attempt", stop->attempt}};
  }
  return std::nullopt;
}

Result<Work> work_from_json(const Json& value) {
  const std::string kind = kind_of(value);
  if (kind == kRoute) return route_from_json(value);
  if (kind == kStart) return start_from_json(value);
  if (kind == kEnd) return end_from_json(value);
  if (kind == kStop) return stop_from_json(value);
  if (kind == kEndChild) return end_child_from_json(value);
  if (kind == kStopChild) return stop_child_from_json(value);
  return corrupt_work("is of the unknown kind '" + kind + "'");
}

ExecutionName name_of(const run::StartMapChild& child) {
  return {run::child_machine_arn(child.map_run_arn),
          run::child_name(child.map_run_arn, child.index)};
}

bool is_work(const Json& value) {
  const std::string kind = kind_of(value);
  return kind == kRoute || kind == kStart || kind == kEnd || kind == kStop || kind == kEndChild ||
         kind == kStopChild;
}

Keys keys_of(const Work& work) {
  Keys keys;
  if (const auto* inside = std::get_if<RunInside>(&work)) {
    auto name = started_name(inside->resource, inside->parameters);
    if (name) keys.names.push_back(*std::move(name));
  } else if (const auto* end = std::get_if<EndTask>(&work)) {
    keys.numbers.push_back(end->task.execution);
  } else if (const auto* stop = std::get_if<StopNested>(&work)) {
    keys.numbers.push_back(stop->execution);
  } else if (const auto* mocked = std::get_if<EndMocked>(&work)) {
    const auto* task = std::get_if<TaskId>(&mocked->call);
    if (task != nullptr) keys.numbers.push_back(task->execution);
  } else if (const auto* over = std::get_if<HandOver>(&work)) {
    keys.numbers.push_back(over->task.execution);
  } else if (const auto* start = std::get_if<StartMapChild>(&work)) {
    // A new one's name is nobody's.
    if (start->child.may_exist) keys.names.push_back(name_of(start->child));
  } else if (const auto* child = std::get_if<EndMapChild>(&work)) {
    keys.numbers.push_back(child->run.execution);
  } else if (const auto* stop_child = std::get_if<StopMapChild>(&work)) {
    keys.names.push_back(stop_child->child);
  }
  return keys;
}

}  // namespace presso::core
