#include "base/arn.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using presso::Arn;
using presso::parse_arn;

TEST_CASE("an ARN is read into its parts") {
  const auto arn = parse_arn("arn:aws:states:eu-west-1:000000000000:stateMachine:Orders");
  REQUIRE(arn.has_value());
  CHECK(*arn == Arn{.partition = "aws",
                    .service = "states",
                    .region = "eu-west-1",
                    .account = "000000000000",
                    .resource = "stateMachine:Orders"});
}

TEST_CASE("ARNs are printed as they were read") {
  const std::vector<std::string> texts = {
      "arn:aws:states:us-east-1:123456789012:execution:Orders:a:b",
      "arn:aws:states:::dynamodb:getItem",
      "arn:aws:states:::events:putEvents.waitForTaskToken",
      "arn:aws:s3:::bucket/key:with:colons",
      "arn:aws-cn:events:cn-north-1:123456789012:rule/Serverlesspresso/NewOrder",
      "arn:aws:states:::*",
  };
  for (const std::string& text : texts) {
    CAPTURE(text);
    const auto arn = parse_arn(text);
    REQUIRE(arn.has_value());
    CHECK(to_string(*arn) == text);
  }
}

TEST_CASE("texts that are no ARN are refused") {
  const std::vector<std::string> texts = {
      "",
      "arn",
      "arn:",
      ":::::",
      "arn:aws:states:eu-west-1:000000000000",
      "arn:aws:states:eu-west-1:000000000000:",
      "arn::states:eu-west-1:000000000000:x",
      "arn:aws::eu-west-1:000000000000:x",
      "urn:aws:states:eu-west-1:000000000000:x",
      "ARN:aws:states:eu-west-1:000000000000:x",
      " arn:aws:states:eu-west-1:000000000000:x",
      "Orders",
  };
  for (const std::string& text : texts) {
    CAPTURE(text);
    CHECK_FALSE(parse_arn(text).has_value());
  }
}
