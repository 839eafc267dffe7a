// Events and patterns: what is sent and answered.
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/events/constraints.h"
#include "api/field.h"

namespace presso::api::events {

inline constexpr Constraint kEventResource = {.max = 2048};
struct PutEventsRequestEntry {
  std::optional<Time> time;
  std::optional<std::string> source;
  std::optional<std::vector<std::string>> resources;
  std::optional<std::string> detail_type;
  std::optional<std::string> detail;
  std::optional<std::string> event_bus_name;
  std::optional<std::string> trace_header;

  static constexpr std::string_view kName = "PutEventsRequestEntry";
  static constexpr std::string_view kUnpublished[] = {"kmsKeyIdentifier", "internalMetadata"};
  static constexpr auto fields() {
    using S = PutEventsRequestEntry;
    return std::tuple{field("Time", &S::time),
                      field("Source", &S::source),
                      field("Resources", &S::resources, {.item = &kEventResource}),
                      field("DetailType", &S::detail_type),
                      field("Detail", &S::detail),
                      field("EventBusName", &S::event_bus_name, kEntryBus),
                      field("TraceHeader", &S::trace_header, {.min = 1, .max = 500})};
  }
};
struct PutEventsRequest {
  std::vector<PutEventsRequestEntry> entries;
  std::optional<std::string> endpoint_id;

  static constexpr auto fields() {
    using S = PutEventsRequest;
    return std::tuple{
        field("Entries", &S::entries, {.min = 1, .max = 10}),
        field("EndpointId", &S::endpoint_id, {.min = 1, .max = 50, .pattern = &kEndpointId})};
  }
};
struct PutEventsResultEntry {
  std::optional<std::string> event_id;
  std::optional<std::string> error_code;
  std::optional<std::string> error_message;

  static constexpr std::string_view kName = "PutEventsResultEntry";
  static constexpr auto fields() {
    using S = PutEventsResultEntry;
    return std::tuple{field("EventId", &S::event_id, {.max = 64}),
                      field("ErrorCode", &S::error_code), field("ErrorMessage", &S::error_message)};
  }
};
struct PutEventsResponse {
  std::optional<std::int64_t> failed_entry_count;
  std::optional<std::vector<PutEventsResultEntry>> entries;

  static constexpr auto fields() {
    using S = PutEventsResponse;
    return std::tuple{field("FailedEntryCount", &S::failed_entry_count),
                      field("Entries", &S::entries)};
  }
};

struct TestEventPatternRequest {
  std::string event_pattern;
  std::string event;

  static constexpr auto fields() {
    using S = TestEventPatternRequest;
    return std::tuple{field("EventPattern", &S::event_pattern, kEventPattern),
                      field("Event", &S::event)};
  }
};
struct TestEventPatternResponse {
  std::optional<bool> result;

  static constexpr auto fields() {
    return std::tuple{field("Result", &TestEventPatternResponse::result)};
  }
};

}  // namespace presso::api::events
