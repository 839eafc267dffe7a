#include "tests/sim/deliveries.h"

#include <algorithm>

#include "api/dispatch.h"
#include "base/json.h"
#include "base/json_members.h"

namespace presso::sim {

namespace {

using core::DeliveryCall;

constexpr std::string_view kBus = "arn:aws:events:us-east-1:000000000000:event-bus/sim";
constexpr std::string_view kDead = "arn:aws:sqs:us-east-1:000000000000:dead";

// The targets' names say how they are.
constexpr std::string_view kSteady = "http://127.0.0.1/steady";
constexpr std::string_view kFlaky = "http://127.0.0.1/flaky";      // takes every second attempt
constexpr std::string_view kHanging = "http://127.0.0.1/hanging";  // some attempts time out
constexpr std::string_view kBroken = "http://127.0.0.1/broken";    // three retries, then the queue
constexpr std::string_view kGone = "http://127.0.0.1/gone";        // ten minutes, then the queue
constexpr std::string_view kRefusing = "http://127.0.0.1/refusing";  // the queue at once
constexpr std::string_view kReplayed = "http://127.0.0.1/replayed";  // gets the replay too
constexpr std::string_view kTick = "http://127.0.0.1/tick";

constexpr std::size_t kTries = 4;
constexpr auto kAge = std::chrono::seconds(600);
constexpr auto kTimeout = std::chrono::seconds(30);
constexpr std::size_t kFaultsShown = 20;

core::DeliveryFailure failure(bool is_retryable) {
  return {.error_code = "SDK_CLIENT_ERROR", .error_message = "no", .is_retryable = is_retryable};
}

std::string attribute(const DeliveryCall::Attributes& attributes, std::string_view name) {
  for (const auto& [known, value] : attributes) {
    if (known == name) return value;
  }
  return {};
}

std::string with_dead_letters(const std::string& policy) {
  return policy + R"(,"DeadLetterConfig":{"Arn":")" + std::string{kDead} + R"("})";
}

}  // namespace

Deliveries::Deliveries(World& world) : world_{world}, begun_{world.now()} {
  world_.services().on_delivery([this](const DeliveryCall& call) { return meet(call); });
}

void Deliveries::call(std::string operation, std::string body) {
  api::Work work =
      api::dispatch({.target = "AWSEvents." + operation, .body = body, .caller = core::Caller{}});
  auto* command = std::get_if<api::Command>(&work);
  PRESSO_ASSERT(command != nullptr);
  world_.request(command->keys, command->apply,
                 [this, operation, body](const std::optional<core::Answer>& answer) {
                   if (!answer) return call(operation, body);
                   const bool is_done = answer->error_code.empty() ||
                                        answer->error_code == "ResourceAlreadyExistsException";
                   PRESSO_ASSERT(is_done);
                 });
}

// `settings`: more members of the target, after a comma.
void Deliveries::rule(const std::string& name, std::string_view target,
                      const std::string& settings) {
  const std::string at = R"("EventBusName":"sim",)";
  call("PutRule",
       "{" + at + R"("Name":")" + name + R"(","EventPattern":"{\"source\":[\"sim\"]}"})");
  call("PutTargets", "{" + at + R"("Rule":")" + name + R"(","Targets":[{"Id":"1","Arn":")" +
                         std::string{target} + "\"" + settings + "}]}");
}

