#include "engine/core/deliveries.h"

#include <chrono>
#include <utility>
#include <variant>

#include "base/assert.h"
#include "base/json.h"
#include "bus/delivery.h"
#include "bus/limits.h"
#include "bus/rule.h"
#include "engine/core/api_endpoint.h"
#include "engine/core/core.h"
#include "engine/core/corrupt.h"

namespace presso::core {

namespace {

// An event's detail may be nested as deep as EventBridge allows; a few levels hold it.
constexpr std::size_t kRowDepth = bus::kMaxDetailDepth + 16;

Error corrupt(DeliveryId id, const std::string& reason) {
  return core::corrupt("Delivery " + std::to_string(id.value) + " cannot be read: " + reason);
}

Json to_json(const Delivery& delivery) {
  Json json{{"kind", "deliver"},
            {"account", delivery.caller.account},
            {"region", delivery.caller.region},
            {"rule", delivery.rule_arn},
            {"targetArn", delivery.target_arn},
            {"target", delivery.target},
            {"payload", delivery.payload},
            {"created", epoch_ms(delivery.created)}};
  if (!delivery.event.empty()) json["event"] = delivery.event;
  if (!delivery.event_id.empty()) json["eventId"] = delivery.event_id;
  if (!delivery.attributes.empty()) {
    Json& attributes = json["attributes"] = Json::object();
    for (const auto& [name, value] : delivery.attributes) attributes[name] = value;
  }
  if (!delivery.execution_id.empty()) {
    json["executionId"] = delivery.execution_id;
    json["scheduled"] = epoch_ms(delivery.scheduled);
  }
  return json;
}

std::string text_or_empty(const Json& value, std::string_view name) {
  const std::string* text = as_string(find_member(value, name));
  return text == nullptr ? std::string{} : *text;
}

std::optional<std::int64_t> integer(const Json& value, std::string_view name) {
  const Json* found = find_member(value, name);
  if (found == nullptr || !found->is_number_integer()) return std::nullopt;
  return found->get<std::int64_t>();
}

// What not every row has.
void read_rest(const Json& value, Delivery& delivery) {
  delivery.event = text_or_empty(value, "event");
  delivery.event_id = text_or_empty(value, "eventId");
  delivery.execution_id = text_or_empty(value, "executionId");
  delivery.scheduled = time_of_epoch_ms(integer(value, "scheduled").value_or(0));
  const Json* attributes = find_member(value, "attributes");
  if (attributes == nullptr || !attributes->is_object()) return;
  for (const auto& [name, text] : attributes->items()) {
    if (text.is_string()) delivery.attributes.emplace_back(name, text.get<std::string>());
  }
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
  const auto created = integer(value, "created");
  if (!created) return corrupt(row.id, "it has no time 'created'");
  delivery.created = time_of_epoch_ms(*created);
  read_rest(value, delivery);
  return delivery;
}

// Of the target as PutTargets or CreateSchedule took it. What is not there has AWS's defaults.
bus::RetryPolicy policy_of(const Delivery& delivery) {
  const auto target = parse_json(delivery.target);
  const Json* policy = target ? find_member(*target, "RetryPolicy") : nullptr;
  if (policy == nullptr) return {};
  return {.maximum_retry_attempts = integer(*policy, "MaximumRetryAttempts"),
          .maximum_event_age_in_seconds = integer(*policy, "MaximumEventAgeInSeconds")};
}

// Empty when it has none.
std::string dead_letter_arn_of(const Delivery& delivery) {
  const auto target = parse_json(delivery.target);
  const Json* config = target ? find_member(*target, "DeadLetterConfig") : nullptr;
  return config == nullptr ? std::string{} : text_or_empty(*config, "Arn");
}

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html and, for a schedule,
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
DeliveryCall::Attributes dead_letter_attributes(const Delivery& delivery,
                                                const DeliveryFailure& failure,
                                                std::string_view condition) {
  const bool is_scheduled = !delivery.execution_id.empty();
  const std::uint32_t retries = delivery.attempts > 0 ? delivery.attempts - 1 : 0;
  DeliveryCall::Attributes attributes{
      {is_scheduled ? "SCHEDULE_ARN" : "RULE_ARN", delivery.rule_arn},
      {"TARGET_ARN", delivery.target_arn},
      {"ERROR_CODE", failure.error_code},
      {"ERROR_MESSAGE", failure.error_message}};
  if (!condition.empty()) attributes.emplace_back("EXHAUSTED_RETRY_CONDITION", condition);
  attributes.emplace_back("RETRY_ATTEMPTS", std::to_string(retries));
  if (is_scheduled) {
    attributes.emplace_back("EXECUTION_ID", delivery.execution_id);
    attributes.emplace_back("SCHEDULED_TIME", to_iso_seconds(delivery.scheduled));
    attributes.emplace_back("IS_PAYLOAD_TRUNCATED", "false");
  }
  // SQS refuses an attribute without a value.
  std::erase_if(attributes, [](const auto& attribute) { return attribute.second.empty(); });
  return attributes;
}

// What a schedule says of each attempt; the other keywords are replaced when it fires.
std::string with_attempt(const std::string& payload, std::uint32_t attempt) {
  constexpr std::string_view kKeyword = "<aws.scheduler.attempt-number>";
  std::string text = payload;
  for (auto at = text.find(kKeyword); at != std::string::npos; at = text.find(kKeyword, at)) {
    text.replace(at, kKeyword.size(), std::to_string(attempt));
  }
  return text;
}

// AWS: what is not there or not allowed is not tried again.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
bool is_final(std::string_view error_code) {
  return error_code == "NO_RESOURCE" || error_code == "NO_PERMISSIONS";
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
  if (!take_mocked(delivery)) make_attempt(delivery);
}

bool Deliveries::take_mocked(Delivery& delivery) {
  if (core_.mock_rules().is_idle()) return false;
  const auto payload = parse_json(delivery.payload, kRowDepth);
  const bool is_taken = core_.mock_rules().take(
      {.id = delivery.id,
       .call = {.service = {},
                .action = {},
                .arn = delivery.target_arn,
                .parameters = delivery.payload,
                .caller = delivery.caller},
       .arguments = payload ? &*payload : nullptr,
       .evaluate = [](const MockRule::Returned&) { return SharedJson{Json::object()}; }});
  if (is_taken) delivery.is_in_flight = true;
  return is_taken;
}

void Deliveries::answer_mocked(DeliveryId id, const MockedAnswer& answer) {
  const auto* failure = std::get_if<run::Failure>(&answer);
  if (failure == nullptr) return answered({.delivery = id, .failure = std::nullopt});
  answered({.delivery = id,
            .failure = DeliveryFailure{.error_code = failure->error.value_or(""),
                                       .error_message = failure->cause.value_or(""),
                                       .is_retryable = !is_final(failure->error.value_or(""))}});
}

void Deliveries::go_through(DeliveryId id) {
  const auto found = all_.find(id);
  if (found != all_.end()) make_attempt(found->second);
}

void Deliveries::make_attempt(Delivery& delivery) {
  if (is_api_destination(delivery.target_arn)) {
    attempt_endpoint(delivery);
    return;
  }
  delivery.is_in_flight = true;
  const bool is_scheduled = !delivery.execution_id.empty() && delivery.attributes.empty();
  core_.perform(DeliveryCall{.delivery = delivery.id,
                             .target_arn = delivery.target_arn,
                             .target = delivery.target,
                             .payload = is_scheduled
                                            ? with_attempt(delivery.payload, delivery.attempts + 1)
                                            : delivery.payload,
                             .caller = delivery.caller,
                             .rule_arn = delivery.rule_arn,
                             .attributes = delivery.attributes,
                             .event_id = delivery.event_id});
}

// The endpoint and its connection are looked up for each attempt: what was changed meanwhile
// counts.
void Deliveries::attempt_endpoint(Delivery& delivery) {
  auto endpoint = resolve_endpoint(core_.registry(), delivery.target_arn);
  if (const auto* failure = std::get_if<DeliveryFailure>(&endpoint)) {
    ++delivery.attempts;
    failed(delivery, *failure);
    return;
  }
  auto& found = std::get<ApiEndpoint>(endpoint);
  const Time slot = next_slot(delivery.target_arn, found.per_second);
  if (slot > core_.now()) {
    delivery.due = slot;
    due_.emplace(delivery.due, delivery.id);
    return;
  }
  delivery.is_in_flight = true;
  core_.perform(DeliveryCall{.delivery = delivery.id,
                             .target_arn = delivery.target_arn,
                             .target = delivery.target,
                             .payload = delivery.payload,
                             .caller = delivery.caller,
                             .rule_arn = delivery.rule_arn,
                             .attributes = {},
                             .endpoint = std::move(found.text),
                             .event_id = delivery.event_id});
}

Time Deliveries::next_slot(const std::string& endpoint_arn, std::int64_t per_second) {
  Pace& pace = paces_[endpoint_arn];
  const Time second = std::chrono::floor<std::chrono::seconds>(core_.now());
  if (pace.second < second) pace = {.second = second, .count = 0};
  if (pace.second == second && pace.count < per_second) {
    ++pace.count;
    return core_.now();
  }
  return second + seconds(1);
}

void Deliveries::answered(const DeliveryAnswered& answer) {
  const auto it = all_.find(answer.delivery);
  if (it == all_.end() || !it->second.is_in_flight) return;
  if (!answer.failure) {
    ++it->second.attempts;
    remember(it->second, DeliveryState::Status::Delivered, {});
    remove(answer.delivery);
    return;
  }
  Delivery& delivery = it->second;
  delivery.is_in_flight = false;
  ++delivery.attempts;
  failed(delivery, *answer.failure);
}

void Deliveries::failed(Delivery& delivery, const DeliveryFailure& failure) {
  core_.mock_rules().settled(delivery.id);
  if (!failure.is_retryable) {
    give_up(delivery, failure, "");
    remove(delivery.id);
    return;
  }
  const auto next = bus::next_attempt(policy_of(delivery),
                                      {.accepted = delivery.created, .failed = delivery.attempts},
                                      core_.now(), core_.entropy());
  if (const auto* over = std::get_if<bus::GiveUp>(&next)) {
    give_up(delivery, failure, bus::exhausted_retry_condition(over->reason).value_or(""));
    remove(delivery.id);
    return;
  }
  delivery.due = std::get<bus::RetryAt>(next).at;
  due_.emplace(delivery.due, delivery.id);
  store(delivery);
}

void Deliveries::give_up(const Delivery& delivery, const DeliveryFailure& failure) {
  give_up(delivery, failure, "");
}

// AWS: a dead-letter queue gets the event itself, not what the target was to get. What cannot be
// sent there is lost.
void Deliveries::give_up(const Delivery& delivery, const DeliveryFailure& failure,
                         std::string_view condition) {
  const std::string queue = delivery.attributes.empty() ? dead_letter_arn_of(delivery) : "";
  std::string message = "An event of rule " + delivery.rule_arn + " is lost to its target " +
                        delivery.target_arn + " after " + std::to_string(delivery.attempts) +
                        " attempts";
  remember(delivery, DeliveryState::Status::GivenUp, failure);
  if (!condition.empty()) message += " (" + std::string{condition} + ")";
  if (!queue.empty()) message += " and goes to " + queue;
  core_.perform(Warning{message + ": " + failure.error_code + ": " + failure.error_message});
  if (queue.empty()) return;
  add({.id = {},
       .caller = delivery.caller,
       .rule_arn = delivery.rule_arn,
       .target_arn = queue,
       .target = "{}",
       .payload = delivery.event.empty() ? delivery.payload : delivery.event,
       .created = core_.now(),
       .due = core_.now(),
       .attributes = dead_letter_attributes(delivery, failure, condition),
       .event_id = delivery.event_id});
}

void Deliveries::remember(const Delivery& delivery, DeliveryState::Status status,
                          const DeliveryFailure& failure) {
  if (delivery.event_id.empty()) return;
  if (ended_.size() == kEndedDeliveries) ended_.pop_front();
  ended_.push_back({.event_id = delivery.event_id,
                    .rule_arn = delivery.rule_arn,
                    .target_arn = delivery.target_arn,
                    .status = status,
                    .attempts = delivery.attempts,
                    .at = core_.now(),
                    .error_code = failure.error_code,
                    .error_message = failure.error_message});
}

std::vector<DeliveryState> Deliveries::of_events(const std::set<std::string>& ids) const {
  std::vector<DeliveryState> found;
  for (const DeliveryState& state : ended_) {
    if (ids.contains(state.event_id)) found.push_back(state);
  }
  for (const auto& [id, delivery] : all_) {
    if (!ids.contains(delivery.event_id)) continue;
    found.push_back({.event_id = delivery.event_id,
                     .rule_arn = delivery.rule_arn,
                     .target_arn = delivery.target_arn,
                     .attempts = delivery.attempts,
                     .at = delivery.due});
  }
  return found;
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
  if (Jobs::is_row(*value)) {
    const auto done = core_.jobs().restore(row.id, *value);
    return done ? done : corrupt(row.id, done.error().message);
  }
  if (Activities::is_row(*value)) {
    const auto done = core_.activities().restore(row.id, *value);
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
  core_.mock_rules().settled(id);
  core_.batch().erased_deliveries.push_back(id);
  all_.erase(id);
}

}  // namespace presso::core
