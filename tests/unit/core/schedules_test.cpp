#include "engine/core/schedules.h"

#include <doctest/doctest.h>

#include "base/json.h"
#include "tests/unit/core/world.h"

using namespace presso;
using namespace presso::core;
using namespace presso::test;

namespace {

constexpr const char* kQueue = "arn:aws:sqs:us-east-1:000000000000:queue";

struct Scheduled : World {
  Scheduled() {
    services.on_delivery([](const DeliveryCall&) { return FakeDelivery{}; });
  }
  void put_rule_at(const std::string& expression) {
    ask([&](Core& core) {
      bus::RuleBook& book = core.events().book(caller);
      bus::PutRule put;
      put.name = "tick";
      put.schedule_expression = expression;
      const auto rule = book.put_rule(std::move(put));
      REQUIRE(rule);
      bus::Target target;
      target.id = "1";
      target.arn = kQueue;
      REQUIRE(book.put_targets("tick", std::nullopt, {target}));
      core.events().store(caller, **rule);
      return true;
    });
  }
  // A schedule as CreateSchedule stores it.
  void put_schedule(Json more) {
    Json document{{"Arn", "arn:aws:scheduler:us-east-1:000000000000:schedule/default/s"},
                  {"Name", "s"},
                  {"GroupName", "default"},
                  {"State", "ENABLED"},
                  {"ScheduleExpressionTimezone", "UTC"},
                  {"FlexibleTimeWindow", Json{{"Mode", "OFF"}}},
                  {"Target", Json{{"Arn", kQueue}, {"RoleArn", "r"}}}};
    for (const auto& [name, value] : more.items()) document[name] = value;
    ask([&](Core& core) {
      core.registry().put(caller, kSchedule, "default/s", document);
      core.schedules().schedule_changed(caller, "default/s");
      return true;
    });
  }
  [[nodiscard]] bool has_schedule() {
    return ask([&](Core& core) {
      return core.registry().find(caller, kSchedule, "default/s") != nullptr;
    });
  }
};

}  // namespace

