// A Task's Resource: what is called, and how its answer is awaited.
// https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace presso::asl {

enum class IntegrationPattern { RequestResponse, Sync, Sync2, WaitForTaskToken };

struct Resource {
  enum class Kind {
    LambdaFunction,  // arn:aws:lambda:…:function:name[:qualifier]: the payload itself is the result
    Activity,        // arn:aws:states:…:activity:name
    Integration,     // arn:aws:states:::service:action[.pattern], aws-sdk ones and http:invoke too
  };

  Kind kind = Kind::Integration;
  std::string arn;      // as written
  std::string service;  // "dynamodb", "aws-sdk:sfn", "lambda": `resourceType` in histories
  std::string action;   // "getItem", without the pattern
  IntegrationPattern pattern = IntegrationPattern::RequestResponse;

  // "putEvents.waitForTaskToken": `resource` in histories.
  [[nodiscard]] std::string history_name() const;
  [[nodiscard]] bool is_sdk() const;  // aws-sdk:…

  friend bool operator==(const Resource&, const Resource&) = default;
};

// Fails with the text AWS's validation gives for a resource that it does not know the form of.
[[nodiscard]] Result<Resource> parse_resource(std::string_view arn);

}  // namespace presso::asl
