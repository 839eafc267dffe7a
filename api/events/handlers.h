// What each operation of EventBridge does with a request that is well-formed. A row of
// operations.cpp for each.
#pragma once

#include "api/events/shapes_bus.h"
#include "api/events/shapes_event.h"
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
Result<PutEventsResponse> put_events(Core&, const Caller&, const PutEventsRequest&);
Result<TestEventPatternResponse> test_event_pattern(const TestEventPatternRequest&);

}  // namespace presso::api::events
