#include "engine/core/event_flow.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>

#include "base/json.h"
#include "engine/core/work.h"
#include "tests/unit/core/machines_of_tests.h"
#include "tests/unit/core/world.h"

using namespace presso;
using namespace presso::core;
using namespace presso::test;

namespace {

constexpr const char* kBusArn = "arn:aws:events:us-east-1:000000000000:event-bus/Serverlesspresso";

Json parsed(const std::string& text) {
  auto value = parse_json(text);
  REQUIRE(value);
  return *std::move(value);
}

std::vector<std::string> executions_of(const World& world, const std::string& machine) {
  const auto rows = world.store.reader()->list(
      {.machine_arn = machine, .status = std::nullopt, .before = std::nullopt, .limit = 100});
  REQUIRE(rows);
  std::vector<std::string> arns;
  for (const ExecutionRow& row : *rows) arns.push_back(execution_arn(row.machine_arn, row.name));
  return arns;
}

}  // namespace

TEST_CASE("a rule starts an execution in the same transaction as the event") {
  World world;
  const std::string machine = world.create("M", kPass);
  world.put_rule("Serverlesspresso", "r", R"({"source":["shop"]})", {machine});
  const auto results = world.put_event("Serverlesspresso", "shop", R"({"order": 1})");
  REQUIRE(results.size() == 1);
  CHECK(results[0].error_code.empty());
  const auto started = executions_of(world, machine);
  REQUIRE(started.size() == 1);
  CHECK(world.batches.back().put_executions.size() == 1);
  // AWS: the name is the event's id and a UUID.
  CHECK(started[0].find(":" + results[0].event_id + "_") != std::string::npos);
  const Json input = parsed(world.output(started[0]));
  CHECK(input["id"] == results[0].event_id);
  CHECK(input["source"] == "shop");
  CHECK(input["detail"]["order"] == 1);
}

TEST_CASE("an entry that is refused keeps its place") {
  World world;
  const auto results = world.ask([&](Core& core) {
    std::vector<bus::PutEventsEntry> entries(3);
    for (bus::PutEventsEntry& entry : entries) {
      entry.source = "s";
      entry.detail_type = "t";
      entry.detail = "{}";
    }
    entries[1].detail_type = "";
    return core.events().put_events(world.caller, std::move(entries));
  });
  REQUIRE(results.size() == 3);
  CHECK_FALSE(results[0].event_id.empty());
  CHECK(results[1].event_id.empty());
  CHECK(results[1].error_code == "InvalidArgument");
  CHECK(results[1].error_message ==
        "Parameter DetailType is not valid. Reason: DetailType is a required argument.");
  CHECK_FALSE(results[2].event_id.empty());
  CHECK(world.published.size() == 2);
}

TEST_CASE("an event passes from bus to bus as it was") {
  World world;
  const std::string machine = world.create("M", kPass);
  world.put_rule("default", "on", R"({"source":["shop"]})", {kBusArn});
  world.put_rule("Serverlesspresso", "start", R"({"source":["shop"]})", {machine});
  const auto results = world.put_event("default", "shop", "{}");
  REQUIRE(world.published.size() >= 2);
  CHECK(world.published[0].bus == "default");
  CHECK(world.published[1].bus == "Serverlesspresso");
  CHECK(world.published[0].envelope() == world.published[1].envelope());
  const auto started = executions_of(world, machine);
  REQUIRE(started.size() == 1);
  CHECK(parsed(world.output(started[0]))["id"] == results[0].event_id);
}

