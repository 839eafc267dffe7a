// An event as it travels: what PutEvents accepted, or what the server itself emits, with the ids it
// was given on the way. The envelope is the JSON that targets and subscribers see and patterns
// match.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_fwd.h"
#include "base/result.h"
#include "base/time.h"

namespace presso::bus {

struct Event {
  std::string id;
  std::string detail_type;
  std::string source;
  std::string account;
  std::string region;
  Time time{};
  std::vector<std::string> resources;
  std::string detail = "{}";  // JSON text of an object, as it came
  std::optional<std::string> trace_header;
  std::optional<std::string> replay_name;  // of the replay that sent it again
  std::string origin = {};  // the execution whose task put it, if its resources do not say; no
                            // target and no pattern sees it

  friend bool operator==(const Event&, const Event&) = default;
};

// An event does not change once it is on its way: buses, rules and subscribers share it, on any
// thread.
using SharedEvent = std::shared_ptr<const Event>;

// {"version":"0","id":…,"detail-type":…,"source":…,"account":…,"time":…,"region":…,"resources":[…],
// "detail":{…}}: AWS's members in AWS's order. A replayed event has "replay-name" behind them.
[[nodiscard]] Json envelope(const Event&);
// The same as text, without white space, the tokens of the detail as they came: 1.50 stays 1.50.
[[nodiscard]] std::string envelope_text(const Event&);

// The stored form, and back; fails with code "EventCorrupt".
[[nodiscard]] Json to_json(const Event&);
[[nodiscard]] Result<Event> event_from_json(const Json&);

// What one PutEvents entry gave, before it is an event. Absent members are those the caller left
// out.
struct PutEventsEntry {
  std::optional<Time> time;
  std::optional<std::string> source;
  std::vector<std::string> resources;
  std::optional<std::string> detail_type;
  std::optional<std::string> detail;
  std::optional<std::string> event_bus_name;  // a name or an ARN
  std::optional<std::string> trace_header;
};

// What the receiver adds.
struct EventOrigin {
  std::string id;
  std::string account;
  std::string region;
  Time now{};
};

// AWS's count: 14 for a Time that was given, and the bytes of source, detail type, detail,
// resources.
[[nodiscard]] std::size_t entry_size_bytes(const PutEventsEntry&);
// All entries of one request: ValidationException when they are too large together.
[[nodiscard]] Result<void> check_total_size(const std::vector<PutEventsEntry>&);

// The event, or the entry's own ErrorCode and ErrorMessage (InvalidArgument, MalformedDetail,
// NotAuthorizedForSource): an entry fails alone, the request does not.
[[nodiscard]] Result<Event> accept_entry(PutEventsEntry, EventOrigin);

// White space between tokens removed; `text` is valid JSON.
[[nodiscard]] std::string compact_json_text(std::string_view text);

}  // namespace presso::bus
