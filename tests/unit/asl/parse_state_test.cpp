#include <doctest/doctest.h>

#include "engine/asl/parse.h"
#include "tests/unit/asl/asl_test.h"

namespace presso::asl {
namespace {

struct Case {
  std::string_view state;
  std::string_view expected;
};

void check_all(const std::vector<Case>& cases) {
  for (const auto& it : cases) {
    CAPTURE(it.state);
    CHECK(joined(faults_of(it.state)) == it.expected);
  }
}

TEST_CASE("what every state must have and may not have") {
  check_all({
      {"1", "SCHEMA_VALIDATION_FAILED: Expected value of type Object at /States/A"},
      {"{}", "SCHEMA_VALIDATION_FAILED: These fields are required: [Type] at /States/A"},
      {R"({"Type":"Nap"})",
       "SCHEMA_VALIDATION_FAILED: The field 'Type' should have one of these values: [Task, Wait, "
       "Pass, Succeed, Fail, Choice, Parallel, Map] at /States/A/Type"},
      {R"({"Type":1})",
       "SCHEMA_VALIDATION_FAILED: The field 'Type' should have one of these values: [Task, Wait, "
       "Pass, Succeed, Fail, Choice, Parallel, Map] at /States/A/Type"},
      {R"({"Type":"Pass"})",
       "SCHEMA_VALIDATION_FAILED: This object should have only one of the following fields: "
       "[Next, End] at /States/A"},
      {R"({"Type":"Pass","End":false})",
       "SCHEMA_VALIDATION_FAILED: This object should have only one of the following fields: "
       "[Next, End] at /States/A"},
      {R"({"Type":"Pass","End":true,"Next":"A"})",
       "SCHEMA_VALIDATION_FAILED: There should only be one of the following fields: [Next, End] at "
       "/States/A"},
      {R"({"Type":"Pass","End":1})",
       "SCHEMA_VALIDATION_FAILED: Expected value of type Boolean at /States/A/End"},
      {R"({"Type":"Pass","End":true,"Seconds":1})",
       "SCHEMA_VALIDATION_FAILED: Field 'Seconds' is not supported at /States/A"},
      {R"({"Type":"Pass","End":true,"comment":"c"})",
       "SCHEMA_VALIDATION_FAILED: Field 'comment' is not supported at /States/A"},
      {R"({"Type":"Succeed","End":true})",
       "SCHEMA_VALIDATION_FAILED: Field 'End' is not supported at /States/A"},
      {R"({"Type":"Fail","Next":"A"})",
       "SCHEMA_VALIDATION_FAILED: Field 'Next' is not supported at /States/A"},
      {R"({"Type":"Pass","End":true,"Catch":[]})",
       "SCHEMA_VALIDATION_FAILED: Field 'Catch' is not supported at /States/A"},
      {R"({"Type":"Pass","End":true,"QueryLanguage":"x"})",
       "SCHEMA_VALIDATION_FAILED: Value should be one of the following: [JSONPath, JSONata] at "
       "/States/A/QueryLanguage"},
  });
}

TEST_CASE("each state type refuses the fields that it does not have") {
  const std::vector<std::pair<std::string, std::string>> refused{
      {R"({"Type":"Pass","End":true,)", "ResultSelector Retry Catch TimeoutSeconds Resource"},
      {R"({"Type":"Wait","Seconds":1,"End":true,)",
       "Parameters ResultPath ResultSelector Result Retry Catch TimeoutSeconds"},
      {R"({"Type":"Succeed",)",
       "Parameters ResultPath ResultSelector Assign Next End Retry Catch TimeoutSeconds"},
      {R"({"Type":"Fail",)",
       "InputPath OutputPath Parameters ResultPath ResultSelector Assign Next End Retry Catch"},
      {R"({"Type":"Parallel","End":true,"Branches":[{"StartAt":"X","States":{"X":
          {"Type":"Pass","End":true}}}],)",
       "Result Resource TimeoutSeconds ItemsPath"},
  };
  for (const auto& [state, names] : refused) {
    std::istringstream each{names};
    for (std::string name; each >> name;) {
      CAPTURE(name);
      CHECK(joined(faults_of(state + '"' + name + "\":1}")) ==
            "SCHEMA_VALIDATION_FAILED: Field '" + name + "' is not supported at /States/A");
    }
  }
}

