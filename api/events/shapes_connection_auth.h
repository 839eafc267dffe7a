// The authorization of a connection: what is sent and answered.
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateConnection.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "api/events/constraints.h"
#include "api/events/patterns.h"
#include "api/field.h"

namespace presso::api::events {

inline constexpr std::string_view kAuthorizationTypes[] = {"BASIC", "OAUTH_CLIENT_CREDENTIALS",
                                                           "API_KEY"};
inline constexpr std::string_view kOAuthMethods[] = {"GET", "POST", "PUT"};
inline constexpr std::string_view kConnectionStates[] = {
    "CREATING",    "UPDATING",      "DELETING", "AUTHORIZED",         "DEAUTHORIZED",
    "AUTHORIZING", "DEAUTHORIZING", "ACTIVE",   "FAILED_CONNECTIVITY"};

struct CreateConnectionBasicAuthRequestParameters {
  std::string username;
  std::string password;

  static constexpr std::string_view kName = "CreateConnectionBasicAuthRequestParameters";
  static constexpr auto fields() {
    using S = CreateConnectionBasicAuthRequestParameters;
    return std::tuple{
        field("Username", &S::username, {.min = 1, .max = 512, .pattern = &kCredential}),
        field("Password", &S::password,
              {.min = 1, .max = 512, .pattern = &kCredential, .is_sensitive = true})};
  }
};

struct CreateConnectionOAuthClientRequestParameters {
  std::string client_id;
  std::string client_secret;

  static constexpr std::string_view kName = "CreateConnectionOAuthClientRequestParameters";
  static constexpr auto fields() {
    using S = CreateConnectionOAuthClientRequestParameters;
    return std::tuple{
        field("ClientID", &S::client_id, {.min = 1, .max = 512, .pattern = &kCredential}),
        field("ClientSecret", &S::client_secret,
              {.min = 1, .max = 512, .pattern = &kCredential, .is_sensitive = true})};
  }
};

struct ConnectionHeaderParameter {
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::optional<bool> is_value_secret;

  static constexpr std::string_view kName = "ConnectionHeaderParameter";
  static constexpr auto fields() {
    using S = ConnectionHeaderParameter;
    return std::tuple{
        field("Key", &S::key, {.max = 512, .pattern = &kHeaderName}),
        field("Value", &S::value, {.max = 512, .pattern = &kHeaderValue, .is_sensitive = true}),
        field("IsValueSecret", &S::is_value_secret)};
  }
};

struct ConnectionQueryStringParameter {
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::optional<bool> is_value_secret;

  static constexpr std::string_view kName = "ConnectionQueryStringParameter";
  static constexpr auto fields() {
    using S = ConnectionQueryStringParameter;
    return std::tuple{
        field("Key", &S::key, {.max = 512, .pattern = &kQueryName}),
        field("Value", &S::value, {.max = 512, .pattern = &kQueryValue, .is_sensitive = true}),
        field("IsValueSecret", &S::is_value_secret)};
  }
};

struct ConnectionBodyParameter {
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::optional<bool> is_value_secret;

  static constexpr std::string_view kName = "ConnectionBodyParameter";
  static constexpr auto fields() {
    using S = ConnectionBodyParameter;
    return std::tuple{field("Key", &S::key), field("Value", &S::value, {.is_sensitive = true}),
                      field("IsValueSecret", &S::is_value_secret)};
  }
};

struct ConnectionHttpParameters {
  std::optional<std::vector<ConnectionHeaderParameter>> header_parameters;
  std::optional<std::vector<ConnectionQueryStringParameter>> query_string_parameters;
  std::optional<std::vector<ConnectionBodyParameter>> body_parameters;

  static constexpr std::string_view kName = "ConnectionHttpParameters";
  static constexpr auto fields() {
    using S = ConnectionHttpParameters;
    return std::tuple{
        field("HeaderParameters", &S::header_parameters, {.min = 0, .max = 100}),
        field("QueryStringParameters", &S::query_string_parameters, {.min = 0, .max = 100}),
        field("BodyParameters", &S::body_parameters, {.min = 0, .max = 100})};
  }
};

struct CreateConnectionOAuthRequestParameters {
  CreateConnectionOAuthClientRequestParameters client_parameters;
  std::string authorization_endpoint;
  std::string http_method;
  std::optional<ConnectionHttpParameters> oauth_http_parameters;

  static constexpr std::string_view kName = "CreateConnectionOAuthRequestParameters";
  static constexpr auto fields() {
    using S = CreateConnectionOAuthRequestParameters;
    return std::tuple{field("ClientParameters", &S::client_parameters),
                      field("AuthorizationEndpoint", &S::authorization_endpoint,
                            {.min = 1, .max = 2048, .pattern = &kHttpsUrl}),
                      field("HttpMethod", &S::http_method, {.values = kOAuthMethods}),
                      field("OAuthHttpParameters", &S::oauth_http_parameters)};
  }
};

struct CreateConnectionApiKeyAuthRequestParameters {
  std::string api_key_name;
  std::string api_key_value;

