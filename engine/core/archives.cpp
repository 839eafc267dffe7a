#include "engine/core/archives.h"

#include <algorithm>
#include <cmath>

#include "base/arn.h"
#include "base/json_members.h"
#include "engine/core/core.h"

namespace presso::core {

namespace {

constexpr char kArchivedEvent[] = "archived-event";
constexpr std::string_view kManager = "prod.vhs.events.aws.internal";
constexpr std::string_view kRulePrefix = "Events-Archive-";
constexpr Duration kDay = seconds(86'400);
// AWS takes minutes to begin and to cancel; a second is enough to see the states go by.
constexpr Duration kReplayPause = seconds(1);
// Of one replay in one turn, so that others have theirs.
constexpr std::size_t kReplayedPerTurn = 100;

Time time_at(const Json& json, std::string_view name) {
  const Json* value = find_member(json, name);
  if (value == nullptr || !value->is_number()) return {};
  return time_of_epoch_ms(std::llround(value->get<double>() * 1'000));
}
std::uint64_t number_at(const Json& json, std::string_view name) {
  const Json* value = find_member(json, name);
  return value != nullptr && value->is_number_unsigned() ? value->get<std::uint64_t>() : 0;
}

std::string name_behind(const std::string& arn, std::string_view type) {
  const auto parsed = parse_arn(arn);
  if (!parsed || !parsed->resource.starts_with(type)) return {};
  return parsed->resource.substr(type.size());
}

std::string event_key(const Caller& caller, const std::string& archive, std::uint64_t number) {
  return caller.account + "/" + caller.region + "/" + archive + "/" + std::to_string(number);
}

}  // namespace

bus::Rule Archives::feeding_rule(const Caller& caller, const Json& archive) {
  const std::string name = text_at(archive, "ArchiveName");
  bus::Rule rule;
  rule.name = std::string{kRulePrefix} + name;
  rule.event_bus_name = name_behind(text_at(archive, "EventSourceArn"), "event-bus/");
  Json pattern = Json::object();
  if (auto given = parse_json(text_at(archive, "EventPattern"))) pattern = *std::move(given);
  pattern["replay-name"] = Json::array({Json{{"exists", false}}});
  rule.event_pattern = dump_json(pattern);
  rule.managed_by = std::string{kManager};
  rule.created_by = caller.account;
  bus::Target target;
  target.id = rule.name;
  target.arn = "arn:aws:events:" + caller.region + ":::";
  target.input_transformer = bus::InputTransformer{
      .input_paths = {},
      .input_template = R"({"archive-arn": ")" + text_at(archive, "ArchiveArn") +
                        R"(", "event": <aws.events.event.json>, )"
                        R"("ingestion-time": <aws.events.event.ingestion-time>})"};
  rule.targets.push_back(std::move(target));
  return rule;
}

std::optional<std::string> Archives::archive_of(const bus::Rule& rule) {
  if (rule.managed_by != kManager) return std::nullopt;
  return rule.name.substr(kRulePrefix.size());
}

void Archives::keep(const Caller& caller, const std::string& archive, const bus::Event& event) {
  if (core_.registry().find(caller, kArchive, archive) == nullptr) return;
  const Place place{caller, archive};
  const std::uint64_t number = ++last_number_;
  const auto bytes = static_cast<std::int64_t>(bus::envelope_text(event).size());
  core_.put_document(kArchivedEvent, event_key(caller, archive, number),
                     Json{{"account", caller.account},
                          {"region", caller.region},
                          {"archive", archive},
                          {"number", number},
                          {"at", epoch_ms(core_.now())},
                          {"event", bus::to_json(event)}});
  Shelf& shelf = shelves_[place];
  shelf.events.emplace(number, Kept{core_.now(), event, bytes});
  shelf.bytes += bytes;
  if (expiry_.find(place) == expiry_.end()) plan_expiry(place);
}

void Archives::erase(const Caller& caller, const std::string& archive) {
  const Place place{caller, archive};
  expiry_.erase(place);
  const auto shelf = shelves_.find(place);
  if (shelf == shelves_.end()) return;
  for (const auto& [number, kept] : shelf->second.events) {
    core_.erase_document(kArchivedEvent, event_key(caller, archive, number));
  }
  shelves_.erase(shelf);
}

Archives::Contents Archives::contents(const Caller& caller, const std::string& archive) const {
  const auto shelf = shelves_.find({caller, archive});
  if (shelf == shelves_.end()) return {};
  return {.events = static_cast<std::int64_t>(shelf->second.events.size()),
          .bytes = shelf->second.bytes};
}

void Archives::retention_changed(const Caller& caller, const std::string& archive) {
  plan_expiry({caller, archive});
}

std::optional<Duration> Archives::retention(const Place& place) const {
  const Json* archive = core_.registry().find(place.first, kArchive, place.second);
  const Json* days = archive == nullptr ? nullptr : find_member(*archive, "RetentionDays");
  if (days == nullptr || !days->is_number_integer()) return std::nullopt;
  const auto count = days->get<std::int64_t>();
  if (count <= 0) return std::nullopt;  // AWS: 0 keeps events for ever
  return kDay * count;
}

void Archives::plan_expiry(const Place& place) {
  expiry_.erase(place);
  const auto kept_for = retention(place);
  const auto shelf = shelves_.find(place);
  if (!kept_for || shelf == shelves_.end() || shelf->second.events.empty()) return;
  expiry_[place] = shelf->second.events.begin()->second.at + *kept_for;
}

std::size_t Archives::expire(std::size_t limit) {
  std::size_t fired = 0;
  while (fired < limit) {
    const auto due = std::ranges::find_if(
        expiry_, [&](const auto& entry) { return entry.second <= core_.now(); });
    if (due == expiry_.end()) break;
    const Place place = due->first;
    Shelf& shelf = shelves_.at(place);
    const auto oldest = shelf.events.begin();
    core_.erase_document(kArchivedEvent, event_key(place.first, place.second, oldest->first));
    shelf.bytes -= oldest->second.bytes;
    shelf.events.erase(oldest);
    plan_expiry(place);
    ++fired;
  }
  return fired;
}

void Archives::replay_changed(const Caller& caller, const std::string& replay) {
  replays_[{caller, replay}] = core_.now() + kReplayPause;
}

std::optional<std::set<std::string>> Archives::rules_of_replay(const Caller& caller,
                                                               const std::string& replay) const {
  const Json* document = core_.registry().find(caller, kReplay, replay);
  const Json* destination = document == nullptr ? nullptr : find_member(*document, "Destination");
  const Json* filters = destination == nullptr ? nullptr : find_member(*destination, "FilterArns");
  if (filters == nullptr || !filters->is_array() || filters->empty()) return std::nullopt;
  std::set<std::string> arns;
  for (const Json& arn : *filters) {
    if (arn.is_string()) arns.insert(arn.get<std::string>());
  }
  return arns;
}

std::vector<std::pair<std::pair<Time, std::uint64_t>, const bus::Event*>> Archives::left(
    const Place& place, const Json& replay) const {
  std::vector<std::pair<std::pair<Time, std::uint64_t>, const bus::Event*>> events;
  const auto shelf =
      shelves_.find({place.first, name_behind(text_at(replay, "EventSourceArn"), "archive/")});
  if (shelf == shelves_.end()) return events;
  const Time start = time_at(replay, "EventStartTime");
  const Time end = time_at(replay, "EventEndTime");
  const std::pair<Time, std::uint64_t> sent{
      time_of_epoch_ms(static_cast<std::int64_t>(number_at(replay, "sentTime"))),
      number_at(replay, "sentNumber")};
  for (const auto& [number, kept] : shelf->second.events) {
    const Time time = kept.event.time;
    const std::pair<Time, std::uint64_t> rank{time, number};
    if (time >= start && time <= end && rank > sent) events.emplace_back(rank, &kept.event);
  }
  const std::size_t wanted = std::min(events.size(), kReplayedPerTurn + 1);
  std::partial_sort(events.begin(), events.begin() + static_cast<std::ptrdiff_t>(wanted),
                    events.end());
  return events;
}

void Archives::end(const Place& place, std::string_view state) {
  replays_.erase(place);
  Json replay = *core_.registry().find(place.first, kReplay, place.second);
  replay["State"] = state;
  replay["ReplayEndTime"] = to_epoch_seconds(core_.now());
  core_.registry().put(place.first, kReplay, place.second, std::move(replay));
}

void Archives::go_on(const Place& place) {
  const Json* found = core_.registry().find(place.first, kReplay, place.second);
  if (found == nullptr) {
    replays_.erase(place);
    return;
  }
  if (text_at(*found, "State") == "CANCELLING") return end(place, "CANCELLED");
  Json replay = *found;
  const auto events = left(place, replay);
  const Json* destination = find_member(replay, "Destination");
  const auto arn = destination == nullptr ? std::nullopt : parse_arn(text_at(*destination, "Arn"));
  const std::size_t count = std::min(events.size(), kReplayedPerTurn);
  for (std::size_t i = 0; i < count && arn; ++i) {
    bus::Event event = *events[i].second;
    event.replay_name = place.second;
    core_.enqueue(RouteEvent{.home = {arn->account, arn->region},
                             .bus = arn->resource.substr(std::string_view{"event-bus/"}.size()),
                             .event = std::make_shared<const bus::Event>(std::move(event))});
  }
  if (count > 0) {
    const auto& [time, number] = events[count - 1].first;
    replay["EventLastReplayedTime"] = to_epoch_seconds(time);
    replay["sentTime"] = static_cast<std::uint64_t>(epoch_ms(time));
    replay["sentNumber"] = number;
  }
  replay["State"] = "RUNNING";
  core_.registry().put(place.first, kReplay, place.second, std::move(replay));
  if (events.size() > count) {
    replays_[place] = core_.now();
  } else {
    end(place, "COMPLETED");
  }
}

Result<void> Archives::restore(const std::string& key, const Json& value) {
  const Json* stored = find_member(value, "event");
  if (stored == nullptr) return Error{"DocumentCorrupt", "'" + key + "' has no event"};
  auto event = bus::event_from_json(*stored);
  if (!event) return event.error();
  const Place place{{text_at(value, "account"), text_at(value, "region")},
                    text_at(value, "archive")};
  const std::uint64_t number = number_at(value, "number");
  const auto bytes = static_cast<std::int64_t>(bus::envelope_text(*event).size());
  Shelf& shelf = shelves_[place];
  const auto at = time_of_epoch_ms(static_cast<std::int64_t>(number_at(value, "at")));
  shelf.events.emplace(number, Kept{at, *std::move(event), bytes});
  shelf.bytes += bytes;
  last_number_ = std::max(last_number_, number);
  return {};
}

void Archives::recovered() {
  for (const auto& [place, shelf] : shelves_) plan_expiry(place);
  for (const auto& [caller, replay] : core_.registry().everywhere(kReplay)) {
    const std::string state = text_at(*replay, "State");
    if (state != "STARTING" && state != "RUNNING" && state != "CANCELLING") continue;
    replays_[{caller, text_at(*replay, "ReplayName")}] = Time{};
  }
}

std::size_t Archives::fire_due(std::size_t limit) {
  std::size_t fired = expire(limit);
  std::vector<Place> due;
  for (const auto& [place, at] : replays_) {
    if (at <= core_.now() && fired < limit) {
      due.push_back(place);
      ++fired;
    }
  }
  for (const Place& place : due) go_on(place);
  return fired;
}

std::optional<Time> Archives::next_deadline() const {
  std::optional<Time> earliest;
  const auto consider = [&](const std::map<Place, Time>& times) {
    for (const auto& [place, at] : times) {
      if (!earliest || at < *earliest) earliest = at;
    }
  };
  consider(expiry_);
  consider(replays_);
  return earliest;
}

}  // namespace presso::core
