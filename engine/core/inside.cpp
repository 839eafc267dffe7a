#include "engine/core/inside.h"

#include <array>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "base/json.h"
#include "bus/event.h"
#include "engine/core/core.h"

namespace presso::core {

namespace {

constexpr std::size_t kMaxEntries = 10;  // of one PutEvents
constexpr std::string_view kPutEvents = "putEvents";
constexpr std::string_view kStartExecution = "startExecution";

bool is_put_events(const asl::Resource& resource) {
  return resource.service == "events" && resource.action == kPutEvents;
}
bool is_start_execution(const asl::Resource& resource) {
  return resource.service == "states" && resource.action == kStartExecution;
}

bool awaits_end(const asl::Resource& resource) {
  return resource.pattern == asl::IntegrationPattern::Sync ||
         resource.pattern == asl::IntegrationPattern::Sync2;
}

// AWS's client errors, as its Java SDK prints them.
struct ServiceFault {
  std::string_view prefix;   // "StepFunctions"
  std::string_view service;  // "AWSStepFunctions"
  std::string error;         // the exception's class
  std::string code;
  std::string message;
};
run::Failure failure_of(const ServiceFault& fault, Entropy& entropy) {
  return {.error = std::string{fault.prefix} + "." + fault.error,
          .cause = fault.message + " (Service: " + std::string{fault.service} +
                   "; Status Code: 400; Error Code: " + fault.code +
                   "; Request ID: " + next_uuid(entropy) + "; Proxy: null)"};
}

// What a task is asked to do, and by whom.
struct Asked {
  const run::Execution& by;
  const run::Frame& frame;
  TaskId task;
  const asl::Resource& resource;
  const SharedJson& parameters;

  [[nodiscard]] Caller caller() const { return {by.identity.account, by.identity.region}; }
  [[nodiscard]] run::Failure unusable(const std::string& reason) const {
    return {.error = "States.Runtime",
            .cause = "An error occurred while executing the state '" + frame.state->name +
                     "' (entered at the event id #" + std::to_string(frame.entered_event) +
                     "). The Parameters '" + parameters.text() +
                     "' could not be used to start the Task: [" + reason + "]"};
  }
};

std::string not_a_string(std::string_view field) {
  return "The value for the field '" + std::string{field} + "' must be a STRING";
}

// An absent or null member is nothing; AWS sends a text as it is and anything else as its JSON.
std::optional<std::string> text_of(const Json* value) {
  if (value == nullptr || value->is_null()) return std::nullopt;
  const std::string* text = as_string(value);
  return text == nullptr ? dump_json(*value) : *text;
}

// Reads one entry; the first member of a wrong type is told.
class EntryReader {
 public:
  explicit EntryReader(const Json& entry) : entry_{entry} {}

  bus::PutEventsEntry read() {
    bus::PutEventsEntry read;
    read.time = time();
    read.source = string("Source");
    read.resources = resources();
    read.detail_type = string("DetailType");
    read.detail = text_of(find_member(entry_, "Detail"));
    read.event_bus_name = string("EventBusName");
    read.trace_header = string("TraceHeader");
    return read;
  }
  [[nodiscard]] const std::optional<std::string>& fault() const { return fault_; }

