#include "engine/core/activities.h"

#include <doctest/doctest.h>

#include "base/json.h"
#include "tests/unit/core/world.h"

using namespace presso;
using namespace presso::core;
using namespace presso::test;

namespace {

constexpr const char* kMachine = R"({"StartAt": "A", "States": {"A": {"Type": "Task",
  "Resource": "arn:aws:states:us-east-1:000000000000:activity:make", "End": true}}})";
const std::string kArn = "arn:aws:states:us-east-1:000000000000:activity:make";

void create_activity(World& world) {
  world.ask([&](Core& core) {
    return core.activities().create(world.caller, "make", Json::object()).value();
  });
}
void poll(World& world, std::uint64_t id) {
  world.ask([&](Core& core) {
    core.activities().poll({RequestId{id}, kArn, "w"});
    return true;
  });
  world.settle();
}
// The input of the task that the request was answered with; empty when there was none.
std::string task_of(const World& world, std::uint64_t id) {
  const auto it = world.replies.find(RequestId{id});
  if (it == world.replies.end()) return "no answer";
  const auto answer = parse_json(it->second.body);
  REQUIRE(answer);
  const std::string* input = as_string(find_member(*answer, "input"));
  return input == nullptr ? std::string{} : *input;
}

}  // namespace

TEST_CASE("a queue of tasks outlives the process, in its order") {
  World world;
  create_activity(world);
  const std::string machine = world.create("Orders", kMachine);
  for (const char* input : {"1", "2", "3"}) world.start(machine, input);
  CHECK(world.store.disk().deliveries.size() == 3);
  poll(world, 1);
  CHECK(task_of(world, 1) == "1");
  world.crash();
  poll(world, 2);
  poll(world, 3);
  poll(world, 4);
  CHECK(task_of(world, 2) == "2");
  CHECK(task_of(world, 3) == "3");
  CHECK(task_of(world, 4) == "no answer");
  CHECK(world.store.disk().deliveries.empty());
}

TEST_CASE("a task is handed over although its execution is not in memory") {
  Settings settings;
  settings.executions_in_memory = 1;
  World world{settings};
  create_activity(world);
  const std::string machine = world.create("Orders", kMachine);
  for (const char* input : {"1", "2", "3"}) world.start(machine, input);
  REQUIRE(world.core().executions().in_memory() == 1);
  for (std::uint64_t id = 1; id <= 3; ++id) poll(world, id);
  CHECK(task_of(world, 1) == "1");
  CHECK(task_of(world, 2) == "2");
  CHECK(task_of(world, 3) == "3");
}

TEST_CASE("a task whose execution was stopped leaves the queue") {
  World world;
  create_activity(world);
  const std::string execution = world.start(world.create("Orders", kMachine));
  world.ask(keys_of_execution(execution), [&](Core& core) {
    return core.executions().stop(execution, run::Failure{}).has_value();
  });
  CHECK(world.store.disk().deliveries.empty());
  poll(world, 1);
  CHECK(task_of(world, 1) == "no answer");
}

TEST_CASE("all polls end when the process does") {
  World world;
  create_activity(world);
  poll(world, 1);
  poll(world, 2);
  world.ask([&](Core& core) {
    core.activities().end_polls();
    return true;
  });
  CHECK(task_of(world, 1).empty());
  CHECK(task_of(world, 2).empty());
}
