#include "engine/run/scope.h"

#include <doctest/doctest.h>

#include <string>

#include "engine/asl/parse.h"
#include "engine/run/step.h"
#include "lang/jsonpath/path.h"

namespace presso::run {
namespace {

// Each child waits, so that its frame is there to be looked at.
constexpr const char* kMap = R"({"StartAt": "M", "States": {
  "M": {"Type": "Map", "ItemsPath": "$.items", "End": true, "ItemProcessor": {
    "StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 9, "End": true}}}}}})";

constexpr const char* kPaths[] = {
    "$$",
    "$$.Execution",
    "$$.Execution.Input",
    "$$.Execution.Input.items[1].n",
    "$$['Execution']['Input'].items.length()",
    "$$.Execution['Id','Input']",
    "$$.Execution.Input.none",
    "$$.Execution.Name",
    "$$.Execution.none",
    "$$.StateMachine.Id",
    "$$.State.Name",
    "$$.Task.Token",
    "$$.Map",
    "$$.Map.Item",
    "$$.Map.Item.Index",
    "$$.Map.Item.Value",
    "$$.Map.Item.Value.n",
    "$$.Map.Item.Value.none",
    "$$.Map.Item.Value[0]",
    "$$.Map.Item.none",
    "$$.Map[0]",
    "$$..n",
    "$$.*.Input",
    "$$.none",
    "$$.none.a.b.c",
};

void check_paths(const Scope& scope) {
  for (const char* text : kPaths) {
    CAPTURE(text);
    const auto path = jsonpath::Path::compile(text);
    REQUIRE(path.has_value());
    const auto found = jsonpath::select(*path, scope);
    const auto expected = jsonpath::select(*path, *scope.context());
    REQUIRE(found.has_value() == expected.has_value());
    if (!found) {
      CHECK(found.error().message == expected.error().message);
      continue;
    }
    CHECK(*found == *expected);
    const Json* pointed = jsonpath::find(*path, scope);
    if (pointed != nullptr) CHECK(*pointed == *expected);
  }
}

}  // namespace

TEST_CASE("a path into the context finds what it finds in the whole of it") {
  Execution execution = make_execution({}, asl::parse(kMap, asl::MachineType::Standard).definition);
  SeededEntropy entropy{1};
  static_cast<void>(step(execution,
                         Start{SharedJson::trusted(R"({"items": [{"n": 1}, {"n": 2}]})"), {}, {}},
                         Env{.now = time_of_epoch_ms(0), .entropy = &entropy}));
  REQUIRE(execution.frames.size() == 3);
  const Json other = Json{{"n", 7}};
  for (const auto& [id, frame] : execution.frames) {
    Scope scope{execution, frame, frame.input.value()};
    check_paths(scope);
    scope.set_map_item(5, other);
    check_paths(scope);
    scope.set_task_token("a token");
    check_paths(scope);
  }
}

TEST_CASE("a context that was given is the context") {
  Execution execution = make_execution({}, asl::parse(kMap, asl::MachineType::Standard).definition);
  execution.context = SharedJson::trusted(R"({"Execution": {"Input": 1}, "Map": {"Item": {}}})");
  SeededEntropy entropy{1};
  static_cast<void>(step(execution, Start{SharedJson::trusted(R"({"items": [{"n": 1}]})"), {}, {}},
                         Env{.now = time_of_epoch_ms(0), .entropy = &entropy}));
  for (const auto& [id, frame] : execution.frames) {
    check_paths(Scope{execution, frame, frame.input.value()});
  }
}

}  // namespace presso::run