 private:
  std::optional<std::string> string(std::string_view name) {
    const Json* value = find_member(entry_, name);
    if (value == nullptr || value->is_null()) return std::nullopt;
    if (const std::string* text = as_string(value)) return *text;
    refuse(not_a_string(name));
    return std::nullopt;
  }
  std::vector<std::string> resources() {
    std::vector<std::string> found;
    const Json* value = find_member(entry_, "Resources");
    if (value == nullptr || value->is_null()) return found;
    if (!value->is_array()) {
      refuse("The value for the field 'Resources' must be an ARRAY");
      return found;
    }
    for (const Json& item : *value) {
      if (const std::string* text = as_string(&item)) {
        found.push_back(*text);
      } else {
        refuse(not_a_string("Resources"));
      }
    }
    return found;
  }
  // A text, or seconds since the epoch.
  std::optional<Time> time() {
    const Json* value = find_member(entry_, "Time");
    if (value == nullptr || value->is_null()) return std::nullopt;
    if (value->is_number()) {
      return time_of_epoch_ms(static_cast<std::int64_t>(value->get<double>() * 1'000));
    }
    const std::string* text = as_string(value);
    const std::optional<Time> parsed = text == nullptr ? std::nullopt : parse_rfc3339(*text);
    if (!parsed) refuse("The value for the field 'Time' must be a TIMESTAMP");
    return parsed;
  }
  void refuse(std::string fault) {
    if (!fault_) fault_ = std::move(fault);
  }

  const Json& entry_;
  std::optional<std::string> fault_;
};

// AWS: members of what an integration shows are in alphabetical order.
Json shown(const std::vector<PutEventsResult>& results) {
  Json entries = Json::array();
  std::size_t failed = 0;
  for (const PutEventsResult& result : results) {
    if (result.error_code.empty()) {
      entries.push_back(Json{{"EventId", result.event_id}});
    } else {
      ++failed;
      entries.push_back(
          Json{{"ErrorCode", result.error_code}, {"ErrorMessage", result.error_message}});
    }
  }
  return Json{{"Entries", std::move(entries)}, {"FailedEntryCount", failed}};
}

run::Failure put_events_refused(const std::string& message, Entropy& entropy) {
  return failure_of({.prefix = "EventBridge",
                     .service = "AmazonEventBridge",
                     .error = "AmazonEventBridgeException",
                     .code = "ValidationException",
                     .message = message},
                    entropy);
}

InsideResult put_events(Core& core, const Asked& asked) {
  const Json* listed = find_member(asked.parameters.value(), "Entries");
  if (listed == nullptr || !listed->is_array()) {
    return asked.unusable("The value for the field 'Entries' must be an ARRAY");
  }
  if (listed->empty() || listed->size() > kMaxEntries) {
    return put_events_refused(
        "1 validation error detected: Value '" + dump_json(*listed) +
            "' at 'entries' failed to satisfy constraint: Member must have length " +
            (listed->empty() ? "greater than or equal to 1" : "less than or equal to 10"),
        core.entropy());
  }
  std::vector<bus::PutEventsEntry> entries;
  for (const Json& entry : *listed) {
    EntryReader reader{entry};
    entries.push_back(reader.read());
    if (reader.fault()) return asked.unusable(*reader.fault());
    // AWS: the optimised integration says who sent the event.
    entries.back().resources.push_back(asked.by.identity.machine_arn);
    entries.back().resources.push_back(asked.by.identity.arn);
  }
  if (const auto fits = bus::check_total_size(entries); !fits) {
    return put_events_refused(fits.error().message, core.entropy());
  }
  const auto results = core.events().put_events(asked.caller(), std::move(entries));
  Json result = shown(results);
  if (result["FailedEntryCount"] == 0) return SharedJson{std::move(result)};
  return run::Failure{.error = "EventBridge.FailedEntry", .cause = dump_json(result)};
}

// "Thu, 06 Nov 2025 10:00:00 GMT". RFC 9110, section 5.6.7.
std::string http_date(Time time) {
  constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(time - day)};
  std::array<char, 64> buffer;
  std::snprintf(buffer.data(), buffer.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
                kDays[std::chrono::weekday{day}.c_encoding()], static_cast<unsigned>(date.day()),
                kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return buffer.data();
}

// What AWS's SDK tells of the answer it got.
void add_metadata(Json& shown, const StartedExecution& started, Core& core) {
  const std::string request_id = next_uuid(core.entropy());
  const std::string date = http_date(core.now());
  const std::string length =
      std::to_string(dump_json(Json{{"executionArn", started.arn},
                                    {"startDate", to_epoch_seconds(started.start_time)}})
                         .size());
  const std::string type = "application/x-amz-json-1.0";
  const auto listed = [](const std::string& value) { return Json::array({value}); };
  shown["SdkHttpMetadata"] = Json{{"AllHttpHeaders",
                                   {{"x-amzn-RequestId", listed(request_id)},
                                    {"connection", listed("keep-alive")},
                                    {"Content-Length", listed(length)},
                                    {"Date", listed(date)},
                                    {"Content-Type", listed(type)}}},
                                  {"HttpHeaders",
                                   {{"connection", "keep-alive"},
                                    {"Content-Length", length},
                                    {"Content-Type", type},
                                    {"Date", date},
                                    {"x-amzn-RequestId", request_id}}},
                                  {"HttpStatusCode", 200}};
  shown["SdkResponseMetadata"] = Json{{"RequestId", request_id}};
}

StartExecution start_request(const SharedJson& parameters) {
  const Json& given = parameters.value();
  StartExecution request;
  request.machine_arn = text_of(find_member(given, "StateMachineArn")).value_or("");
  request.name = text_of(find_member(given, "Name"));
  request.input = text_of(find_member(given, "Input")).value_or("{}");
  request.trace_header = text_of(find_member(given, "TraceHeader"));
  return request;
}

// AWS: nobody can await the end of an Express execution.
Result<StartedExecution> start(Core& core, const Asked& asked) {
  StartExecution request = start_request(asked.parameters);
  request.origin_arn = asked.by.identity.arn;
  if (awaits_end(asked.resource)) {
    const auto machine = core.machines().find(split_qualifier(request.machine_arn).machine_arn);
    if (machine && (*machine)->type == asl::MachineType::Express) {
      return Error{"StateMachineTypeNotSupported",
                   "This operation is not supported by this type of state machine"};
    }
  }
  return core.executions().start(asked.caller(), request);
}

InsideResult start_execution(Core& core, const Asked& asked) {
  const auto started = start(core, asked);
  if (!started) {
    return failure_of({.prefix = "StepFunctions",
                       .service = "AWSStepFunctions",
                       .error = started.error().code + "Exception",
                       .code = started.error().code,
                       .message = started.error().message},
                      core.entropy());
  }
  Json result{{"ExecutionArn", started->arn}};
  add_metadata(result, *started, core);
  if (awaits_end(asked.resource)) {
    const run::Execution* child = core.executions().find_live(started->number);
    PRESSO_ASSERT(child != nullptr);
    core.nested().await(asked.task, *child, asked.resource.pattern);
  }
  // Recorded as a number: AWS's SDK prints its dates as milliseconds.
  result["StartDate"] = epoch_ms(started->start_time);
  return SharedJson{std::move(result)};
}

}  // namespace

bool runs_inside(const asl::Resource& resource) {
  if (resource.kind != asl::Resource::Kind::Integration) return false;
  return is_start_execution(resource) || (is_put_events(resource) && !awaits_end(resource));
}

InsideResult run_inside(Core& core, const run::Execution& asking, const RunInside& task) {
  PRESSO_ASSERT(runs_inside(task.resource));
  const run::Frame* frame = run::find_waiting(asking, task.task);
  PRESSO_ASSERT(frame != nullptr);
  const Asked asked{asking, *frame, task.task, task.resource, task.parameters};
  return is_put_events(task.resource) ? put_events(core, asked) : start_execution(core, asked);
}

std::optional<ExecutionName> started_name(const asl::Resource& resource,
                                          const SharedJson& parameters) {
  if (!is_start_execution(resource)) return std::nullopt;
  StartExecution request = start_request(parameters);
  if (!request.name) return std::nullopt;
  return ExecutionName{split_qualifier(request.machine_arn).machine_arn, *std::move(request.name)};
}

}  // namespace presso::core
