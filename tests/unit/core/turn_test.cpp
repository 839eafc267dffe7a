#include <doctest/doctest.h>

#include "base/json.h"
#include "engine/core/core.h"
#include "engine/core/limits.h"
#include "tests/unit/core/machines_of_tests.h"
#include "tests/unit/core/world.h"

using namespace presso;
using namespace presso::core;
using namespace presso::test;

namespace {

constexpr std::string_view kOrder = R"json({
  "StartAt": "Get", "States": {
    "Get": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem",
      "Parameters": {"TableName": "t", "Key": {"id": {"S": "1"}}}, "ResultPath": "$.got",
      "Retry": [{"ErrorEquals": ["States.ALL"], "JitterStrategy": "FULL"}], "Next": "Tell"},
    "Tell": {"Type": "Task", "Resource": "arn:aws:states:::events:putEvents",
      "Parameters": {"Entries": [{"Detail": {"Id.$": "$$.Execution.Id", "U.$": "States.UUID()"},
        "DetailType": "Told", "EventBusName": "Serverlesspresso", "Source": "test.tell"}]},
      "End": true}}})json";

// A day at the counter: starts, answers, failures, time.
std::vector<Batch> run_a_day(std::uint64_t seed) {
  World world{{.seed = seed, .buses = {}}};
  int calls = 0;
  world.services.on_task("dynamodb", "getItem", [&](const TaskCall&) -> FakeAnswer {
    ++calls;
    if (calls % 3 == 0) return {run::Failure{.error = "Busy", .cause = std::nullopt}, seconds(1)};
    return {R"({"n":)" + std::to_string(calls) + "}", seconds(calls % 5)};
  });
  const std::string order = world.create("Order", kOrder);
  const std::string wait = world.create("Wait", kWaitTenSeconds);
  world.put_rule("Serverlesspresso", "told", R"({"source":["test.tell"]})", {wait});
  for (int i = 0; i < 20; ++i) {
    world.start(order);
    world.advance(seconds(1));
  }
  world.advance(seconds(100));
  CHECK(world.core().executions().running() == 0);
  return world.batches;
}

}  // namespace

TEST_CASE("the same inputs, times and seed give the same batches, byte for byte") {
  const std::vector<Batch> first = run_a_day(7);
  const std::vector<Batch> second = run_a_day(7);
  REQUIRE(first.size() == second.size());
  for (std::size_t i = 0; i < first.size(); ++i) CHECK(first[i] == second[i]);
  CHECK(run_a_day(8) != first);
}

TEST_CASE("deadlines fire in their order, each before the inputs of its turn") {
  World world;
  const std::string machine = world.create("M", R"({
    "StartAt": "Wait",
    "States": {"Wait": {"Type": "Wait", "SecondsPath": "$.s", "End": true}}})");
  const std::string late = world.start(machine, R"({"s":20})");
  const std::string early = world.start(machine, R"({"s":10})");
  const std::string middle = world.start(machine, R"({"s":15})");
  world.set_now(kStart + seconds(30));
  const std::size_t before = world.published.size();
  world.turn();
  std::vector<std::string> ended;
  for (std::size_t i = before; i < world.published.size(); ++i) {
    const auto event = parse_json(world.published[i].envelope());
    REQUIRE(event);
    ended.push_back((*event)["detail"]["executionArn"].get<std::string>());
  }
  CHECK(ended == std::vector{early, middle, late});
}

TEST_CASE("an answer that comes with the time-out comes too late") {
  World world;
  const std::string arn = world.start(world.create("M", kAsk));
  const std::string token = world.token(arn);
  world.set_now(kStart + seconds(300));
  CHECK(world.succeed(token, "1").error().code == "TaskTimedOut");
  CHECK(world.output(arn) == R"("late")");
}

TEST_CASE("a turn fires at most its share of deadlines, the next one goes on") {
  World world;
  const std::string machine = world.create("M", kWaitTenSeconds);
  const std::size_t count = kDuePerTurn + 10;
  for (std::size_t i = 0; i < count; ++i) world.start(machine);
  world.set_now(kStart + seconds(10));
  CHECK(world.turn().deadlines_fired == kDuePerTurn);
  CHECK(world.core().next_deadline() <= world.now());
  CHECK(world.turn().deadlines_fired == 10);
  CHECK(world.turn().deadlines_fired == 0);
  CHECK(world.core().executions().running() == 0);
}

