#include "engine/core/event_flow.h"

#include <algorithm>
#include <utility>

#include "base/arn.h"
#include "base/json.h"
#include "bus/transform.h"
#include "engine/core/core.h"
#include "engine/core/names.h"

namespace presso::core {

namespace {

constexpr std::string_view kEventBus = "event-bus";
constexpr std::string_view kRule = "rule";
constexpr std::string_view kBusResource = "event-bus/";
constexpr std::string_view kDefaultBus = "default";
// Besides `default`, which every account has.
constexpr std::string_view kAlwaysThere = "Serverlesspresso";

// Where a bus given by its ARN is; one given by its name is the caller's own.
Caller home_of(const Caller& caller, const bus::BusReference& reference) {
  const auto arn = reference ? parse_arn(*reference) : std::nullopt;
  if (!arn || arn->service != "events") return caller;
  return {arn->account, arn->region};
}

bool is_machine(const std::optional<Arn>& arn) {
  return arn && arn->service == "states" && arn->resource.starts_with("stateMachine:");
}
bool is_bus(const std::optional<Arn>& arn) {
  return arn && arn->service == "events" && arn->resource.starts_with(kBusResource);
}

// AWS: an event that an execution puts, or that tells of its status, names it last among its
// resources. So does an event that a function puts about it, which is as good for a trace.
std::string origin_of(const bus::Event& event) {
  if (!event.origin.empty() || event.resources.empty()) return event.origin;
  const std::string& last = event.resources.back();
  return parse_execution_arn(last) || is_express_arn(last) ? last : std::string{};
}

}  // namespace

std::vector<PutEventsResult> EventFlow::put_events(const Caller& caller,
                                                   std::vector<bus::PutEventsEntry> entries) {
  std::vector<PutEventsResult> results;
  results.reserve(entries.size());
  for (bus::PutEventsEntry& entry : entries) {
    const Caller home = home_of(caller, entry.event_bus_name);
    const std::optional<std::string> bus = book(home).find_bus(entry.event_bus_name);
    auto event = bus::accept_entry(std::move(entry), {.id = next_uuid(core_.entropy()),
                                                      .account = caller.account,
                                                      .region = caller.region,
                                                      .now = core_.now()});
    if (!event) {
      results.push_back({"", event.error().code, event.error().message});
      continue;
    }
    results.push_back({event->id, "", ""});
    event->origin = core_.asked_by();
    // AWS: an event for a bus that does not exist is accepted, and gone.
    if (!bus) continue;
    core_.enqueue(RouteEvent{
        .home = home, .bus = *bus, .event = std::make_shared<bus::Event>(*std::move(event))});
  }
  return results;
}

void EventFlow::emit(bus::Event event) {
  Caller home{event.account, event.region};
  core_.enqueue(RouteEvent{.home = std::move(home),
                           .bus = std::string{kDefaultBus},
                           .event = std::make_shared<bus::Event>(std::move(event))});
}

void EventFlow::route(const RouteEvent& routed) {
  bus::RuleBook& rules = book(routed.home);
  // The bus may have been deleted while the event waited.
  if (!rules.has_bus(routed.bus)) return;
  publish(routed.home, routed.bus, routed.event, routed.sent_by);
  const auto chosen = routed.event->replay_name ? core_.archives().rules_of_replay(
                                                      routed.home, *routed.event->replay_name)
                                                : std::nullopt;
  for (const bus::Rule* rule : rules.match(routed.bus, *routed.event)) {
    if (chosen && !chosen->contains(rule->arn)) continue;
    if (const auto archive = Archives::archive_of(*rule)) {
      core_.archives().keep(routed.home, *archive, *routed.event);
      continue;
    }
    ++matches_;
    for (const bus::Target& target : rule->targets) {
      deliver(routed.event, *rule, target, routed.sent_by);
    }
  }
}

void EventFlow::route(const RouteStatus& routed) {
  Caller home{routed.change->account, routed.change->region};
  if (book(home).has_rules(kDefaultBus)) {
    return route(RouteEvent{.home = std::move(home),
                            .bus = std::string{kDefaultBus},
                            .event = std::make_shared<bus::Event>(status_event(*routed.change))});
  }
  publish(home, std::string{kDefaultBus}, routed.change);
}

void EventFlow::fire(const bus::Rule& rule, bus::Event fired) {
  const auto event = std::make_shared<const bus::Event>(std::move(fired));
  for (const bus::Target& target : rule.targets) deliver(event, rule, target);
}

void EventFlow::publish(const Caller& home, const std::string& bus, Published::Content content,
                        const std::string& sent_by) {
  const std::size_t size = size_bytes(content);
  core_.publish(Published{.sequence = ++published_,
                          .caller = home,
                          .bus = bus,
                          .content = std::move(content),
                          .content_bytes = size,
                          .sent_by = core_.settings().is_traced ? sent_by : std::string{}});
}

void EventFlow::deliver(const bus::SharedEvent& shared, const bus::Rule& rule,
                        const bus::Target& target, const std::string& sent_by) {
  const auto arn = parse_arn(target.arn);
  if (is_bus(arn)) {
    if (!sent_by.empty()) return warn_of_third_bus(rule, target, sent_by);
    forward(shared, rule, target, *arn);
    return;
  }
  const bus::Event& event = *shared;
  std::string payload = bus::target_input(
      target, event, {.rule_arn = rule.arn, .rule_name = rule.name, .ingestion_time = core_.now()});
  Json parameters = bus::to_json(target);
  bus::fill_parameters(parameters, event);
  std::string stored_target = dump_json(parameters);
  // Only what a dead-letter queue may want is carried along.
  std::string envelope = target.dead_letter_arn ? bus::envelope_text(event) : "";
  if (is_machine(arn)) {
    core_.enqueue(StartByRule{.machine_arn = target.arn,
                              .input = std::move(payload),
                              .event_id = event.id,
                              .rule_arn = rule.arn,
                              .target = std::move(stored_target),
                              .event = std::move(envelope),
                              .origin_arn = origin_of(event)});
    return;
  }
  core_.deliveries().add({.id = {},
                          .caller = {event.account, event.region},
                          .rule_arn = rule.arn,
                          .target_arn = target.arn,
                          .target = std::move(stored_target),
                          .payload = std::move(payload),
                          .created = core_.now(),
                          .due = core_.now(),
                          .event = std::move(envelope),
                          .event_id = event.id});
}

// AWS: an event that was sent on reaches the other bus as it is, whatever the target's input says.
void EventFlow::forward(const bus::SharedEvent& event, const bus::Rule& rule,
                        const bus::Target& target, const Arn& arn) {
  Caller home{arn.account, arn.region};
  std::string name = arn.resource.substr(kBusResource.size());
  if (book(home).has_bus(name)) {
    core_.enqueue(RouteEvent{
        .home = std::move(home), .bus = std::move(name), .event = event, .sent_by = rule.arn});
    return;
  }
  core_.deliveries().give_up(
      {.id = {},
       .caller = {event->account, event->region},
       .rule_arn = rule.arn,
       .target_arn = target.arn,
       .target = dump_json(bus::to_json(target)),
       .payload = bus::envelope_text(*event),
       .created = core_.now(),
       .due = core_.now(),
       .event_id = event->id},
      {"NO_RESOURCE", "Event bus " + target.arn + " does not exist.", false});
}

// AWS: what a bus received from another is not routed to a third; so buses cannot form a circle.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-bus-to-bus.html
void EventFlow::warn_of_third_bus(const bus::Rule& rule, const bus::Target& target,
                                  const std::string& sent_by) {
  if (!third_buses_.emplace(rule.arn, target.arn).second) return;
  core_.perform(Warning{"what came from another bus by " + sent_by + " is not sent on to " +
                        target.arn + " by " + rule.arn +
                        ": EventBridge routes no event to a third bus"});
}

// AWS: the name of an execution that a rule starts is the event's id and a UUID of its own; a
// schedule has no event.
void EventFlow::start(const StartByRule& request) {
  const auto arn = parse_arn(request.machine_arn);
  PRESSO_ASSERT(arn.has_value());
  const Caller home{arn->account, arn->region};
  const std::string prefix = request.event_id.empty() ? "" : request.event_id + "_";
  const auto started = core_.executions().start(home, {.machine_arn = request.machine_arn,
                                                       .name = prefix + next_uuid(core_.entropy()),
                                                       .input = request.input,
                                                       .trace_header = std::nullopt,
                                                       .rule_arn = request.rule_arn,
                                                       .origin_arn = request.origin_arn});
  if (started) return;
  core_.deliveries().give_up({.id = {},
                              .caller = home,
                              .rule_arn = request.rule_arn,
                              .target_arn = request.machine_arn,
                              .target = request.target,
                              .payload = request.input,
                              .created = core_.now(),
                              .due = core_.now(),
                              .event = request.event,
                              .event_id = request.event_id},
                             {"NO_RESOURCE", started.error().message, false});
}

const bus::Rule* EventFlow::find_rule(const std::string& arn) {
  const auto parsed = parse_arn(arn);
  if (!parsed || !parsed->resource.starts_with("rule/")) return nullptr;
  const std::string path = parsed->resource.substr(5);
  const auto slash = path.rfind('/');
  const bool is_default = slash == std::string::npos;
  const auto found = book({parsed->account, parsed->region})
                         .describe_rule(is_default ? path : path.substr(slash + 1),
                                        is_default ? "default" : path.substr(0, slash));
  return found ? *found : nullptr;
}

std::vector<const bus::Rule*> EventFlow::scheduled_rules() const {
  std::vector<const bus::Rule*> scheduled;
  for (const auto& [caller, rules] : books_) {
    const auto all = rules.list_rules("", std::nullopt);
    if (!all) continue;
    for (const bus::Rule* rule : *all) {
      const bool is_enabled = rule->state != bus::RuleState::Disabled;
      if (rule->schedule_expression && is_enabled) scheduled.push_back(rule);
    }
  }
  return scheduled;
}

bus::RuleBook& EventFlow::book(const Caller& caller) {
  if (const auto it = books_.find(caller); it != books_.end()) return it->second;
  std::vector<std::string> buses{std::string{kAlwaysThere}};
  for (const std::string& name : core_.settings().buses) buses.push_back(name);
  const Time since = std::max(core_.now(), core_.settings().started);
  bus::RuleBook fresh{{.account = caller.account, .region = caller.region}, buses, since};
  return books_.emplace(caller, std::move(fresh)).first->second;
}

// ARNs are the keys: they hold account and region, and a rule's also its bus.
void EventFlow::store(const Caller&, const bus::Bus& bus) {
  core_.put_document(std::string{kEventBus}, bus.arn, bus::to_json(bus));
}
void EventFlow::store(const Caller&, const bus::Rule& rule) {
  core_.put_document(std::string{kRule}, rule.arn, bus::to_json(rule));
  core_.schedules().rule_changed(rule);
}

void EventFlow::erase_bus(const Caller& caller, std::string_view name) {
  core_.erase_document(std::string{kEventBus},
                       to_string(Arn{.service = "events",
                                     .region = caller.region,
                                     .account = caller.account,
                                     .resource = "event-bus/" + std::string{name}}));
}
void EventFlow::erase_rule(const Caller& caller, std::string_view bus, std::string_view name) {
  // AWS: the bus `default` does not show in the ARNs of its rules.
  const std::string shelf = bus == kDefaultBus ? "" : std::string{bus} + "/";
  const std::string arn = to_string(Arn{.service = "events",
                                        .region = caller.region,
                                        .account = caller.account,
                                        .resource = "rule/" + shelf + std::string{name}});
  core_.erase_document(std::string{kRule}, arn);
  core_.schedules().rule_gone(arn);
}

Result<void> EventFlow::restore(const std::string& kind, const Json& value) {
  const auto home = [](const std::string& text) -> Result<Caller> {
    const auto arn = parse_arn(text);
    if (!arn) return Error{"DocumentCorrupt", "'" + text + "' is no ARN"};
    return Caller{arn->account, arn->region};
  };
  if (kind == kEventBus) {
    auto bus = bus::bus_from_json(value);
    if (!bus) return bus.error();
    const auto caller = home(bus->arn);
    if (!caller) return caller.error();
    book(*caller).restore(*std::move(bus));
    return {};
  }
  auto rule = bus::rule_from_json(value);
  if (!rule) return rule.error();
  const auto caller = home(rule->arn);
  if (!caller) return caller.error();
  return book(*caller).restore(*std::move(rule));
}

}  // namespace presso::core
