#include <doctest/doctest.h>

#include "engine/asl/parse.h"
#include "tests/unit/asl/asl_test.h"

namespace presso::asl {
namespace {

std::string assigning(std::string_view name) {
  return R"({"Type":"Pass","End":true,"Assign":{")" + std::string{name} + R"(":1}})";
}

TEST_CASE("variables have names of letters and digits") {
  for (const auto* name : {"a", "aB9", "a_b", "_a", "größe", "変数"}) {
    CAPTURE(name);
    CHECK(faults_of(assigning(name)).empty());
  }
  for (const auto* name : {"", "9a", "a-b", "a b", "$a", "a.b", "a×"}) {
    CAPTURE(name);
    CHECK(joined(faults_of(assigning(name))) ==
          "INVALID_VARIABLE_NAME: Invalid variable name '" + std::string{name} +
              "': the variable name contains invalid characters. at /States/A/Assign");
  }
  const std::string name(81, 'n');
  CHECK(joined(faults_of(assigning(name))) ==
        "INVALID_VARIABLE_NAME: Invalid variable name '" + name +
            "': the variable name exceeds the 80-character limit. at /States/A/Assign");
  CHECK(faults_of(assigning(name.substr(1))).empty());
}

TEST_CASE("$states cannot be assigned") {
  for (const auto* name : {"states", "states.$"}) {
    CHECK(faults_of(assigning(name)).front() ==
          "RESERVED_VARIABLE_NAME: Cannot assign to reserved variable '$states'. at "
          "/States/A/Assign");
  }
}

TEST_CASE("Assign is an object of templates") {
  CHECK(joined(faults_of(R"({"Type":"Pass","End":true,"Assign":[]})")) ==
        "SCHEMA_VALIDATION_FAILED: Expected value of type Object at /States/A/Assign");
  CHECK(joined(faults_of(R"({"Type":"Pass","End":true,"Assign":{"a.$":"b"}})")) ==
        "SCHEMA_VALIDATION_FAILED: The value for the field 'a.$' must be a valid JSONPath or a "
        "valid intrinsic function call at /States/A/Assign");
}

TEST_CASE("a state's references are found in every field, sorted") {
  CHECK(variable_references(state_of(
            R"({"Type":"Pass","End":true,"InputPath":"$e","OutputPath":"$d.x",
                "Parameters":{"p.$":"$c"},"Assign":{"a.$":"$b","x.$":"$c"}})")) ==
        VariableNames{"b", "c", "d", "e"});
  CHECK(variable_references(state_of(R"({"Type":"Fail","ErrorPath":"$e","CausePath":"$c"})")) ==
        VariableNames{"c", "e"});
  CHECK(variable_references(state_of(R"({"Type":"Wait","SecondsPath":"$s","End":true})")) ==
        VariableNames{"s"});
  CHECK(variable_references(state_of(R"({"Type":"Task","End":true,"TimeoutSecondsPath":"$t",
            "Resource":"arn:aws:lambda:us-east-1:123456789012:function:f",
            "HeartbeatSecondsPath":"$h","Credentials":{"RoleArn.$":"$r"},
            "ResultSelector":{"x.$":"$q"}})")) == VariableNames{"h", "q", "r", "t"});
  const auto choice = parse(R"({"StartAt":"A","States":{"B":{"Type":"Succeed"},
      "A":{"Type":"Choice","Choices":[{"Next":"B","Assign":{"x.$":"$c"},
      "And":[{"Variable":"$a","StringEqualsPath":"$b"}]}]}}})",
                            MachineType::Standard);
  REQUIRE(choice.definition != nullptr);
  CHECK(variable_references(*choice.definition->find("A")) == VariableNames{"a", "b", "c"});
}

}  // namespace
}  // namespace presso::asl
