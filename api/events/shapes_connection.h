// Connections: what is sent and answered.
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateConnection.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "api/events/constraints.h"
#include "api/events/shapes_connection_auth.h"
#include "api/field.h"

namespace presso::api::events {

struct CreateConnectionRequest {
  std::string name;
  std::optional<std::string> description;
  std::string authorization_type;
  CreateConnectionAuthRequestParameters auth_parameters;
  std::optional<ConnectivityResourceParameters> invocation_connectivity_parameters;
  std::optional<std::string> kms_key_identifier;

  static constexpr auto fields() {
    using S = CreateConnectionRequest;
    return std::tuple{
        field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kNamePattern}),
        field("Description", &S::description, {.max = 512, .pattern = &kOneLine}),
        field("AuthorizationType", &S::authorization_type, {.values = kAuthorizationTypes}),
        field("AuthParameters", &S::auth_parameters),
        field("InvocationConnectivityParameters", &S::invocation_connectivity_parameters),
        field("KmsKeyIdentifier", &S::kms_key_identifier, {.max = 2048, .pattern = &kKmsKey})};
  }
};

struct CreateConnectionResponse {
  std::optional<std::string> connection_arn;
  std::optional<std::string> connection_state;
  std::optional<Time> creation_time;
  std::optional<Time> last_modified_time;

  static constexpr auto fields() {
    using S = CreateConnectionResponse;
    return std::tuple{field("ConnectionArn", &S::connection_arn,
                            {.min = 1, .max = 1600, .pattern = &kConnectionArn}),
                      field("ConnectionState", &S::connection_state, {.values = kConnectionStates}),
                      field("CreationTime", &S::creation_time),
                      field("LastModifiedTime", &S::last_modified_time)};
  }
};

struct DescribeConnectionRequest {
  std::string name;

  static constexpr auto fields() {
    using S = DescribeConnectionRequest;
    return std::tuple{field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kNamePattern})};
  }
};

struct DescribeConnectionResponse {
  std::optional<std::string> connection_arn;
  std::optional<std::string> name;
  std::optional<std::string> description;
  std::optional<Json> invocation_connectivity_parameters;
  std::optional<std::string> connection_state;
  std::optional<std::string> state_reason;
  std::optional<std::string> authorization_type;
  std::optional<std::string> secret_arn;
  std::optional<std::string> kms_key_identifier;
  std::optional<ConnectionAuthResponseParameters> auth_parameters;
  std::optional<Time> creation_time;
  std::optional<Time> last_modified_time;
  std::optional<Time> last_authorized_time;

  static constexpr auto fields() {
    using S = DescribeConnectionResponse;
    return std::tuple{
        field("ConnectionArn", &S::connection_arn,
              {.min = 1, .max = 1600, .pattern = &kConnectionArn}),
        field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kNamePattern}),
        field("Description", &S::description, {.max = 512, .pattern = &kOneLine}),
        field("InvocationConnectivityParameters", &S::invocation_connectivity_parameters),
        field("ConnectionState", &S::connection_state, {.values = kConnectionStates}),
        field("StateReason", &S::state_reason, {.max = 512, .pattern = &kOneLine}),
        field("AuthorizationType", &S::authorization_type, {.values = kAuthorizationTypes}),
        field("SecretArn", &S::secret_arn, {.min = 20, .max = 2048, .pattern = &kSecretArn}),
        field("KmsKeyIdentifier", &S::kms_key_identifier, {.max = 2048, .pattern = &kKmsKey}),
        field("AuthParameters", &S::auth_parameters),
        field("CreationTime", &S::creation_time),
        field("LastModifiedTime", &S::last_modified_time),
        field("LastAuthorizedTime", &S::last_authorized_time)};
  }
};

struct UpdateConnectionRequest {
  std::string name;
  std::optional<std::string> description;
  std::optional<std::string> authorization_type;
  std::optional<UpdateConnectionAuthRequestParameters> auth_parameters;
  std::optional<ConnectivityResourceParameters> invocation_connectivity_parameters;
  std::optional<std::string> kms_key_identifier;

