#include "api/events/operations.h"

#include "api/events/handlers.h"

namespace presso::api::events {
namespace {

constexpr Operation kOperations[] = {
    command<create_event_bus>("CreateEventBus"),
    command<delete_event_bus>("DeleteEventBus"),
    command<delete_rule>("DeleteRule"),
    command<describe_event_bus>("DescribeEventBus"),
    command<describe_rule>("DescribeRule"),
    command<disable_rule>("DisableRule"),
    command<enable_rule>("EnableRule"),
    command<list_event_buses>("ListEventBuses"),
    command<list_rule_names_by_target>("ListRuleNamesByTarget"),
    command<list_rules>("ListRules"),
    command<list_targets_by_rule>("ListTargetsByRule"),
    command<put_events>("PutEvents"),
    command<put_rule>("PutRule"),
    command<put_targets>("PutTargets"),
    command<remove_targets>("RemoveTargets"),
    reply<test_event_pattern>("TestEventPattern"),
};

constexpr std::string_view kAbsent[] = {
    "ActivateEventSource",
    "CancelReplay",
    "CreateApiDestination",
    "CreateArchive",
    "CreateConnection",
    "CreateEndpoint",
    "CreatePartnerEventSource",
    "DeactivateEventSource",
    "DeauthorizeConnection",
    "DeleteApiDestination",
    "DeleteArchive",
    "DeleteConnection",
    "DeleteEndpoint",
    "DeletePartnerEventSource",
    "DescribeApiDestination",
    "DescribeArchive",
    "DescribeConnection",
    "DescribeEndpoint",
    "DescribeEventSource",
    "DescribePartnerEventSource",
    "DescribeReplay",
    "ListApiDestinations",
    "ListArchives",
    "ListConnections",
    "ListEndpoints",
    "ListEventSources",
    "ListPartnerEventSourceAccounts",
    "ListPartnerEventSources",
    "ListReplays",
    "ListTagsForResource",
    "PutPartnerEvents",
    "PutPermission",
    "RemovePermission",
    "StartReplay",
    "TagResource",
    "UntagResource",
    "UpdateApiDestination",
    "UpdateArchive",
    "UpdateConnection",
    "UpdateEndpoint",
    "UpdateEventBus",
};

}  // namespace

std::span<const Operation> operations() { return kOperations; }
std::span<const std::string_view> absent_operations() { return kAbsent; }

}  // namespace presso::api::events
