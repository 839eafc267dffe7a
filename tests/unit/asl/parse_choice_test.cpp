#include <doctest/doctest.h>

#include "engine/asl/parse.h"
#include "tests/unit/asl/asl_test.h"

namespace presso::asl {
namespace {

const std::string kFault = "SCHEMA_VALIDATION_FAILED: ";

std::string machine_with(std::string_view rules, std::string_view more = "") {
  return R"({"StartAt":"C","States":{"B":{"Type":"Succeed"},"C":{"Type":"Choice","Choices":)" +
         std::string{rules} + std::string{more} + R"(,"Default":"B"}}})";
}

struct Case {
  std::string_view rule;
  std::string_view expected;
};

TEST_CASE("faults of a rule name the rule") {
  const std::vector<Case> cases{
      {"1", "Expected value of type Object at /States/C/Choices[0]"},
      {R"({"Variable":"$.a","IsNull":true})",
       "These fields are required: [Next] at /States/C/Choices[0]"},
      {R"({"Variable":"$.a","IsNull":true,"Next":1})",
       "Expected value of type String at /States/C/Choices[0]/Next"},
      {R"({"Next":"B"})",
       "The object must have only one of the following fields, [And, Or, Not, Variable, "
       "Condition] at /States/C/Choices[0]"},
      {R"({"Variable":"$.a","IsNull":true,"Not":{"Variable":"$.a","IsNull":true},"Next":"B"})",
       "The object must have only one of the following fields, [And, Or, Not, Variable, "
       "Condition] at /States/C/Choices[0]"},
      {R"j({"Variable":"States.ArrayLength($.a)","NumericEquals":1,"Next":"B"})j",
       "Value is not a Reference Path: Reference path didn't start with '$' at "
       "/States/C/Choices[0]/Variable"},
      {R"({"Variable":"$.a[*]","NumericEquals":1,"Next":"B"})",
       "Value is not a Reference Path at /States/C/Choices[0]/Variable"},
      {R"({"Variable":1,"NumericEquals":1,"Next":"B"})",
       "Expected value of type String at /States/C/Choices[0]/Variable"},
      {R"({"Variable":"$.a","NumericEqualsPath":"b","Next":"B"})",
       "Value is not a Reference Path: Reference path didn't start with '$' at "
       "/States/C/Choices[0]/NumericEqualsPath"},
      {R"({"Variable":"$.a","NumericEquals":"1","Next":"B"})",
       "Expected value of type Number at /States/C/Choices[0]/NumericEquals"},
      {R"({"Variable":"$.a","StringEquals":1,"Next":"B"})",
       "Expected value of type String at /States/C/Choices[0]/StringEquals"},
      {R"({"Variable":"$.a","BooleanEquals":"true","Next":"B"})",
       "Expected value of type Boolean at /States/C/Choices[0]/BooleanEquals"},
      {R"({"Variable":"$.a","IsPresent":1,"Next":"B"})",
       "Expected value of type Boolean at /States/C/Choices[0]/IsPresent"},
      {R"({"Variable":"$.a","TimestampEquals":"today","Next":"B"})",
       "String does not match RFC3339 timestamp at /States/C/Choices[0]/TimestampEquals"},
      {R"({"Variable":"$.a","StringMatchesPath":"$.b","IsNull":true,"Next":"B"})",
       "Field 'StringMatchesPath' is not supported at /States/C/Choices[0]"},
      {R"({"And":[],"Next":"B"})", "Value cannot be empty at /States/C/Choices[0]/And"},
      {R"({"Or":{},"Next":"B"})", "Expected value of type Array at /States/C/Choices[0]/Or"},
      {R"({"Not":[],"Next":"B"})", "Expected value of type Object at /States/C/Choices[0]/Not"},
      {R"({"And":[{"Variable":"$.a","IsNull":true,"Next":"B"}],"Next":"B"})",
       "Field 'Next' is not supported at /States/C/Choices[0]/And[0]"},
      {R"({"Not":{"Variable":"$.a","IsNull":true,"Assign":{}},"Next":"B"})",
       "Field 'Assign' is not supported at /States/C/Choices[0]/Not"},
      {R"({"Condition":"{% true %}","Next":"B"})",
       "The QueryLanguage is set to 'JSONPath', but field 'Condition' is only supported for the "
       "'JSONata' QueryLanguage at /States/C/Choices[0]"},
      {R"({"Variable":"$.a","IsNull":true,"Next":"B","Assign":1})",
       "Expected value of type Object at /States/C/Choices[0]/Assign"},
      {R"({"Variable":"$.a","IsNull":true,"Next":"B","Comment":1})",
       "Expected value of type String at /States/C/Choices[0]/Comment"},
  };
  for (const auto& it : cases) {
    CAPTURE(it.rule);
    CHECK(joined(diagnose(machine_with("[" + std::string{it.rule} + "]"))) ==
          kFault + std::string{it.expected});
  }
}

TEST_CASE("a comparison has exactly one operator") {
  const auto none = diagnose(machine_with(R"([{"Variable":"$.a","Next":"B"}])"));
  REQUIRE(none.size() == 1);
  CHECK(none[0].starts_with(
      kFault + "This object should have only one of the following fields: [StringEquals, "));
  const auto two =
      diagnose(machine_with(R"([{"Variable":"$.a","IsNull":true,"IsPresent":true,"Next":"B"}])"));
  REQUIRE(two.size() == 1);
  CHECK(two[0].starts_with(kFault +
                           "There should only be one of the following fields: [StringEquals, "));
}

TEST_CASE("a Choice needs choices") {
  CHECK(joined(diagnose(machine_with("[]"))) ==
        kFault + "Value cannot be empty at /States/C/Choices");
  CHECK(joined(diagnose(machine_with("{}"))) ==
        kFault + "Expected value of type Array at /States/C/Choices");
  CHECK(joined(faults_of(R"({"Type":"Choice"})")) ==
        kFault + "These fields are required: [Choices] at /States/A");
}

TEST_CASE("every comparator is read, with a literal or a path") {
  const std::vector<std::tuple<std::string, Comparator, std::string>> literals{
      {"StringEquals", Comparator::StringEquals, "\"x\""},
      {"StringLessThan", Comparator::StringLessThan, "\"x\""},
      {"StringGreaterThan", Comparator::StringGreaterThan, "\"x\""},
      {"StringLessThanEquals", Comparator::StringLessThanEquals, "\"x\""},
      {"StringGreaterThanEquals", Comparator::StringGreaterThanEquals, "\"x\""},
      {"StringMatches", Comparator::StringMatches, "\"x*\""},
      {"NumericEquals", Comparator::NumericEquals, "1.5"},
      {"NumericLessThan", Comparator::NumericLessThan, "1"},
      {"NumericGreaterThan", Comparator::NumericGreaterThan, "1"},
      {"NumericLessThanEquals", Comparator::NumericLessThanEquals, "1"},
      {"NumericGreaterThanEquals", Comparator::NumericGreaterThanEquals, "1"},
      {"BooleanEquals", Comparator::BooleanEquals, "true"},
      {"TimestampEquals", Comparator::TimestampEquals, "\"2016-03-14T01:59:00Z\""},
      {"TimestampLessThan", Comparator::TimestampLessThan, "\"2016-03-14T01:59:00Z\""},
      {"TimestampGreaterThan", Comparator::TimestampGreaterThan, "\"2016-03-14T01:59:00Z\""},
      {"TimestampLessThanEquals", Comparator::TimestampLessThanEquals, "\"2016-03-14T01:59:00Z\""},
      {"TimestampGreaterThanEquals", Comparator::TimestampGreaterThanEquals,
       "\"2016-03-14T01:59:00Z\""},
      {"IsNull", Comparator::IsNull, "true"},
      {"IsPresent", Comparator::IsPresent, "false"},
      {"IsNumeric", Comparator::IsNumeric, "true"},
      {"IsString", Comparator::IsString, "true"},
      {"IsBoolean", Comparator::IsBoolean, "true"},
      {"IsTimestamp", Comparator::IsTimestamp, "true"},
  };
  for (const auto& [name, comparator, literal] : literals) {
    CAPTURE(name);
    const auto parsed =
        parse(machine_with(R"([{"Variable":"$.a","Next":"B",")" + name + "\":" + literal + "}]"),
              MachineType::Standard);
    REQUIRE(parsed.definition != nullptr);
    const auto& rule = std::get<ChoiceState>(parsed.definition->find("C")->detail).choices.front();
    CHECK(rule.condition.kind == Condition::Kind::Compare);
    CHECK(rule.condition.comparator == comparator);
    CHECK(dump_json(rule.condition.value) == literal);
    CHECK(rule.condition.variable->text() == "$.a");
    CHECK(rule.next == "B");
    const bool has_path_form = name != "StringMatches" && !name.starts_with("Is");
    const auto with_path =
        parse(machine_with(R"([{"Variable":"$$.a","Next":"B",")" + name + R"(Path":"$v.b"}])"),
              MachineType::Standard);
    CHECK((with_path.definition != nullptr) == has_path_form);
    if (!has_path_form) continue;
    const auto& compared =
        std::get<ChoiceState>(with_path.definition->find("C")->detail).choices.front().condition;
    CHECK(compared.comparator == comparator);
    CHECK(compared.value_path->variable() == "v");
  }
}

TEST_CASE("And, Or and Not nest") {
  const auto parsed = parse(machine_with(R"([{"Next":"B","Assign":{"x":1},"Comment":"c",
      "Or":[{"And":[{"Variable":"$.a","IsNull":true},{"Variable":"$.b","IsNull":true}]},
            {"Not":{"Variable":"$.c","IsPresent":true}}]}])"),
                            MachineType::Standard);
  REQUIRE(parsed.definition != nullptr);
  const auto& choice = std::get<ChoiceState>(parsed.definition->find("C")->detail);
  CHECK(choice.default_next == "B");
  const auto& rule = choice.choices.front();
  CHECK(rule.assign.has_value());
  REQUIRE(rule.condition.kind == Condition::Kind::Or);
  REQUIRE(rule.condition.operands.size() == 2);
  CHECK(rule.condition.operands[0].kind == Condition::Kind::And);
  CHECK(rule.condition.operands[0].operands.size() == 2);
  CHECK(rule.condition.operands[1].kind == Condition::Kind::Not);
  CHECK(rule.condition.operands[1].operands.front().variable->text() == "$.c");
}

TEST_CASE("a literal that looks like a path is warned of") {
  CHECK(joined(diagnose(machine_with(R"([{"Variable":"$.a","StringEquals":"$.b","Next":"B"}])"),
                        MachineType::Standard, Severity::Warning)) ==
        "NO_PATH: Field value looks like a path, but field name does not end with 'Path'. at "
        "/States/C/Choices[0]/StringEquals");
}

}  // namespace
}  // namespace presso::asl
