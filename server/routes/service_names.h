// AWS's services by all the names that they have: in a Resource ("cloudwatchlogs"), in an ARN and
// a signature ("logs"), in the SDK's variables ("CLOUDWATCH_LOGS"), in Step Functions Local's.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace presso::server {

// The name that routes are kept under, that of `aws-sdk:NAME:action`: "logs", "CloudWatch Logs" and
// "CLOUDWATCH_LOGS" are all "cloudwatchlogs". Of a text that names no service whatever results.
[[nodiscard]] std::string service_key(std::string_view name);
// Whether there is such a service: `key` is of service_key.
[[nodiscard]] bool is_service(const std::string& key);
// Step Functions, EventBridge and its Scheduler: presso itself is what answers for them.
[[nodiscard]] bool is_own_service(std::string_view key);

// What a service's resources are called, in routes ("queue jobs-*") and in its parameters.
struct NamedResource {
  std::string_view service;
  std::string_view parameter;  // whose value is a name, a URL that ends with it, or an ARN
  std::string_view kind;       // "queue"
  std::string_view arn_part;   // between the account and the name: "table/"; S3 has no account
};
[[nodiscard]] std::span<const NamedResource> named_resources();

// Of real AWS. "https://sqs.eu-west-1.amazonaws.com"
[[nodiscard]] std::string aws_url(const std::string& key, std::string_view region);
// What a request there is signed for: services without regions are those of us-east-1.
[[nodiscard]] std::string signing_region(std::string_view url, std::string_view region);

// A variable of Step Functions Local and the service that it is for.
struct LocalVariable {
  std::string_view name;
  std::string_view service;
};
// https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-config-options.html
[[nodiscard]] std::span<const LocalVariable> local_variables();

}  // namespace presso::server
