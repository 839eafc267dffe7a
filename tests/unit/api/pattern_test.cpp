#include "api/pattern.h"

#include <doctest/doctest.h>

#include <string>

namespace presso::api {

TEST_CASE("names hold letters, digits, dots, dashes and underscores") {
  CHECK(kNamePattern.matches("Order-1.new_rule"));
  CHECK_FALSE(kNamePattern.matches(""));
  CHECK_FALSE(kNamePattern.matches("a b"));
  CHECK_FALSE(kNamePattern.matches("caf\xC3\xA9"));
  CHECK_FALSE(kNamePattern.matches("a/b"));
  CHECK(kBusName.matches("aws.partner/example.com/1"));
  CHECK(kTransformerKey.matches("order-Id_2"));
  CHECK_FALSE(kTransformerKey.matches("order.id"));
}

TEST_CASE("a bus is named by its name or its ARN") {
  const std::string arn = "arn:aws:events:us-east-1:111111111111:event-bus/";
  CHECK(kBusNameOrArn.matches("default"));
  CHECK(kBusNameOrArn.matches(arn + "orders"));
  CHECK(kBusNameOrArn.matches("arn:aws-cn:events:cn-north-1:111111111111:event-bus/a/b"));
  CHECK(kBusNameOrArn.matches("a/b"));
  CHECK_FALSE(kEntryBusName.matches("a/b"));
  CHECK(kEntryBusName.matches(arn + "orders"));
  for (const char* wrong : {"", "arn:aws:events:us-east-1:111111111111:event-bus/",
                            "arn:aws:events:us-east-1:11111111111:event-bus/orders",
                            "arn:aws:events:us-east-1:1111111111111:event-bus/orders",
                            "arn:aws:events:useast1:111111111111:event-bus/orders",
                            "arn:aws:sqs:us-east-1:111111111111:event-bus/orders", "a:b"}) {
    CAPTURE(wrong);
    CHECK_FALSE(kBusNameOrArn.matches(wrong));
  }
}

TEST_CASE("the other expressions accept and refuse what they say") {
  struct Case {
    const Pattern& pattern;
    std::string_view text;
    bool matches;
  };
  const Case cases[] = {
      {kAscii, "", true},
      {kAscii, std::string_view{"a\0b\x7F", 4}, true},
      {kAscii, "\xC3\xA9", false},
      {kPartnerSource, "aws.partner/example.com/x", true},
      {kPartnerSource, "aws.partner/example.com", false},
      {kPartnerSource, "aws.partner/example.com/", false},
      {kPartnerSource, "aws.partnerx/a/b", false},
      {kKmsKey, "", true},
      {kKmsKey, "arn:aws:kms:eu-1:1:key/ab-c", true},
      {kKmsKey, "a.b", false},
      {kEndpointId, "abcde.veo", true},
      {kEndpointId, "abcde", false},
      {kEndpointId, ".veo", false},
      {kEndpointId, "a.b.c", false},
      {kNotBlank, " a ", true},
      {kNotBlank, " \t ", false},
      {kNotBlank, "", false},
      {kNotBlank, "a\nb", false},
      {kHeaderName, "x-order+id", true},
      {kHeaderName, "x order", false},
      {kHeaderName, "", false},
      {kHeaderValue, " a\tb c ", true},
      {kHeaderValue, "\t\t", false},
      {kHeaderValue, " ", true},
      {kHeaderValue, "a\nb", false},
      {kQueryName, "caf\xC3\xA9", true},
      {kQueryName, "a\n", false},
      {kQueryName, "", false},
      {kQueryValue, "a\r\nb", true},
      {kQueryValue, "a\tb", false},
      {kSecretArnOrPath, "arn:aws:secretsmanager:us-east-1:1:secret:x", true},
      {kSecretArnOrPath, "$.detail.secrets[0][*].arn", true},
      {kSecretArnOrPath, "$", true},
      {kSecretArnOrPath, "$.", false},
      {kSecretArnOrPath, "$.a[x]", false},
      {kSecretArnOrPath, "arn:aws:sqs:us-east-1:1:x", false},
      {kRunCommandKey, "tag:Name caf\xC3\xA9", true},
      {kRunCommandKey, "a;b", false},
      {kRunCommandKey, "\xFF", false},
      {kPipelineName, "a-b--c", true},
      {kPipelineName, "-a", false},
      {kPipelineName, "a-", false},
      {kPipelineName, "", false},
  };
  for (const Case& one : cases) {
    CAPTURE(one.pattern.text);
    CAPTURE(one.text);
    CHECK(one.pattern.matches(one.text) == one.matches);
  }
}

}  // namespace presso::api
