#include <doctest/doctest.h>

#include <algorithm>

#include "base/json.h"
#include "base/json_members.h"
#include "tests/unit/core/map_runs_of_tests.h"

using namespace presso;
using namespace presso::core;
using namespace presso::test;

namespace {

constexpr const char* kRunHistory =
    "ExecutionStarted MapStateEntered MapStateStarted MapRunStarted MapRunSucceeded "
    "MapStateSucceeded MapStateExited ExecutionSucceeded";
constexpr const char* kFailedHistory =
    "ExecutionStarted MapStateEntered MapStateStarted MapRunStarted MapRunFailed MapStateFailed "
    "ExecutionFailed";

}  // namespace

TEST_CASE("each item is an execution of its own, and their outputs stand in the items' order") {
  World world;
  const std::string arn =
      world.start(world.create("m", machine(kPass, R"("Label":"Items",)")), R"([1,{"a":2},"x"])");
  world.settle();
  CHECK(world.history(arn) == kRunHistory);
  CHECK(world.output(arn) == R"([1,{"a":2},"x"])");
  const MapRun map_run = only_run(world, arn);
  CHECK(map_run.summary.status == run::MapRunStatus::Succeeded);
  CHECK(map_run.summary.executions.succeeded == 3);
  CHECK(map_run.execution_arn == arn);
  const auto rows = children(world, map_run);
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].machine_arn == machine_arn(world.caller, "m/Items"));
  CHECK(world.history(execution_arn(rows[0].machine_arn, rows[0].name)) ==
        "ExecutionStarted PassStateEntered PassStateExited ExecutionSucceeded");
}

TEST_CASE("children of the type EXPRESS leave nothing in the store") {
  World world;
  const std::string arn = world.start(world.create("m", machine(kPass, "", "EXPRESS")), "[1,2]");
  world.settle();
  CHECK(world.output(arn) == "[1,2]");
  CHECK(children(world, only_run(world, arn)).empty());
}

TEST_CASE("no items, no children") {
  World world;
  const std::string arn = world.start(world.create("m", machine(kPass)), "[]");
  world.settle();
  CHECK(world.history(arn) == kRunHistory);
  CHECK(world.output(arn) == "[]");
}

TEST_CASE("no more children run side by side than MaxConcurrency says") {
  World world;
  echo(world, seconds(1));
  const std::string arn =
      world.start(world.create("m", machine(kCall, R"("MaxConcurrency":2,)")), "[1,2,3,4,5]");
  world.settle();
  CHECK(world.services.calls.size() == 2);
  CHECK(only_run(world, arn).summary.executions.running == 2);
  CHECK(only_run(world, arn).summary.executions.pending == 3);
  world.advance(seconds(1));
  CHECK(world.services.calls.size() == 4);
  world.advance(seconds(2));
  CHECK(world.output(arn) == "[1,2,3,4,5]");
}

TEST_CASE("UpdateMapRun lets more run at once, and says what may fail") {
  World world;
  echo(world, seconds(1), true);
  const std::string arn =
      world.start(world.create("m", machine(kCall, R"("MaxConcurrency":1,)")), "[1,2,3,4]");
  world.settle();
  const std::string run_arn = only_run(world, arn).summary.arn;
  CHECK(world.ask([&](Core& core) {
    return core.map_runs().update(world.caller, run_arn, 3, 1, std::nullopt).has_value();
  }));
  world.settle();
  CHECK(world.services.calls.size() == 3);
  world.crash();
  world.settle();
  CHECK(only_run(world, arn).summary.limits.max_concurrency == 3);
  world.advance(seconds(2));
  CHECK(world.row(arn).status == run::Status::Succeeded);
  const auto closed = world.ask([&](Core& core) {
    return core.map_runs().update(world.caller, run_arn, 1, std::nullopt, std::nullopt);
  });
  REQUIRE_FALSE(closed);
  CHECK(closed.error().code == "ValidationException");
}

TEST_CASE("one failure over what is tolerated ends the run, and stops the other children") {
  World world;
  echo(world, seconds(1), true);
  world.services.on_task("lambda", "invoke", [](const TaskCall& call) {
    const bool is_two = call.parameters == "2";
    FakeAnswer answer{call.parameters, is_two ? seconds(1) : seconds(60)};
    if (is_two) answer.result = run::Failure{.error = "Two", .cause = "is refused"};
    return std::optional{answer};
  });
  const std::string arn = world.start(world.create("m", machine(kCall)), "[1,2,3]");
  world.advance(seconds(1));
  CHECK(world.history(arn) == kFailedHistory);
  const MapRun map_run = only_run(world, arn);
  CHECK(map_run.summary.status == run::MapRunStatus::Failed);
  CHECK(map_run.summary.executions.failed == 1);
  CHECK(map_run.summary.executions.aborted == 2);
  std::string statuses;
  for (const auto& row : children(world, map_run)) {
    statuses += std::string{run::to_string(row.status)} + " ";
  }
  CHECK(statuses == "ABORTED FAILED ABORTED ");
}

