// A mock rule: which calls it is for, when it applies, and what happens then. presso.yaml and
// /_presso/mocks give it as the same JSON object:
//
//   {"call": "queue jobs-*",                   which calls: the words of a route
//    "arguments": {"MessageBody": [{"prefix": "a"}]},   an event pattern over the call's arguments
//    "machine": "Order*", "state": "Pay", "case": "Happy",
//    "on": "2-4", "per": "execution", "once": true, "rate": 0.1,      when
//    "latency": "20s",                                                what
//    "return": {"MessageId": "{% $uuid() %}"}, "fieldValidationMode": "PRESENT",
//    "throw": {"error": "SQS.QueueDoesNotExist", "cause": "gone"}}
//
// All members are optional, but there has to be one that says which calls, and one that says what.
// A rule with neither `return` nor `throw` delays the call, which is then made.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "bus/pattern.h"
#include "engine/asl/query.h"
#include "engine/core/caller.h"
#include "engine/core/mock_result.h"

namespace presso::core {

// What `call` is matched with.
struct MockableCall {
  std::string_view service;  // of a Resource: "sqs", "aws-sdk:sqs"; empty when `arn` is all
  std::string_view action;
  std::string_view arn;         // of a function, an activity or the target of a delivery
  std::string_view parameters;  // JSON text
  const Caller& caller;
};
// Pure functions, as all that a core decides by.
using CallMatch = std::function<bool(const MockableCall&)>;
// The words of `call` belong to routes, so their reader is handed in. Error: one sentence.
using CallWords = std::function<Result<CallMatch>(const std::string& text)>;

struct MockRule {
  std::string id;
  Json source;        // as it was given, its id among it
  std::string where;  // "presso.yaml:12", "/_presso/mocks"

  CallMatch is_for;  // null: any call
  std::optional<bus::Pattern> arguments;
  std::string machine;  // with *; empty: any
  std::string state;
  std::string test_case;

  // Which of the calls that it is for, counted from 1.
  std::uint64_t first = 1;
  std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
  bool counts_per_execution = false;
  bool applies_once = false;
  double rate = 1;

  Duration latency{0};
  struct Returned {
    asl::Query value;
    FieldValidation validation = FieldValidation::Strict;
  };
  struct Thrown {
    std::string error;
    std::optional<std::string> cause;
  };
  std::variant<std::monostate, Returned, Thrown> answer;

  // Whether it is for tasks alone: a delivery has no state.
  [[nodiscard]] bool is_for_tasks() const {
    return !machine.empty() || !state.empty() || !test_case.empty() || counts_per_execution;
  }
};

// What is wrong, and with which member: "throw.error", or an empty text for the whole.
struct MockMistake {
  std::string path;
  std::string what;
  std::size_t index = 0;  // of the rule in its list
};

// The id of a rule that has none is made of what it says, so that it is the same after a restart.
[[nodiscard]] std::variant<MockRule, MockMistake> parse_mock_rule(const Json&, const CallWords&);
// Of a list, an array. An id that is there twice is a mistake; of rules without one that say the
// same, the later ones' ids end with a number.
[[nodiscard]] std::variant<std::vector<MockRule>, MockMistake> parse_mock_rules(const Json&,
                                                                                const CallWords&);
// "[1].throw.error: must be a text": how a mistake of a list is told.
[[nodiscard]] std::string to_string(const MockMistake&);

// "20s", "1.5s", "500ms", "5m", "1h", up to a year.
[[nodiscard]] std::optional<Duration> parse_latency(std::string_view text);

}  // namespace presso::core
