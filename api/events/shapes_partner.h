// Partner event sources: what is sent and answered.
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreatePartnerEventSource.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "api/events/constraints.h"
#include "api/events/patterns.h"
#include "api/field.h"

namespace presso::api::events {

inline constexpr std::string_view kSourceStates[] = {"PENDING", "ACTIVE", "DELETED"};

struct ActivateEventSourceRequest {
  std::string name;

  static constexpr auto fields() {
    using S = ActivateEventSourceRequest;
    return std::tuple{field("Name", &S::name, {.min = 1, .max = 256, .pattern = &kPartnerSource})};
  }
};

struct DeactivateEventSourceRequest {
  std::string name;

  static constexpr auto fields() {
    using S = DeactivateEventSourceRequest;
    return std::tuple{field("Name", &S::name, {.min = 1, .max = 256, .pattern = &kPartnerSource})};
  }
};

struct DescribeEventSourceRequest {
  std::string name;

  static constexpr auto fields() {
    using S = DescribeEventSourceRequest;
    return std::tuple{field("Name", &S::name, {.min = 1, .max = 256, .pattern = &kPartnerSource})};
  }
};

struct DescribeEventSourceResponse {
  std::optional<std::string> arn;
  std::optional<std::string> created_by;
  std::optional<Time> creation_time;
  std::optional<Time> expiration_time;
  std::optional<std::string> name;
  std::optional<std::string> state;

  static constexpr auto fields() {
    using S = DescribeEventSourceResponse;
    return std::tuple{field("Arn", &S::arn),
                      field("CreatedBy", &S::created_by),
                      field("CreationTime", &S::creation_time),
                      field("ExpirationTime", &S::expiration_time),
                      field("Name", &S::name),
                      field("State", &S::state, {.values = kSourceStates})};
  }
};

struct ListEventSourcesRequest {
  std::optional<std::string> name_prefix;
  std::optional<std::string> next_token;
  std::optional<std::int64_t> limit;

  static constexpr auto fields() {
    using S = ListEventSourcesRequest;
    return std::tuple{
        field("NamePrefix", &S::name_prefix, {.min = 1, .max = 256, .pattern = &kBusName}),
        field("NextToken", &S::next_token, {.min = 1, .max = 2048}),
        field("Limit", &S::limit, {.min = 1, .max = 100})};
  }
};

struct EventSource {
  std::optional<std::string> arn;
  std::optional<std::string> created_by;
  std::optional<Time> creation_time;
  std::optional<Time> expiration_time;
  std::optional<std::string> name;
  std::optional<std::string> state;

  static constexpr std::string_view kName = "EventSource";
  static constexpr auto fields() {
    using S = EventSource;
    return std::tuple{field("Arn", &S::arn),
                      field("CreatedBy", &S::created_by),
                      field("CreationTime", &S::creation_time),
                      field("ExpirationTime", &S::expiration_time),
                      field("Name", &S::name),
                      field("State", &S::state, {.values = kSourceStates})};
  }
};

struct ListEventSourcesResponse {
  std::optional<std::vector<EventSource>> event_sources;
  std::optional<std::string> next_token;

  static constexpr auto fields() {
    using S = ListEventSourcesResponse;
    return std::tuple{field("EventSources", &S::event_sources),
                      field("NextToken", &S::next_token, {.min = 1, .max = 2048})};
  }
};

struct CreatePartnerEventSourceRequest {
  std::string name;
  std::string account;

  static constexpr auto fields() {
    using S = CreatePartnerEventSourceRequest;
    return std::tuple{field("Name", &S::name, {.min = 1, .max = 256, .pattern = &kPartnerSource}),
                      field("Account", &S::account, {.min = 12, .max = 12, .pattern = &kAccount})};
  }
};

struct CreatePartnerEventSourceResponse {
  std::optional<std::string> event_source_arn;

  static constexpr auto fields() {
    using S = CreatePartnerEventSourceResponse;
    return std::tuple{field("EventSourceArn", &S::event_source_arn)};
  }
};

struct DescribePartnerEventSourceRequest {
  std::string name;

  static constexpr auto fields() {
    using S = DescribePartnerEventSourceRequest;
    return std::tuple{field("Name", &S::name, {.min = 1, .max = 256, .pattern = &kPartnerSource})};
  }
};

struct DescribePartnerEventSourceResponse {
  std::optional<std::string> arn;
  std::optional<std::string> name;

  static constexpr auto fields() {
    using S = DescribePartnerEventSourceResponse;
    return std::tuple{field("Arn", &S::arn), field("Name", &S::name)};
  }
};

struct DeletePartnerEventSourceRequest {
  std::string name;
  std::string account;

  static constexpr auto fields() {
    using S = DeletePartnerEventSourceRequest;
    return std::tuple{field("Name", &S::name, {.min = 1, .max = 256, .pattern = &kPartnerSource}),
                      field("Account", &S::account, {.min = 12, .max = 12, .pattern = &kAccount})};
  }
};

struct ListPartnerEventSourcesRequest {
  std::string name_prefix;
  std::optional<std::string> next_token;
  std::optional<std::int64_t> limit;

