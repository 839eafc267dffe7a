#include <string>
#include <utility>

#include "api/events/handlers.h"
#include "api/events/paging.h"
#include "base/json.h"

namespace presso::api::events {
namespace {

Result<Nothing> store_rule(Core& core, const Caller& caller, const Result<const bus::Rule*>& rule) {
  if (!rule) return rule.error();
  core.events().store(caller, **rule);
  return Nothing{};
}

Rule list_item(const bus::Rule& rule) {
  Rule item;
  item.name = rule.name;
  item.arn = rule.arn;
  item.event_pattern = rule.event_pattern;
  item.state = bus::to_string(rule.state);
  item.description = rule.description;
  item.schedule_expression = rule.schedule_expression;
  item.role_arn = rule.role_arn;
  item.managed_by = rule.managed_by;
  item.event_bus_name = rule.event_bus_name;
  return item;
}

}  // namespace

Result<PutRuleResponse> put_rule(Core& core, const Caller& caller, const PutRuleRequest& request) {
  bus::PutRule put;
  put.name = request.name;
  put.bus = request.event_bus_name;
  put.event_pattern = request.event_pattern;
  // AWS: an empty one is none.
  if (request.schedule_expression != "") put.schedule_expression = request.schedule_expression;
  if (request.state) put.state = bus::rule_state_of(*request.state);
  put.description = request.description;
  put.role_arn = request.role_arn;
  put.tags = tags_of(request.tags);
  const auto rule = core.events().book(caller).put_rule(std::move(put));
  if (!rule) return rule.error();
  core.events().store(caller, **rule);
  return PutRuleResponse{(*rule)->arn};
}

Result<DescribeRuleResponse> describe_rule(Core& core, const Caller& caller,
                                           const RuleRequest& request) {
  const auto found = core.events().book(caller).describe_rule(request.name, request.event_bus_name);
  if (!found) return found.error();
  const bus::Rule& rule = **found;
  DescribeRuleResponse response;
  response.name = rule.name;
  response.arn = rule.arn;
  response.event_pattern = rule.event_pattern;
  response.schedule_expression = rule.schedule_expression;
  response.state = bus::to_string(rule.state);
  response.description = rule.description;
  response.role_arn = rule.role_arn;
  response.managed_by = rule.managed_by;
  response.event_bus_name = rule.event_bus_name;
  response.created_by = rule.created_by;
  return response;
}

Result<ListRulesResponse> list_rules(Core& core, const Caller& caller,
                                     const ListRulesRequest& request) {
  const std::string prefix = request.name_prefix.value_or("");
  auto rules = core.events().book(caller).list_rules(prefix, request.event_bus_name);
  if (!rules) return rules.error();
  const PageToken token{caller, "ListRules",
                        Json::array({prefix, request.event_bus_name.value_or("")})};
  auto page = make_page(*std::move(rules), token, {request.next_token, request.limit},
                        [](const bus::Rule* rule) { return rule->name; });
  if (!page) return page.error();
  std::vector<Rule> items;
  for (const bus::Rule* rule : page->items) items.push_back(list_item(*rule));
  return ListRulesResponse{std::move(items), std::move(page->next_token)};
}

Result<Nothing> enable_rule(Core& core, const Caller& caller, const RuleRequest& request) {
  return store_rule(core, caller,
                    core.events().book(caller).enable_rule(request.name, request.event_bus_name));
}

Result<Nothing> disable_rule(Core& core, const Caller& caller, const RuleRequest& request) {
  return store_rule(core, caller,
                    core.events().book(caller).disable_rule(request.name, request.event_bus_name));
}

Result<Nothing> delete_rule(Core& core, const Caller& caller, const DeleteRuleRequest& request) {
  const auto deleted = core.events().book(caller).delete_rule(request.name, request.event_bus_name,
                                                              request.force.value_or(false));
  if (!deleted) return deleted.error();
  if (*deleted) {
    core.events().erase_rule(caller, (*deleted)->event_bus_name, (*deleted)->name);
  }
  return Nothing{};
}

Result<ListRuleNamesByTargetResponse> list_rule_names_by_target(
    Core& core, const Caller& caller, const ListRuleNamesByTargetRequest& request) {
  auto names = core.events().book(caller).list_rule_names_by_target(request.target_arn,
                                                                    request.event_bus_name);
  if (!names) return names.error();
  const PageToken token{caller, "ListRuleNamesByTarget",
                        Json::array({request.target_arn, request.event_bus_name.value_or("")})};
  auto page = make_page(*std::move(names), token, {request.next_token, request.limit},
                        [](const std::string& name) { return name; });
  if (!page) return page.error();
  return ListRuleNamesByTargetResponse{std::move(page->items), std::move(page->next_token)};
}

}  // namespace presso::api::events
