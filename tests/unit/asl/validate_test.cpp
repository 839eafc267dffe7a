#include "engine/asl/validate.h"

#include <doctest/doctest.h>

#include "tests/unit/asl/asl_test.h"

namespace presso::asl {
namespace {

struct Case {
  std::string_view text;
  std::string_view expected;
};

void check_all(const std::vector<Case>& cases) {
  for (const auto& it : cases) {
    CAPTURE(it.text);
    CHECK(joined(diagnose(it.text)) == it.expected);
  }
}

TEST_CASE("transitions lead to states of the same list") {
  check_all({
      {R"({"StartAt":"Not sure","States":{"Pass One":{"Type":"Pass","Next":"S"},
           "S":{"Type":"Succeed"}}})",
       "MISSING_TRANSITION_TARGET: Missing 'Next' target: Not sure at /StartAt\n"
       "MISSING_TRANSITION_TARGET: State \"Pass One\" is not reachable. at /States/Pass One\n"
       "MISSING_TRANSITION_TARGET: State \"S\" is not reachable. at /States/S"},
      {R"({"StartAt":"pass1","States":{"pass1":{"Type":"Pass","Next":"pass3"},
           "pass2":{"Type":"Pass","End":true}}})",
       "MISSING_TRANSITION_TARGET: Missing 'Next' target: pass3 at /States/pass1/Next\n"
       "MISSING_TRANSITION_TARGET: State \"pass2\" is not reachable. at /States/pass2"},
      {R"({"StartAt":"C","States":{"C":{"Type":"Choice","Default":"X","Choices":[
           {"Variable":"$.a","IsNull":true,"Next":"Y"}]},"S":{"Type":"Fail"}}})",
       "MISSING_TRANSITION_TARGET: Missing 'Next' target: X at /States/C/Default\n"
       "MISSING_TRANSITION_TARGET: Missing 'Next' target: Y at /States/C/Choices[0]/Next\n"
       "MISSING_TRANSITION_TARGET: State \"S\" is not reachable. at /States/S"},
      {R"({"StartAt":"T","States":{"T":{"Type":"Task","End":true,
           "Resource":"arn:aws:lambda:us-east-1:123456789012:function:f",
           "Catch":[{"ErrorEquals":["States.ALL"],"Next":"Z"}]}}})",
       "MISSING_TRANSITION_TARGET: Missing 'Next' target: Z at /States/T/Catch[0]/Next"},
      // Neither into a branch nor out of it.
      {R"({"StartAt":"P","States":{"P":{"Type":"Parallel","Next":"I","Branches":[
           {"StartAt":"I","States":{"I":{"Type":"Pass","Next":"O"},"J":{"Type":"Fail"}}}]},
           "O":{"Type":"Succeed"}}})",
       "MISSING_TRANSITION_TARGET: Missing 'Next' target: I at /States/P/Next\n"
       "MISSING_TRANSITION_TARGET: State \"O\" is not reachable. at /States/O\n"
       "MISSING_TRANSITION_TARGET: Missing 'Next' target: O at "
       "/States/P/Branches[0]/States/I/Next\n"
       "MISSING_TRANSITION_TARGET: State \"J\" is not reachable. at "
       "/States/P/Branches[0]/States/J"},
      {R"({"StartAt":"M","States":{"M":{"Type":"Map","End":true,"Iterator":{"StartAt":"I",
           "States":{"I":{"Type":"Pass","Next":"X"},"E":{"Type":"Fail"}}}}}})",
       "MISSING_TRANSITION_TARGET: Missing 'Next' target: X at "
       "/States/M/Iterator/States/I/Next\n"
       "MISSING_TRANSITION_TARGET: State \"E\" is not reachable. at /States/M/Iterator/States/E"},
  });
}

TEST_CASE("a circle of states that nothing enters is not reachable") {
  check_all({{R"({"StartAt":"A","States":{"A":{"Type":"Succeed"},"B":{"Type":"Pass","Next":"C"},
                  "C":{"Type":"Pass","Next":"B"}}})",
              "MISSING_TRANSITION_TARGET: State \"B\" is not reachable. at /States/B\n"
              "MISSING_TRANSITION_TARGET: State \"C\" is not reachable. at /States/C"}});
}

TEST_CASE("some state must end, and the diagnostic has no place") {
  check_all({
      {R"({"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},
           "B":{"Type":"Pass","Next":"A"}}})",
       "MISSING_END_STATE: Workflow has no terminal state at "},
      {R"({"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Next":"A"},
           "C":{"Type":"Pass","End":true}}})",
       "MISSING_TRANSITION_TARGET: State \"C\" is not reachable. at /States/C"},
  });
}

TEST_CASE("state names are unique in the whole machine, and so are labels") {
  check_all({
      {R"({"StartAt":"M","States":{"M":{"Type":"Map","Next":"F","Iterator":{"StartAt":"F",
           "States":{"F":{"Type":"Pass","End":true}}}},"F":{"Type":"Pass","End":true}}})",
       "DUPLICATE_STATE_NAME: Duplicate State name: F at /States/M/Iterator/States/F"},
      {R"({"StartAt":"M","States":{
           "M":{"Type":"Map","Label":"L","Next":"N","ItemProcessor":{"StartAt":"I",
             "States":{"I":{"Type":"Succeed"}}}},
           "N":{"Type":"Map","Label":"L","End":true,"ItemProcessor":{"StartAt":"J",
             "States":{"J":{"Type":"Succeed"}}}}}})",
       "DUPLICATE_LABEL_NAME: Duplicate Label name: L at /States/N/Label"},
  });
}

TEST_CASE("an inner scope may assign what a Catcher around it assigns") {
  CHECK(joined(diagnose(R"({"StartAt":"M","States":{"M":{"Type":"Map","End":true,
      "Catch":[{"ErrorEquals":["States.ALL"],"Next":"E","Assign":{"x":1}}],
      "ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","Assign":{"x":2},"End":true}}}},
      "E":{"Type":"Succeed"}}})")) == "");
}

TEST_CASE("an inner scope does not assign what an outer one does, but a distributed one may") {
  const auto nested = [](std::string_view config) {
    return R"({"StartAt":"M","States":{"M":{"Type":"Map","End":true,"Assign":{"x":1},
        "ItemProcessor":{"ProcessorConfig":)" +
           std::string{config} +
           R"(,"StartAt":"I","States":{"I":{"Type":"Pass","Assign":{"x.$":"$"},"End":true}}}}}})";
  };
  CHECK(joined(diagnose(nested(R"({"Mode":"INLINE"})"))) ==
        "SCHEMA_VALIDATION_FAILED: Variable 'x' is already assigned in an outer scope at "
        "/States/M/ItemProcessor/States/I/Assign");
  CHECK(diagnose(nested(R"({"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"})")).empty());
  // Siblings share no scope.
  CHECK(diagnose(R"({"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
      {"StartAt":"I","States":{"I":{"Type":"Pass","Assign":{"x":1},"End":true}}},
      {"StartAt":"J","States":{"J":{"Type":"Pass","Assign":{"x":2},"End":true}}}]}}})")
            .empty());
}

TEST_CASE("the graph is looked at only when the parts are sound") {
  check_all({{R"({"StartAt":"X","States":{"A":{"Type":"Pass"}}})",
              "SCHEMA_VALIDATION_FAILED: This object should have only one of the following "
              "fields: [Next, End] at /States/A"}});
}

}  // namespace
}  // namespace presso::asl
