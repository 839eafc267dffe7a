// Distributed Maps for tests, and what became of them.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "engine/core/map_runs.h"
#include "tests/unit/core/world.h"

namespace presso::test {

inline constexpr const char* kPass = R"("StartAt":"P","States":{"P":{"Type":"Pass","End":true}})";
inline constexpr const char* kCall = R"("StartAt":"T","States":{"T":{"Type":"Task","End":true,
    "Resource":"arn:aws:lambda:us-east-1:123456789012:function:f"}})";

// A distributed Map whose other fields, each ending with a comma, are `fields`.
inline std::string machine(const std::string& processor, const std::string& fields = "",
                           const std::string& type = "STANDARD") {
  return R"({"StartAt":"M","States":{"M":{"Type":"Map",)" + fields +
         R"("ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":")" + type +
         R"("},)" + processor + R"(},"End":true}}})";
}

// Answers a Lambda function's call with its input after `delay`; fails for the number 2.
inline void echo(World& world, Duration delay, bool fails_for_two = false) {
  world.services.on_task("lambda", "invoke", [=](const core::TaskCall& call) {
    FakeAnswer answer{call.parameters, delay};
    if (fails_for_two && call.parameters == "2") {
      answer.result = run::Failure{.error = "Two", .cause = "is refused"};
    }
    return std::optional{answer};
  });
}

inline core::MapRun only_run(World& world, const std::string& execution) {
  return world.ask([&](core::Core& core) {
    const auto runs = core.map_runs().list(execution);
    REQUIRE(runs.size() == 1);
    const auto found = core.map_runs().describe(world.caller, runs.front()->summary.arn);
    REQUIRE(found);
    return *found;
  });
}

inline std::vector<core::ExecutionRow> children(const World& world, const core::MapRun& map_run) {
  const auto rows =
      world.store.reader()->list({.machine_arn = run::child_machine_arn(map_run.summary.arn),
                                  .status = std::nullopt,
                                  .before = std::nullopt,
                                  .limit = 1'000});
  REQUIRE(rows);
  return *rows;
}

}  // namespace presso::test