void Deliveries::plan(std::uint64_t events) {
  call("CreateEventBus", R"({"Name":"sim"})");
  call("CreateArchive", R"({"ArchiveName":"all","EventSourceArn":")" + std::string{kBus} + R"("})");
  rule("steady", kSteady);
  rule("flaky", kFlaky);
  rule("hanging", kHanging);
  rule("replayed", kReplayed);
  rule("broken", kBroken, with_dead_letters(R"(,"RetryPolicy":{"MaximumRetryAttempts":3})"));
  rule("gone", kGone, with_dead_letters(R"(,"RetryPolicy":{"MaximumEventAgeInSeconds":600})"));
  rule("refusing", kRefusing, with_dead_letters(""));
  call("PutRule", R"_({"Name":"tick","ScheduleExpression":"rate(1 minute)"})_");
  call("PutTargets",
       R"({"Rule":"tick","Targets":[{"Id":"1","Arn":")" + std::string{kTick} + R"("}]})");
  for (std::uint64_t i = 0; i < events; ++i) {
    const auto after = seconds(2 + static_cast<std::int64_t>(i / 4));
    world_.at(begun_ + after, [this, event = "event-" + std::to_string(i)] { put(event); });
  }
  ended_ = begun_ + seconds(3 + static_cast<std::int64_t>(events / 4));
  world_.at(ended_, [this] {
    call("DisableRule", R"({"Name":"tick"})");
    replay();
  });
}

// Who hears nothing puts another one: EventBridge does not know that it is the same.
void Deliveries::put(const std::string& event) {
  const std::string body =
      R"({"Entries":[{"EventBusName":"sim","Source":"sim","DetailType":"n","Detail":"{\"n\":\")" +
      event + R"(\"}"}]})";
  api::Work work =
      api::dispatch({.target = "AWSEvents.PutEvents", .body = body, .caller = core::Caller{}});
  auto* command = std::get_if<api::Command>(&work);
  PRESSO_ASSERT(command != nullptr);
  world_.request(command->keys, command->apply,
                 [this, event](const std::optional<core::Answer>& answer) {
                   if (!answer) return put(event + "+");
                   PRESSO_ASSERT(answer->body.find("\"FailedEntryCount\":0") != std::string::npos);
                   events_.insert(event);
                 });
}

void Deliveries::replay() {
  const std::string from = std::to_string(epoch_ms(begun_) / 1000 - 1);
  const std::string until = std::to_string(epoch_ms(ended_) / 1000 + 1);
  call("StartReplay",
       R"({"ReplayName":"again",)"
       R"("EventSourceArn":"arn:aws:events:us-east-1:000000000000:archive/all",)"
       R"("EventStartTime":)" +
           from + R"(,"EventEndTime":)" + until + R"(,"Destination":{"Arn":")" + std::string{kBus} +
           R"(","FilterArns":["arn:aws:events:us-east-1:000000000000:rule/sim/replayed"]}})");
}

std::optional<test::FakeDelivery> Deliveries::meet(const DeliveryCall& call) {
  if (!call.attributes.empty()) {
    // A queue may fail like any other target.
    if (next_below(world_.entropy(), 10) == 0) return test::FakeDelivery{failure(true)};
    bury(call);
    return test::FakeDelivery{};
  }
  const auto envelope = parse_json(call.payload);
  PRESSO_ASSERT(envelope.has_value());
  if (call.target_arn == kTick) {
    ticks_.insert(*parse_rfc3339(text_at(*envelope, "time")));
    return test::FakeDelivery{};
  }
  const std::string event = text_at(*find_member(*envelope, "detail"), "n");
  events_.insert(event);
  Arrival& arrival = arrivals_[{call.target_arn, event}];
  arrival.attempts.push_back(world_.now());
  const auto is_one_in = [&](std::uint64_t many) {
    return next_below(world_.entropy(), many) == 0;
  };
  if (call.target_arn == kRefusing) return test::FakeDelivery{failure(false)};
  if (call.target_arn == kBroken || call.target_arn == kGone) {
    return test::FakeDelivery{failure(true)};
  }
  if (call.target_arn == kFlaky && is_one_in(2)) return test::FakeDelivery{failure(true)};
  if (call.target_arn == kHanging && is_one_in(3)) {
    return test::FakeDelivery{failure(true), kTimeout};
  }
  const bool is_replayed = find_member(*envelope, "replay-name") != nullptr;
  ++(is_replayed ? arrival.taken_again : arrival.taken);
  return test::FakeDelivery{};
}

