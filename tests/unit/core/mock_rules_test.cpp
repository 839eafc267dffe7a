#include "engine/core/mock_rules.h"

#include <doctest/doctest.h>

#include "base/json.h"
#include "base/like.h"
#include "tests/unit/core/map_runs_of_tests.h"

using namespace presso;
using namespace presso::core;
using namespace presso::test;

namespace {

// "sqs:sendMessage", or an ARN with *: enough words for a test.
Result<CallMatch> words(const std::string& text) {
  return CallMatch{[text](const MockableCall& call) {
    if (!call.arn.empty()) return is_like(text, call.arn);
    return is_like(text, std::string{call.service} + ":" + std::string{call.action});
  }};
}

MockRules::Rules rules_of(const std::string& list) {
  const auto json = parse_json(list);
  REQUIRE(json);
  auto parsed = parse_mock_rules(*json, words);
  const auto* mistake = std::get_if<MockMistake>(&parsed);
  REQUIRE_MESSAGE(mistake == nullptr, (mistake == nullptr ? "" : to_string(*mistake)));
  return std::get<MockRules::Rules>(std::move(parsed));
}

Settings with(const std::string& list) {
  Settings settings;
  settings.mock_rules = std::make_shared<const MockRules::Rules>(rules_of(list));
  settings.call_words = words;
  return settings;
}

constexpr const char* kSend = "arn:aws:states:::sqs:sendMessage";
constexpr const char* kFunction = "arn:aws:lambda:us-east-1:123456789012:function:f";
constexpr const char* kQueue = "arn:aws:sqs:us-east-1:000000000000:queue";

// A machine with one task T, other fields of it each with a comma behind.
std::string task(const std::string& resource, const std::string& fields = "") {
  return R"({"StartAt":"T","States":{"T":{"Type":"Task",)" + fields + R"("Resource":")" + resource +
         R"(","Parameters":{"QueueUrl":"q","MessageBody.$":"$.body"},"End":true}}})";
}
std::string function_task(const std::string& fields = "") {
  return R"({"StartAt":"T","States":{"T":{"Type":"Task",)" + fields + R"("Resource":")" +
         kFunction + R"(","End":true}}})";
}

struct Asked {
  std::uint64_t calls = 0;
  std::uint64_t hits = 0;
  friend bool operator==(const Asked&, const Asked&) = default;
};
Asked asked(World& world, const std::string& id) {
  for (const auto& listed : world.core().mock_rules().list()) {
    if (listed.rule.id == id) return {listed.calls, listed.hits};
  }
  return {};
}

std::string output_of(World& world, const std::string& machine, const std::string& input) {
  const std::string arn = world.start(machine, input);
  world.settle();
  return world.output(arn);
}

constexpr const char* kRetry =
    R"("Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":1,"MaxAttempts":3,"BackoffRate":1}],)";

}  // namespace

TEST_CASE("the first rule that is for a call answers it, and nothing is called") {
  World world{with(R"([
    {"id":"a","arguments":{"MessageBody":[{"prefix":"a"}]},"call":"sqs:*",
     "return":{"MessageId":
                 "{% $uppercase($states.input.MessageBody) & $states.context.State.Name %}",
               "MD5OfMessageBody":"x"}},
    {"id":"b","call":"sqs:sendMessage","machine":"m*","state":"T","return":{"MessageId":"b"}},
    {"id":"c","call":"sqs:sendMessage","state":"Other","return":{"MessageId":"c"}}])")};
  const std::string machine = world.create("m", task(kSend));
  CHECK(output_of(world, machine, R"({"body":"abc"})") ==
        R"({"MessageId":"ABCT","MD5OfMessageBody":"x"})");
  CHECK(output_of(world, machine, R"({"body":"xyz"})") == R"({"MessageId":"b"})");
  CHECK(world.services.calls.empty());
  CHECK(asked(world, "a") == Asked{1, 1});
  CHECK(asked(world, "b") == Asked{2, 1});
  CHECK(asked(world, "c") == Asked{0, 0});
}

TEST_CASE("a call that no rule is for is made") {
  World world{with(R"([{"call":"sns:*","return":{}}])")};
  world.start(world.create("m", task(kSend)), R"({"body":"abc"})");
  CHECK(world.services.calls.size() == 1);
}