  static constexpr std::string_view kName = "CreateConnectionApiKeyAuthRequestParameters";
  static constexpr auto fields() {
    using S = CreateConnectionApiKeyAuthRequestParameters;
    return std::tuple{
        field("ApiKeyName", &S::api_key_name, {.min = 1, .max = 512, .pattern = &kCredential}),
        field("ApiKeyValue", &S::api_key_value,
              {.min = 1, .max = 512, .pattern = &kCredential, .is_sensitive = true})};
  }
};

struct ConnectivityResourceConfigurationArn {
  std::string resource_configuration_arn;

  static constexpr std::string_view kName = "ConnectivityResourceConfigurationArn";
  static constexpr auto fields() {
    using S = ConnectivityResourceConfigurationArn;
    return std::tuple{field("ResourceConfigurationArn", &S::resource_configuration_arn,
                            {.min = 0, .max = 2048, .pattern = &kResourceConfiguration})};
  }
};

struct ConnectivityResourceParameters {
  ConnectivityResourceConfigurationArn resource_parameters;

  static constexpr std::string_view kName = "ConnectivityResourceParameters";
  static constexpr auto fields() {
    using S = ConnectivityResourceParameters;
    return std::tuple{field("ResourceParameters", &S::resource_parameters)};
  }
};

struct CreateConnectionAuthRequestParameters {
  std::optional<CreateConnectionBasicAuthRequestParameters> basic_auth_parameters;
  std::optional<CreateConnectionOAuthRequestParameters> oauth_parameters;
  std::optional<CreateConnectionApiKeyAuthRequestParameters> api_key_auth_parameters;
  std::optional<ConnectionHttpParameters> invocation_http_parameters;
  std::optional<ConnectivityResourceParameters> connectivity_parameters;

  static constexpr std::string_view kName = "CreateConnectionAuthRequestParameters";
  static constexpr auto fields() {
    using S = CreateConnectionAuthRequestParameters;
    return std::tuple{field("BasicAuthParameters", &S::basic_auth_parameters),
                      field("OAuthParameters", &S::oauth_parameters),
                      field("ApiKeyAuthParameters", &S::api_key_auth_parameters),
                      field("InvocationHttpParameters", &S::invocation_http_parameters),
                      field("ConnectivityParameters", &S::connectivity_parameters)};
  }
};

struct ConnectionBasicAuthResponseParameters {
  std::optional<std::string> username;

  static constexpr std::string_view kName = "ConnectionBasicAuthResponseParameters";
  static constexpr auto fields() {
    using S = ConnectionBasicAuthResponseParameters;
    return std::tuple{
        field("Username", &S::username, {.min = 1, .max = 512, .pattern = &kCredential})};
  }
};

struct ConnectionOAuthClientResponseParameters {
  std::optional<std::string> client_id;

  static constexpr std::string_view kName = "ConnectionOAuthClientResponseParameters";
  static constexpr auto fields() {
    using S = ConnectionOAuthClientResponseParameters;
    return std::tuple{
        field("ClientID", &S::client_id, {.min = 1, .max = 512, .pattern = &kCredential})};
  }
};

struct ConnectionOAuthResponseParameters {
  std::optional<ConnectionOAuthClientResponseParameters> client_parameters;
  std::optional<std::string> authorization_endpoint;
  std::optional<std::string> http_method;
  std::optional<ConnectionHttpParameters> oauth_http_parameters;

  static constexpr std::string_view kName = "ConnectionOAuthResponseParameters";
  static constexpr auto fields() {
    using S = ConnectionOAuthResponseParameters;
    return std::tuple{field("ClientParameters", &S::client_parameters),
                      field("AuthorizationEndpoint", &S::authorization_endpoint,
                            {.min = 1, .max = 2048, .pattern = &kHttpsUrl}),
                      field("HttpMethod", &S::http_method, {.values = kOAuthMethods}),
                      field("OAuthHttpParameters", &S::oauth_http_parameters)};
  }
};

struct ConnectionApiKeyAuthResponseParameters {
  std::optional<std::string> api_key_name;

  static constexpr std::string_view kName = "ConnectionApiKeyAuthResponseParameters";
  static constexpr auto fields() {
    using S = ConnectionApiKeyAuthResponseParameters;
    return std::tuple{
        field("ApiKeyName", &S::api_key_name, {.min = 1, .max = 512, .pattern = &kCredential})};
  }
};

struct ConnectionAuthResponseParameters {
  std::optional<ConnectionBasicAuthResponseParameters> basic_auth_parameters;
  std::optional<ConnectionOAuthResponseParameters> oauth_parameters;
  std::optional<ConnectionApiKeyAuthResponseParameters> api_key_auth_parameters;
  std::optional<ConnectionHttpParameters> invocation_http_parameters;
  std::optional<Json> connectivity_parameters;

  static constexpr std::string_view kName = "ConnectionAuthResponseParameters";
  static constexpr auto fields() {
    using S = ConnectionAuthResponseParameters;
    return std::tuple{field("BasicAuthParameters", &S::basic_auth_parameters),
                      field("OAuthParameters", &S::oauth_parameters),
                      field("ApiKeyAuthParameters", &S::api_key_auth_parameters),
                      field("InvocationHttpParameters", &S::invocation_http_parameters),
                      field("ConnectivityParameters", &S::connectivity_parameters)};
  }
};

struct UpdateConnectionBasicAuthRequestParameters {
  std::optional<std::string> username;
  std::optional<std::string> password;

