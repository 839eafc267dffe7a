#include "engine/asl/resource.h"

#include <doctest/doctest.h>

namespace presso::asl {
namespace {

struct Case {
  std::string_view arn;
  Resource::Kind kind;
  std::string_view service;
  std::string_view history_name;
  IntegrationPattern pattern;
};

TEST_CASE("resources of every form are taken apart") {
  using enum IntegrationPattern;
  using Kind = Resource::Kind;
  const Case cases[]{
      {"arn:aws:lambda:us-east-1:123456789012:function:f", Kind::LambdaFunction, "lambda",
       "function", RequestResponse},
      {"arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST", Kind::LambdaFunction, "lambda",
       "function", RequestResponse},
      {"arn:aws:states:us-east-1:123456789012:activity:a", Kind::Activity, "states", "activity",
       RequestResponse},
      {"arn:aws:states:::dynamodb:getItem", Kind::Integration, "dynamodb", "getItem",
       RequestResponse},
      {"arn:aws-cn:states:::sqs:sendMessage.waitForTaskToken", Kind::Integration, "sqs",
       "sendMessage.waitForTaskToken", WaitForTaskToken},
      {"arn:aws:states:::states:startExecution.sync", Kind::Integration, "states",
       "startExecution.sync", Sync},
      {"arn:aws:states:::states:startExecution.sync:2", Kind::Integration, "states",
       "startExecution.sync:2", Sync2},
      {"arn:aws:states:::aws-sdk:sfn:listExecutions", Kind::Integration, "aws-sdk:sfn",
       "listExecutions", RequestResponse},
      {"arn:aws:states:::aws-sdk:dynamodb:putItem.waitForTaskToken", Kind::Integration,
       "aws-sdk:dynamodb", "putItem.waitForTaskToken", WaitForTaskToken},
      {"arn:aws:states:::http:invoke", Kind::Integration, "http", "invoke", RequestResponse},
      {"arn:aws:states:::ecs:runTask.sync", Kind::Integration, "ecs", "runTask.sync", Sync},
      {"arn:aws:states:::emr-serverless:startJobRun.sync", Kind::Integration, "emr-serverless",
       "startJobRun.sync", Sync},
  };
  for (const auto& it : cases) {
    CAPTURE(it.arn);
    const auto resource = parse_resource(it.arn);
    REQUIRE(resource.has_value());
    CHECK(resource->kind == it.kind);
    CHECK(resource->arn == it.arn);
    CHECK(resource->service == it.service);
    CHECK(resource->pattern == it.pattern);
    CHECK(resource->history_name() == it.history_name);
    CHECK(resource->is_sdk() == it.service.starts_with("aws-sdk:"));
  }
}

TEST_CASE("what is no ARN is refused as such") {
  for (const auto* text : {"", "f", "arn:aws", "lambda:invoke", "{% $x %}", "arn:aws:states:::"}) {
    CAPTURE(text);
    CHECK(parse_resource(text).error().message == "Value is not a valid resource ARN");
  }
}

TEST_CASE("resources that do not exist and patterns that a service lacks are not recognized") {
  for (const auto* text : {"arn:aws:swf:us-east-1:123456789012:task:X",
                           "arn:aws:lambda:us-east-1:1:layer:l",
                           "arn:aws:lambda:us-east-1:1:function:",
                           "arn:aws:lambda:us-east-1:1:function:f:1:2",
                           "arn:aws:states:us-east-1:1:activity:",
                           "arn:aws:states:us-east-1:1:stateMachine:m",
                           "arn:aws:states:::lambda",
                           "arn:aws:states:::lambda:",
                           "arn:aws:states:::lambda:list",
                           "arn:aws:states:::lambda:invoke.sync",
                           "arn:aws:states:::lambda:invoke:x",
                           "arn:aws:states:::dynamodb:getItem.waitForTaskToken",
                           "arn:aws:states:::glue:startJobRun.waitForTaskToken",
                           "arn:aws:states:::batch:submitJob.sync:2",
                           "arn:aws:states:::nothing:there",
                           "arn:aws:states:::aws-sdk:sfn",
                           "arn:aws:states:::aws-sdk:sfn:ListExecutions",
                           "arn:aws:states:::aws-sdk:sfn:startExecution.sync",
                           "arn:aws:states:::aws-sdk:sf n:listExecutions",
                           "arn:aws:states:::.sync",
                           "arn:aws:states:us-east-1::lambda:invoke"}) {
    CAPTURE(text);
    const auto resource = parse_resource(text);
    REQUIRE_FALSE(resource.has_value());
    CHECK(resource.error().message ==
          "The resource provided " + std::string{text} +
              " is not recognized. The value is not a valid resource ARN, or the resource is not "
              "available in this region.");
  }
}

}  // namespace
}  // namespace presso::asl
