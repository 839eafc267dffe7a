// Partner event sources. A partner makes a source for a customer's account; it is a document of
// that account, which says whose it is. The customer makes a bus of the same name of it, and from
// then on it is active.
#include <utility>

#include "api/events/documents.h"
#include "api/events/handlers.h"
#include "base/entropy.h"
#include "base/json_members.h"

namespace presso::api::events {
namespace {

using core::kPartnerSource;

constexpr Duration kPendingFor = seconds(14 * 86'400);

Error no_source(const std::string& name) {
  return not_found("Event source " + name + " does not exist.");
}

std::string source_arn(const Caller& caller, const std::string& name) {
  return "arn:aws:events:" + caller.region + "::event-source/" + name;
}

// "aws.partner/example.com/…" → "aws.partner/example.com"
std::string partner_of(const std::string& name) {
  return name.substr(0, name.find('/', name.find('/') + 1));
}

// The partner's sources by that name, one for each customer.
std::vector<std::pair<Caller, const Json*>> sources_of(Core& core, const Caller& partner,
                                                       std::string_view prefix) {
  auto sources = core.registry().everywhere(kPartnerSource);
  std::erase_if(sources, [&](const auto& source) {
    return source.first.region != partner.region ||
           text_at(*source.second, "partner") != partner.account ||
           !text_at(*source.second, "Name").starts_with(prefix);
  });
  return sources;
}

Result<Nothing> set_source_state(Core& core, const Caller& caller, const std::string& name,
                                 const char* state) {
  const Json* found = core.registry().find(caller, kPartnerSource, name);
  if (found == nullptr) return no_source(name);
  Json source = *found;
  source["State"] = state;
  core.registry().put(caller, kPartnerSource, name, std::move(source));
  return Nothing{};
}

// One entry for one customer's bus of that name.
void send_to(Core& core, const Caller& customer, const bus::Event& event) {
  if (!core.events().book(customer).find_bus(event.source)) return;
  bus::Event copy = event;
  copy.account = customer.account;
  copy.region = customer.region;
  core.enqueue(core::RouteEvent{.home = customer,
                                .bus = event.source,
                                .event = std::make_shared<const bus::Event>(std::move(copy))});
}

Result<bus::Event> accept_partner_entry(Core& core, const Caller& caller,
                                        const PutPartnerEventsRequestEntry& entry) {
  bus::PutEventsEntry plain;
  plain.time = entry.time;
  // A partner's sources begin with "aws.", which nobody else may use.
  if (entry.source) plain.source = "partner";
  plain.resources = entry.resources.value_or(std::vector<std::string>{});
  plain.detail_type = entry.detail_type;
  plain.detail = entry.detail;
  auto event = bus::accept_entry(std::move(plain), {.id = next_uuid(core.entropy()),
                                                    .account = caller.account,
                                                    .region = caller.region,
                                                    .now = core.now()});
  if (event) event->source = *entry.source;
  return event;
}

}  // namespace

Result<void> activate_source(Core& core, const Caller& caller, const std::string& name) {
  const auto done = set_source_state(core, caller, name, "ACTIVE");
  return done ? Result<void>{} : Result<void>{done.error()};
}

Result<Nothing> activate_event_source(Core& core, const Caller& caller,
                                      const ActivateEventSourceRequest& request) {
  return set_source_state(core, caller, request.name, "ACTIVE");
}

Result<Nothing> deactivate_event_source(Core& core, const Caller& caller,
                                        const DeactivateEventSourceRequest& request) {
  return set_source_state(core, caller, request.name, "PENDING");
}

Result<DescribeEventSourceResponse> describe_event_source(
    Core& core, const Caller& caller, const DescribeEventSourceRequest& request) {
  const Json* source = core.registry().find(caller, kPartnerSource, request.name);
  if (source == nullptr) return no_source(request.name);
  return decode<DescribeEventSourceResponse>(*source);
}

Result<ListEventSourcesResponse> list_event_sources(Core& core, const Caller& caller,
                                                    const ListEventSourcesRequest& request) {
  const std::string prefix = request.name_prefix.value_or("");
  auto page = list_documents<EventSource>(core.registry().all(caller, kPartnerSource), prefix,
                                          PageToken{caller, "ListEventSources", Json(prefix)},
                                          {request.next_token, request.limit},
                                          [](const Json&) { return true; });
  if (!page) return page.error();
  return ListEventSourcesResponse{std::move(page->items), std::move(page->next_token)};
}

Result<CreatePartnerEventSourceResponse> create_partner_event_source(
    Core& core, const Caller& caller, const CreatePartnerEventSourceRequest& request) {
  const Caller customer{request.account, caller.region};
  if (core.registry().find(customer, kPartnerSource, request.name) != nullptr) {
    return already_exists("Event source " + request.name + " already exists.");
  }
  const std::string arn = source_arn(caller, request.name);
  core.registry().put(customer, kPartnerSource, request.name,
                      Json{{"Arn", arn},
                           {"CreatedBy", partner_of(request.name)},
                           {"CreationTime", to_epoch_seconds(core.now())},
                           {"ExpirationTime", to_epoch_seconds(core.now() + kPendingFor)},
                           {"Name", request.name},
                           {"State", "PENDING"},
                           {"Account", request.account},
                           {"partner", caller.account}});
  return CreatePartnerEventSourceResponse{arn};
}

Result<DescribePartnerEventSourceResponse> describe_partner_event_source(
    Core& core, const Caller& caller, const DescribePartnerEventSourceRequest& request) {
  for (const auto& [customer, source] : sources_of(core, caller, request.name)) {
    if (text_at(*source, "Name") != request.name) continue;
    return DescribePartnerEventSourceResponse{text_at(*source, "Arn"), request.name};
  }
  return no_source(request.name);
}

Result<Nothing> delete_partner_event_source(Core& core, const Caller& caller,
                                            const DeletePartnerEventSourceRequest& request) {
  const Caller customer{request.account, caller.region};
  const Json* source = core.registry().find(customer, kPartnerSource, request.name);
  if (source != nullptr && text_at(*source, "partner") == caller.account) {
    core.registry().erase(customer, kPartnerSource, request.name);
  }
  return Nothing{};
}

Result<ListPartnerEventSourcesResponse> list_partner_event_sources(
    Core& core, const Caller& caller, const ListPartnerEventSourcesRequest& request) {
  core::Registry::Documents named;
  for (const auto& [customer, source] : sources_of(core, caller, request.name_prefix)) {
    named[text_at(*source, "Name")] = *source;
  }
  auto page = list_documents<PartnerEventSource>(
      named, request.name_prefix,
      PageToken{caller, "ListPartnerEventSources", Json(request.name_prefix)},
      {request.next_token, request.limit}, [](const Json&) { return true; });
  if (!page) return page.error();
  return ListPartnerEventSourcesResponse{std::move(page->items), std::move(page->next_token)};
}

Result<ListPartnerEventSourceAccountsResponse> list_partner_event_source_accounts(
    Core& core, const Caller& caller, const ListPartnerEventSourceAccountsRequest& request) {
  core::Registry::Documents accounts;
  for (const auto& [customer, source] : sources_of(core, caller, request.event_source_name)) {
    if (text_at(*source, "Name") == request.event_source_name) accounts[customer.account] = *source;
  }
  if (accounts.empty()) return no_source(request.event_source_name);
  auto page = list_documents<PartnerEventSourceAccount>(
      accounts, "",
      PageToken{caller, "ListPartnerEventSourceAccounts", Json(request.event_source_name)},
      {request.next_token, request.limit}, [](const Json&) { return true; });
  if (!page) return page.error();
  return ListPartnerEventSourceAccountsResponse{std::move(page->items),
                                                std::move(page->next_token)};
}

Result<PutPartnerEventsResponse> put_partner_events(Core& core, const Caller& caller,
                                                    const PutPartnerEventsRequest& request) {
  PutPartnerEventsResponse response;
  response.entries.emplace();
  std::int64_t failed = 0;
  for (const PutPartnerEventsRequestEntry& entry : request.entries) {
    PutPartnerEventsResultEntry result;
    auto event = accept_partner_entry(core, caller, entry);
    if (event) {
      result.event_id = event->id;
      for (const auto& [customer, source] : sources_of(core, caller, event->source)) {
        const bool is_active = text_at(*source, "State") == "ACTIVE";
        if (is_active && text_at(*source, "Name") == event->source) {
          send_to(core, customer, *event);
        }
      }
    } else {
      ++failed;
      result.error_code = event.error().code;
      result.error_message = event.error().message;
    }
    response.entries->push_back(std::move(result));
  }
  response.failed_entry_count = failed;
  return response;
}

}  // namespace presso::api::events
