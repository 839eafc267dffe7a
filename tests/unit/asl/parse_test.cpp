#include "engine/asl/parse.h"

#include <doctest/doctest.h>

#include "tests/unit/asl/asl_test.h"

namespace presso::asl {
namespace {

struct Case {
  std::string_view text;
  std::string_view expected;
};

TEST_CASE("the smallest machine has a definition and no diagnostics") {
  const auto parsed = parse(R"({"Comment":"c","TimeoutSeconds":5,"Version":"1.0",
      "QueryLanguage":"JSONPath","StartAt":"A","States":{"A":{"Type":"Pass","End":true}}})",
                            MachineType::Standard);
  REQUIRE(parsed.definition != nullptr);
  CHECK(parsed.diagnostics.empty());
  CHECK(parsed.definition->comment == "c");
  CHECK(parsed.definition->timeout_seconds == 5);
  CHECK(parsed.definition->machine().start_at == "A");
  CHECK(parsed.definition->find("A")->type() == StateType::Pass);
  CHECK(parsed.definition->find("B") == nullptr);
  CHECK(parsed.definition->list_of("A") == &parsed.definition->machine());
}

TEST_CASE("a text that is no machine is refused with its own code") {
  for (const auto* blank : {"", "  \n\t"}) {
    CHECK(joined(diagnose(blank)) ==
          "MISSING_DESCRIPTION: Received a null or empty workflow input. at ");
  }
  CHECK(diagnose("{").at(0).starts_with("INVALID_JSON_DESCRIPTION: "));
  CHECK(diagnose("{} x").at(0).starts_with("INVALID_JSON_DESCRIPTION: "));
  CHECK(diagnose("\xff").at(0).starts_with("INVALID_JSON_DESCRIPTION: "));
  CHECK(diagnose(std::string(300, '[')).at(0).starts_with("INVALID_JSON_DESCRIPTION: "));
  for (const auto* other : {"[]", "1", "null", "\"x\""}) {
    CHECK(joined(diagnose(other)) ==
          "SCHEMA_VALIDATION_FAILED: Expected value of type Object at /");
  }
  const std::string huge = R"({"StartAt":")" + std::string(1'048'576, 'a') + "\"}";
  CHECK(joined(diagnose(huge)) ==
        "SCHEMA_VALIDATION_FAILED: Definition is longer than 1048576 bytes at ");
}

TEST_CASE("faults of the machine itself carry AWS's text and the place") {
  const std::vector<Case> cases{
      {"{}", "SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt] at /"},
      {R"({"States":{"A":{"Type":"Pass","End":true}}})",
       "SCHEMA_VALIDATION_FAILED: These fields are required: [StartAt] at /"},
      {R"({"StartAt":"A","States":{}})",
       "SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States"},
      {R"({"StartAt":"A","States":[]})",
       "SCHEMA_VALIDATION_FAILED: Expected value of type Object at /States"},
      {R"({"StartAt":1,"States":{"A":{"Type":"Pass","End":true}}})",
       "SCHEMA_VALIDATION_FAILED: Expected value of type String at /StartAt"},
      {R"({"StartAt":"","States":{"A":{"Type":"Pass","End":true}}})",
       "SCHEMA_VALIDATION_FAILED: Value cannot be empty at /StartAt"},
      {R"({"StartAt":"A","Fn::Sub":1,"States":{"A":{"Type":"Pass","End":true}}})",
       "SCHEMA_VALIDATION_FAILED: Field 'Fn::Sub' is not supported at /"},
      {R"({"StartAt":"A","Comment":[],"States":{"A":{"Type":"Pass","End":true}}})",
       "SCHEMA_VALIDATION_FAILED: Expected value of type String at /Comment"},
      {R"({"StartAt":"A","Version":"2.0","States":{"A":{"Type":"Pass","End":true}}})",
       "SCHEMA_VALIDATION_FAILED: Value should be one of the following: [1.0] at /Version"},
      {R"({"StartAt":"A","QueryLanguage":"SQL","States":{"A":{"Type":"Pass","End":true}}})",
       "SCHEMA_VALIDATION_FAILED: Value should be one of the following: [JSONPath, JSONata] at "
       "/QueryLanguage"},
      {R"({"StartAt":"A","TimeoutSeconds":-1,"States":{"A":{"Type":"Pass","End":true}}})",
       "SCHEMA_VALIDATION_FAILED: Minimum value is 0 at /TimeoutSeconds"},
      {R"({"StartAt":"A","TimeoutSeconds":100000000,"States":{"A":{"Type":"Pass","End":true}}})",
       "SCHEMA_VALIDATION_FAILED: Maximum value is 99999999 at /TimeoutSeconds"},
      {R"({"StartAt":"A","TimeoutSeconds":1e30,"States":{"A":{"Type":"Pass","End":true}}})",
       "SCHEMA_VALIDATION_FAILED: Expected value of type Integer at /TimeoutSeconds"},
      {R"({"StartAt":"A","TimeoutSeconds":18446744073709551615,
           "States":{"A":{"Type":"Pass","End":true}}})",
       "SCHEMA_VALIDATION_FAILED: Maximum value is 99999999 at /TimeoutSeconds"},
  };
  for (const auto& it : cases) CHECK(joined(diagnose(it.text)) == it.expected);
}

