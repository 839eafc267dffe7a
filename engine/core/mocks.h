// Step Functions Local's mock configuration: what a Task state is answered with instead of its
// service being called, by state machine, test case, state and attempt. An execution that is
// started with "STATE-MACHINE-ARN#TEST-CASE" runs under it; nothing else is mocked.
// https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-mock-cfg-file.html
//
//   {"StateMachines": {"Orders": {"TestCases": {"Happy": {"Pay": "Paid"}}}},
//    "MockedResponses": {"Paid": {"0": {"Throw": {"Error": "E", "Cause": "c"}},
//                                 "1-2": {"Return": {"StatusCode": 200}}}}}
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/json_fwd.h"
#include "base/result.h"
#include "base/shared_json.h"
#include "engine/run/failure.h"

namespace presso::core {

// What a mocked attempt comes to.
using MockedAnswer = std::variant<SharedJson, run::Failure>;

// "0": one attempt, "1-2": several, both counted from 0.
struct MockedResponse {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  MockedAnswer answer;
};
using MockedResponses = std::vector<MockedResponse>;

class MockReader;

class Mocks {
 public:
  // MockConfiguration: the message says what is wrong and in which line.
  [[nodiscard]] static Result<Mocks> parse(std::string_view text);

  [[nodiscard]] bool has_case(std::string_view machine, std::string_view test_case) const;
  // Null: the state is not mocked.
  [[nodiscard]] const MockedResponses* find(std::string_view machine, std::string_view test_case,
                                            std::string_view state) const;
  // A failure that says so when there is no answer for this attempt.
  [[nodiscard]] static MockedAnswer answer(const MockedResponses&, std::string_view state,
                                           std::uint64_t attempt);

 private:
  [[nodiscard]] Result<void> read_responses(const MockReader&, const Json& root);
  [[nodiscard]] Result<void> read_cases(const MockReader&, const Json& root);

  using States = std::map<std::string, std::string, std::less<>>;  // to names of responses
  std::map<std::pair<std::string, std::string>, States, std::less<>> cases_;
  std::map<std::string, MockedResponses, std::less<>> responses_;
};

}  // namespace presso::core
