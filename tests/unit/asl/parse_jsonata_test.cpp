#include <doctest/doctest.h>

#include <variant>

#include "engine/asl/parse.h"
#include "tests/unit/asl/asl_test.h"

namespace presso::asl {
namespace {

constexpr std::string_view kQueue = "arn:aws:states:::sqs:sendMessage";

// A state "A" of a JSONata machine, beside it a state "B" to go to.
std::vector<std::string> query_faults(std::string_view state) {
  return diagnose(R"({"QueryLanguage":"JSONata","StartAt":"A","States":{"A":)" +
                  std::string{state} + R"(,"B":{"Type":"Succeed"}}})");
}

// Without the fault that nothing leads to B.
std::string first_fault(std::string_view state) {
  const auto faults = query_faults(state);
  return faults.empty() ? "" : faults.front();
}

std::string pass_with(std::string_view fields) {
  return R"({"Type":"Pass","Next":"B",)" + std::string{fields} + "}";
}

State query_state(std::string_view state) {
  const auto parsed = parse(R"({"QueryLanguage":"JSONata","StartAt":"A","States":{"A":)" +
                                std::string{state} + R"(,"B":{"Type":"Succeed"}}})",
                            MachineType::Standard);
  REQUIRE(parsed.definition != nullptr);
  return *parsed.definition->find("A");
}

const Query::Computed& computed(const Query& query) {
  const auto* it = std::get_if<Query::Computed>(&query.form);
  REQUIRE(it != nullptr);
  return *it;
}

TEST_CASE("expressions are found at any depth of values, with their place in the state") {
  const auto state =
      query_state(pass_with(R"("Output":{"a":[1,"{%  $x  %}"],"b":{"c":"{%1%}"},"{% k %}":"v"})"));
  REQUIRE(state.output.has_value());
  const auto& members = std::get<Query::Members>(state.output->form);
  CHECK(members.names == std::vector<std::string>{"a", "b", "{% k %}"});
  const auto& list = std::get<Query::Elements>(members.values[0].form);
  CHECK(*list[0].literal() == Json(1));
  CHECK(computed(list[1]).expression.text() == "$x");
  CHECK(computed(list[1]).field == "Output/a[1]");
  CHECK(computed(std::get<Query::Members>(members.values[1].form).values[0]).field == "Output/b/c");
  CHECK(*members.values[2].literal() == Json("v"));
}

TEST_CASE("what holds no expression is one literal") {
  const auto state = query_state(pass_with(R"("Output":{"a":[" {% 1 %} ","$states.input"]})"));
  REQUIRE(state.output->literal() != nullptr);
  CHECK(state.output->literal()->dump() == R"({"a":[" {% 1 %} ","$states.input"]})");
}

TEST_CASE("a text with only one delimiter is refused") {
  for (const auto* text : {"{% 1", "1 %}", "{%}"}) {
    CAPTURE(text);
    CHECK(first_fault(pass_with(R"("Output":{"a":")" + std::string{text} + "\"}")) ==
          "SCHEMA_VALIDATION_FAILED: A JSONata expression must start with '{%' and end with '%}' "
          "at /States/A/Output/a");
  }
}

TEST_CASE("a faulty expression is found when the definition is made") {
  CHECK(first_fault(pass_with(R"("Assign":{"a":"{% (1 %}"})")) ==
        "SCHEMA_VALIDATION_FAILED: The value for the field 'Assign/a' must be a valid JSONata "
        "expression. S0203: Expected \")\" before end of expression at /States/A/Assign/a");
  CHECK(first_fault(pass_with(R"("Output":"{% a ?? b %}")")).find("S0211") != std::string::npos);
}

TEST_CASE("$states.result is there only where there is a result") {
  const std::string fault =
      "SCHEMA_VALIDATION_FAILED: The variable '$states.result' is not available here at ";
  CHECK(first_fault(pass_with(R"("Output":"{% $states.result %}")")) == fault + "/States/A/Output");
  const auto task = [](std::string_view fields) {
    return R"({"Type":"Task","Resource":")" + std::string{kQueue} + R"(","Next":"B",)" +
           std::string{fields} + "}";
  };
  const std::string arguments = R"("Arguments":{"QueueUrl":"q","MessageBody":"m"})";
  CHECK(first_fault(task(arguments + R"(,"Output":"{% $states.result %}")")) == "");
  CHECK(first_fault(task(arguments + R"(,"Assign":{"r":"{% $states.result %}"})")) == "");
  CHECK(first_fault(task(R"("Arguments":"{% $states.result %}")")) ==
        fault + "/States/A/Arguments");
  CHECK(first_fault(task(arguments + R"(,"Catch":[{"ErrorEquals":["States.ALL"],"Next":"B",
            "Output":"{% $states.result %}"}])")) == fault + "/States/A/Catch[0]/Output");
}

TEST_CASE("$states.errorOutput is there only in a Catcher") {
  CHECK(first_fault(pass_with(R"("Output":"{% $states.errorOutput %}")")) ==
        "SCHEMA_VALIDATION_FAILED: The variable '$states.errorOutput' is not available here at "
        "/States/A/Output");
  CHECK(first_fault(R"({"Type":"Parallel","Next":"B","Branches":[{"StartAt":"P","States":{
            "P":{"Type":"Succeed"}}}],"Catch":[{"ErrorEquals":["States.ALL"],"Next":"B",
            "Output":"{% $states.errorOutput %}","Assign":{"e":"{% $states.errorOutput %}"}}]})") ==
        "");
}