TEST_CASE("what is tolerated is shown among the results") {
  constexpr const char* kCount = R"("ToleratedFailureCount":1,)";
  constexpr const char* kPercentage = R"("ToleratedFailurePercentage":34,)";
  for (const char* field : {kCount, kPercentage}) {
    World world;
    echo(world, seconds(1), true);
    const std::string arn = world.start(world.create("m", machine(kCall, field)), "[1,2,3]");
    world.advance(seconds(1));
    CHECK(world.row(arn).status == run::Status::Succeeded);
    const auto output = parse_json(world.output(arn));
    REQUIRE(output);
    CHECK((*output)[0] == 1);
    CHECK(text_at((*output)[1], "Status") == "FAILED");
    CHECK(text_at((*output)[1], "Error") == "Two");
    CHECK(text_at((*output)[1], "Input") == "2");
    CHECK((*output)[2] == 3);
  }
  World world;
  echo(world, seconds(1), true);
  const std::string arn = world.start(
      world.create("m", machine(kCall, R"("ToleratedFailurePercentage":33,)")), "[1,2,3]");
  world.advance(seconds(1));
  CHECK(world.history(arn) == kFailedHistory);
}

TEST_CASE("stopping the parent aborts the run and its children") {
  World world;
  const std::string arn = world.start(world.create("m", machine(kCall)), "[1,2]");
  world.settle();
  const auto stopped = world.ask(keys_of_execution(arn), [&](Core& core) {
    return core.executions().stop(arn, {}).has_value();
  });
  CHECK(stopped);
  world.settle();
  CHECK(world.history(arn) ==
        "ExecutionStarted MapStateEntered MapStateStarted MapRunStarted MapRunAborted "
        "ExecutionAborted");
  const MapRun map_run = only_run(world, arn);
  CHECK(map_run.summary.status == run::MapRunStatus::Aborted);
  for (const auto& row : children(world, map_run)) CHECK(row.status == run::Status::Aborted);
}

TEST_CASE("children of the type EXPRESS are stopped with their parent, too") {
  World world;
  const std::string arn = world.start(world.create("m", machine(kCall, "", "EXPRESS")), "[1,2]");
  world.settle();
  REQUIRE(world.services.calls.size() == 2);
  CHECK(world.ask(keys_of_execution(arn),
                  [&](Core& core) { return core.executions().stop(arn, {}).has_value(); }));
  world.settle();
  CHECK(world.core().executions().in_memory() == 0);
  for (const auto& call : world.services.calls) {
    const bool is_cancelled =
        std::any_of(world.services.cancelled.begin(), world.services.cancelled.end(),
                    [&](const CancelCall& cancelled) { return cancelled.task == call.task; });
    CHECK(is_cancelled);
  }
}

TEST_CASE("items are put into batches, by number and by bytes") {
  World world;
  const auto run = [&](const std::string& name, const std::string& batcher) {
    const std::string arn = world.start(
        world.create(name, machine(kPass, R"("ItemBatcher":)" + batcher + ",")), "[1,2,3]");
    world.settle();
    return world.output(arn);
  };
  CHECK(run("a", R"({"MaxItemsPerBatch":2,"BatchInput":{"b":1}})") ==
        R"([{"BatchInput":{"b":1},"Items":[1,2]},{"BatchInput":{"b":1},"Items":[3]}])");
  CHECK(run("b", R"({"MaxInputBytesPerBatch":16})") ==
        R"([{"Items":[1]},{"Items":[2]},{"Items":[3]}])");
  CHECK(run("c", R"({"MaxInputBytesPerBatch":1000})") == R"([{"Items":[1,2,3]}])");
}

namespace {

// A Map over the lines of a file, each of `bytes` and a little more.
std::string output_of_lines(World& world, const std::vector<std::size_t>& bytes,
                            const std::string& fields) {
  std::string body;
  for (const std::size_t size : bytes) body += "\"" + std::string(size, 'x') + "\"\n";
  const std::string answer = dump_json(Json{{"Body", body}});
  world.services.on_task("s3", "getObject",
                         [=](const TaskCall&) { return std::optional{FakeAnswer{answer}}; });
  const std::string reader = R"("ItemReader":{"Resource":"arn:aws:states:::s3:getObject",
      "ReaderConfig":{"InputType":"JSONL"},"Parameters":{"Bucket":"b","Key":"k"}},)";
  const std::string counted = R"x("StartAt":"P","States":{"P":{"Type":"Pass",
      "Parameters":{"n.$":"States.ArrayLength($.Items)"},"End":true}})x";
  const std::string arn = world.start(world.create("m", machine(counted, reader + fields)));
  world.settle();
  if (world.row(arn).status == run::Status::Succeeded) return world.output(arn);
  const auto ended = std::get<run::ExecutionEnded>(world.events(arn).back().detail);
  return ended.error.value_or("");
}

}  // namespace

