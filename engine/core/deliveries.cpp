#include "engine/core/deliveries.h"

#include <utility>

#include "base/assert.h"
#include "base/json.h"
#include "bus/delivery.h"
#include "bus/limits.h"
#include "bus/rule.h"
#include "engine/core/core.h"

namespace presso::core {

namespace {

// An event's detail may be nested as deep as EventBridge allows; a few levels hold it.
constexpr std::size_t kRowDepth = bus::kMaxDetailDepth + 16;

Error corrupt(DeliveryId id, const std::string& reason) {
  return Error{"DocumentCorrupt",
               "Delivery " + std::to_string(id.value) + " cannot be read: " + reason};
}

Json to_json(const Delivery& delivery) {
  return Json{{"kind", "deliver"},
              {"account", delivery.caller.account},
              {"region", delivery.caller.region},
              {"rule", delivery.rule_arn},
              {"targetArn", delivery.target_arn},
              {"target", delivery.target},
              {"payload", delivery.payload},
              {"created", epoch_ms(delivery.created)}};
}

Result<Delivery> delivery_from(const DeliveryRow& row, const Json& value) {
  Delivery delivery;
  delivery.id = row.id;
  delivery.due = row.due;
  delivery.attempts = row.attempts;
  const std::pair<const char*, std::string*> members[] = {
      {"account", &delivery.caller.account}, {"region", &delivery.caller.region},
      {"rule", &delivery.rule_arn},          {"targetArn", &delivery.target_arn},
      {"target", &delivery.target},          {"payload", &delivery.payload}};
  for (const auto& [name, member] : members) {
    const std::string* text = as_string(find_member(value, name));
    if (text == nullptr) return corrupt(row.id, std::string{"it has no text '"} + name + "'");
    *member = *text;
  }
  const Json* created = find_member(value, "created");
  if (created == nullptr || !created->is_number_integer()) {
    return corrupt(row.id, "it has no time 'created'");
  }
  delivery.created = time_of_epoch_ms(created->get<std::int64_t>());
  return delivery;
}

// Of the target as PutTargets took it. What is not readable has AWS's defaults.
std::optional<bus::RetryPolicy> policy_of(const Delivery& delivery) {
  const auto value = parse_json(delivery.target);
  if (!value) return std::nullopt;
  const auto target = bus::target_from_json(*value);
  return target ? target->retry_policy : std::nullopt;
}

}  // namespace

void Deliveries::add(Delivery delivery) {
  delivery.id = next_id();
  const auto [it, is_new] = all_.emplace(delivery.id, std::move(delivery));
  PRESSO_ASSERT(is_new);
  store(it->second);
  attempt(it->second);
}

void Deliveries::attempt(Delivery& delivery) {
  delivery.is_in_flight = true;
  core_.perform(DeliveryCall{.delivery = delivery.id,
                             .target_arn = delivery.target_arn,
                             .target = delivery.target,
                             .payload = delivery.payload,
                             .caller = delivery.caller});
}

void Deliveries::answered(const DeliveryAnswered& answer) {
  const auto it = all_.find(answer.delivery);
  if (it == all_.end() || !it->second.is_in_flight) return;
  if (!answer.failure) {
    remove(answer.delivery);
    return;
  }
  Delivery& delivery = it->second;
  delivery.is_in_flight = false;
  ++delivery.attempts;
  if (!answer.failure->is_retryable) {
    give_up(delivery, *answer.failure, "");
    return;
  }
  const auto next = bus::next_attempt(policy_of(delivery),
                                      {.accepted = delivery.created, .failed = delivery.attempts},
                                      core_.now(), core_.entropy());
  if (const auto* over = std::get_if<bus::GiveUp>(&next)) {
    give_up(delivery, *answer.failure, bus::exhausted_retry_condition(over->reason).value_or(""));
    return;
  }
  delivery.due = std::get<bus::RetryAt>(next).at;
  due_.emplace(delivery.due, delivery.id);
  store(delivery);
}

void Deliveries::give_up(const Delivery& delivery, const DeliveryFailure& failure,
                         std::string_view condition) {
  std::string message = "An event of rule " + delivery.rule_arn + " is lost to its target " +
                        delivery.target_arn + " after " + std::to_string(delivery.attempts) +
                        " attempts";
  if (!condition.empty()) message += " (" + std::string{condition} + ")";
  core_.perform(Warning{message + ": " + failure.error_code + ": " + failure.error_message});
  remove(delivery.id);
}

Result<void> Deliveries::restore(const DeliveryRow& row) {
  const auto value = parse_json(row.value, kRowDepth);
  if (!value) return corrupt(row.id, value.error().message);
  if (is_work(*value)) {
    auto work = work_from_json(*value);
    if (!work) return corrupt(row.id, work.error().message);
    core_.enqueue_stored(row.id, *std::move(work));
    return {};
  }
  if (Nested::is_row(*value)) {
    const auto done = core_.nested().restore(row.id, *value);
    return done ? done : corrupt(row.id, done.error().message);
  }
  auto delivery = delivery_from(row, *value);
  if (!delivery) return delivery.error();
  due_.emplace(delivery->due, delivery->id);
  all_.emplace(row.id, *std::move(delivery));
  return {};
}

std::size_t Deliveries::fire_due(std::size_t limit) {
  std::size_t fired = 0;
  while (fired < limit && !due_.empty() && due_.begin()->first <= core_.now()) {
    const DeliveryId id = due_.begin()->second;
    due_.erase(due_.begin());
    attempt(all_.at(id));
    ++fired;
  }
  return fired;
}

std::optional<Time> Deliveries::next_deadline() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first;
}

void Deliveries::set_last_id(DeliveryId id) { last_id_ = id.value; }
DeliveryId Deliveries::next_id() { return {++last_id_}; }

void Deliveries::store(const Delivery& delivery) {
  core_.batch().put_deliveries.push_back({.id = delivery.id,
                                          .due = delivery.due,
                                          .attempts = delivery.attempts,
                                          .value = dump_json(to_json(delivery))});
}

void Deliveries::remove(DeliveryId id) {
  core_.batch().erased_deliveries.push_back(id);
  all_.erase(id);
}

}  // namespace presso::core