TEST_CASE("an endless execution yields to the others, and so do several to each other") {
  World world;
  const std::string loop = world.create("Loop", kLoop);
  const std::string first = world.start(loop);
  CHECK(world.core().has_work_left());
  CHECK(world.core().next_deadline() <= world.now());
  const std::string second = world.start(loop);
  const std::string pass = world.start(world.create("Pass", kPass));
  CHECK(world.row(pass).status == run::Status::Succeeded);
  const auto steps = [&](const std::string& arn) { return world.row(arn).next_seq; };
  const auto before = std::pair{steps(first), steps(second)};
  world.turn();
  CHECK(steps(first) == before.first + 1);
  CHECK(steps(second) == before.second + 1);
  for (int i = 0; i < 40; ++i) world.turn();
  // 25,000 events are the end of any execution.
  CHECK(world.row(first).status == run::Status::Failed);
  CHECK_FALSE(world.core().has_work_left());
}

TEST_CASE("what is more than a turn's work is stored between turns") {
  World world;
  // Each event becomes two on another bus.
  const std::string bus = "arn:aws:events:us-east-1:000000000000:event-bus/Serverlesspresso";
  world.put_rule("default", "a", R"({"source":["s"]})", {bus, bus});
  world.ask([&](Core& core) {
    std::vector<bus::PutEventsEntry> entries(kWorkPerTurn);
    for (bus::PutEventsEntry& entry : entries) {
      entry.source = "s";
      entry.detail_type = "d";
      entry.detail = "{}";
    }
    return core.events().put_events(world.caller, std::move(entries)).size();
  });
  CHECK(world.published.size() == kWorkPerTurn);
  CHECK(world.core().has_work_left());
  CHECK(world.batches.back().put_deliveries.size() == 2 * kWorkPerTurn);
  CHECK(world.store.disk().deliveries.size() == 2 * kWorkPerTurn);
  world.turn();
  CHECK(world.published.size() == 2 * kWorkPerTurn);
  CHECK(world.batches.back().erased_deliveries.size() == kWorkPerTurn);
  CHECK(world.store.disk().deliveries.size() == kWorkPerTurn);
  // A crash loses none of what is left.
  world.crash();
  CHECK(world.core().has_work_left());
  world.turn();
  CHECK(world.published.size() == 3 * kWorkPerTurn);
  CHECK(world.store.disk().deliveries.empty());
  CHECK_FALSE(world.core().has_work_left());
}

TEST_CASE("what a turn leaves is done in the order in which it came, also after a crash") {
  for (const bool crashes : {false, true}) {
    World world;
    const std::size_t count = kWorkPerTurn + 20;
    world.ask([&](Core& core) {
      std::vector<bus::PutEventsEntry> entries(count);
      for (std::size_t i = 0; i < count; ++i) {
        entries[i].source = "s";
        entries[i].detail_type = std::to_string(i);
        entries[i].detail = "{}";
      }
      return core.events().put_events(world.caller, std::move(entries)).size();
    });
    CHECK(world.store.disk().deliveries.size() == 20);
    if (crashes) world.crash();
    world.put_event("default", "s", "{}");  // stands behind
    CHECK(world.store.disk().deliveries.empty());
    REQUIRE(world.published.size() == count + 1);
    for (std::size_t i = 0; i < count; ++i) {
      const auto event = parse_json(world.published[i].envelope());
      REQUIRE(event);
      CHECK((*event)["detail-type"] == std::to_string(i));
    }
  }
}

TEST_CASE("requests are answered in the turn, in order") {
  World world;
  std::vector<Input> inputs;
  for (std::uint64_t i = 1; i <= 3; ++i) {
    inputs.emplace_back(Request{
        RequestId{i}, {}, [](Core& core, RequestId id) {
          core.reply(id, {.body = std::to_string(id.value), .error_code = "", .http_status = 200});
        }});
  }
  inputs.emplace_back(RequestGone{RequestId{9}});
  const TurnResult result = world.turn(std::move(inputs));
  REQUIRE(result.effects.size() == 3);
  CHECK(std::get<Reply>(result.effects[1]).answer.body == "2");
  CHECK(result.batch.empty());
}

TEST_CASE("a document that is erased and put again in one turn is there") {
  World world;
  world.ask([](Core& core) {
    core.put_document("rule", "k", Json(1));
    core.erase_document("rule", "k");
    core.put_document("rule", "k", Json(2));
    return true;
  });
  CHECK(world.store.disk().documents.at({"rule", "k"}) == "2");
  world.ask([](Core& core) {
    core.put_document("rule", "k", Json(3));
    core.erase_document("rule", "k");
    return true;
  });
  CHECK(world.store.disk().documents.empty());
}

TEST_CASE("time does not go backwards") {
  World world;
  world.turn();
  world.set_now(kStart - seconds(10));
  world.turn();
  CHECK(world.core().now() == kStart);
}