TEST_CASE("a batch is never larger than state data may be, and an item that is fails the run") {
  constexpr const char* kMany = R"("ItemBatcher":{"MaxItemsPerBatch":100},)";
  World small;
  CHECK(output_of_lines(small, {100'000, 100'000, 100'000}, kMany) == R"([{"n":2},{"n":1}])");
  World large;
  CHECK(output_of_lines(large, {300'000}, kMany) == "States.DataLimitExceeded");
}

TEST_CASE("items are read from a file, and results are written to files") {
  World world;
  world.services.on_task("s3", "getObject", [](const TaskCall&) {
    return std::optional{FakeAnswer{R"({"Body":"n,t\n1,one\n2,\"t,\"\"wo\"\n\n3\n4,x,y\n"})"}};
  });
  std::vector<std::string> written;
  world.services.on_task("s3", "putObject", [&](const TaskCall& call) {
    written.push_back(call.parameters);
    return std::optional{FakeAnswer{"{}", seconds(1)}};
  });
  const std::string arn = world.start(
      world.create("m", machine(kPass, R"("ItemReader":{"Resource":"arn:aws:states:::s3:getObject",
        "ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW","MaxItems":3},
        "Parameters":{"Bucket":"b","Key.$":"$.key"}},
        "ItemSelector":{"i.$":"$$.Map.Item.Index","v.$":"$$.Map.Item.Value"},
        "ResultWriter":{"Resource":"arn:aws:states:::s3:putObject",
        "Parameters":{"Bucket":"out","Prefix":"results"},
        "WriterConfig":{"OutputType":"JSONL","Transformation":"COMPACT"}},)")),
      R"({"key":"k.csv"})");
  world.advance(seconds(1));
  CHECK(world.services.calls.front().parameters == R"({"Bucket":"b","Key":"k.csv"})");
  world.crash();
  world.advance(seconds(5));
  CHECK(world.row(arn).status == run::Status::Succeeded);
  REQUIRE(written.size() >= 2);
  const std::string id =
      only_run(world, arn).summary.arn.substr(only_run(world, arn).summary.arn.rfind(':') + 1);
  const auto first = parse_json(written.front());
  REQUIRE(first);
  CHECK(text_at(*first, "Key") == "results/" + id + "/SUCCEEDED_0.jsonl");
  CHECK(text_at(*first, "Body") == R"({"i":0,"v":{"n":"1","t":"one"}})"
                                   "\n"
                                   R"({"i":1,"v":{"n":"2","t":"t,\"wo"}})"
                                   "\n"
                                   R"({"i":2,"v":{"n":"3","t":""}})"
                                   "\n");
  CHECK(world.output(arn) == R"({"MapRunArn":")" + only_run(world, arn).summary.arn +
                                 R"(","ResultWriterDetails":{"Bucket":"out","Key":"results/)" + id +
                                 R"(/manifest.json"}})");
}

TEST_CASE("a file that holds no list fails the run") {
  World world;
  world.services.on_task("s3", "getObject", [](const TaskCall&) {
    return std::optional{FakeAnswer{R"({"Body":"{\"Hello\":\"world\"}"})"}};
  });
  const std::string arn = world.start(
      world.create("m", machine(kPass, R"("ItemReader":{"Resource":"arn:aws:states:::s3:getObject",
        "ReaderConfig":{"InputType":"JSON"},"Parameters":{"Bucket":"b","Key":"k"}},)")));
  world.settle();
  CHECK(world.history(arn) == kFailedHistory);
  CHECK(world.events(arn).back().detail.index() == 2);
  const auto ended = std::get<run::ExecutionEnded>(world.events(arn).back().detail);
  CHECK(ended.error.value_or("") == "States.ItemReaderFailed");
  CHECK(ended.cause.value_or("") == "Attempting to map over non-iterable node.");
}

TEST_CASE("an ItemSelector that cannot be evaluated fails the run, in the state's name") {
  World world;
  const std::string arn = world.start(
      world.create("m", machine(kPass, R"("ItemSelector":{"n.$":"$$.Map.Item.Value.n"},)")),
      R"([{"n":1},{}])");
  world.settle();
  CHECK(world.history(arn) == kFailedHistory);
  const auto ended = std::get<run::ExecutionEnded>(world.events(arn).back().detail);
  CHECK(ended.cause.value_or("").starts_with(
      "An error occurred while executing the state 'M' (entered at the event id #2). "));
  CHECK(only_run(world, arn).summary.executions.total == 0);
}

TEST_CASE("a crash at any moment changes nothing in what comes out") {
  for (int crash_after = 0; crash_after < 8; ++crash_after) {
    for (const char* type : {"STANDARD", "EXPRESS"}) {
      CAPTURE(crash_after);
      World world;
      echo(world, seconds(1));
      const std::string arn =
          world.start(world.create("m", machine(kCall, R"("MaxConcurrency":2,)", type)), "[1,2,3]");
      for (int turns = 0; turns < crash_after; ++turns) {
        world.turn();
        if (turns % 3 == 2) world.advance(seconds(1));
      }
      world.crash();
      world.advance(seconds(10));
      CHECK(world.history(arn) == kRunHistory);
      CHECK(world.output(arn) == "[1,2,3]");
    }
  }
}
