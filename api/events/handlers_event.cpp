#include <string>
#include <utility>

#include "api/events/handlers.h"
#include "bus/limits.h"
#include "bus/test_event_pattern.h"

namespace presso::api::events {
namespace {

bus::PutEventsEntry entry_of(PutEventsRequestEntry&& entry) {
  return {.time = entry.time,
          .source = std::move(entry.source),
          .resources = std::move(entry.resources).value_or(std::vector<std::string>{}),
          .detail_type = std::move(entry.detail_type),
          .detail = std::move(entry.detail),
          .event_bus_name = std::move(entry.event_bus_name),
          .trace_header = std::move(entry.trace_header)};
}

PutEventsResultEntry result_of(core::PutEventsResult result) {
  if (result.error_code.empty()) return {std::move(result.event_id), {}, {}};
  return {{}, std::move(result.error_code), std::move(result.error_message)};
}

}  // namespace

Result<PutEventsResponse> put_events(Core& core, const Caller& caller, PutEventsRequest request) {
  std::vector<bus::PutEventsEntry> entries;
  entries.reserve(request.entries.size());
  std::size_t size_bytes = 0;
  for (PutEventsRequestEntry& entry : request.entries) {
    entries.push_back(entry_of(std::move(entry)));
    size_bytes += bus::entry_size_bytes(entries.back());
  }
  if (size_bytes > bus::kMaxEntriesBytes) {
    return Error{"ValidationException",
                 "Total size of the entries in the request is over the limit."};
  }
  PutEventsResponse response{0, std::vector<PutEventsResultEntry>{}};
  response.entries->reserve(entries.size());
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
