#include "engine/core/deliveries.h"

#include <doctest/doctest.h>

#include "tests/unit/core/machines_of_tests.h"
#include "tests/unit/core/world.h"

using namespace presso;
using namespace presso::core;
using namespace presso::test;

namespace {

constexpr const char* kUrl = "arn:aws:sqs:us-east-1:000000000000:queue";

// A world with one rule whose target is outside.
struct Outside : World {
  explicit Outside(std::optional<bus::RetryPolicy> policy = std::nullopt) {
    put_rule("default", "r", R"({"source":["shop"]})", {kUrl});
    if (!policy) return;
    ask([&](Core& core) {
      bus::RuleBook& book = core.events().book(caller);
      auto targets = book.list_targets("r", std::nullopt);
      REQUIRE(targets);
      targets->front().retry_policy = policy;
      REQUIRE(book.put_targets("r", std::nullopt, *targets));
      core.events().store(caller, **book.describe_rule("r", std::nullopt));
      return true;
    });
  }
  void fail_always(bool is_retryable = true) {
    services.on_delivery([is_retryable](const DeliveryCall&) {
      return FakeDelivery{DeliveryFailure{"Busy", "come back", is_retryable}, Duration{0}};
    });
  }
};

}  // namespace

TEST_CASE("a delivery is stored with its event, and gone when it was taken") {
  Outside world;
  world.put_event("default", "shop", R"({"a":1})");
  REQUIRE(world.services.deliveries.size() == 1);
  const DeliveryCall& call = world.services.deliveries[0];
  CHECK(call.target_arn == kUrl);
  CHECK(call.payload.find(R"("detail":{"a":1})") != std::string::npos);
  CHECK(world.batches.back().put_deliveries.size() == 1);
  world.turn({DeliveryAnswered{call.delivery, std::nullopt}});
  CHECK(world.store.disk().deliveries.empty());
  CHECK(world.core().deliveries().pending() == 0);
}

TEST_CASE("a failed delivery comes again later and later, and is taken at last") {
  Outside world;
  int tries = 0;
  world.services.on_delivery([&](const DeliveryCall&) -> FakeDelivery {
    if (++tries < 4) return {DeliveryFailure{"Busy", "come back", true}, Duration{0}};
    return {};
  });
  world.put_event("default", "shop", "{}");
  world.settle();
  CHECK(tries == 1);
  CHECK(world.store.disk().deliveries.begin()->second.attempts == 1);
  world.advance(seconds(60));
  CHECK(tries == 4);
  CHECK(world.store.disk().deliveries.empty());
  CHECK(world.warnings.empty());
}

TEST_CASE("a delivery is given up after the attempts of its policy, and the log hears of it") {
  Outside world{bus::RetryPolicy{.maximum_retry_attempts = 2, .maximum_event_age_in_seconds = {}}};
  world.fail_always();
  world.put_event("default", "shop", "{}");
  world.advance(seconds(3600));
  CHECK(world.services.deliveries.size() == 3);
  CHECK(world.store.disk().deliveries.empty());
  REQUIRE(world.warnings.size() == 1);
  CHECK(world.warnings[0] ==
        "An event of rule arn:aws:events:us-east-1:000000000000:rule/r is lost to its target " +
            std::string{kUrl} + " after 3 attempts (MaximumRetryAttempts): Busy: come back");
}

TEST_CASE("a failure that is final is not tried again") {
  Outside world;
  world.fail_always(false);
  world.put_event("default", "shop", "{}");
  world.advance(seconds(3600));
  CHECK(world.services.deliveries.size() == 1);
  CHECK(world.warnings.size() == 1);
}

TEST_CASE("after a crash an attempt without an answer is made again, and a due one is not lost") {
  Outside world;
  world.put_event("default", "shop", "{}");
  const DeliveryId id = world.services.deliveries.at(0).delivery;
  world.crash();
  world.settle();
  REQUIRE(world.services.deliveries.size() == 2);
  CHECK(world.services.deliveries[1].delivery == id);
  world.turn({DeliveryAnswered{id, DeliveryFailure{"Busy", "", true}}});
  world.crash();
  CHECK(world.core().next_deadline() > world.now());
  world.advance(seconds(2));
  CHECK(world.services.deliveries.size() == 3);
  world.turn({DeliveryAnswered{id, std::nullopt}, DeliveryAnswered{id, std::nullopt}});
  CHECK(world.store.disk().deliveries.empty());
}

TEST_CASE("ids of deliveries are not used again after a restart") {
  Outside world;
  world.put_event("default", "shop", "{}");
  const DeliveryId first = world.services.deliveries.at(0).delivery;
  world.turn({DeliveryAnswered{first, std::nullopt}});
  world.crash();
  world.put_event("default", "shop", "{}");
  CHECK(world.services.deliveries.at(1).delivery > first);
}

