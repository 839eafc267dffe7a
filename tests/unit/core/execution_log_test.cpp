#include "engine/core/execution_log.h"

#include <doctest/doctest.h>

#include "base/json.h"
#include "tests/unit/core/machines_of_tests.h"
#include "tests/unit/core/world.h"

using namespace presso;
using namespace presso::core;
using namespace presso::test;

namespace {

constexpr const char* kGroup = "arn:aws:logs:us-east-1:000000000000:log-group:coffee:*";

Json logging(const std::string& level, bool includes_data) {
  return Json{{"loggingConfiguration",
               {{"level", level},
                {"includeExecutionData", includes_data},
                {"destinations",
                 Json::array({Json{{"cloudWatchLogsLogGroup", {{"logGroupArn", kGroup}}}}})}}}};
}

constexpr const char* kFails = R"({"StartAt": "P", "States": {
  "P": {"Type": "Pass", "Next": "F"}, "F": {"Type": "Fail", "Error": "E", "Cause": "C"}}})";

// A machine with these settings; its ARN.
std::string create(World& world, const std::string& name, std::string_view definition,
                   const Json& settings, asl::MachineType type = asl::MachineType::Standard) {
  return world.ask([&](Core& core) {
    CreateMachine request{.name = name, .type = type, .first = {}};
    request.first = {.definition = std::string{definition},
                     .role_arn = "arn:aws:iam::000000000000:role/r",
                     .settings = settings};
    auto made = core.machines().create(world.caller, std::move(request));
    REQUIRE(made);
    return (*made)->arn;
  });
}

std::string types(const World& world) {
  std::string all;
  for (const ExecutionLog& log : world.logs) {
    CHECK(log.group_arn == kGroup);
    for (const LogLine& line : log.lines) {
      const auto json = parse_json(line.text);
      REQUIRE(json);
      all += (all.empty() ? "" : " ") + *as_string(find_member(*json, "type"));
    }
  }
  return all;
}

}  // namespace

TEST_CASE("an execution's events are logged as CloudWatch Logs gets them") {
  World world;
  const std::string arn =
      world.start(create(world, "M", kPass, logging("ALL", true)), R"({"n":1})");
  REQUIRE(world.logs.size() == 1);
  const ExecutionLog& log = world.logs.front();
  CHECK(log.machine_name == "M");
  CHECK(log.execution_arn == arn);
  REQUIRE(log.lines.size() == 4);
  const std::string now = std::to_string(epoch_ms(kStart));
  CHECK(log.lines[1].at == kStart);
  CHECK(log.lines[1].text ==
        R"({"id":"2","type":"PassStateEntered","details":{"name":"Pass","input":"{\"n\":1}",)"
        R"("inputDetails":{"truncated":false}},"previous_event_id":"0","event_timestamp":")" +
            now + R"(","execution_arn":")" + arn + R"(","redrive_count":"0"})");
}

TEST_CASE("without execution data there is none in the log") {
  World world;
  world.start(create(world, "M", kPass, logging("ALL", false)), R"({"secret":1})");
  REQUIRE(world.logs.size() == 1);
  for (const LogLine& line : world.logs.front().lines) {
    CHECK(line.text.find("secret") == std::string::npos);
    CHECK(line.text.find("Details") == std::string::npos);
  }
}

TEST_CASE("a level is which events are wanted") {
  for (const auto& [level, wanted] : std::initializer_list<std::pair<const char*, const char*>>{
           {"ALL",
            "ExecutionStarted PassStateEntered PassStateExited FailStateEntered ExecutionFailed"},
           {"ERROR", "FailStateEntered ExecutionFailed"},
           {"FATAL", "ExecutionFailed"},
           {"OFF", ""}}) {
    World world;
    world.start(create(world, "M", kFails, logging(level, false)));
    CHECK(types(world) == wanted);
  }
}

TEST_CASE("Express executions are logged, and after a crash what comes then") {
  World world;
  world.start(create(world, "E", kPass, logging("ALL", false), asl::MachineType::Express));
  CHECK(types(world) == "ExecutionStarted PassStateEntered PassStateExited ExecutionSucceeded");
  world.logs.clear();
  world.start(create(world, "W", kWaitTenSeconds, logging("ALL", false)));
  world.crash();
  world.logs.clear();
  world.advance(seconds(10));
  CHECK(types(world) == "WaitStateExited ExecutionSucceeded");
}

TEST_CASE("what is too long for a log event is cut, and says so") {
  World world;
  const std::string text(251'000, 'x');
  world.start(create(world, "M", kPass, logging("ALL", true)), dump_json(Json{{"t", text}}));
  const auto line = parse_json(world.logs.front().lines.front().text);
  REQUIRE(line);
  const Json& details = line->at("details");
  CHECK(details.at("inputDetails") == Json{{"truncated", false}});
  world.logs.clear();
  const std::string longer(255'000, 'x');
  world.start(create(world, "N", kPass, logging("ALL", true)), dump_json(Json{{"t", longer}}));
  const auto cut = parse_json(world.logs.front().lines.front().text);
  REQUIRE(cut);
  CHECK(cut->at("details").at("inputDetails") == Json{{"truncated", true}});
  CHECK(dump_json(cut->at("details").at("input")).size() == kLoggedBytes);
}
