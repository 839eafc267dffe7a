// POST /_presso/explain: why did my rule not match?
//   {"event": an event or the id of one that passed, "bus": name or ARN, "rule": name}
// Without a rule all rules of the bus are explained; without a bus it is the one that the event
// passed, or `default`.
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "api/dispatch.h"
#include "base/json.h"
#include "bus/explain.h"
#include "engine/core/core.h"
#include "server/admin.h"
#include "server/operations.h"

namespace presso::server {
namespace {

namespace net = boost::asio;

struct Wanted {
  Json event;
  std::optional<std::string> bus;
  std::optional<std::string> rule;
  core::Caller caller;
};

core::Answer mistaken(std::string_view message) {
  return api::error_answer("ValidationException", message);
}

// The newest event of that id that is still kept; null when there is none.
const core::Published* find_event(const EventFeed& feed, const std::string& id, Json& envelope) {
  for (std::uint64_t i = feed.last(); i >= feed.first() && i > 0; --i) {
    const core::Published& item = feed.at(i);
    if (item.id() != id) continue;
    auto parsed = parse_json(item.envelope());
    if (!parsed) continue;
    envelope = *std::move(parsed);
    return &item;
  }
  return nullptr;
}

Result<Wanted> wanted_of(std::string_view body, const EventFeed& feed) {
  const auto refuse = [](std::string message) {
    return Error{"ValidationException", std::move(message)};
  };
  auto json = parse_json(body);
  if (!json || !json->is_object()) return refuse("The body is not a JSON object.");
  Wanted wanted;
  if (const std::string* bus = as_string(find_member(*json, "bus"))) wanted.bus = *bus;
  if (const std::string* rule = as_string(find_member(*json, "rule"))) wanted.rule = *rule;
  const Json* event = find_member(*json, "event");
  if (const std::string* id = as_string(event)) {
    const core::Published* passed = find_event(feed, *id, wanted.event);
    if (passed == nullptr) return refuse("No event of the id " + *id + " is kept.");
    wanted.caller = passed->caller;
    if (!wanted.bus) wanted.bus = passed->bus;
    return wanted;
  }
  if (event == nullptr || !event->is_object()) {
    return refuse("event is an event, or the id of one that passed.");
  }
  wanted.event = *event;
  const auto keep = [&](const char* name, std::string& member) {
    if (const std::string* text = as_string(find_member(*json, name))) member = *text;
  };
  keep("account", wanted.caller.account);
  keep("region", wanted.caller.region);
  return wanted;
}

Json explained(const bus::Rule& rule, const Json& event) {
  Json answer{{"rule", rule.name}, {"arn", rule.arn}, {"state", bus::to_string(rule.state)}};
  if (!rule.event_pattern) {
    answer["matched"] = false;
    answer["reason"] = "The rule has a schedule and no pattern.";
    return answer;
  }
  const auto pattern = bus::Pattern::compile(*rule.event_pattern);
  if (!pattern) return answer;
  const Json explanation = bus::explain(*pattern, event);
  for (const auto& [name, value] : explanation.items()) answer[name] = value;
  if (rule.state == bus::RuleState::Disabled) {
    answer["matched"] = false;
    answer["reason"] = "The rule is disabled.";
  } else if (rule.targets.empty()) {
    answer["note"] = "The rule has no targets.";
  }
  return answer;
}

core::Answer explain_rules(core::Core& core, const Wanted& wanted) {
  bus::RuleBook& book = core.events().book(wanted.caller);
  std::vector<const bus::Rule*> rules;
  if (wanted.rule) {
    const auto rule = book.describe_rule(*wanted.rule, wanted.bus);
    if (!rule) return api::error_answer(rule.error().code, rule.error().message);
    rules.push_back(*rule);
  } else {
    auto all = book.list_rules("", wanted.bus);
    if (!all) return api::error_answer(all.error().code, all.error().message);
    rules = *std::move(all);
  }
  Json list = Json::array();
  for (const bus::Rule* rule : rules) list.push_back(explained(*rule, wanted.event));
  Json body{{"bus", book.find_bus(wanted.bus).value_or("")}, {"rules", std::move(list)}};
  return {.body = dump_json(body), .error_code = {}};
}

}  // namespace

net::awaitable<HttpReply> Admin::explain(const HttpRequest& request, Worker& worker) {
  core::Answer answer;
  auto wanted = wanted_of(request.body, worker.feed());
  if (!wanted) {
    answer = mistaken(wanted.error().message);
  } else {
    api::Work work = api::Command{{},
                                  [wanted = *std::move(wanted)](core::Core& core, RequestId id) {
                                    core.reply(id, explain_rules(core, wanted));
                                  },
                                  {}};
    answer = co_await operations_.run(std::move(work), request.body.size(), worker);
  }
  const api::Response response = api::to_response(answer, api::Protocol::Json10);
  HttpReply reply;
  reply.status = response.status;
  reply.content_type = "application/json";
  reply.body = response.body;
  co_return reply;
}

}  // namespace presso::server