  static constexpr auto fields() {
    using S = UpdateConnectionRequest;
    return std::tuple{
        field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kNamePattern}),
        field("Description", &S::description, {.max = 512, .pattern = &kOneLine}),
        field("AuthorizationType", &S::authorization_type, {.values = kAuthorizationTypes}),
        field("AuthParameters", &S::auth_parameters),
        field("InvocationConnectivityParameters", &S::invocation_connectivity_parameters),
        field("KmsKeyIdentifier", &S::kms_key_identifier, {.max = 2048, .pattern = &kKmsKey})};
  }
};

struct UpdateConnectionResponse {
  std::optional<std::string> connection_arn;
  std::optional<std::string> connection_state;
  std::optional<Time> creation_time;
  std::optional<Time> last_modified_time;
  std::optional<Time> last_authorized_time;

  static constexpr auto fields() {
    using S = UpdateConnectionResponse;
    return std::tuple{field("ConnectionArn", &S::connection_arn,
                            {.min = 1, .max = 1600, .pattern = &kConnectionArn}),
                      field("ConnectionState", &S::connection_state, {.values = kConnectionStates}),
                      field("CreationTime", &S::creation_time),
                      field("LastModifiedTime", &S::last_modified_time),
                      field("LastAuthorizedTime", &S::last_authorized_time)};
  }
};

struct ListConnectionsRequest {
  std::optional<std::string> name_prefix;
  std::optional<std::string> connection_state;
  std::optional<std::string> next_token;
  std::optional<std::int64_t> limit;

  static constexpr auto fields() {
    using S = ListConnectionsRequest;
    return std::tuple{
        field("NamePrefix", &S::name_prefix, {.min = 1, .max = 64, .pattern = &kNamePattern}),
        field("ConnectionState", &S::connection_state, {.values = kConnectionStates}),
        field("NextToken", &S::next_token, {.min = 1, .max = 2048}),
        field("Limit", &S::limit, {.min = 1, .max = 100})};
  }
};

struct ListConnectionsResponse {
  std::optional<std::vector<Connection>> connections;
  std::optional<std::string> next_token;

  static constexpr auto fields() {
    using S = ListConnectionsResponse;
    return std::tuple{field("Connections", &S::connections),
                      field("NextToken", &S::next_token, {.min = 1, .max = 2048})};
  }
};

struct DeleteConnectionRequest {
  std::string name;

  static constexpr auto fields() {
    using S = DeleteConnectionRequest;
    return std::tuple{field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kNamePattern})};
  }
};

struct DeleteConnectionResponse {
  std::optional<std::string> connection_arn;
  std::optional<std::string> connection_state;
  std::optional<Time> creation_time;
  std::optional<Time> last_modified_time;
  std::optional<Time> last_authorized_time;

  static constexpr auto fields() {
    using S = DeleteConnectionResponse;
    return std::tuple{field("ConnectionArn", &S::connection_arn,
                            {.min = 1, .max = 1600, .pattern = &kConnectionArn}),
                      field("ConnectionState", &S::connection_state, {.values = kConnectionStates}),
                      field("CreationTime", &S::creation_time),
                      field("LastModifiedTime", &S::last_modified_time),
                      field("LastAuthorizedTime", &S::last_authorized_time)};
  }
};

struct DeauthorizeConnectionRequest {
  std::string name;

  static constexpr auto fields() {
    using S = DeauthorizeConnectionRequest;
    return std::tuple{field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kNamePattern})};
  }
};

struct DeauthorizeConnectionResponse {
  std::optional<std::string> connection_arn;
  std::optional<std::string> connection_state;
  std::optional<Time> creation_time;
  std::optional<Time> last_modified_time;
  std::optional<Time> last_authorized_time;

  static constexpr auto fields() {
    using S = DeauthorizeConnectionResponse;
    return std::tuple{field("ConnectionArn", &S::connection_arn,
                            {.min = 1, .max = 1600, .pattern = &kConnectionArn}),
                      field("ConnectionState", &S::connection_state, {.values = kConnectionStates}),
                      field("CreationTime", &S::creation_time),
                      field("LastModifiedTime", &S::last_modified_time),
                      field("LastAuthorizedTime", &S::last_authorized_time)};
  }
};

}  // namespace presso::api::events
