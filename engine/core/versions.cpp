#include "engine/core/versions.h"

#include <algorithm>
#include <utility>

#include "base/entropy.h"
#include "base/json.h"
#include "base/json_members.h"
#include "engine/core/core.h"
#include "engine/core/corrupt.h"
#include "engine/core/names.h"

namespace presso::core {

namespace {

constexpr std::int64_t kWhole = 100;

Error invalid(std::string message) { return Error{"ValidationException", std::move(message)}; }
Error not_there() {
  return Error{"ResourceNotFound", "Request references a resource that does not exist."};
}

bool is_version_arn(std::string_view arn) {
  return version_number(split_qualifier(arn).qualifier).has_value();
}

std::string joined(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) list += (list.empty() ? "" : ", ") + text;
  return "[" + list + "]";
}
std::string arns_of(const std::vector<Route>& routes) {
  std::vector<std::string> arns;
  for (const Route& route : routes) arns.push_back(route.version_arn);
  return joined(arns);
}
std::string weights_of(const std::vector<Route>& routes) {
  std::vector<std::string> weights;
  for (const Route& route : routes) weights.push_back(std::to_string(route.weight));
  return joined(weights);
}

Json to_json(const Version& version) {
  Json value{{"machineArn", version.machine_arn},
             {"number", version.number},
             {"created", epoch_ms(version.created)},
             {"revision", version.revision->id}};
  if (version.description) value["description"] = *version.description;
  return value;
}
Json to_json(const Alias& alias) {
  Json routes = Json::array();
  for (const Route& route : alias.routes) {
    routes.push_back(Json{{"version", route.version_arn}, {"weight", route.weight}});
  }
  Json value{{"arn", alias.arn},
             {"created", epoch_ms(alias.created)},
             {"updated", epoch_ms(alias.updated)},
             {"routes", std::move(routes)}};
  if (alias.description) value["description"] = *alias.description;
  return value;
}

}  // namespace

const Version& Versions::publish(const StateMachine& machine,
                                 std::optional<std::string> description) {
  Numbers& published = versions_[machine.arn];
  for (const auto& [number, version] : published) {
    if (version.revision->id == machine.revision->id) return version;
  }
  const std::uint64_t number = ++counts_[machine.arn];
  const Version& version = published[number] = {.machine_arn = machine.arn,
                                                .number = number,
                                                .description = std::move(description),
                                                .created = core_.now(),
                                                .revision = machine.revision};
  core_.put_document("version", version.arn(), to_json(version));
  core_.put_document("version-count", machine.arn,
                     Json{{"machineArn", machine.arn}, {"count", number}});
  return version;
}

Result<void> Versions::remove_version(const std::string& arn) {
  const Version* version = find_version(arn);
  if (version == nullptr) return {};
  std::vector<std::string> names;
  for (const Alias* alias : list_aliases(version->machine_arn)) {
    const bool leads_here = std::any_of(alias->routes.begin(), alias->routes.end(),
                                        [&](const Route& one) { return one.version_arn == arn; });
    if (leads_here) names.push_back(alias->name);
  }
  if (!names.empty()) {
    return Error{"ConflictException",
                 "Version to be deleted must not be referenced by an alias. Current list of "
                 "aliases referencing this version: " +
                     joined(names)};
  }
  core_.erase_document("version", arn);
  const std::string machine_arn = version->machine_arn;
  versions_[machine_arn].erase(version->number);
  return {};
}

const Version* Versions::find_version(std::string_view arn) const {
  const QualifiedArn parts = split_qualifier(arn);
  const auto number = version_number(parts.qualifier);
  const auto machine = versions_.find(parts.machine_arn);
  if (!number || machine == versions_.end()) return nullptr;
  const auto found = machine->second.find(*number);
  return found == machine->second.end() ? nullptr : &found->second;
}

std::vector<const Version*> Versions::list_versions(const std::string& machine_arn) const {
  std::vector<const Version*> found;
  const auto machine = versions_.find(machine_arn);
  if (machine == versions_.end()) return found;
  for (const auto& [number, version] : machine->second) found.push_back(&version);
  std::reverse(found.begin(), found.end());
  return found;
}