TEST_CASE("a rule applies to the calls whose turn it is, over all executions or in each") {
  for (const bool is_in_each : {false, true}) {
    CAPTURE(is_in_each);
    const std::string per = is_in_each ? R"("per":"execution",)" : "";
    World world{with(R"([{"id":"r","call":"sqs:*",)" + per +
                     R"("on":"1-2","throw":{"error":"Busy"}},
                         {"call":"sqs:*","return":{"MessageId":"m"}}])")};
    const std::string machine = world.create("m", task(kSend, kRetry));
    const std::string first = world.start(machine, R"({"body":"1"})");
    const std::string second = world.start(machine, R"({"body":"2"})");
    world.advance(seconds(5));
    CHECK(world.output(first) == R"({"MessageId":"m"})");
    CHECK(world.output(second) == R"({"MessageId":"m"})");
    CHECK(asked(world, "r") == (is_in_each ? Asked{6, 4} : Asked{4, 2}));
  }
}

TEST_CASE("a rule may apply once, and with a rate") {
  World world{with(R"([{"id":"once","call":"sqs:*","once":true,"return":{"MessageId":"1"}},
                       {"id":"never","call":"sqs:*","rate":0,"return":{"MessageId":"2"}},
                       {"id":"half","call":"sqs:*","rate":0.5,"return":{"MessageId":"3"}},
                       {"id":"rest","call":"sqs:*","return":{"MessageId":"4"}}])")};
  const std::string machine = world.create("m", task(kSend));
  for (int i = 0; i < 101; ++i) output_of(world, machine, R"({"body":"x"})");
  CHECK(asked(world, "once") == Asked{101, 1});
  CHECK(asked(world, "never") == Asked{101, 0});
  const Asked half = asked(world, "half");
  CHECK(half.hits > 25);
  CHECK(half.hits < 75);
  CHECK(asked(world, "rest").hits == 100 - half.hits);
}

TEST_CASE("a latency is virtual time, and a rule with nothing else lets the call go afterwards") {
  World world{with(R"([{"call":"sqs:*","latency":"20s","return":{"MessageId":"late"}},
                       {"call":"arn:aws:lambda:*","latency":"1h"}])")};
  world.services.on_task("lambda", "invoke",
                         [](const TaskCall& call) { return FakeAnswer{call.parameters}; });
  const std::string send = world.start(world.create("m", task(kSend)), R"({"body":"x"})");
  const std::string invoke = world.start(world.create("n", function_task()), R"({"n":1})");
  world.advance(seconds(19));
  CHECK(world.output(send).empty());
  world.advance(seconds(1));
  CHECK(world.output(send) == R"({"MessageId":"late"})");
  CHECK(world.services.calls.empty());
  world.advance(seconds(3'580));
  CHECK(world.services.calls.size() == 1);
  CHECK(world.output(invoke) == R"({"n":1})");
  CHECK(world.store.disk().documents.size() == [&] {  // nothing but machines and counts is left
    std::size_t rest = 0;
    for (const auto& [key, value] : world.store.disk().documents) {
      if (key.first != "mocked-call") ++rest;
    }
    return rest;
  }());
}

TEST_CASE("a task that times out while it is delayed is not called any more") {
  World world{with(R"([{"call":"sqs:*","latency":"20s"}])")};
  const std::string arn =
      world.start(world.create("m", task(kSend, R"("TimeoutSeconds":5,)")), R"({"body":"x"})");
  world.advance(seconds(60));
  CHECK(world.services.calls.empty());
  CHECK(world.output(arn) == "States.Timeout: ");
  CHECK_FALSE(world.core().next_deadline().has_value());
}

TEST_CASE("what is returned is held to the service's model") {
  World world{with(R"([
    {"call":"sqs:*","arguments":{"MessageBody":["number"]},"return":{"MessageId":1}},
    {"call":"sqs:*","arguments":{"MessageBody":["none"]},"return":{"MessageId":1},
     "fieldValidationMode":"NONE"},
    {"call":"sqs:*","return":"{% $states.input.MessageBody.none.x %}"}])")};
  const std::string machine = world.create("m", task(kSend));
  CHECK(output_of(world, machine, R"({"body":"number"})") ==
        "States.Runtime: Mock result schema validation error: Field 'MessageId' must be a string");
  CHECK(output_of(world, machine, R"({"body":"none"})") == R"({"MessageId":1})");
  CHECK(output_of(world, machine, R"({"body":"else"})") ==
        "States.QueryEvaluationError: The JSONata expression '$states.input.MessageBody.none.x' "
        "specified for the field 'return' returned nothing (undefined).");
}

TEST_CASE("what runs within the turn and activities are mocked too") {
  World world{with(R"([{"call":"events:*","return":{"Entries":[],"FailedEntryCount":0}},
                       {"call":"*:activity:*","return":{"done":true}}])")};
  world.ask([&](Core& core) {
    return core.activities().create(world.caller, "a", Json::object()).has_value();
  });
  const std::string put = world.create(
      "m", R"({"StartAt":"T","States":{"T":{"Type":"Task","End":true,"Parameters":{"Entries":[]},
               "Resource":"arn:aws:states:::events:putEvents"}}})");
  const std::string work =
      world.create("n", R"({"StartAt":"T","States":{"T":{"Type":"Task","End":true,
               "Resource":"arn:aws:states:us-east-1:000000000000:activity:a"}}})");
  CHECK(output_of(world, put, "{}") == R"({"Entries":[],"FailedEntryCount":0})");
  CHECK(output_of(world, work, "{}") == R"({"done":true})");
}

