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