TEST_CASE("paths of a state must be paths") {
  check_all({
      {R"({"Type":"Pass","End":true,"InputPath":"starkly.in"})",
       "SCHEMA_VALIDATION_FAILED: Value must be a valid JSONPath. at /States/A/InputPath"},
      {R"({"Type":"Pass","End":true,"OutputPath":"$["})",
       "SCHEMA_VALIDATION_FAILED: Value must be a valid JSONPath. at /States/A/OutputPath"},
      {R"({"Type":"Pass","End":true,"OutputPath":3})",
       "SCHEMA_VALIDATION_FAILED: Expected value of type String at /States/A/OutputPath"},
      {R"({"Type":"Pass","End":true,"ResultPath":"$.a[*]"})",
       "SCHEMA_VALIDATION_FAILED: Value is not a Reference Path at /States/A/ResultPath"},
      {R"({"Type":"Pass","End":true,"ResultPath":"$$.a"})",
       "SCHEMA_VALIDATION_FAILED: Value is not a Reference Path at /States/A/ResultPath"},
      {R"({"Type":"Pass","End":true,"ResultPath":"$v.a"})",
       "SCHEMA_VALIDATION_FAILED: Value is not a Reference Path at /States/A/ResultPath"},
  });
}

TEST_CASE("selections and placements keep what was written") {
  const auto plain = state_of(R"({"Type":"Pass","End":true})");
  CHECK(plain.input_path.kind == Selection::Kind::Whole);
  CHECK(std::get<PassState>(plain.detail).result_path.kind == Placement::Kind::Replace);
  const auto whole =
      state_of(R"({"Type":"Pass","End":true,"InputPath":"$","OutputPath":"$","ResultPath":"$"})");
  CHECK(whole.input_path.kind == Selection::Kind::Whole);
  CHECK(whole.output_path.kind == Selection::Kind::Whole);
  CHECK(std::get<PassState>(whole.detail).result_path.kind == Placement::Kind::Replace);
  const auto nothing = state_of(
      R"({"Type":"Pass","End":true,"InputPath":null,"OutputPath":null,"ResultPath":null})");
  CHECK(nothing.input_path.kind == Selection::Kind::Nothing);
  CHECK(nothing.output_path.kind == Selection::Kind::Nothing);
  CHECK(std::get<PassState>(nothing.detail).result_path.kind == Placement::Kind::Discard);
  const auto paths = state_of(
      R"({"Type":"Pass","End":true,"InputPath":"$$.x","OutputPath":"$v","ResultPath":"$.r"})");
  CHECK(paths.input_path.path->text() == "$$.x");
  CHECK(paths.output_path.path->variable() == "v");
  CHECK(std::get<PassState>(paths.detail).result_path.path->text() == "$.r");
  CHECK_FALSE(paths.next.has_value());
}

TEST_CASE("Pass keeps its Result as written") {
  const auto state = state_of(R"({"Type":"Pass","Result":{"a.$":"$.b"},"End":true})");
  CHECK(std::get<PassState>(state.detail).result->value() == Json{{"a.$", "$.b"}});
  CHECK(joined(diagnose(machine_of(R"({"Type":"Pass","Result":{"a.$":"$.b"},"End":true})"),
                        MachineType::Standard, Severity::Warning)) ==
        "PASS_RESULT_IS_STATIC: Attempt to use a path in the result of a pass state. at "
        "/States/A/Result");
  const auto null = state_of(R"({"Type":"Pass","Result":null,"End":true})");
  CHECK(std::get<PassState>(null.detail).result->value().is_null());
}

TEST_CASE("Wait has exactly one time") {
  check_all({
      {R"({"Type":"Wait","End":true})",
       "SCHEMA_VALIDATION_FAILED: This object should have only one of the following fields: "
       "[SecondsPath, Seconds, TimestampPath, Timestamp] at /States/A"},
      {R"({"Type":"Wait","Seconds":1,"SecondsPath":"$.s","End":true})",
       "SCHEMA_VALIDATION_FAILED: There should only be one of the following fields: "
       "[SecondsPath, Seconds, TimestampPath, Timestamp] at /States/A"},
      {R"({"Type":"Wait","Seconds":-1,"End":true})",
       "SCHEMA_VALIDATION_FAILED: Minimum value is 0 at /States/A/Seconds"},
      {R"({"Type":"Wait","Seconds":100000000,"End":true})",
       "SCHEMA_VALIDATION_FAILED: Maximum value is 99999999 at /States/A/Seconds"},
      {R"({"Type":"Wait","Seconds":"$.s","End":true})",
       "SCHEMA_VALIDATION_FAILED: Expected value of type Integer at /States/A/Seconds"},
      {R"({"Type":"Wait","Seconds":1.5,"End":true})",
       "SCHEMA_VALIDATION_FAILED: Expected value of type Integer at /States/A/Seconds"},
      {R"({"Type":"Wait","SecondsPath":"s","End":true})",
       "SCHEMA_VALIDATION_FAILED: Value must be a valid JSONPath. at /States/A/SecondsPath"},
      {R"({"Type":"Wait","TimestampPath":"$..t","End":true})",
       "SCHEMA_VALIDATION_FAILED: Value is not a Reference Path at /States/A/TimestampPath"},
  });
  for (const auto* time : {"2016-12-05 21:29:29Z", "2016-12-05T21:29:29", "2016-13-05T21:29:29Z",
                           "2016-12-05T25:29:29Z", "05-12-2016T21:29:29Z", "{% 'x' %}"}) {
    CHECK(joined(faults_of(R"({"Type":"Wait","Timestamp":")" + std::string{time} +
                           R"(","End":true})")) ==
          "SCHEMA_VALIDATION_FAILED: String does not match RFC3339 timestamp at "
          "/States/A/Timestamp");
  }
  const auto state =
      state_of(R"({"Type":"Wait","Timestamp":"2016-12-05T21:29:29+01:00","End":true})");
  CHECK(epoch_ms(*std::get<WaitState>(state.detail).timestamp) == 1'480'969'769'000);
  const auto path = state_of(R"({"Type":"Wait","SecondsPath":"$.s","End":true})");
  CHECK(std::get<WaitState>(path.detail).seconds->path->text() == "$.s");
}