  static constexpr std::string_view kName = "UpdateConnectionBasicAuthRequestParameters";
  static constexpr auto fields() {
    using S = UpdateConnectionBasicAuthRequestParameters;
    return std::tuple{
        field("Username", &S::username, {.min = 1, .max = 512, .pattern = &kCredential}),
        field("Password", &S::password,
              {.min = 1, .max = 512, .pattern = &kCredential, .is_sensitive = true})};
  }
};

struct UpdateConnectionOAuthClientRequestParameters {
  std::optional<std::string> client_id;
  std::optional<std::string> client_secret;

  static constexpr std::string_view kName = "UpdateConnectionOAuthClientRequestParameters";
  static constexpr auto fields() {
    using S = UpdateConnectionOAuthClientRequestParameters;
    return std::tuple{
        field("ClientID", &S::client_id, {.min = 1, .max = 512, .pattern = &kCredential}),
        field("ClientSecret", &S::client_secret,
              {.min = 1, .max = 512, .pattern = &kCredential, .is_sensitive = true})};
  }
};

struct UpdateConnectionOAuthRequestParameters {
  std::optional<UpdateConnectionOAuthClientRequestParameters> client_parameters;
  std::optional<std::string> authorization_endpoint;
  std::optional<std::string> http_method;
  std::optional<ConnectionHttpParameters> oauth_http_parameters;

  static constexpr std::string_view kName = "UpdateConnectionOAuthRequestParameters";
  static constexpr auto fields() {
    using S = UpdateConnectionOAuthRequestParameters;
    return std::tuple{field("ClientParameters", &S::client_parameters),
                      field("AuthorizationEndpoint", &S::authorization_endpoint,
                            {.min = 1, .max = 2048, .pattern = &kHttpsUrl}),
                      field("HttpMethod", &S::http_method, {.values = kOAuthMethods}),
                      field("OAuthHttpParameters", &S::oauth_http_parameters)};
  }
};

struct UpdateConnectionApiKeyAuthRequestParameters {
  std::optional<std::string> api_key_name;
  std::optional<std::string> api_key_value;

  static constexpr std::string_view kName = "UpdateConnectionApiKeyAuthRequestParameters";
  static constexpr auto fields() {
    using S = UpdateConnectionApiKeyAuthRequestParameters;
    return std::tuple{
        field("ApiKeyName", &S::api_key_name, {.min = 1, .max = 512, .pattern = &kCredential}),
        field("ApiKeyValue", &S::api_key_value,
              {.min = 1, .max = 512, .pattern = &kCredential, .is_sensitive = true})};
  }
};

struct UpdateConnectionAuthRequestParameters {
  std::optional<UpdateConnectionBasicAuthRequestParameters> basic_auth_parameters;
  std::optional<UpdateConnectionOAuthRequestParameters> oauth_parameters;
  std::optional<UpdateConnectionApiKeyAuthRequestParameters> api_key_auth_parameters;
  std::optional<ConnectionHttpParameters> invocation_http_parameters;
  std::optional<ConnectivityResourceParameters> connectivity_parameters;

  static constexpr std::string_view kName = "UpdateConnectionAuthRequestParameters";
  static constexpr auto fields() {
    using S = UpdateConnectionAuthRequestParameters;
    return std::tuple{field("BasicAuthParameters", &S::basic_auth_parameters),
                      field("OAuthParameters", &S::oauth_parameters),
                      field("ApiKeyAuthParameters", &S::api_key_auth_parameters),
                      field("InvocationHttpParameters", &S::invocation_http_parameters),
                      field("ConnectivityParameters", &S::connectivity_parameters)};
  }
};

struct Connection {
  std::optional<std::string> connection_arn;
  std::optional<std::string> name;
  std::optional<std::string> connection_state;
  std::optional<std::string> state_reason;
  std::optional<std::string> authorization_type;
  std::optional<Time> creation_time;
  std::optional<Time> last_modified_time;
  std::optional<Time> last_authorized_time;

  static constexpr std::string_view kName = "Connection";
  static constexpr auto fields() {
    using S = Connection;
    return std::tuple{
        field("ConnectionArn", &S::connection_arn,
              {.min = 1, .max = 1600, .pattern = &kConnectionArn}),
        field("Name", &S::name, {.min = 1, .max = 64, .pattern = &kNamePattern}),
        field("ConnectionState", &S::connection_state, {.values = kConnectionStates}),
        field("StateReason", &S::state_reason, {.max = 512, .pattern = &kOneLine}),
        field("AuthorizationType", &S::authorization_type, {.values = kAuthorizationTypes}),
        field("CreationTime", &S::creation_time),
        field("LastModifiedTime", &S::last_modified_time),
        field("LastAuthorizedTime", &S::last_authorized_time)};
  }
};

}  // namespace presso::api::events