TEST_CASE("an event that came from another bus is not sent on to a third") {
  World world;
  const std::string machine = world.create("M", kPass);
  const std::string third = "arn:aws:events:us-east-1:000000000000:event-bus/third";
  REQUIRE(world.ask([&](Core& core) {
    bus::CreateBus create;
    create.name = "third";
    return core.events().book(world.caller).create_bus(std::move(create), world.now()).has_value();
  }));
  world.put_rule("default", "on", R"({"source":["shop"]})", {kBusArn});
  world.put_rule("Serverlesspresso", "further", R"({"source":["shop"]})", {third, machine});
  world.put_event("default", "shop", "{}");
  world.put_event("default", "shop", "{}");
  CHECK(executions_of(world, machine).size() == 2);
  for (const core::Published& item : world.published) CHECK(item.bus != "third");
  REQUIRE(world.warnings.size() == 1);
  CHECK(world.warnings[0].find(third) != std::string::npos);
  CHECK(world.warnings[0].find("rule/Serverlesspresso/further") != std::string::npos);
  CHECK(world.warnings[0].find("rule/on") != std::string::npos);
  world.put_event("Serverlesspresso", "shop", "{}");
  const auto on_third = [](const core::Published& item) { return item.bus == "third"; };
  CHECK(std::ranges::count_if(world.published, on_third) == 1);
}

TEST_CASE("buses that send to each other, and twice to themselves, come to an end") {
  World world;
  const std::string back = "arn:aws:events:us-east-1:000000000000:event-bus/default";
  world.put_rule("default", "on", R"({"source":["shop"]})", {kBusArn, back, back});
  world.put_rule("Serverlesspresso", "back", R"({"source":["shop"]})", {back, kBusArn});
  world.put_event("default", "shop", "{}");
  world.settle();
  CHECK(world.published.size() == 4);
}

TEST_CASE("what waits for its turn remembers that it came from another bus") {
  World world;
  const core::Work work = core::RouteEvent{.home = world.caller,
                                           .bus = "Serverlesspresso",
                                           .event = std::make_shared<const bus::Event>(),
                                           .sent_by = "arn:of:rule"};
  const auto stored = core::to_json(work);
  REQUIRE(stored);
  const auto read = core::work_from_json(*stored);
  REQUIRE(read);
  CHECK(std::get<core::RouteEvent>(*read).sent_by == "arn:of:rule");
}

TEST_CASE("an event for another account's bus keeps its origin") {
  World world;
  const std::string mine = "arn:aws:events:us-east-1:111111111111:event-bus/Serverlesspresso";
  world.put_rule("default", "away", R"({"source":["shop"]})", {mine});
  world.put_event("default", "shop", "{}");
  REQUIRE(world.published.size() == 2);
  CHECK(world.published[1].caller == Caller{"111111111111", "us-east-1"});
  CHECK(parsed(world.published[1].envelope())["account"] == "000000000000");
}

TEST_CASE("accounts and regions have rules of their own") {
  World world;
  const std::string machine = world.create("M", kPass);
  world.put_rule("default", "r", R"({"source":["shop"]})", {machine});
  world.caller = {"000000000000", "eu-west-1"};
  world.put_event("default", "shop", "{}");
  CHECK(executions_of(world, machine).empty());
  world.caller = {"111111111111", "us-east-1"};
  world.put_event("default", "shop", "{}");
  CHECK(executions_of(world, machine).empty());
  world.caller = {};
  world.put_event("default", "shop", "{}");
  CHECK(executions_of(world, machine).size() == 1);
}

TEST_CASE("a status change is an event on the bus default") {
  World world;
  const std::string arn = world.start(world.create("M", kWaitTenSeconds), R"({"a":1})");
  REQUIRE(world.published.size() == 1);
  CHECK(world.published[0].bus == "default");
  const Json running = parsed(world.published[0].envelope());
  CHECK(running["source"] == "aws.states");
  CHECK(running["detail-type"] == "Step Functions Execution Status Change");
  CHECK(running["resources"] == Json::array({arn}));
  CHECK(running["detail"]["executionArn"] == arn);
  CHECK(running["detail"]["status"] == "RUNNING");
  CHECK(running["detail"]["startDate"] == epoch_ms(kStart));
  CHECK(running["detail"]["stopDate"].is_null());
  CHECK(running["detail"]["input"] == R"({"a":1})");
  CHECK(running["detail"]["inputDetails"]["included"] == true);
  CHECK(running["detail"]["output"].is_null());
  CHECK(running["detail"]["outputDetails"].is_null());
  world.advance(seconds(10));
  REQUIRE(world.published.size() == 2);
  const Json ended = parsed(world.published[1].envelope());
  CHECK(ended["detail"]["status"] == "SUCCEEDED");
  CHECK(ended["detail"]["stopDate"] == epoch_ms(kStart + seconds(10)));
  CHECK(ended["detail"]["output"] == R"({"a":1})");
  CHECK(world.published[1].sequence == 2);
}