  static constexpr auto fields() {
    using S = ListPartnerEventSourcesRequest;
    return std::tuple{
        field("NamePrefix", &S::name_prefix, {.min = 1, .max = 256, .pattern = &kPartnerPrefix}),
        field("NextToken", &S::next_token, {.min = 1, .max = 2048}),
        field("Limit", &S::limit, {.min = 1, .max = 100})};
  }
};

struct PartnerEventSource {
  std::optional<std::string> arn;
  std::optional<std::string> name;

  static constexpr std::string_view kName = "PartnerEventSource";
  static constexpr auto fields() {
    using S = PartnerEventSource;
    return std::tuple{field("Arn", &S::arn), field("Name", &S::name)};
  }
};

struct ListPartnerEventSourcesResponse {
  std::optional<std::vector<PartnerEventSource>> partner_event_sources;
  std::optional<std::string> next_token;

  static constexpr auto fields() {
    using S = ListPartnerEventSourcesResponse;
    return std::tuple{field("PartnerEventSources", &S::partner_event_sources),
                      field("NextToken", &S::next_token, {.min = 1, .max = 2048})};
  }
};

struct ListPartnerEventSourceAccountsRequest {
  std::string event_source_name;
  std::optional<std::string> next_token;
  std::optional<std::int64_t> limit;

  static constexpr auto fields() {
    using S = ListPartnerEventSourceAccountsRequest;
    return std::tuple{field("EventSourceName", &S::event_source_name,
                            {.min = 1, .max = 256, .pattern = &kPartnerSource}),
                      field("NextToken", &S::next_token, {.min = 1, .max = 2048}),
                      field("Limit", &S::limit, {.min = 1, .max = 100})};
  }
};

struct PartnerEventSourceAccount {
  std::optional<std::string> account;
  std::optional<Time> creation_time;
  std::optional<Time> expiration_time;
  std::optional<std::string> state;

  static constexpr std::string_view kName = "PartnerEventSourceAccount";
  static constexpr auto fields() {
    using S = PartnerEventSourceAccount;
    return std::tuple{field("Account", &S::account, {.min = 12, .max = 12, .pattern = &kAccount}),
                      field("CreationTime", &S::creation_time),
                      field("ExpirationTime", &S::expiration_time),
                      field("State", &S::state, {.values = kSourceStates})};
  }
};

struct ListPartnerEventSourceAccountsResponse {
  std::optional<std::vector<PartnerEventSourceAccount>> partner_event_source_accounts;
  std::optional<std::string> next_token;

  static constexpr auto fields() {
    using S = ListPartnerEventSourceAccountsResponse;
    return std::tuple{field("PartnerEventSourceAccounts", &S::partner_event_source_accounts),
                      field("NextToken", &S::next_token, {.min = 1, .max = 2048})};
  }
};

inline constexpr Constraint kEventResourceListItem = {.max = 2048};

struct PutPartnerEventsRequestEntry {
  std::optional<Time> time;
  std::optional<std::string> source;
  std::optional<std::vector<std::string>> resources;
  std::optional<std::string> detail_type;
  std::optional<std::string> detail;

  static constexpr std::string_view kName = "PutPartnerEventsRequestEntry";
  static constexpr auto fields() {
    using S = PutPartnerEventsRequestEntry;
    return std::tuple{
        field("Time", &S::time),
        field("Source", &S::source, {.min = 1, .max = 256, .pattern = &kPartnerSource}),
        field("Resources", &S::resources, {.item = &kEventResourceListItem}),
        field("DetailType", &S::detail_type), field("Detail", &S::detail)};
  }
};

struct PutPartnerEventsRequest {
  std::vector<PutPartnerEventsRequestEntry> entries;

  static constexpr auto fields() {
    using S = PutPartnerEventsRequest;
    return std::tuple{field("Entries", &S::entries, {.min = 1, .max = 20})};
  }
};

struct PutPartnerEventsResultEntry {
  std::optional<std::string> event_id;
  std::optional<std::string> error_code;
  std::optional<std::string> error_message;

  static constexpr std::string_view kName = "PutPartnerEventsResultEntry";
  static constexpr auto fields() {
    using S = PutPartnerEventsResultEntry;
    return std::tuple{field("EventId", &S::event_id, {.max = 64}),
                      field("ErrorCode", &S::error_code), field("ErrorMessage", &S::error_message)};
  }
};

struct PutPartnerEventsResponse {
  std::optional<std::int64_t> failed_entry_count;
  std::optional<std::vector<PutPartnerEventsResultEntry>> entries;

  static constexpr auto fields() {
    using S = PutPartnerEventsResponse;
    return std::tuple{field("FailedEntryCount", &S::failed_entry_count),
                      field("Entries", &S::entries)};
  }
};

}  // namespace presso::api::events
