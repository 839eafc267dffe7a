#include "server/routes/service_names.h"

#include <algorithm>
#include <array>

#include "engine/models/service_model.h"

namespace presso::server {
namespace {

struct OtherName {
  std::string_view name;
  std::string_view key;
};
// Names of ARNs, signatures and optimised integrations that are not those of Resources.
constexpr std::array<OtherName, 12> kOtherNames = {{
    {"awss3", "s3"},
    {"cognitoidp", "cognitoidentityprovider"},
    {"dms", "databasemigration"},
    {"elasticmapreduce", "emr"},
    {"email", "ses"},
    {"es", "elasticsearch"},
    {"events", "eventbridge"},
    {"logs", "cloudwatchlogs"},
    {"monitoring", "cloudwatch"},
    {"states", "sfn"},
    {"stepfunctions", "sfn"},
    {"tagging", "resourcegroupstaggingapi"},
}};

// Hosts that do not begin with the service's name.
// https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html
constexpr std::array<OtherName, 19> kHosts = {{
    {"api.ecr", "ecr"},
    {"api.sagemaker", "sagemaker"},
    {"application-autoscaling", "applicationautoscaling"},
    {"bedrock-agent", "bedrockagent"},
    {"bedrock-agent-runtime", "bedrockagentruntime"},
    {"bedrock-runtime", "bedrockruntime"},
    {"cognito-idp", "cognitoidentityprovider"},
    {"dms", "databasemigration"},
    {"elasticloadbalancing", "elasticloadbalancingv2"},
    {"elasticmapreduce", "emr"},
    {"email", "ses"},
    {"email", "sesv2"},
    {"emr-containers", "emrcontainers"},
    {"emr-serverless", "emrserverless"},
    {"logs", "cloudwatchlogs"},
    {"monitoring", "cloudwatch"},
    {"rds-data", "rdsdata"},
    {"redshift-data", "redshiftdata"},
    {"runtime.sagemaker", "sagemakerruntime"},
}};
constexpr std::array<std::string_view, 3> kGlobal = {"cloudfront", "iam", "route53"};

constexpr std::array<NamedResource, 13> kNamedResources = {{
    {"lambda", "FunctionName", "function", "function:"},
    {"sqs", "QueueUrl", "queue", ""},
    {"sqs", "QueueName", "queue", ""},
    {"sns", "TopicArn", "topic", ""},
    {"dynamodb", "TableName", "table", "table/"},
    {"s3", "Bucket", "bucket", ""},
    {"kinesis", "StreamName", "stream", "stream/"},
    {"kinesis", "StreamARN", "stream", "stream/"},
    {"firehose", "DeliveryStreamName", "delivery-stream", "deliverystream/"},
    {"cloudwatchlogs", "LogGroupName", "log-group", "log-group:"},
    {"batch", "JobQueue", "job-queue", "job-queue/"},
    {"glue", "JobName", "job", "job/"},
    {"codebuild", "ProjectName", "project", "project/"},
}};

constexpr std::array<LocalVariable, 8> kLocalVariables = {{
    {"LAMBDA_ENDPOINT", "lambda"},
    {"BATCH_ENDPOINT", "batch"},
    {"DYNAMODB_ENDPOINT", "dynamodb"},
    {"ECS_ENDPOINT", "ecs"},
    {"GLUE_ENDPOINT", "glue"},
    {"SAGE_MAKER_ENDPOINT", "sagemaker"},
    {"SQS_ENDPOINT", "sqs"},
    {"SNS_ENDPOINT", "sns"},
}};

}  // namespace

std::string service_key(std::string_view name) {
  std::string key;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') key += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) key += c;
  }
  const auto other = std::ranges::find(kOtherNames, key, &OtherName::name);
  if (other != kOtherNames.end()) return std::string{other->key};
  // "Config Service" is config in Resources, and so are all others that end like it.
  constexpr std::string_view kService = "service";
  if (key.size() > kService.size() && key.ends_with(kService)) {
    key.resize(key.size() - kService.size());
  }
  return key;
}

bool is_service(const std::string& key) {
  const bool is_without_model = models::has_action(key, "") == models::Known::Perhaps;
  return is_without_model || models::load_model(key) != nullptr;
}

bool is_own_service(std::string_view key) {
  return key == "sfn" || key == "eventbridge" || key == "scheduler";
}

std::span<const NamedResource> named_resources() { return kNamedResources; }
std::span<const LocalVariable> local_variables() { return kLocalVariables; }

std::string aws_url(const std::string& key, std::string_view region) {
  const auto row = std::ranges::find(kHosts, key, &OtherName::key);
  std::string host{row == kHosts.end() ? std::string_view{key} : row->name};
  if (std::ranges::find(kGlobal, key) == kGlobal.end()) host.append(".").append(region);
  host += region.starts_with("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com";
  return "https://" + host;
}

std::string signing_region(std::string_view url, std::string_view region) {
  const bool is_global = std::ranges::any_of(kGlobal, [&](std::string_view service) {
    return url.starts_with("https://" + std::string{service} + ".amazonaws.com");
  });
  return std::string{is_global ? "us-east-1" : region};
}

}  // namespace presso::server
