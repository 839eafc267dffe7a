#include <doctest/doctest.h>

#include "engine/core/core.h"
#include "tests/support/faulty_store.h"
#include "tests/unit/core/machines_of_tests.h"
#include "tests/unit/core/world.h"

using namespace presso;
using namespace presso::core;
using namespace presso::test;

TEST_CASE("a call without a recorded answer is made again after a crash") {
  World world;
  const std::string arn = world.start(world.create("M", kGetItem));
  REQUIRE(world.services.calls.size() == 1);
  world.crash();
  CHECK(world.core().has_work_left());
  CHECK(world.core().next_deadline() <= world.now());
  world.services.on_task("dynamodb", "getItem", [](const TaskCall&) { return FakeAnswer{"{}"}; });
  world.settle();
  REQUIRE(world.services.calls.size() == 2);
  REQUIRE(world.warnings.size() == 1);
  CHECK(world.warnings[0] ==
        "Calls whose answers were not recorded are made again: 1, the first of them "
        "arn:aws:states:::dynamodb:getItem of " +
            arn + ".");
  CHECK(world.services.calls[1].task == world.services.calls[0].task);
  CHECK(world.services.calls[1].parameters == world.services.calls[0].parameters);
  CHECK(world.row(arn).status == run::Status::Succeeded);
}

TEST_CASE("an answered call is not made again") {
  World world;
  world.services.on_task("dynamodb", "getItem", [](const TaskCall&) { return FakeAnswer{"{}"}; });
  world.start(world.create("M", kGetItem));
  world.settle();
  world.crash();
  world.settle();
  CHECK(world.services.calls.size() == 1);
  CHECK(world.warnings.empty());
}

TEST_CASE("a deadline that passed while the process was dead fires in the first turns, in order") {
  World world;
  const std::string machine = world.create("M", kWaitTenSeconds);
  const std::string first = world.start(machine);
  world.advance(seconds(1));
  const std::string second = world.start(machine);
  world.set_now(kStart + seconds(1'000));
  world.crash();
  CHECK(world.core().executions().running() == 2);
  CHECK(world.core().executions().in_memory() == 0);
  world.settle();
  CHECK(world.row(first).stop_time == kStart + seconds(1'000));
  CHECK(world.row(second).status == run::Status::Succeeded);
  CHECK(world.core().executions().running() == 0);
}

TEST_CASE("a parked execution is found by its token after a crash") {
  World world;
  const std::string arn = world.start(world.create("M", kAsk));
  const std::string token = world.token(arn);
  world.crash();
  CHECK(world.core().executions().in_memory() == 0);
  CHECK(world.core().next_deadline() == kStart + seconds(300));
  CHECK(world.succeed(token, R"("yes")"));
  CHECK(world.output(arn) == R"("yes")");
}

TEST_CASE("parked executions above the bound leave memory, and nobody notices") {
  World small{{.seed = 1, .buses = {}, .executions_in_memory = 3}};
  World large{{.seed = 1, .buses = {}, .executions_in_memory = 1'000}};
  for (World* world : {&small, &large}) {
    const std::string machine = world->create("M", kAsk);
    std::vector<std::string> arns;
    for (int i = 0; i < 10; ++i) {
      arns.push_back(world->start(machine));
      world->advance(seconds(1));
    }
    CHECK(world->core().executions().running() == 10);
    CHECK(world->core().executions().in_memory() == (world == &small ? 3 : 10));
    for (int i = 0; i < 10; i += 2) {
      CHECK(world->succeed(world->token(arns[static_cast<std::size_t>(i)]), "1"));
    }
    world->advance(seconds(400));
    CHECK(world->core().executions().running() == 0);
    for (std::size_t i = 0; i < 10; ++i) {
      CHECK(world->output(arns[i]) == (i % 2 == 0 ? "1" : R"("late")"));
    }
  }
  CHECK(small.store.disk() == large.store.disk());
}

TEST_CASE("the least used parked execution leaves first") {
  World world{{.seed = 1, .buses = {}, .executions_in_memory = 2}};
  const std::string machine = world.create("M", kAsk);
  const std::string first = world.start(machine);
  const std::string second = world.start(machine);
  const std::string token = world.token(first);
  CHECK(world.ask(keys_of_token(token),
                  [&](Core& core) { return core.executions().heartbeat(token).has_value(); }));
  world.start(machine);
  CHECK(world.core().executions().find_live(world.row(first).number) != nullptr);
  CHECK(world.core().executions().find_live(world.row(second).number) == nullptr);
}

TEST_CASE("a closed execution leaves memory at once") {
  World world;
  const std::string machine = world.create("M", kPass);
  for (int i = 0; i < 5; ++i) world.start(machine);
  CHECK(world.core().executions().in_memory() == 0);
}

TEST_CASE("numbers and names are not used again after a restart") {
  World world;
  const std::string machine = world.create("M", kPass);
  const std::string first = world.start(machine);
  world.crash();
  const std::string second = world.start(machine);
  CHECK(world.row(second).number > world.row(first).number);
  CHECK(first != second);
}

TEST_CASE("an endless execution goes on after a crash") {
  World world;
  const std::string arn = world.start(world.create("M", kLoop));
  const auto steps = world.row(arn).next_seq;
  world.crash();
  CHECK(world.core().has_work_left());
  world.turn();
  world.turn();
  CHECK(world.row(arn).next_seq > steps);
}

TEST_CASE("an execution whose history cannot be read stands still and is told to the log") {
  World world;
  const std::string machine = world.create("M", kWaitTenSeconds);
  world.start(machine);
  const std::string good = world.start(machine);
  MemoryDisk disk = world.store.disk();
  disk.history.begin()->second = "nonsense";
  world.store = MemoryStore{disk};
  world.crash();
  world.advance(seconds(20));
  CHECK(world.row(good).status == run::Status::Succeeded);
  REQUIRE(world.warnings.size() == 1);
  CHECK(world.warnings[0].starts_with("An execution's history cannot be read"));
}

TEST_CASE("a commit that failed left all or nothing, and the next process goes on from there") {
  for (const Fault fault : {Fault::BeforeCommit, Fault::AfterCommit}) {
    World world;
    const std::string machine = world.create("M", kAsk);
    FaultyStore faulty{world.store};
    faulty.fail_at(1, fault);
    std::vector<Input> inputs;
    inputs.emplace_back(Request{
        RequestId{1}, {}, [&](Core& core, RequestId) {
          CHECK(core.executions().start(
              world.caller,
              {.machine_arn = machine, .name = "E", .input = "{}", .trace_header = std::nullopt}));
        }});
    TurnResult result = world.core().turn(std::move(inputs), {}, world.now());
    CHECK_FALSE(faulty.commit(result.batch));
    world.crash();
    const bool is_there = fault == Fault::AfterCommit;
    CHECK(world.core().executions().running() == (is_there ? 1 : 0));
    CHECK(world.store.disk().executions.size() == (is_there ? 1 : 0));
    world.advance(seconds(300));
    CHECK(world.core().executions().running() == 0);
  }
}
