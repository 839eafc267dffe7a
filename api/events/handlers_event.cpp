#include <string>
#include <utility>

#include "api/events/handlers.h"
#include "bus/limits.h"
#include "bus/test_event_pattern.h"

namespace presso::api::events {
namespace {

bus::PutEventsEntry entry_of(const PutEventsRequestEntry& entry) {
  bus::PutEventsEntry converted;
  converted.time = entry.time;
  converted.source = entry.source;
  if (entry.resources) converted.resources = *entry.resources;
  converted.detail_type = entry.detail_type;
  converted.detail = entry.detail;
  converted.event_bus_name = entry.event_bus_name;
  converted.trace_header = entry.trace_header;
  return converted;
}

PutEventsResultEntry result_of(core::PutEventsResult result) {
  if (result.error_code.empty()) return {std::move(result.event_id), {}, {}};
  return {{}, std::move(result.error_code), std::move(result.error_message)};
}

}  // namespace

Result<PutEventsResponse> put_events(Core& core, const Caller& caller,
                                     const PutEventsRequest& request) {
  std::vector<bus::PutEventsEntry> entries;
  std::size_t size_bytes = 0;
  for (const PutEventsRequestEntry& entry : request.entries) {
    entries.push_back(entry_of(entry));
    size_bytes += bus::entry_size_bytes(entries.back());
  }
  if (size_bytes > bus::kMaxEntriesBytes) {
    return Error{"ValidationException",
                 "Total size of the entries in the request is over the limit."};
  }
  PutEventsResponse response{0, std::vector<PutEventsResultEntry>{}};
  for (core::PutEventsResult& result : core.events().put_events(caller, std::move(entries))) {
    if (!result.error_code.empty()) ++*response.failed_entry_count;
    response.entries->push_back(result_of(std::move(result)));
  }
  return response;
}

Result<TestEventPatternResponse> test_event_pattern(const TestEventPatternRequest& request) {
  const auto matches = bus::test_event_pattern(request.event_pattern, request.event);
  if (!matches) return matches.error();
  return TestEventPatternResponse{*matches};
}

}  // namespace presso::api::events