TEST_CASE("a failed execution's event tells error and cause") {
  World world;
  world.start(world.create("M", R"({"StartAt": "F", "States": {
    "F": {"Type": "Fail", "Error": "Bad", "Cause": "luck"}}})"));
  REQUIRE(world.published.size() == 2);
  const Json failed = parsed(world.published[1].envelope());
  CHECK(failed["detail"]["status"] == "FAILED");
  CHECK(failed["detail"]["error"] == "Bad");
  CHECK(failed["detail"]["cause"] == "luck");
  CHECK(failed["detail"]["output"].is_null());
}

TEST_CASE("data that would not fit an event is left out of it") {
  World world;
  const std::string half = "\"" + std::string(130 * 1024, 'a') + "\"";
  world.start(world.create("M", kPass), half);
  REQUIRE(world.published.size() == 2);
  const Json running = parsed(world.published[0].envelope());
  CHECK(running["detail"]["inputDetails"]["included"] == true);
  const Json ended = parsed(world.published[1].envelope());
  CHECK(ended["detail"]["inputDetails"]["included"] == false);
  CHECK(ended["detail"]["input"].is_null());
  CHECK(ended["detail"]["outputDetails"]["included"] == true);
}

TEST_CASE("a rule on status changes starts an execution, whose own changes follow") {
  World world;
  const std::string first = world.create("First", kPass);
  const std::string second = world.create("Second", kPass);
  world.put_rule("default", "ended",
                 R"({"source":["aws.states"],"detail":{"status":["SUCCEEDED"],)"
                 R"("stateMachineArn":[")" +
                     first + R"("]}})",
                 {second});
  world.start(first);
  CHECK(executions_of(world, second).size() == 1);
  CHECK(world.published.size() == 4);
}

TEST_CASE("an event that a target cannot take is told to the log") {
  World world;
  world.put_rule("default", "r", R"({"source":["shop"]})",
                 {"arn:aws:states:us-east-1:000000000000:stateMachine:gone"});
  world.put_event("default", "shop", "{}");
  REQUIRE(world.warnings.size() == 1);
  CHECK(world.warnings[0].find("State Machine Does Not Exist") != std::string::npos);
}

TEST_CASE("buses and rules survive a crash, and erased ones stay away") {
  World world;
  const std::string machine = world.create("M", kPass);
  world.ask([&](Core& core) {
    bus::CreateBus wanted;
    wanted.name = "mine";
    const auto made = core.events().book(world.caller).create_bus(std::move(wanted), core.now());
    REQUIRE(made);
    core.events().store(world.caller, **made);
    return true;
  });
  world.put_rule("mine", "r", R"({"source":["shop"]})", {machine});
  world.put_rule("default", "d", R"({"source":["shop"]})", {machine});
  world.crash();
  world.put_event("mine", "shop", "{}");
  CHECK(executions_of(world, machine).size() == 1);
  world.put_event("default", "shop", "{}");
  CHECK(executions_of(world, machine).size() == 2);
  world.ask([&](Core& core) {
    core.events().erase_rule(world.caller, "mine", "r");
    core.events().erase_rule(world.caller, "default", "d");
    core.events().erase_bus(world.caller, "mine");
    return true;
  });
  for (const auto& [key, value] : world.store.disk().documents) {
    CHECK(key.first != "rule");
    CHECK(key.first != "event-bus");
  }
}
