#include "api/events/operations.h"

#include "api/events/handlers.h"

namespace presso::api::events {
namespace {

constexpr Operation kOperations[] = {
    command<activate_event_source>("ActivateEventSource"),
    command<cancel_replay>("CancelReplay"),
    command<create_api_destination>("CreateApiDestination"),
    command<create_archive>("CreateArchive"),
    command<create_connection>("CreateConnection"),
    command<create_endpoint>("CreateEndpoint"),
    command<create_event_bus>("CreateEventBus"),
    command<create_partner_event_source>("CreatePartnerEventSource"),
    command<deactivate_event_source>("DeactivateEventSource"),
    command<deauthorize_connection>("DeauthorizeConnection"),
    command<delete_api_destination>("DeleteApiDestination"),
    command<delete_archive>("DeleteArchive"),
    command<delete_connection>("DeleteConnection"),
    command<delete_endpoint>("DeleteEndpoint"),
    command<delete_event_bus>("DeleteEventBus"),
    command<delete_partner_event_source>("DeletePartnerEventSource"),
    command<delete_rule>("DeleteRule"),
    command<describe_api_destination>("DescribeApiDestination"),
    command<describe_archive>("DescribeArchive"),
    command<describe_connection>("DescribeConnection"),
    command<describe_endpoint>("DescribeEndpoint"),
    command<describe_event_bus>("DescribeEventBus"),
    command<describe_event_source>("DescribeEventSource"),
    command<describe_partner_event_source>("DescribePartnerEventSource"),
    command<describe_replay>("DescribeReplay"),
    command<describe_rule>("DescribeRule"),
    command<disable_rule>("DisableRule"),
    command<enable_rule>("EnableRule"),
    command<list_api_destinations>("ListApiDestinations"),
    command<list_archives>("ListArchives"),
    command<list_connections>("ListConnections"),
    command<list_endpoints>("ListEndpoints"),
    command<list_event_buses>("ListEventBuses"),
    command<list_event_sources>("ListEventSources"),
    command<list_partner_event_source_accounts>("ListPartnerEventSourceAccounts"),
    command<list_partner_event_sources>("ListPartnerEventSources"),
    command<list_replays>("ListReplays"),
    command<list_rule_names_by_target>("ListRuleNamesByTarget"),
    command<list_rules>("ListRules"),
    command<list_tags_for_resource>("ListTagsForResource"),
    command<list_targets_by_rule>("ListTargetsByRule"),
    command<put_events>("PutEvents"),
    command<put_partner_events>("PutPartnerEvents"),
    command<put_permission>("PutPermission"),
    command<put_rule>("PutRule"),
    command<put_targets>("PutTargets"),
    command<remove_permission>("RemovePermission"),
    command<remove_targets>("RemoveTargets"),
    command<start_replay>("StartReplay"),
    command<tag_resource>("TagResource"),
    reply<test_event_pattern>("TestEventPattern"),
    command<untag_resource>("UntagResource"),
    command<update_api_destination>("UpdateApiDestination"),
    command<update_archive>("UpdateArchive"),
    command<update_connection>("UpdateConnection"),
    command<update_endpoint>("UpdateEndpoint"),
    command<update_event_bus>("UpdateEventBus"),
};

}  // namespace

std::span<const Operation> operations() { return kOperations; }
std::span<const std::string_view> absent_operations() { return {}; }

}  // namespace presso::api::events
