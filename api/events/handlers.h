// What each operation of EventBridge does with a request that is well-formed. A row of
// operations.cpp for each.
#pragma once

#include "api/events/shapes_archive.h"
#include "api/events/shapes_bus.h"
#include "api/events/shapes_connection.h"
#include "api/events/shapes_destination.h"
#include "api/events/shapes_endpoint.h"
#include "api/events/shapes_event.h"
#include "api/events/shapes_partner.h"
#include "api/events/shapes_permission.h"
#include "api/events/shapes_replay.h"
#include "api/events/shapes_rule.h"
#include "api/field.h"
#include "base/result.h"
#include "engine/core/core.h"

namespace presso::api::events {

using core::Caller;
using core::Core;

// ---- handlers_bus.cpp ----
Result<CreateEventBusResponse> create_event_bus(Core&, const Caller&, const CreateEventBusRequest&);
Result<DescribeEventBusResponse> describe_event_bus(Core&, const Caller&,
                                                    const DescribeEventBusRequest&);
Result<ListEventBusesResponse> list_event_buses(Core&, const Caller&, const ListEventBusesRequest&);
Result<Nothing> delete_event_bus(Core&, const Caller&, const DeleteEventBusRequest&);

// ---- handlers_rule.cpp ----
Result<PutRuleResponse> put_rule(Core&, const Caller&, const PutRuleRequest&);
Result<DescribeRuleResponse> describe_rule(Core&, const Caller&, const RuleRequest&);
Result<ListRulesResponse> list_rules(Core&, const Caller&, const ListRulesRequest&);
Result<Nothing> enable_rule(Core&, const Caller&, const RuleRequest&);
Result<Nothing> disable_rule(Core&, const Caller&, const RuleRequest&);
Result<Nothing> delete_rule(Core&, const Caller&, const DeleteRuleRequest&);
Result<ListRuleNamesByTargetResponse> list_rule_names_by_target(
    Core&, const Caller&, const ListRuleNamesByTargetRequest&);

// ---- handlers_target.cpp ----
Result<ChangeTargetsResponse> put_targets(Core&, const Caller&, const PutTargetsRequest&);
Result<ChangeTargetsResponse> remove_targets(Core&, const Caller&, const RemoveTargetsRequest&);
Result<ListTargetsByRuleResponse> list_targets_by_rule(Core&, const Caller&,
                                                       const ListTargetsByRuleRequest&);

// ---- handlers_event.cpp ----
Result<PutEventsResponse> put_events(Core&, const Caller&, PutEventsRequest);
Result<TestEventPatternResponse> test_event_pattern(const TestEventPatternRequest&);

// ---- handlers_archive.cpp ----
Result<CreateArchiveResponse> create_archive(Core&, const Caller&, const CreateArchiveRequest&);
Result<DescribeArchiveResponse> describe_archive(Core&, const Caller&,
                                                 const DescribeArchiveRequest&);
Result<UpdateArchiveResponse> update_archive(Core&, const Caller&, const UpdateArchiveRequest&);
Result<ListArchivesResponse> list_archives(Core&, const Caller&, const ListArchivesRequest&);
Result<Nothing> delete_archive(Core&, const Caller&, const DeleteArchiveRequest&);

// ---- handlers_replay.cpp ----
Result<StartReplayResponse> start_replay(Core&, const Caller&, const StartReplayRequest&);
Result<DescribeReplayResponse> describe_replay(Core&, const Caller&, const DescribeReplayRequest&);
Result<ListReplaysResponse> list_replays(Core&, const Caller&, const ListReplaysRequest&);
Result<CancelReplayResponse> cancel_replay(Core&, const Caller&, const CancelReplayRequest&);

// ---- handlers_connection.cpp ----
Result<CreateConnectionResponse> create_connection(Core&, const Caller&,
                                                   const CreateConnectionRequest&);
Result<DescribeConnectionResponse> describe_connection(Core&, const Caller&,
                                                       const DescribeConnectionRequest&);
Result<UpdateConnectionResponse> update_connection(Core&, const Caller&,
                                                   const UpdateConnectionRequest&);
Result<ListConnectionsResponse> list_connections(Core&, const Caller&,
                                                 const ListConnectionsRequest&);
Result<DeleteConnectionResponse> delete_connection(Core&, const Caller&,
                                                   const DeleteConnectionRequest&);
Result<DeauthorizeConnectionResponse> deauthorize_connection(Core&, const Caller&,
                                                             const DeauthorizeConnectionRequest&);

// ---- handlers_destination.cpp ----
Result<CreateApiDestinationResponse> create_api_destination(Core&, const Caller&,
                                                            const CreateApiDestinationRequest&);
Result<DescribeApiDestinationResponse> describe_api_destination(
    Core&, const Caller&, const DescribeApiDestinationRequest&);
Result<UpdateApiDestinationResponse> update_api_destination(Core&, const Caller&,
                                                            const UpdateApiDestinationRequest&);
Result<ListApiDestinationsResponse> list_api_destinations(Core&, const Caller&,
                                                          const ListApiDestinationsRequest&);
Result<Nothing> delete_api_destination(Core&, const Caller&, const DeleteApiDestinationRequest&);

// ---- handlers_endpoint.cpp ----
Result<CreateEndpointResponse> create_endpoint(Core&, const Caller&, const CreateEndpointRequest&);
Result<DescribeEndpointResponse> describe_endpoint(Core&, const Caller&,
                                                   const DescribeEndpointRequest&);
Result<UpdateEndpointResponse> update_endpoint(Core&, const Caller&, const UpdateEndpointRequest&);
Result<ListEndpointsResponse> list_endpoints(Core&, const Caller&, const ListEndpointsRequest&);
Result<Nothing> delete_endpoint(Core&, const Caller&, const DeleteEndpointRequest&);

// ---- handlers_partner.cpp ----
Result<Nothing> activate_event_source(Core&, const Caller&, const ActivateEventSourceRequest&);
Result<Nothing> deactivate_event_source(Core&, const Caller&, const DeactivateEventSourceRequest&);
Result<DescribeEventSourceResponse> describe_event_source(Core&, const Caller&,
                                                          const DescribeEventSourceRequest&);
Result<ListEventSourcesResponse> list_event_sources(Core&, const Caller&,
                                                    const ListEventSourcesRequest&);
Result<CreatePartnerEventSourceResponse> create_partner_event_source(
    Core&, const Caller&, const CreatePartnerEventSourceRequest&);
Result<DescribePartnerEventSourceResponse> describe_partner_event_source(
    Core&, const Caller&, const DescribePartnerEventSourceRequest&);
Result<Nothing> delete_partner_event_source(Core&, const Caller&,
                                            const DeletePartnerEventSourceRequest&);
Result<ListPartnerEventSourcesResponse> list_partner_event_sources(
    Core&, const Caller&, const ListPartnerEventSourcesRequest&);
Result<ListPartnerEventSourceAccountsResponse> list_partner_event_source_accounts(
    Core&, const Caller&, const ListPartnerEventSourceAccountsRequest&);
Result<PutPartnerEventsResponse> put_partner_events(Core&, const Caller&,
                                                    const PutPartnerEventsRequest&);
// A bus was made of the event source: it is active from now on. ResourceNotFoundException.
Result<void> activate_source(Core&, const Caller&, const std::string& name);

// ---- handlers_permission.cpp ----
Result<Nothing> put_permission(Core&, const Caller&, const PutPermissionRequest&);
Result<Nothing> remove_permission(Core&, const Caller&, const RemovePermissionRequest&);
Result<UpdateEventBusResponse> update_event_bus(Core&, const Caller&, const UpdateEventBusRequest&);
Result<ListTagsForResourceResponse> list_tags_for_resource(Core&, const Caller&,
                                                           const ListTagsForResourceRequest&);
Result<Nothing> tag_resource(Core&, const Caller&, const TagResourceRequest&);
Result<Nothing> untag_resource(Core&, const Caller&, const UntagResourceRequest&);
// Of a request; of a key that comes twice the last counts.
[[nodiscard]] bus::Tags tags_of(const std::optional<std::vector<Tag>>&);

}  // namespace presso::api::events