void Deliveries::bury(const DeliveryCall& call) {
  const auto envelope = parse_json(call.payload);
  PRESSO_ASSERT(envelope.has_value());
  const std::string event = text_at(*find_member(*envelope, "detail"), "n");
  arrivals_[{attribute(call.attributes, "TARGET_ARN"), event}].dead.push_back(call.attributes);
  ++dead_letters_;
}

std::vector<std::string> Deliveries::audit() const {
  std::vector<std::string> faults;
  for (const std::string& event : events_) audit_event(event, faults);
  audit_schedule(faults);
  const std::size_t pending = world_.store().disk().deliveries.size();
  if (pending > 0) faults.push_back(std::to_string(pending) + " deliveries are left");
  if (faults.size() > kFaultsShown) faults.resize(kFaultsShown);
  return faults;
}

void Deliveries::audit_event(const std::string& event, std::vector<std::string>& faults) const {
  const auto arrival = [&](std::string_view target) {
    const auto it = arrivals_.find({std::string{target}, event});
    return it == arrivals_.end() ? Arrival{} : it->second;
  };
  const auto check = [&](bool is_well, std::string_view target, std::string_view what) {
    if (!is_well) faults.push_back(event + " at " + std::string{target} + ": " + std::string{what});
  };
  for (const std::string_view target : {kSteady, kFlaky, kHanging, kReplayed}) {
    const Arrival at = arrival(target);
    check(at.taken > 0, target, "was never taken");
    check(at.dead.empty(), target, "is among the dead letters");
    check((at.taken_again > 0) == (target == kReplayed), target, "was replayed, or was not");
  }
  const auto check_dead = [&](std::string_view target, std::string_view condition) {
    const Arrival at = arrival(target);
    check(!at.dead.empty(), target, "is not among the dead letters");
    for (const auto& attributes : at.dead) {
      check(attribute(attributes, "EXHAUSTED_RETRY_CONDITION") == condition, target,
            "was given up for another reason");
      check(attribute(attributes, "ERROR_CODE") == "SDK_CLIENT_ERROR", target, "has no error");
    }
    return at;
  };
  const Arrival refused = check_dead(kRefusing, "");
  for (const auto& attributes : refused.dead) {
    check(attribute(attributes, "RETRY_ATTEMPTS") == "0", kRefusing, "was tried again");
  }
  const Arrival gone = check_dead(kGone, "MaximumEventAgeInSeconds");
  check(gone.attempts.size() > 1, kGone, "was not tried again");
  check(gone.attempts.empty() || gone.attempts.back() - gone.attempts.front() <= kAge, kGone,
        "was tried for too long");
  const Arrival broken = check_dead(kBroken, "MaximumRetryAttempts");
  check(broken.attempts.size() >= kTries, kBroken, "was tried too seldom");
  for (const auto& attributes : broken.dead) {
    check(attribute(attributes, "RETRY_ATTEMPTS") == "3", kBroken, "says another number");
  }
  // More attempts than that: a crash came between one and its record.
  for (std::size_t i = 1; i < kTries && broken.attempts.size() == kTries; ++i) {
    const auto gap = broken.attempts[i] - broken.attempts[i - 1];
    const auto most = std::chrono::seconds(1 << (i - 1));
    check(gap >= most / 2 && gap <= most + std::chrono::seconds(1), kBroken, "has another rhythm");
  }
}

// Each minute once, from the first to the one before the rule was disabled.
void Deliveries::audit_schedule(std::vector<std::string>& faults) const {
  constexpr auto kMinute = std::chrono::seconds(60);
  if (ticks_.empty()) return faults.push_back("the schedule never fired");
  Time expected = *ticks_.begin();
  if (expected - begun_ > 2 * kMinute) faults.push_back("the schedule began late");
  for (const Time tick : ticks_) {
    if (tick != expected) faults.push_back("no tick at " + to_iso_milliseconds(expected));
    expected = tick + kMinute;
  }
  if (expected + kMinute < ended_) faults.push_back("the schedule ended early");
}

}  // namespace presso::sim