Result<void> Versions::check_routes(const std::vector<Route>& routes) const {
  const auto leads_to_version = [](const Route& route) {
    return is_version_arn(route.version_arn);
  };
  if (!std::all_of(routes.begin(), routes.end(), leads_to_version)) {
    return invalid("Routing configuration must contain state machine version ARNs. Received: " +
                   arns_of(routes));
  }
  const bool is_pair = routes.size() == 2;
  if (is_pair && routes[0].version_arn == routes[1].version_arn) {
    return invalid(
        "Routing configuration must contain distinct state machine version ARNs. Received: " +
        arns_of(routes));
  }
  std::int64_t sum = 0;
  for (const Route& route : routes) sum += route.weight;
  if (sum != kWhole) {
    return invalid("Sum of routing configuration weights must equal 100. Received: " +
                   weights_of(routes));
  }
  const std::string machine_arn = split_qualifier(routes.front().version_arn).machine_arn;
  for (const Route& route : routes) {
    if (split_qualifier(route.version_arn).machine_arn != machine_arn) {
      return invalid(
          "Routing configuration must contain versions of one state machine. Received: " +
          arns_of(routes));
    }
    if (find_version(route.version_arn) != nullptr) continue;
    const auto usable =
        core_.machines().find_usable(split_qualifier(route.version_arn).machine_arn);
    if (!usable && usable.error().code == "StateMachineDeleting") return usable.error();
    return not_there();
  }
  return {};
}

Result<const Alias*> Versions::create_alias(CreateAlias request) {
  if (const auto valid = check_routes(request.routes); !valid) return valid.error();
  std::string machine_arn = split_qualifier(request.routes.front().version_arn).machine_arn;
  std::string arn = machine_arn + ":" + request.name;
  if (const Alias* there = find_alias(arn)) {
    if (there->description == request.description && there->routes == request.routes) return there;
    return Error{"ConflictException",
                 "Failed to create alias because an alias with the same name and a different "
                 "routing configuration already exists."};
  }
  Alias& alias = aliases_[arn] = {.arn = arn,
                                  .machine_arn = std::move(machine_arn),
                                  .name = std::move(request.name),
                                  .description = std::move(request.description),
                                  .routes = std::move(request.routes),
                                  .created = core_.now(),
                                  .updated = core_.now()};
  store(alias);
  return &alias;
}

Result<const Alias*> Versions::update_alias(UpdateAlias request) {
  const auto it = aliases_.find(request.arn);
  if (it == aliases_.end()) return not_there();
  Alias& alias = it->second;
  if (request.routes) {
    if (const auto valid = check_routes(*request.routes); !valid) return valid.error();
    if (split_qualifier(request.routes->front().version_arn).machine_arn != alias.machine_arn) {
      return not_there();
    }
    alias.routes = *std::move(request.routes);
  }
  if (request.description) alias.description = std::move(request.description);
  alias.updated = core_.now();
  store(alias);
  return &alias;
}

void Versions::remove_alias(const std::string& arn) {
  if (aliases_.erase(arn) > 0) core_.erase_document("alias", arn);
}

const Alias* Versions::find_alias(std::string_view arn) const {
  const auto it = aliases_.find(arn);
  return it == aliases_.end() ? nullptr : &it->second;
}

std::vector<const Alias*> Versions::list_aliases(const std::string& machine_arn) const {
  const std::string prefix = machine_arn + ":";
  std::vector<const Alias*> found;
  for (auto it = aliases_.lower_bound(prefix);
       it != aliases_.end() && it->first.starts_with(prefix); ++it) {
    found.push_back(&it->second);
  }
  return found;
}

