#include "server/otlp/trace_tap.h"

#include <memory>
#include <utility>
#include <variant>

#include "base/json.h"

namespace presso::server {

void TraceTap::follow(api::Work& work, const TraceContext& context) {
  auto* command = std::get_if<api::Command>(&work);
  if (command == nullptr) return;
  command->apply = [this, context, apply = std::move(command->apply)](core::Core& core,
                                                                      RequestId request) {
    followed_[request] = context;
    core.handle_within(to_text(context), [&] { apply(core, request); });
  };
}

void TraceTap::turn(const core::TurnResult& result, Time now) {
  facts_.now = now;
  facts_.rows = result.batch.put_executions;
  facts_.history = result.batch.history;
  for (const core::Effect& effect : result.effects) take(effect);
  for (const core::Published& item : result.published) {
    const auto* event = std::get_if<bus::SharedEvent>(&item.content);
    if (event != nullptr) facts_.events.push_back({item.bus, *event, item.sent_by});
  }
  // What is answered in a later turn made nothing in this one.
  followed_.clear();
  TurnFacts facts = std::exchange(facts_, TurnFacts{});
  if (!facts.empty()) tell_(std::move(facts));
}

void TraceTap::take(const core::Effect& effect) {
  if (const auto* reply = std::get_if<core::Reply>(&effect)) {
    take(*reply);
  } else if (const auto* call = std::get_if<core::DeliveryCall>(&effect)) {
    facts_.attempts.push_back({.delivery = call->delivery,
                               .target_arn = call->target_arn,
                               .rule_arn = call->rule_arn,
                               .event_id = call->event_id,
                               .is_dead_letter = !call->attributes.empty()});
  } else if (const auto* step = std::get_if<core::ExpressStep>(&effect)) {
    facts_.express.push_back(*step);
  }
}

// Of PutEvents: {"Entries": [{"EventId": …}, …]}.
void TraceTap::take(const core::Reply& reply) {
  const auto context = followed_.find(reply.request);
  if (context == followed_.end()) return;
  const auto body = parse_json(reply.answer.body);
  if (!body) return;
  const Json* entries = find_member(*body, "Entries");
  if (entries == nullptr || !entries->is_array()) return;
  for (const Json& entry : *entries) {
    const std::string* id = as_string(find_member(entry, "EventId"));
    if (id != nullptr) facts_.put.emplace_back(*id, context->second);
  }
}

}  // namespace presso::server