TEST_CASE("a JSONPath state in a JSONata machine is refused in AWS's words") {
  const std::string conflict =
      "SCHEMA_VALIDATION_FAILED: 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for "
      "whole state machine at ";
  CHECK(joined(diagnose(R"({"QueryLanguage":"JSONata","StartAt":"A","States":{
            "A":{"QueryLanguage":"JSONPath","Type":"Pass","End":true}}})")) ==
        conflict + "/States/A");
  CHECK(joined(diagnose(R"({"QueryLanguage":"JSONata","StartAt":"P","States":{
            "P":{"Type":"Parallel","Branches":[{"StartAt":"M","States":{
              "M":{"Type":"Map","ItemProcessor":{"StartAt":"A","States":{
                "A":{"QueryLanguage":"JSONPath","Type":"Pass","End":true}}}}}}]}}})")) ==
        conflict + "/States/P/Branches[0]/States/M/ItemProcessor/States/A");
}

TEST_CASE("fields of the other query language say so") {
  CHECK(joined(faults_of(R"({"Type":"Pass","Output":1,"End":true})")) ==
        "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONPath', but field 'Output' is "
        "only supported for the 'JSONata' QueryLanguage at /States/A");
}

TEST_CASE("of a repeated member the last value counts") {
  const auto parsed = parse(R"({"StartAt":"B","StartAt":"A","States":{
      "A":{"Type":"Fail"},"A":{"Type":"Succeed"}}})",
                            MachineType::Standard);
  REQUIRE(parsed.definition != nullptr);
  CHECK(parsed.definition->find("A")->type() == StateType::Succeed);
}

TEST_CASE("a hostile text costs little and yields a bounded number of diagnostics") {
  std::string many = R"({"StartAt":"A","States":{"A":{"Type":"Pass","End":true)";
  for (int i = 0; i < 60'000; ++i) many += ",\"x" + std::to_string(i) + "\":1";
  CHECK(diagnose(many + "}}}").size() == 200);

  std::string states = R"({"StartAt":"s0","States":{)";
  for (int i = 0; i < 20'000; ++i) {
    states += "\"s" + std::to_string(i) + R"(":{"Type":"Pass","Next":"s)" + std::to_string(i + 1) +
              "\"},";
  }
  CHECK(diagnose(states + R"("s20000":{"Type":"Succeed"}}})").empty());

  // Arrays and maps as deep as the JSON text may be.
  std::string deep = R"({"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}})";
  for (int i = 0; i < 60; ++i) {
    deep = R"({"StartAt":"P)" + std::to_string(i) + R"(","States":{"P)" + std::to_string(i) +
           R"(":{"Type":"Parallel","End":true,"Branches":[)" + deep + "]}}}";
  }
  CHECK(diagnose(deep).empty());
  std::string condition = R"({"Variable":"$.a","IsNull":true})";
  for (int i = 0; i < 200; ++i) condition = R"({"Not":)" + condition + "}";
  condition.pop_back();
  CHECK(diagnose(R"({"StartAt":"C","States":{"A":{"Type":"Succeed"},"C":{"Type":"Choice",
      "Choices":[)" +
                 condition + R"(,"Next":"A"}]}}})")
            .empty());
}

TEST_CASE("long names in a location are cut") {
  const std::string key(100'000, 'k');
  const auto faults =
      faults_of(R"({"Type":"Pass","End":true,"Parameters":{")" + key + R"(":{"a.$":1}}})");
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].size() < 1'000);
}

}  // namespace
}  // namespace presso::asl
