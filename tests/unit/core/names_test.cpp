#include "engine/core/names.h"

#include <doctest/doctest.h>

using namespace presso;
using namespace presso::core;

TEST_CASE("a name may hold letters of any script, digits and most marks") {
  for (const char* name : {"a", "Order-1_x.y", "Größe", "名前", "(a)!@=+"}) {
    CAPTURE(name);
    CHECK(check_name(name));
  }
}

TEST_CASE("a name with a refused character, an empty and a too long one are InvalidName") {
  const std::string long_name(81, 'a');
  for (const std::string& name :
       {std::string{}, long_name, std::string{"a b"}, std::string{"a/b"}, std::string{"a:b"},
        std::string{"a\tb"}, std::string{"a\u00a0b"}, std::string{"a\u0085b"}, std::string{"<"},
        std::string{"\xff"}, std::string("a\0b", 3), std::string{"\U0010FFFF"}}) {
    CAPTURE(name);
    const auto checked = check_name(name);
    REQUIRE_FALSE(checked);
    CHECK(checked.error() == Error{"InvalidName", "Invalid Name: '" + name + "'"});
  }
  CHECK(check_name(std::string(80, 'a')));
}

TEST_CASE("an ARN of the wrong form is InvalidArn in AWS's words") {
  const auto text = check_arn("not_a_valid_arn", "stateMachine");
  REQUIRE_FALSE(text);
  CHECK(text.error() == Error{"InvalidArn", "Invalid Arn: 'Invalid ARN prefix: not_a_valid_arn'"});
  const auto type =
      check_arn("arn:aws:states:us-east-1:000000000000:execution:m:e", "stateMachine");
  REQUIRE_FALSE(type);
  CHECK(type.error() ==
        Error{"InvalidArn", "Invalid Arn: 'Resource type not valid in this context: execution'"});
  CHECK(check_arn("arn:aws:states:us-east-1:000000000000:stateMachine:m", "stateMachine"));
  CHECK_FALSE(check_arn("arn:aws:states:us-east-1:000000000000:stateMachine:", "stateMachine"));
}

TEST_CASE("an execution's ARN names its machine and back") {
  const std::string machine = machine_arn({"123456789012", "eu-west-1"}, "M");
  CHECK(machine == "arn:aws:states:eu-west-1:123456789012:stateMachine:M");
  const std::string execution = execution_arn(machine, "E");
  CHECK(execution == "arn:aws:states:eu-west-1:123456789012:execution:M:E");
  CHECK(parse_execution_arn(execution) == ExecutionName{machine, "E"});
  CHECK_FALSE(parse_execution_arn(machine));
  CHECK_FALSE(parse_execution_arn("arn:aws:states:eu-west-1:123456789012:execution:M"));
  CHECK_FALSE(parse_execution_arn("arn:aws:states:eu-west-1:123456789012:execution:M:"));
  CHECK_FALSE(parse_execution_arn(""));
}

TEST_CASE("an ARN belongs to the account and region that it names") {
  const std::string arn = machine_arn({"1", "a"}, "M");
  CHECK(belongs_to(arn, {"1", "a"}));
  CHECK_FALSE(belongs_to(arn, {"1", "b"}));
  CHECK_FALSE(belongs_to(arn, {"2", "a"}));
}
