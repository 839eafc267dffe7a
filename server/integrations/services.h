// The services that calls go to: protocol, endpoint variable and the names that AWS shows for their
// errors. Adding a service that speaks AWS JSON is adding a row.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/integrations/integration.h"
#include "server/integrations/sigv4.h"

namespace presso::server {

enum class Protocol { AwsJson, Lambda, S3 };

struct Service {
  std::string_view name;          // in resources: "dynamodb"
  std::string_view variable;      // AWS_ENDPOINT_URL_…: "DYNAMODB"
  std::string_view signing_name;  // "dynamodb"
  Protocol protocol = Protocol::AwsJson;
  std::string_view target_prefix;  // of X-Amz-Target
  std::string_view json_version;   // "1.0"
  // How errors are named: the optimised integration "DynamoDB.AmazonDynamoDBException (Service:
  // AmazonDynamoDBv2; …)", aws-sdk "DynamoDb.DynamoDbException (Service: DynamoDb, …)".
  std::string_view optimised_prefix;
  std::string_view optimised_service;
  std::string_view sdk_prefix;
};

// Null for a service that is not in the table. `name` without "aws-sdk:".
[[nodiscard]] const Service* find_service(std::string_view name);

// The service's own variable, then the one for all. Nothing: neither is set.
[[nodiscard]] std::optional<std::string> endpoint_of(const Service&, const Environment&);

// From AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN; without them a pair that
// every local service takes, with the caller's account as its key.
[[nodiscard]] Credentials credentials_of(const Environment&, const core::Caller&);

// What a task or delivery without an endpoint says.
[[nodiscard]] std::string no_endpoint_message(const Service&);

// Exceptions that the service's model names: they keep their name, all others are shown as the
// service's general exception.
[[nodiscard]] bool is_modelled(const Service&, std::string_view error_code);

}  // namespace presso::server