TEST_CASE("a rule of a test case is for executions that run under it") {
  World world{with(R"([{"call":"sqs:*","case":"Happy","return":{"MessageId":"h"}}])")};
  const std::string machine = world.create("m", task(kSend));
  const auto start = [&](const std::string& test_case) {
    return world.try_start({.machine_arn = machine,
                            .name = std::nullopt,
                            .input = R"({"body":"x"})",
                            .trace_header = std::nullopt,
                            .test_case = test_case});
  };
  const auto happy = start("Happy");
  REQUIRE(happy);
  world.settle();
  CHECK(world.output(happy->arn) == R"({"MessageId":"h"})");
  CHECK_FALSE(start("Sad").has_value());
  world.start(machine, R"({"body":"x"})");
  CHECK(world.services.calls.size() == 1);
}

TEST_CASE("a delivery that a rule lets fail is tried again, and goes to its queue in the end") {
  World world{with(R"([{"id":"r","call":"*:queue","on":"1-2","throw":{"error":"Busy"}},
                       {"id":"s","call":"*:queue","on":3,"latency":"10s"}])")};
  world.services.on_delivery([](const DeliveryCall&) { return FakeDelivery{}; });
  world.put_rule("default", "r", R"({"source":["shop"]})", {kQueue});
  world.put_event("default", "shop", "{}");
  world.settle();
  CHECK(world.services.deliveries.empty());
  world.advance(seconds(3'600));
  CHECK(world.services.deliveries.size() == 1);
  CHECK(world.core().deliveries().pending() == 0);
  CHECK(asked(world, "r") == Asked{3, 2});
  CHECK(asked(world, "s") == Asked{3, 1});
}

TEST_CASE("rules are told, listed and taken away at run time, and survive a crash") {
  World world{with(R"([{"id":"f","call":"sqs:*","return":{"MessageId":"f"}}])")};
  const std::string machine = world.create("m", task(kSend));
  const auto add = [&](const std::string& list) {
    return world.ask([&](Core& core) { return core.mock_rules().add(rules_of(list)); });
  };
  const auto ids = [&] {
    std::string joined;
    for (const auto& listed : world.core().mock_rules().list()) joined += listed.rule.id + " ";
    return joined;
  };
  REQUIRE(add(R"([{"id":"a","call":"sqs:*","on":2,"return":{"MessageId":"a"}},
                  {"id":"b","call":"sns:*","return":{}}])"));
  REQUIRE(add(R"([{"id":"c","call":"sqs:*","on":3,"return":{"MessageId":"c"}}])"));
  CHECK(add(R"([{"id":"f","call":"sqs:*","return":{}}])").error().code == "MockExists");
  CHECK(ids() == "c a b f ");
  CHECK(output_of(world, machine, R"({"body":"x"})") == R"({"MessageId":"f"})");
  world.crash();
  CHECK(ids() == "c a b f ");
  CHECK(output_of(world, machine, R"({"body":"x"})") == R"({"MessageId":"a"})");
  world.crash();
  CHECK(output_of(world, machine, R"({"body":"x"})") == R"({"MessageId":"c"})");
  CHECK(asked(world, "f") == Asked{3, 1});
  CHECK(world.ask([](Core& core) { return core.mock_rules().remove("c"); }));
  CHECK(world.ask([](Core& core) { return core.mock_rules().remove("f"); }).error().code ==
        "MockExists");
  CHECK(world.ask([](Core& core) { return core.mock_rules().remove("c"); }).error().code ==
        "MockDoesNotExist");
  CHECK(world.ask([](Core& core) {
    return core.mock_rules().replace(rules_of(R"([{"id":"z","call":"*","return":{}}])"));
  }));
  world.crash();
  CHECK(ids() == "z f ");
}

// One world crashes after every turn whose number is in the mask; what is decided is the same.
TEST_CASE("a call is decided once, however often the process dies") {
  const std::string rules = R"([
    {"id":"third","call":"sqs:*","on":3,"throw":{"error":"Busy"}},
    {"id":"slow","call":"sqs:*","on":"1-","latency":"2s"},
    {"id":"queue","call":"*:queue","on":"1-2","throw":{"error":"Busy"}},
    {"id":"late","call":"*:queue","latency":"5s"}])";
  const auto play = [&](unsigned crashes) {
    World world{with(rules)};
    world.services.on_task("sqs", "sendMessage", [](const TaskCall&) {
      return FakeAnswer{R"({"MessageId":"m"})", Duration{500}};
    });
    world.services.on_delivery([](const DeliveryCall&) { return FakeDelivery{{}, Duration{500}}; });
    world.put_rule("default", "r", R"({"source":["shop"]})", {kQueue});
    const std::string machine = world.create("m", task(kSend, kRetry));
    std::vector<std::string> executions;
    const std::size_t before = world.batches.size();
    const auto crash = [&] {
      const std::size_t turn = world.batches.size() - before;
      if (turn < 32 && (crashes >> turn & 1U) != 0) world.crash();
    };
    for (int i = 0; i < 4; ++i) {
      executions.push_back(world.start(machine, R"({"body":"x"})"));
      crash();
      world.put_event("default", "shop", "{}");
      crash();
    }
    for (int i = 0; i < 400; ++i) {
      world.advance(Duration{250});
      crash();
    }
    world.advance(seconds(3'600));
    std::string seen;
    for (const std::string& arn : executions) seen += world.history(arn) + world.output(arn) + "\n";
    for (const char* id : {"third", "slow", "queue", "late"}) {
      const Asked count = asked(world, id);
      seen += std::to_string(count.calls) + "/" + std::to_string(count.hits) + " ";
    }
    CHECK(world.core().deliveries().pending() == 0);
    return seen;
  };
  const std::string expected = play(0);
  CHECK(expected.find("5/1 5/4") != std::string::npos);
  for (unsigned turn = 1; turn < 32; ++turn) {
    CAPTURE(turn);
    CHECK(play(1U << turn) == expected);
  }
  CHECK(play(~0U) == expected);
}

TEST_CASE("the children of a Map Run and the reads of its items are calls of their own") {
  World world{with(R"([{"call":"arn:aws:lambda:*","on":"2-","return":{"Payload":{"n":2}}},
                       {"call":"s3:getObject","return":{"Body":"[1,2]"}}])")};
  echo(world, Duration{0});
  const std::string reader =
      R"("ItemReader":{"Resource":"arn:aws:states:::s3:getObject",
          "ReaderConfig":{"InputType":"JSON"},"Parameters":{"Bucket":"b","Key":"k"}},)";
  const std::string arn = world.start(world.create("m", machine(kCall, reader)), "{}");
  world.settle();
  CHECK(world.output(arn) == R"([1,{"n":2}])");
}
