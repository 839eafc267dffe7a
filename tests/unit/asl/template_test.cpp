#include "engine/asl/template.h"

#include <doctest/doctest.h>

#include <map>

namespace presso::asl {
namespace {

class TestRoots final : public jsonpath::Roots {
 public:
  [[nodiscard]] const Json* input() const override { return &input_; }
  [[nodiscard]] const Json* context() const override { return &context_; }
  [[nodiscard]] const Json* variable(std::string_view name) const override {
    const auto it = variables_.find(name);
    return it == variables_.end() ? nullptr : &it->second;
  }

 private:
  Json input_ = {{"a", {{"b", 1}}}, {"list", {10, 20, 30}}, {"name", "Ann"}};
  Json context_ = {{"Execution", {{"Id", "e"}}}, {"Task", {{"Token", "t"}}}};
  std::map<std::string, Json, std::less<>> variables_{{"v", {{"w", 2}}}};
};

const TestRoots kRoots;
const Env kEnv{.now = Time{}};

Json json(std::string_view text) {
  auto value = parse_json(text);
  REQUIRE(value.has_value());
  return std::move(value).value();
}

Template compiled(std::string_view text) {
  std::vector<Diagnostic> diagnostics;
  auto result = Template::compile(json(text), "/T", diagnostics);
  REQUIRE_FALSE(has_errors(diagnostics));
  return result;
}

std::string evaluated(std::string_view text) {
  const auto value = compiled(text).evaluate(kRoots, kEnv);
  return value ? dump_json(*value) : value.error().code + ": " + value.error().message;
}

TEST_CASE("a template without computed members is itself") {
  for (const auto* text : {"{}", R"({"a":[1,{"b":"$.a"}],"c":null})", "[]", "3", R"("$.a")"}) {
    CHECK(evaluated(text) == text);
  }
}

TEST_CASE("computed members stand under the name without the ending, in their place") {
  CHECK(evaluated(R"({"x":1,"y.$":"$.a.b","z":{"c.$":"$$.Execution.Id","d.$":"$v.w"}})") ==
        R"({"x":1,"y":1,"z":{"c":"e","d":2}})");
  CHECK(evaluated(R"({"l":[1,{"m.$":"$.list[1:]"},["$.a"]]})") ==
        R"({"l":[1,{"m":[20,30]},["$.a"]]})");
  CHECK(evaluated(R"j({"f.$":"States.Format('Hello {}', $.name)"})j") == R"({"f":"Hello Ann"})");
  CHECK(evaluated(R"({"all.$":"$"})") == R"({"all":{"a":{"b":1},"list":[10,20,30],"name":"Ann"}})");
  CHECK(evaluated(R"({".$":"$.name"})") == R"({"":"Ann"})");
}

TEST_CASE("of two members with one name the later counts") {
  CHECK(evaluated(R"({"a":1,"a.$":"$.name"})") == R"({"a":"Ann"})");
}

TEST_CASE("a path that finds nothing is a runtime failure that shows the input") {
  CHECK(evaluated(R"({"x":{"y.$":"$.no.such"}})") ==
        "States.Runtime: The JSONPath '$.no.such' specified for the field 'y.$' could not be found "
        "in the input '{\"a\":{\"b\":1},\"list\":[10,20,30],\"name\":\"Ann\"}'");
  CHECK(evaluated(R"({"y.$":"$v.no"})") ==
        "States.Runtime: The JSONPath '$v.no' specified for the field 'y.$' could not be found in "
        "the input '{\"w\":2}'");
  CHECK(evaluated(R"({"y.$":"$$.No"})") ==
        "States.Runtime: The JSONPath '$$.No' specified for the field 'y.$' could not be found in "
        "the input '{\"Execution\":{\"Id\":\"e\"},\"Task\":{\"Token\":\"t\"}}'");
}

TEST_CASE("a call names itself: a missing argument is a runtime failure, the rest is its own") {
  CHECK(evaluated(R"j({"y.$":"States.Format('{} {}', $.name, $.no)"})j") ==
        "States.Runtime: The function 'States.Format('{} {}', $.name, $.no)' had the following "
        "error: The JsonPath argument for the field '$.no' could not be found in the input "
        "'{\"a\":{\"b\":1},\"list\":[10,20,30],\"name\":\"Ann\"}'");
  const auto failure = evaluated(R"j({"y.$":"States.StringToJson($.name)"})j");
  CHECK(
      failure.starts_with("States.IntrinsicFailure: The function "
                          "'States.StringToJson($.name)' had the following error: "));
}

TEST_CASE("members that cannot be computed are reported where they stand") {
  std::vector<Diagnostic> diagnostics;
  const auto text = json(
      R"j({"good.$":"$.g","bad1.$":23,"bad2.$":"23","f":{"bad3.$":[1],"g":[0,{"bad4.$":"$$23"}]},
          "bad5.$":"States.No()"})j");
  static_cast<void>(Template::compile(text, "/States/A/Parameters", diagnostics));
  std::string places;
  for (const auto& it : diagnostics) {
    CHECK(it.code == "SCHEMA_VALIDATION_FAILED");
    CHECK(it.message.ends_with("' must be a valid JSONPath or a valid intrinsic function call"));
    places += it.message.substr(0, 31) + it.location + "\n";
  }
  CHECK(places ==
        "The value for the field 'bad1.$/States/A/Parameters\n"
        "The value for the field 'bad2.$/States/A/Parameters\n"
        "The value for the field 'bad3.$/States/A/Parameters/f\n"
        "The value for the field 'bad4.$/States/A/Parameters/f/g[1]\n"
        "The value for the field 'bad5.$/States/A/Parameters\n");
}

TEST_CASE("literals that look computed are warned of, others are not") {
  std::vector<Diagnostic> diagnostics;
  const auto text = json(R"j({"a":"$.x","b":"States.UUID()","c":"$5","d":"$.[","e":["$.x"]})j");
  static_cast<void>(Template::compile(text, "/T", diagnostics));
  CHECK(diagnostics.size() == 2);
  CHECK_FALSE(has_errors(diagnostics));
}

TEST_CASE("a template knows whether it reads the task token") {
  for (const auto* text :
       {R"({"t.$":"$$.Task.Token"})", R"({"c":[{"t.$":"$$"}]})", R"({"t.$":"$$['Task']['Token']"})",
        R"({"t.$":"$$..Token"})", R"j({"t.$":"States.Format('{}', $$.Task.Token)"})j"}) {
    CHECK(compiled(text).uses_task_token());
  }
  for (const auto* text : {R"({"t":"$$.Task.Token"})", R"({"t.$":"$.Task.Token"})",
                           R"({"t.$":"$$.Execution.Id"})", "{}"}) {
    CHECK_FALSE(compiled(text).uses_task_token());
  }
}

TEST_CASE("a template knows its variables, sorted, once each") {
  CHECK(compiled(R"j({"a.$":"$z","b":{"c.$":"States.Array($y.q, $z, $.x, $$.c)"}})j").variables() ==
        VariableNames{"y", "z"});
  CHECK(compiled("{}").variables().empty());
}

TEST_CASE("copies of a template are independent values") {
  Template copy;
  {
    const auto original = compiled(R"({"a.$":"$.name"})");
    copy = original;
  }
  CHECK(dump_json(*copy.evaluate(kRoots, kEnv)) == R"({"a":"Ann"})");
  const Template moved = std::move(copy);
  CHECK(dump_json(*moved.evaluate(kRoots, kEnv)) == R"({"a":"Ann"})");
  CHECK(dump_json(*Template{}.evaluate(kRoots, kEnv)) == "null");
}

TEST_CASE("a value expression is a path or one of a few calls") {
  for (const auto* text : {"$.name", "$$.Execution.Id", "$v.w", "States.Format('{}', $.name)",
                           "States.JsonToString($.a)", "States.UUID()"}) {
    CAPTURE(text);
    const auto expression = ValueExpression::compile(text);
    REQUIRE(expression.has_value());
    CHECK(expression->text() == text);
  }
  CHECK(ValueExpression::compile("name").error().code == "InvalidPath");
  CHECK(ValueExpression::compile("States.MathAdd(1, 2)").error().code == "InvalidIntrinsic");
  CHECK(ValueExpression::compile("States.Format(").error().code == "InvalidIntrinsic");
  const auto missing = ValueExpression::compile("$.no");
  CHECK(missing->evaluate(kRoots, kEnv, "CausePath").error().message ==
        "The JSONPath '$.no' specified for the field 'CausePath' could not be found in the input "
        "'{\"a\":{\"b\":1},\"list\":[10,20,30],\"name\":\"Ann\"}'");
  CHECK(ValueExpression::compile("$v.w")->variables() == VariableNames{"v"});
  const auto copy = *ValueExpression::compile("$.name");
  CHECK(*copy.evaluate(kRoots, kEnv) == "Ann");
}

}  // namespace
}  // namespace presso::asl