TEST_CASE("$states cannot be assigned in JSONata either, and names have no path's ending") {
  CHECK(first_fault(pass_with(R"("Assign":{"states":1})")) ==
        "RESERVED_VARIABLE_NAME: Cannot assign to reserved variable '$states'. at "
        "/States/A/Assign");
  CHECK(first_fault(pass_with(R"("Assign":{"a.$":1})")) ==
        "INVALID_VARIABLE_NAME: Invalid variable name 'a.$': the variable name contains invalid "
        "characters. at /States/A/Assign");
}

TEST_CASE("fields of JSONPath are refused in JSONata") {
  for (const auto* field : {"InputPath", "OutputPath", "ResultPath", "Parameters", "Result"}) {
    CAPTURE(field);
    CHECK(first_fault(pass_with("\"" + std::string{field} + "\":{}")) ==
          "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONata', but field '" +
              std::string{field} +
              "' is only supported for the 'JSONPath' QueryLanguage at "
              "/States/A");
  }
}

TEST_CASE("a Condition is a boolean or an expression") {
  const auto choice = [](std::string_view rule) {
    return R"({"Type":"Choice","Choices":[)" + std::string{rule} + "]}";
  };
  CHECK(first_fault(choice(R"({"Condition":true,"Next":"B"})")) == "");
  CHECK(first_fault(choice(R"({"Condition":"{% true %}","Next":"B"})")) == "");
  CHECK(first_fault(choice(R"({"Condition":"true","Next":"B"})")) ==
        "SCHEMA_VALIDATION_FAILED: Expected value of type Boolean at "
        "/States/A/Choices[0]/Condition");
  CHECK(first_fault(choice(R"({"Next":"B"})")) ==
        "SCHEMA_VALIDATION_FAILED: These fields are required: [Condition] at "
        "/States/A/Choices[0]");
  CHECK(first_fault(choice(R"({"Variable":"$.a","Condition":true,"Next":"B"})")) ==
        "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONata', but field 'Variable' is "
        "only supported for the 'JSONPath' QueryLanguage at /States/A/Choices[0]");
  const auto state = query_state(choice(R"({"Condition":"{% 1 = 1 %}","Next":"B"})"));
  const auto& rule = std::get<ChoiceState>(state.detail).choices[0];
  CHECK(computed(*rule.condition.query).field == "Choices[0]/Condition");
}

TEST_CASE("numbers and texts may be expressions where the language says so") {
  CHECK(first_fault(R"({"Type":"Wait","Seconds":"{% 1 %}","Next":"B"})") == "");
  CHECK(first_fault(R"({"Type":"Wait","Seconds":"1","Next":"B"})") ==
        "SCHEMA_VALIDATION_FAILED: Expected value of type Integer at /States/A/Seconds");
  CHECK(first_fault(R"({"Type":"Wait","Timestamp":"{% $now() %}","Next":"B"})") == "");
  CHECK(first_fault(R"({"Type":"Wait","Timestamp":"soon","Next":"B"})") ==
        "SCHEMA_VALIDATION_FAILED: String does not match RFC3339 timestamp at "
        "/States/A/Timestamp");
  CHECK(joined(faults_of(R"({"Type":"Wait","Seconds":"{% 1 %}","End":true})")) ==
        "SCHEMA_VALIDATION_FAILED: Expected value of type Integer at /States/A/Seconds");
  CHECK(first_fault(R"({"Type":"Map","Items":"{% [1] %}","ItemSelector":"{% {} %}","Next":"B",
            "MaxConcurrency":"{% 1 %}","ToleratedFailureCount":"{% 1 %}",
            "ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Succeed"}}}})") == "");
  CHECK(first_fault(R"({"Type":"Map","Items":{"a":1},"Next":"B",
            "ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Succeed"}}}})") ==
        "SCHEMA_VALIDATION_FAILED: Expected value of type Array at /States/A/Items");
}

TEST_CASE("a state's language is its own or the machine's, not that of the state around it") {
  const auto parsed = parse(R"({"StartAt":"M","States":{"M":{"Type":"Map","End":true,
      "QueryLanguage":"JSONata","Items":"{% [1] %}","ItemProcessor":{"StartAt":"P","States":{
        "P":{"Type":"Pass","Parameters":{"a.$":"$"},"Next":"Q"},
        "Q":{"Type":"Pass","QueryLanguage":"JSONata","Output":"{% 1 %}","End":true}}}}}})",
                            MachineType::Standard);
  REQUIRE(parsed.definition != nullptr);
  CHECK(parsed.definition->find("M")->query_language == QueryLanguage::Jsonata);
  CHECK(parsed.definition->find("P")->query_language == QueryLanguage::JsonPath);
  CHECK(computed(*parsed.definition->find("Q")->output).field == "Output");
}

TEST_CASE("the variables of expressions are a state's references") {
  CHECK(variable_references(query_state(R"({"Type":"Wait","Seconds":"{% $s %}","Next":"B",
      "Output":{"a":"{% $b + $a.x + ($c := 1; $c) + $sum($d) %}","n":"{% $states.input %}"}})")) ==
        VariableNames{"a", "b", "d", "s"});
}

TEST_CASE("an integration's Arguments may be one expression") {
  const std::string start = R"({"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage",)";
  CHECK(first_fault(start + R"("Arguments":"{% $states.input %}","Next":"B"})") == "");
  CHECK(first_fault(start + R"("Arguments":{"QueueUrl":"q"},"Next":"B"})") ==
        "SCHEMA_VALIDATION_FAILED: The field 'MessageBody' is required but was missing at "
        "/States/A/Arguments");
}

}  // namespace
}  // namespace presso::asl