TEST_CASE("a scheduled rule sends AWS's event to its targets, again and again") {
  Scheduled world;
  world.put_rule_at("rate(5 minutes)");
  world.advance(seconds(299));
  CHECK(world.services.deliveries.empty());
  world.advance(seconds(1));
  REQUIRE(world.services.deliveries.size() == 1);
  const auto event = parse_json(world.services.deliveries[0].payload);
  REQUIRE(event);
  CHECK(dump_json((*event)["source"]) == R"("aws.events")");
  CHECK(dump_json((*event)["detail-type"]) == R"("Scheduled Event")");
  CHECK(dump_json((*event)["detail"]) == "{}");
  CHECK(dump_json((*event)["resources"]) ==
        R"(["arn:aws:events:us-east-1:000000000000:rule/tick"])");
  CHECK(dump_json((*event)["time"]) == '"' + to_iso_seconds(kStart + seconds(300)) + '"');
  world.advance(seconds(3'600));
  CHECK(world.services.deliveries.size() == 13);
}

TEST_CASE("a rule that is disabled or gone is silent, and enabled it begins anew") {
  Scheduled world;
  world.put_rule_at("rate(1 minute)");
  const auto change = [&](bool is_enabled) {
    world.ask([&](Core& core) {
      bus::RuleBook& book = core.events().book(world.caller);
      const auto rule = is_enabled ? book.enable_rule("tick", std::nullopt)
                                   : book.disable_rule("tick", std::nullopt);
      core.events().store(world.caller, **rule);
      return true;
    });
  };
  change(false);
  world.advance(seconds(600));
  CHECK(world.services.deliveries.empty());
  change(true);
  world.advance(seconds(60));
  CHECK(world.services.deliveries.size() == 1);
}

TEST_CASE("what fell due while the process was away fires at its start, each at its own time") {
  Scheduled world;
  world.put_rule_at("rate(1 minute)");
  world.advance(seconds(90));
  world.set_now(world.now() + seconds(180));
  world.crash();
  world.settle();
  REQUIRE(world.services.deliveries.size() == 4);
  CHECK(world.services.deliveries[3].payload.find(to_iso_seconds(kStart + seconds(240))) !=
        std::string::npos);
}

TEST_CASE("a schedule goes on after a crash") {
  Scheduled world;
  world.put_schedule(Json{{"ScheduleExpression", "rate(1 hour)"}});
  world.advance(seconds(1'800));
  CHECK(world.services.deliveries.size() == 1);
  world.crash();
  world.advance(seconds(1'799));
  CHECK(world.services.deliveries.size() == 1);
  world.advance(seconds(1));
  CHECK(world.services.deliveries.size() == 2);
}

TEST_CASE("a schedule's keywords are replaced, and the attempt is counted") {
  Scheduled world;
  int tries = 0;
  world.services.on_delivery([&](const DeliveryCall&) -> FakeDelivery {
    if (++tries < 2) return {DeliveryFailure{"Busy", "", true}, Duration{0}};
    return {};
  });
  world.put_schedule(
      Json{{"ScheduleExpression", "rate(1 day)"},
           {"Target", Json{{"Arn", kQueue},
                           {"RoleArn", "r"},
                           {"Input",
                            "<aws.scheduler.schedule-arn> <aws.scheduler.scheduled-time> "
                            "<aws.scheduler.attempt-number>"}}}});
  world.advance(seconds(60));
  REQUIRE(world.services.deliveries.size() == 2);
  const std::string arn = "arn:aws:scheduler:us-east-1:000000000000:schedule/default/s ";
  CHECK(world.services.deliveries[0].payload == arn + to_iso_seconds(kStart) + " 1");
  CHECK(world.services.deliveries[1].payload == arn + to_iso_seconds(kStart) + " 2");
}

TEST_CASE("a schedule for once is done, and deleted when it asks for it") {
  Scheduled world;
  const std::string at = to_iso_seconds(kStart + seconds(60)).substr(0, 19);
  const Json once{{"ScheduleExpression", "at(" + at + ")"}};
  world.put_schedule(once);
  world.advance(seconds(3'600));
  CHECK(world.services.deliveries.size() == 1);
  CHECK(world.has_schedule());
  Scheduled other;
  Json deleted = once;
  deleted["ActionAfterCompletion"] = "DELETE";
  other.put_schedule(deleted);
  other.advance(seconds(59));
  CHECK(other.has_schedule());
  other.advance(seconds(1));
  CHECK(other.services.deliveries.size() == 1);
  CHECK_FALSE(other.has_schedule());
}

TEST_CASE("a schedule keeps to its start, its end and its window") {
  Scheduled world;
  const double start = to_epoch_seconds(kStart);
  world.put_schedule(
      Json{{"ScheduleExpression", "rate(1 hour)"},
           {"StartDate", start + 1'800},
           {"EndDate", start + 9'000},
           {"FlexibleTimeWindow", Json{{"Mode", "FLEXIBLE"}, {"MaximumWindowInMinutes", 15}}}});
  world.advance(seconds(86'400));
  REQUIRE(world.services.deliveries.size() == 3);
  const auto event = parse_json(world.services.deliveries[2].payload);
  REQUIRE(event);
  CHECK(dump_json((*event)["time"]) == '"' + to_iso_seconds(kStart + seconds(9'000)) + '"');
  CHECK(dump_json((*event)["source"]) == R"("aws.scheduler")");
}

TEST_CASE("a rate counts from a start that is past, and without one begins at once") {
  Scheduled world;
  world.put_schedule(Json{{"ScheduleExpression", "rate(1 hour)"}});
  world.settle();
  CHECK(world.services.deliveries.size() == 1);
  Scheduled other;
  other.put_schedule(Json{{"ScheduleExpression", "rate(1 hour)"},
                          {"StartDate", to_epoch_seconds(kStart) - 1'800}});
  other.advance(seconds(1'799));
  CHECK(other.services.deliveries.empty());
  other.advance(seconds(1));
  CHECK(other.services.deliveries.size() == 1);
}

TEST_CASE("a schedule's event reaches a bus, and its failure the dead-letter queue") {
  Scheduled world;
  world.put_rule("default", "r", R"({"source":["clock"]})", {kQueue});
  const Json parameters{{"DetailType", "tick"}, {"Source", "clock"}};
  Json target{{"Arn", "arn:aws:events:us-east-1:000000000000:event-bus/default"},
              {"RoleArn", "r"},
              {"Input", R"({"a":1})"},
              {"EventBridgeParameters", parameters},
              {"DeadLetterConfig", Json{{"Arn", kQueue}}}};
  world.put_schedule(Json{{"ScheduleExpression", "rate(1 day)"}, {"Target", target}});
  world.settle();
  REQUIRE(world.services.deliveries.size() == 1);
  CHECK(world.services.deliveries[0].payload.find(R"("detail":{"a":1})") != std::string::npos);
  CHECK(world.services.deliveries[0].attributes.empty());
  target["Arn"] = "arn:aws:events:us-east-1:000000000000:event-bus/none";
  world.put_schedule(Json{{"ScheduleExpression", "rate(1 day)"}, {"Target", target}});
  world.settle();
  REQUIRE(world.services.deliveries.size() == 2);
  CHECK(world.services.deliveries[1].attributes.at(0).first == "SCHEDULE_ARN");
}