TEST_CASE("Fail takes each of Error and Cause once") {
  check_all({
      {R"({"Type":"Fail","Error":"e","ErrorPath":"$.e"})",
       "SCHEMA_VALIDATION_FAILED: There should only be one of the following fields: [Error, "
       "ErrorPath] at /States/A"},
      {R"({"Type":"Fail","Cause":"c","CausePath":"$.c"})",
       "SCHEMA_VALIDATION_FAILED: There should only be one of the following fields: [Cause, "
       "CausePath] at /States/A"},
      {R"({"Type":"Fail","ErrorPath":"e"})",
       "SCHEMA_VALIDATION_FAILED: The value for the field 'ErrorPath' must be a valid JSONPath or "
       "a valid intrinsic function call at /States/A/ErrorPath"},
      {R"j({"Type":"Fail","CausePath":"States.MathAdd(1, 2)"})j",
       "SCHEMA_VALIDATION_FAILED: The value for the field 'CausePath' must be a valid JSONPath or "
       "a valid intrinsic function call at /States/A/CausePath"},
  });
  const auto state =
      state_of(R"j({"Type":"Fail","Error":"e","CausePath":"States.Format('{}', $.c)"})j");
  CHECK(std::get<FailState>(state.detail).error == "e");
  CHECK(std::get<FailState>(state.detail).cause_path->text() == "States.Format('{}', $.c)");
}

TEST_CASE("literals that look like paths are warned of") {
  CHECK(joined(diagnose(machine_of(R"({"Type":"Fail","Error":"$.e"})"), MachineType::Standard,
                        Severity::Warning)) ==
        "NO_PATH: Field value looks like a path, but field name does not end with 'Path'. at "
        "/States/A/Error");
}

TEST_CASE("state names have 1 to 80 characters") {
  const auto succeeding = [](const std::string& name) {
    return R"({"StartAt":")" + name + R"(","States":{")" + name + R"(":{"Type":"Succeed"}}})";
  };
  const std::string name(80, 'n');
  CHECK(diagnose(succeeding(name)).empty());
  CHECK(joined(diagnose(succeeding(name + "n"))) ==
        "INVALID_STATE_NAME: State name '" + name +
            "n' exceeds the 80-character limit allowed by the service at /States/" + name + "n");
  CHECK(joined(diagnose(R"({"StartAt":"A","States":{"":{"Type":"Succeed"}}})")) ==
        "INVALID_STATE_NAME: State name cannot be empty at /States/");
  // 80 code points, 160 bytes.
  std::string accents;
  for (int i = 0; i < 80; ++i) accents += "é";
  CHECK(diagnose(succeeding(accents)).empty());
}

}  // namespace
}  // namespace presso::asl