// The first route's share comes first; nothing is drawn when there is no choice.
const Version* Versions::route(const Alias& alias) {
  const Route* route = &alias.routes.front();
  if (alias.routes.size() > 1) {
    const auto drawn = static_cast<std::int64_t>(next_below(core_.entropy(), kWhole));
    if (drawn >= route->weight) route = &alias.routes.back();
  }
  return find_version(route->version_arn);
}

Result<Resolved> Versions::resolve(const std::string& arn) {
  const QualifiedArn parts = split_qualifier(arn);
  const auto machine = core_.machines().find(parts.machine_arn);
  if (!machine) {
    if (machine.error().code != "StateMachineDoesNotExist") return machine.error();
    return machine_does_not_exist(arn);
  }
  Resolved found{.machine = *machine, .revision = (*machine)->revision};
  if (parts.qualifier.empty()) return found;
  found.alias = find_alias(arn);
  found.version = found.alias == nullptr ? find_version(arn) : route(*found.alias);
  if (found.version == nullptr) return machine_does_not_exist(arn);
  found.revision = found.version->revision;
  return found;
}

void Versions::forget(const std::string& machine_arn) {
  for (const Version* version : list_versions(machine_arn)) {
    core_.erase_document("version", version->arn());
  }
  versions_.erase(machine_arn);
  if (counts_.erase(machine_arn) > 0) core_.erase_document("version-count", machine_arn);
  for (const Alias* alias : list_aliases(machine_arn)) {
    const std::string arn = alias->arn;
    remove_alias(arn);
  }
}

void Versions::store(const Alias& alias) { core_.put_document("alias", alias.arn, to_json(alias)); }

Result<void> Versions::restore(const std::string& kind, const Json& value) {
  if (kind == "version") return restore_version(value);
  return kind == "alias" ? restore_alias(value) : restore_count(value);
}

Result<void> Versions::restore_version(const Json& value) {
  auto machine_arn = text_if(value, "machineArn");
  const auto revision = text_if(value, "revision");
  const auto number = number_if<std::int64_t>(value, "number");
  const auto created = number_if<std::int64_t>(value, "created");
  if (!machine_arn || !revision || !number || !created) return corrupt("a member is missing");
  auto found = core_.machines().revision(*revision);
  if (found == nullptr) return corrupt("there is no revision '" + *revision + "'");
  const auto key = static_cast<std::uint64_t>(*number);
  Numbers& published = versions_[*machine_arn];
  published[key] = {.machine_arn = *std::move(machine_arn),
                    .number = key,
                    .description = text_if(value, "description"),
                    .created = time_of_epoch_ms(*created),
                    .revision = std::move(found)};
  return {};
}

Result<void> Versions::restore_count(const Json& value) {
  const auto machine_arn = text_if(value, "machineArn");
  const auto count = number_if<std::int64_t>(value, "count");
  if (!machine_arn || !count) return corrupt("a member is missing");
  counts_[*machine_arn] = static_cast<std::uint64_t>(*count);
  return {};
}

Result<void> Versions::restore_alias(const Json& value) {
  const auto arn = text_if(value, "arn");
  const auto created = number_if<std::int64_t>(value, "created");
  const auto updated = number_if<std::int64_t>(value, "updated");
  const Json* routes = find_member(value, "routes");
  if (!arn || !created || !updated || routes == nullptr || !routes->is_array()) {
    return corrupt("a member is missing");
  }
  QualifiedArn parts = split_qualifier(*arn);
  Alias alias{.arn = *arn,
              .machine_arn = std::move(parts.machine_arn),
              .name = std::move(parts.qualifier),
              .description = text_if(value, "description"),
              .routes = {},
              .created = time_of_epoch_ms(*created),
              .updated = time_of_epoch_ms(*updated)};
  for (const Json& route : *routes) {
    auto version = text_if(route, "version");
    const auto weight = number_if<std::int64_t>(route, "weight");
    if (!version || !weight) return corrupt("a route is incomplete");
    alias.routes.push_back({*std::move(version), *weight});
  }
  if (alias.routes.empty()) return corrupt("there is no route");
  aliases_[*arn] = std::move(alias);
  return {};
}

}  // namespace presso::core
