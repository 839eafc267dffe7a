#include <string>
#include <utility>

#include "api/limits.h"
#include "api/page.h"
#include "api/states/execution_reader.h"
#include "api/states/handlers.h"
#include "base/json.h"
#include "engine/core/names.h"

namespace presso::api::states {
namespace {

// AWS: the revision that CreateStateMachine made has this name.
constexpr std::string_view kInitial = "INITIAL";

Error invalid_arn(const std::string& reason, const std::string& arn) {
  return Error{"InvalidArn", "Invalid Arn: '" + reason + ": " + arn + "'"};
}
Error not_there() {
  return Error{"ResourceNotFound", "Request references a resource that does not exist."};
}

// The ARN of something that belongs to a machine, and to the caller.
Result<void> check_qualified(const Caller& caller, const std::string& arn, bool is_version) {
  const auto valid = core::check_arn(arn, "stateMachine");
  if (!valid) return valid.error();
  const std::string qualifier = core::split_qualifier(arn).qualifier;
  if (qualifier.empty() || core::version_number(qualifier).has_value() != is_version) {
    return invalid_arn("Resource type not valid in this context", arn);
  }
  if (!core::belongs_to(arn, caller)) return not_there();
  return {};
}

std::vector<core::Route> routes_of(const RoutingConfiguration& routing) {
  std::vector<core::Route> routes;
  for (const auto& item : routing) routes.push_back({item.state_machine_version_arn, item.weight});
  return routes;
}

Result<void> check_owner(const Caller& caller, const RoutingConfiguration& routing) {
  for (const auto& item : routing) {
    const auto valid = core::check_arn(item.state_machine_version_arn, "stateMachine");
    if (!valid) return valid.error();
    if (!core::belongs_to(item.state_machine_version_arn, caller)) return not_there();
  }
  return {};
}

Result<void> check_revision(const core::StateMachine& machine, const std::string& wanted) {
  const std::string current =
      machine.is_first_revision ? std::string{kInitial} : machine.revision->id;
  if (wanted == current) return {};
  return Error{"ConflictException", "Failed to publish the State Machine version for revision " +
                                        wanted + ". The current State Machine revision is " +
                                        current + "."};
}

bool leads_to(const core::Alias& alias, const std::string& version_arn) {
  for (const core::Route& route : alias.routes) {
    if (route.version_arn == version_arn) return true;
  }
  return false;
}

}  // namespace

Result<PublishStateMachineVersionResponse> publish_state_machine_version(
    Core& core, const Caller& caller, const PublishStateMachineVersionRequest& request) {
  const auto machine = find_usable_machine(core, caller, request.state_machine_arn);
  if (!machine) return machine.error();
  if (request.revision_id) {
    const auto current = check_revision(**machine, *request.revision_id);
    if (!current) return current.error();
  }
  const core::Version& version = core.versions().publish(**machine, request.description);
  return PublishStateMachineVersionResponse{version.created, version.arn()};
}

Result<Nothing> delete_state_machine_version(Core& core, const Caller& caller,
                                             const DeleteStateMachineVersionRequest& request) {
  const auto valid = check_qualified(caller, request.state_machine_version_arn, true);
  if (!valid && valid.error().code == "InvalidArn") return valid.error();
  if (!valid) return Nothing{};
  const auto removed = core.versions().remove_version(request.state_machine_version_arn);
  if (!removed) return removed.error();
  return Nothing{};
}

Result<ListStateMachineVersionsResponse> list_state_machine_versions(
    Core& core, const Caller& caller, const ListStateMachineVersionsRequest& request) {
  const auto machine = find_machine(core, caller, request.state_machine_arn);
  if (!machine) return machine.error();
  const PageToken token{caller, "ListStateMachineVersions", Json(request.state_machine_arn)};
  const auto place = token.read(request.next_token, invalid_token());
  if (!place) return place.error();
  const auto before = whole_place(*place);
  if (!place->is_null() && !before) return invalid_token();
  const std::size_t size = page_size(request.max_results, kDefaultPage);
  ListStateMachineVersionsResponse response;
  std::uint64_t last = 0;
  for (const core::Version* version : core.versions().list_versions((*machine)->arn)) {
    if (before && version->number >= *before) continue;
    if (response.versions.size() == size) {
      response.next_token = token.make(Json(last));
      break;
    }
    last = version->number;
    response.versions.push_back({version->arn(), version->created});
  }
  return response;
}

Result<CreateStateMachineAliasResponse> create_state_machine_alias(
    Core& core, const Caller& caller, const CreateStateMachineAliasRequest& request) {
  const auto valid = check_owner(caller, request.routing);
  if (!valid) return valid.error();
  const auto alias = core.versions().create_alias({.name = request.name,
                                                   .description = request.description,
                                                   .routes = routes_of(request.routing)});
  if (!alias) return alias.error();
  return CreateStateMachineAliasResponse{(*alias)->arn, (*alias)->created};
}

Result<UpdateStateMachineAliasResponse> update_state_machine_alias(
    Core& core, const Caller& caller, const UpdateStateMachineAliasRequest& request) {
  const auto valid = check_qualified(caller, request.state_machine_alias_arn, false);
  if (!valid) return valid.error();
  if (!request.description && !request.routing) {
    return Error{"ValidationException",
                 "Either the description or the routing configuration must be specified"};
  }
  core::UpdateAlias update{.arn = request.state_machine_alias_arn,
                           .description = request.description,
                           .routes = std::nullopt};
  if (request.routing) update.routes = routes_of(*request.routing);
  const auto alias = core.versions().update_alias(std::move(update));
  if (!alias) return alias.error();
  return UpdateStateMachineAliasResponse{(*alias)->updated};
}

Result<DescribeStateMachineAliasResponse> describe_state_machine_alias(
    Core& core, const Caller& caller, const DescribeStateMachineAliasRequest& request) {
  const auto valid = check_qualified(caller, request.state_machine_alias_arn, false);
  if (!valid) return valid.error();
  const core::Alias* alias = core.versions().find_alias(request.state_machine_alias_arn);
  if (alias == nullptr) return not_there();
  DescribeStateMachineAliasResponse response;
  response.state_machine_alias_arn = alias->arn;
  response.name = alias->name;
  response.description = alias->description;
  for (const core::Route& route : alias->routes) {
    response.routing.push_back({route.version_arn, route.weight});
  }
  response.creation_date = alias->created;
  response.update_date = alias->updated;
  return response;
}

// AWS: one that is not there is deleted all the same.
Result<Nothing> delete_state_machine_alias(Core& core, const Caller& caller,
                                           const DeleteStateMachineAliasRequest& request) {
  const auto valid = check_qualified(caller, request.state_machine_alias_arn, false);
  if (!valid && valid.error().code == "InvalidArn") return valid.error();
  if (valid) core.versions().remove_alias(request.state_machine_alias_arn);
  return Nothing{};
}

// Of a version: those that route to it.
Result<ListStateMachineAliasesResponse> list_state_machine_aliases(
    Core& core, const Caller& caller, const ListStateMachineAliasesRequest& request) {
  const core::QualifiedArn parts = core::split_qualifier(request.state_machine_arn);
  const auto machine = find_machine(core, caller, parts.machine_arn);
  if (!machine) return machine.error();
  const bool is_of_version = !parts.qualifier.empty();
  if (is_of_version && core.versions().find_version(request.state_machine_arn) == nullptr) {
    return not_there();
  }
  const PageToken token{caller, "ListStateMachineAliases", Json(request.state_machine_arn)};
  const auto place = token.read(request.next_token, invalid_token());
  if (!place) return place.error();
  if (!place->is_null() && !place->is_string()) return invalid_token();
  const std::size_t size = page_size(request.max_results, kDefaultPage);
  ListStateMachineAliasesResponse response;
  std::string last;
  for (const core::Alias* alias : core.versions().list_aliases(parts.machine_arn)) {
    if (is_of_version && !leads_to(*alias, request.state_machine_arn)) continue;
    if (place->is_string() && alias->name <= place->get_ref<const std::string&>()) continue;
    if (response.aliases.size() == size) {
      response.next_token = token.make(Json(last));
      break;
    }
    last = alias->name;
    response.aliases.push_back({alias->arn, alias->created});
  }
  return response;
}

}  // namespace presso::api::states
