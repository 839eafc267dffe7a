#include "bus/event.h"

#include <utility>

#include "base/json.h"
#include "base/json_text.h"
#include "bus/limits.h"

namespace presso::bus {
namespace {

constexpr std::string_view kCorrupt = "EventCorrupt";

// The members before the detail, and its name.
std::string head_text(const Event& event) {
  std::string text = "{\"version\":\"0\"";
  const auto append = [&](std::string_view name, std::string_view value) {
    text.append(",\"").append(name).append("\":");
    append_json_string(text, value);
  };
  append("id", event.id);
  append("detail-type", event.detail_type);
  append("source", event.source);
  append("account", event.account);
  append("time", to_iso_seconds(event.time));
  append("region", event.region);
  text += ",\"resources\":[";
  for (const std::string& resource : event.resources) {
    if (text.back() != '[') text += ',';
    append_json_string(text, resource);
  }
  text += "],\"detail\":";
  return text;
}

Json head(const Event& event) {
  Json json = Json::object();
  json["version"] = "0";
  json["id"] = event.id;
  json["detail-type"] = event.detail_type;
  json["source"] = event.source;
  json["account"] = event.account;
  json["time"] = to_iso_seconds(event.time);
  json["region"] = event.region;
  json["resources"] = event.resources;
  return json;
}

Error missing_argument(std::string_view name) {
  const std::string text{name};
  return {"InvalidArgument",
          "Parameter " + text + " is not valid. Reason: " + text + " is a required argument."};
}

bool is_absent(const std::optional<std::string>& text) { return !text || text->empty(); }

Result<std::string> required_text(const Json& json, std::string_view name) {
  const std::string* text = as_string(find_member(json, name));
  if (text == nullptr) {
    return Error{std::string{kCorrupt}, "event has no text " + std::string{name}};
  }
  return *text;
}

}  // namespace

Json envelope(const Event& event) {
  Json json = head(event);
  json["detail"] = *parse_json(event.detail, kMaxDetailDepth);
  if (event.replay_name) json["replay-name"] = *event.replay_name;
  return json;
}

std::string envelope_text(const Event& event) {
  std::string text = head_text(event);
  text += compact_json_text(event.detail);
  if (event.replay_name) text += ",\"replay-name\":" + dump_json(Json(*event.replay_name));
  text += '}';
  return text;
}

Json to_json(const Event& event) {
  Json json = Json::object();
  json["id"] = event.id;
  json["detail-type"] = event.detail_type;
  json["source"] = event.source;
  json["account"] = event.account;
  json["region"] = event.region;
  json["time_ms"] = epoch_ms(event.time);
  json["resources"] = event.resources;
  json["detail"] = event.detail;
  if (event.trace_header) json["trace-header"] = *event.trace_header;
  if (event.replay_name) json["replay-name"] = *event.replay_name;
  if (!event.origin.empty()) json["origin"] = event.origin;
  return json;
}

Result<Event> event_from_json(const Json& json) {
  Event event;
  const std::pair<std::string_view, std::string*> texts[] = {{"id", &event.id},
                                                             {"detail-type", &event.detail_type},
                                                             {"source", &event.source},
                                                             {"account", &event.account},
                                                             {"region", &event.region}};
  for (const auto& [name, member] : texts) {
    auto text = required_text(json, name);
    if (!text) return text.error();
    *member = std::move(*text);
  }
  const Json* time = find_member(json, "time_ms");
  if (time == nullptr || !time->is_number_integer()) {
    return Error{std::string{kCorrupt}, "event has no time_ms"};
  }
  event.time = time_of_epoch_ms(time->get<std::int64_t>());
  const Json* resources = find_member(json, "resources");
  if (resources == nullptr || !resources->is_array()) {
    return Error{std::string{kCorrupt}, "event has no resources"};
  }
  for (const Json& resource : *resources) {
    if (!resource.is_string()) return Error{std::string{kCorrupt}, "a resource is no text"};
    event.resources.push_back(resource.get<std::string>());
  }
  if (const std::string* detail = as_string(find_member(json, "detail"))) {
    event.detail = *detail;
  }
  if (const std::string* header = as_string(find_member(json, "trace-header"))) {
    event.trace_header = *header;
  }
  if (const std::string* replay = as_string(find_member(json, "replay-name"))) {
    event.replay_name = *replay;
  }
  if (const std::string* origin = as_string(find_member(json, "origin"))) event.origin = *origin;
  return event;
}

std::size_t entry_size_bytes(const PutEventsEntry& entry) {
  std::size_t size = entry.time ? kEntryTimeBytes : 0;
  for (const auto* text : {&entry.source, &entry.detail_type, &entry.detail}) {
    if (*text) size += (*text)->size();
  }
  for (const std::string& resource : entry.resources) size += resource.size();
  return size;
}

Result<void> check_total_size(const std::vector<PutEventsEntry>& entries) {
  std::size_t total = 0;
  for (const PutEventsEntry& entry : entries) total += entry_size_bytes(entry);
  if (total <= kMaxEntriesBytes) return {};
  return Error{"ValidationException",
               "Total size of the entries in the request is over the limit."};
}

Result<Event> accept_entry(PutEventsEntry entry, EventOrigin origin) {
  if (is_absent(entry.source)) return missing_argument("Source");
  if (is_absent(entry.detail_type)) return missing_argument("DetailType");
  if (is_absent(entry.detail)) return missing_argument("Detail");
  if (entry.source->starts_with("aws.")) {
    return Error{"NotAuthorizedForSourceException", "Not authorized for the source."};
  }
  const auto type = check_json(*entry.detail, kMaxDetailDepth);
  if (!type || *type != Json::value_t::object) {
    return Error{"MalformedDetail", "Detail is malformed."};
  }
  Event event;
  event.id = std::move(origin.id);
  event.detail_type = std::move(*entry.detail_type);
  event.source = std::move(*entry.source);
  event.account = std::move(origin.account);
  event.region = std::move(origin.region);
  event.time = entry.time.value_or(origin.now);
  event.resources = std::move(entry.resources);
  event.detail = std::move(*entry.detail);
  event.trace_header = std::move(entry.trace_header);
  return event;
}

std::string compact_json_text(std::string_view text) {
  std::string compact;
  compact.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r') continue;
    compact.push_back(c);
    if (c != '"') continue;
    while (text[++i] != '"') {
      compact.push_back(text[i]);
      if (text[i] == '\\') compact.push_back(text[++i]);
    }
    compact.push_back('"');
  }
  return compact;
}

}  // namespace presso::bus