namespace {

constexpr const char* kDeadLetters = "arn:aws:sqs:us-east-1:000000000000:dead";

// A rule whose target has a dead-letter queue; what comes to that queue is taken.
struct WithDeadLetters : World {
  explicit WithDeadLetters(const std::string& target_arn) {
    put_rule("default", "r", R"({"source":["shop"]})", {target_arn});
    ask([&](Core& core) {
      bus::RuleBook& book = core.events().book(caller);
      auto targets = book.list_targets("r", std::nullopt);
      REQUIRE(targets);
      targets->front().dead_letter_arn = kDeadLetters;
      targets->front().input = R"({"other":true})";
      targets->front().retry_policy =
          bus::RetryPolicy{.maximum_retry_attempts = 1, .maximum_event_age_in_seconds = {}};
      REQUIRE(book.put_targets("r", std::nullopt, *targets));
      core.events().store(caller, **book.describe_rule("r", std::nullopt));
      return true;
    });
    services.on_delivery([this](const DeliveryCall& call) -> FakeDelivery {
      if (call.target_arn != kDeadLetters) {
        return {DeliveryFailure{"THROTTLING", "slow down", is_retryable}, Duration{0}};
      }
      letters.push_back(call);
      return {};
    });
  }
  [[nodiscard]] std::string attribute(const std::string& name) const {
    for (const auto& [key, value] : letters.at(0).attributes) {
      if (key == name) return value;
    }
    return "none";
  }

  bool is_retryable = true;
  std::vector<DeliveryCall> letters;
};

}  // namespace

TEST_CASE("what is given up goes to the dead-letter queue, as the event that it was") {
  WithDeadLetters world{kUrl};
  world.put_event("default", "shop", R"({"a":1})");
  world.advance(seconds(3600));
  REQUIRE(world.letters.size() == 1);
  CHECK(world.letters[0].payload.find(R"("detail":{"a":1})") != std::string::npos);
  CHECK(world.attribute("RULE_ARN") == "arn:aws:events:us-east-1:000000000000:rule/r");
  CHECK(world.attribute("TARGET_ARN") == kUrl);
  CHECK(world.attribute("ERROR_CODE") == "THROTTLING");
  CHECK(world.attribute("ERROR_MESSAGE") == "slow down");
  CHECK(world.attribute("EXHAUSTED_RETRY_CONDITION") == "MaximumRetryAttempts");
  CHECK(world.attribute("RETRY_ATTEMPTS") == "1");
  CHECK(world.store.disk().deliveries.empty());
}

TEST_CASE("a final failure goes to the dead-letter queue without a retry") {
  WithDeadLetters world{kUrl};
  world.is_retryable = false;
  world.put_event("default", "shop", "{}");
  world.settle();
  REQUIRE(world.letters.size() == 1);
  CHECK(world.attribute("RETRY_ATTEMPTS") == "0");
  CHECK(world.attribute("EXHAUSTED_RETRY_CONDITION") == "none");
}

TEST_CASE("a machine or a bus that does not exist is a reason for the dead-letter queue") {
  for (const char* arn : {"arn:aws:states:us-east-1:000000000000:stateMachine:none",
                          "arn:aws:events:us-east-1:000000000000:event-bus/none"}) {
    WithDeadLetters world{arn};
    world.put_event("default", "shop", R"({"a":2})");
    world.settle();
    REQUIRE(world.letters.size() == 1);
    CHECK(world.attribute("ERROR_CODE") == "NO_RESOURCE");
    CHECK(world.letters[0].payload.find(R"("detail":{"a":2})") != std::string::npos);
  }
}

TEST_CASE("a dead letter survives a crash and is sent until it is taken") {
  WithDeadLetters world{kUrl};
  world.is_retryable = false;
  world.services.on_delivery([&](const DeliveryCall& call) -> std::optional<FakeDelivery> {
    if (call.target_arn == kDeadLetters) return std::nullopt;
    return FakeDelivery{DeliveryFailure{"NO_RESOURCE", "gone", false}, Duration{0}};
  });
  world.put_event("default", "shop", "{}");
  world.settle();
  CHECK(world.store.disk().deliveries.size() == 1);
  world.crash();
  world.services.on_delivery([&](const DeliveryCall& call) -> FakeDelivery {
    world.letters.push_back(call);
    return {};
  });
  world.settle();
  REQUIRE(world.letters.size() == 1);
  CHECK(world.attribute("ERROR_CODE") == "NO_RESOURCE");
  CHECK(world.store.disk().deliveries.empty());
}
