#include <utility>

#include "api/events/documents.h"
#include "api/events/handlers.h"
#include "base/entropy.h"
#include "base/json_members.h"

namespace presso::api::events {
namespace {

using core::kConnection;

struct Authorization {
  std::string_view type;
  std::string_view parameters;
};
constexpr Authorization kAuthorizations[] = {{"BASIC", "BasicAuthParameters"},
                                             {"OAUTH_CLIENT_CREDENTIALS", "OAuthParameters"},
                                             {"API_KEY", "ApiKeyAuthParameters"}};

Error no_connection(const std::string& name) {
  return not_found("Failed to describe the connection(s). Connection '" + name +
                   "' does not exist.");
}

// Each type of authorization has parameters of its own.
Result<void> check_parameters(const Json& connection) {
  const std::string type = text_at(connection, "AuthorizationType");
  const Json* auth = find_member(connection, "AuthParameters");
  for (const Authorization& known : kAuthorizations) {
    if (known.type != type) continue;
    if (auth != nullptr && find_member(*auth, known.parameters) != nullptr) return {};
    return not_valid(
        "Parameter AuthParameters is not valid. Reason: " + std::string{known.parameters} +
        " must be specified for authorization type " + type + ".");
  }
  return {};
}

// A secret value is never shown: neither a credential nor a parameter that says it is one.
void hide_secrets(Json& json) {
  if (json.is_array()) {
    for (Json& item : json) hide_secrets(item);
    return;
  }
  if (!json.is_object()) return;
  const Json* is_secret = find_member(json, "IsValueSecret");
  if (is_secret != nullptr && is_secret->is_boolean() && is_secret->get<bool>()) {
    json.erase("Value");
  }
  for (const char* name : {"Password", "ApiKeyValue", "ClientSecret"}) json.erase(name);
  for (auto& [name, member] : json.items()) hide_secrets(member);
}

// Objects member by member, so that an update of one credential leaves the others.
void merge_deep(Json& old, const Json& update) {
  for (const auto& [name, value] : update.items()) {
    Json& member = old[name];
    if (member.is_object() && value.is_object()) {
      merge_deep(member, value);
    } else {
      member = value;
    }
  }
}

}  // namespace

Result<CreateConnectionResponse> create_connection(Core& core, const Caller& caller,
                                                   const CreateConnectionRequest& request) {
  if (core.registry().find(caller, kConnection, request.name) != nullptr) {
    return already_exists("Connection " + request.name + " already exists.");
  }
  Json connection = encode(request);
  if (auto valid = check_parameters(connection); !valid) return valid.error();
  const double now = to_epoch_seconds(core.now());
  const std::string path = request.name + "/" + next_uuid(core.entropy());
  connection["ConnectionArn"] = events_arn(caller, "connection/" + path);
  connection["ConnectionState"] = "AUTHORIZED";
  connection["SecretArn"] = "arn:aws:secretsmanager:" + caller.region + ":" + caller.account +
                            ":secret:events!connection/" + request.name + "/" +
                            next_uuid(core.entropy());
  connection["CreationTime"] = now;
  connection["LastModifiedTime"] = now;
  connection["LastAuthorizedTime"] = now;
  core.registry().put(caller, kConnection, request.name, connection);
  return decode<CreateConnectionResponse>(connection);
}

Result<DescribeConnectionResponse> describe_connection(Core& core, const Caller& caller,
                                                       const DescribeConnectionRequest& request) {
  const Json* found = core.registry().find(caller, kConnection, request.name);
  if (found == nullptr) return no_connection(request.name);
  Json connection = *found;
  hide_secrets(connection);
  return decode<DescribeConnectionResponse>(connection);
}

Result<UpdateConnectionResponse> update_connection(Core& core, const Caller& caller,
                                                   const UpdateConnectionRequest& request) {
  const Json* found = core.registry().find(caller, kConnection, request.name);
  if (found == nullptr) return no_connection(request.name);
  Json connection = *found;
  const bool is_new_type = request.authorization_type &&
                           *request.authorization_type != text_at(connection, "AuthorizationType");
  if (is_new_type) connection["AuthParameters"] = Json::object();
  merge_deep(connection, encode(request));
  if (auto valid = check_parameters(connection); !valid) return valid.error();
  const double now = to_epoch_seconds(core.now());
  connection["ConnectionState"] = "AUTHORIZED";
  connection["LastModifiedTime"] = now;
  connection["LastAuthorizedTime"] = now;
  core.registry().put(caller, kConnection, request.name, connection);
  return decode<UpdateConnectionResponse>(connection);
}

Result<ListConnectionsResponse> list_connections(Core& core, const Caller& caller,
                                                 const ListConnectionsRequest& request) {
  const std::string prefix = request.name_prefix.value_or("");
  const std::string state = request.connection_state.value_or("");
  auto page = list_documents<Connection>(
      core.registry().all(caller, kConnection), prefix,
      PageToken{caller, "ListConnections", Json::array({prefix, state})},
      {request.next_token, request.limit}, [&](const Json& connection) {
        return state.empty() || text_at(connection, "ConnectionState") == state;
      });
  if (!page) return page.error();
  return ListConnectionsResponse{std::move(page->items), std::move(page->next_token)};
}

Result<DeleteConnectionResponse> delete_connection(Core& core, const Caller& caller,
                                                   const DeleteConnectionRequest& request) {
  const Json* found = core.registry().find(caller, kConnection, request.name);
  if (found == nullptr) return no_connection(request.name);
  Json connection = *found;
  connection["ConnectionState"] = "DELETING";
  core.registry().erase(caller, kConnection, request.name);
  return decode<DeleteConnectionResponse>(connection);
}

Result<DeauthorizeConnectionResponse> deauthorize_connection(
    Core& core, const Caller& caller, const DeauthorizeConnectionRequest& request) {
  const Json* found = core.registry().find(caller, kConnection, request.name);
  if (found == nullptr) return no_connection(request.name);
  Json connection = *found;
  hide_secrets(connection);
  connection["ConnectionState"] = "DEAUTHORIZED";
  connection["LastModifiedTime"] = to_epoch_seconds(core.now());
  core.registry().put(caller, kConnection, request.name, connection);
  connection["ConnectionState"] = "DEAUTHORIZING";
  return decode<DeauthorizeConnectionResponse>(connection);
}

}  // namespace presso::api::events
