#include "server/integrations/services.h"

#include <algorithm>
#include <array>

namespace presso::server {

namespace {

constexpr std::array kServices{
    Service{.name = "dynamodb",
            .variable = "DYNAMODB",
            .signing_name = "dynamodb",
            .protocol = Protocol::AwsJson,
            .target_prefix = "DynamoDB_20120810",
            .json_version = "1.0",
            .optimised_prefix = "DynamoDB",
            .optimised_service = "AmazonDynamoDBv2",
            .sdk_prefix = "DynamoDb"},
    Service{.name = "lambda",
            .variable = "LAMBDA",
            .signing_name = "lambda",
            .protocol = Protocol::Lambda,
            .target_prefix = "",
            .json_version = "",
            .optimised_prefix = "Lambda",
            .optimised_service = "AWSLambda",
            .sdk_prefix = "Lambda"},
    Service{.name = "sqs",
            .variable = "SQS",
            .signing_name = "sqs",
            .protocol = Protocol::AwsJson,
            .target_prefix = "AmazonSQS",
            .json_version = "1.0",
            .optimised_prefix = "SQS",
            .optimised_service = "AmazonSQS",
            .sdk_prefix = "Sqs"},
    Service{.name = "secretsmanager",
            .variable = "SECRETS_MANAGER",
            .signing_name = "secretsmanager",
            .protocol = Protocol::AwsJson,
            .target_prefix = "secretsmanager",
            .json_version = "1.1",
            .optimised_prefix = "SecretsManager",
            .optimised_service = "AWSSecretsManager",
            .sdk_prefix = "SecretsManager"},
    Service{.name = "ssm",
            .variable = "SSM",
            .signing_name = "ssm",
            .protocol = Protocol::AwsJson,
            .target_prefix = "AmazonSSM",
            .json_version = "1.1",
            .optimised_prefix = "Ssm",
            .optimised_service = "AWSSimpleSystemsManagement",
            .sdk_prefix = "Ssm"},
    Service{.name = "kinesis",
            .variable = "KINESIS",
            .signing_name = "kinesis",
            .protocol = Protocol::AwsJson,
            .target_prefix = "Kinesis_20131202",
            .json_version = "1.1",
            .optimised_prefix = "Kinesis",
            .optimised_service = "AmazonKinesis",
            .sdk_prefix = "Kinesis"},
    Service{.name = "s3",
            .variable = "S3",
            .signing_name = "s3",
            .protocol = Protocol::S3,
            .target_prefix = "",
            .json_version = "",
            .optimised_prefix = "S3",
            .optimised_service = "Amazon S3",
            .sdk_prefix = "S3"},
};

// The exceptions of the DynamoDB and SQS models; of the others, everything that ends in Exception.
constexpr std::array<std::string_view, 25> kDynamoDbErrors{
    "BackupInUseException",
    "BackupNotFoundException",
    "ConditionalCheckFailedException",
    "ContinuousBackupsUnavailableException",
    "DuplicateItemException",
    "ExportConflictException",
    "ExportNotFoundException",
    "GlobalTableAlreadyExistsException",
    "GlobalTableNotFoundException",
    "IdempotentParameterMismatchException",
    "ImportConflictException",
    "ImportNotFoundException",
    "IndexNotFoundException",
    "InternalServerError",
    "InvalidEndpointException",
    "ItemCollectionSizeLimitExceededException",
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ResourceInUseException",
    "ResourceNotFoundException",
    "TableNotFoundException",
    "TransactionCanceledException",
    "TransactionConflictException",
    "TransactionInProgressException"};

std::string variable_name(const Service& service) {
  return "AWS_ENDPOINT_URL_" + std::string{service.variable};
}

std::string value_or_empty(const Environment& environment, std::string_view name) {
  const auto it = environment.find(name);
  return it == environment.end() ? std::string{} : it->second;
}

}  // namespace

const Service* find_service(std::string_view name) {
  const auto* it = std::find_if(kServices.begin(), kServices.end(),
                                [&](const Service& service) { return service.name == name; });
  return it == kServices.end() ? nullptr : &*it;
}

std::optional<std::string> endpoint_of(const Service& service, const Environment& environment) {
  for (const std::string& name : {variable_name(service), std::string{"AWS_ENDPOINT_URL"}}) {
    std::string url = value_or_empty(environment, name);
    while (!url.empty() && url.back() == '/') url.pop_back();
    if (!url.empty()) return url;
  }
  return std::nullopt;
}

Credentials credentials_of(const Environment& environment, const core::Caller& caller) {
  Credentials credentials{.access_key_id = value_or_empty(environment, "AWS_ACCESS_KEY_ID"),
                          .secret_access_key = value_or_empty(environment, "AWS_SECRET_ACCESS_KEY"),
                          .session_token = value_or_empty(environment, "AWS_SESSION_TOKEN")};
  if (!credentials.access_key_id.empty()) return credentials;
  return {.access_key_id = caller.account, .secret_access_key = "local", .session_token = ""};
}

std::string no_endpoint_message(const Service& service) {
  return "No endpoint is configured for " + std::string{service.name} + ": set " +
         variable_name(service) +
         " (or AWS_ENDPOINT_URL) to the URL of a server for it and start "
         "presso again.";
}

bool is_modelled(const Service& service, std::string_view error_code) {
  if (service.name == "dynamodb") {
    return std::find(kDynamoDbErrors.begin(), kDynamoDbErrors.end(), error_code) !=
           kDynamoDbErrors.end();
  }
  return error_code.ends_with("Exception") && error_code != "ValidationException";
}

}  // namespace presso::server
