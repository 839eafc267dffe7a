#include <algorithm>
#include <string>
#include <utility>

#include "api/decode.h"
#include "api/encode.h"
#include "api/limits.h"
#include "api/page.h"
#include "api/states/handlers.h"
#include "base/assert.h"
#include "base/json.h"
#include "base/json_members.h"
#include "engine/asl/parse.h"
#include "engine/core/names.h"

namespace presso::api::states {
namespace {

std::string_view to_text(asl::MachineType type) {
  switch (type) {
    case asl::MachineType::Standard: return "STANDARD";
    case asl::MachineType::Express: return "EXPRESS";
  }
  return {};
}
asl::MachineType machine_type(const std::optional<std::string>& type) {
  return type == "EXPRESS" ? asl::MachineType::Express : asl::MachineType::Standard;
}

Result<void> check_publish(const std::optional<bool>& publish,
                           const std::optional<std::string>& version_description) {
  if (version_description && !publish.value_or(false)) {
    return Error{"ValidationException", "Version description can only be set when publish is true"};
  }
  return {};
}

// AWS: a level other than OFF wants exactly one destination; two are wrong with any level.
Result<void> check_logging(const LoggingConfiguration& logging) {
  const std::size_t destinations = logging.destinations ? logging.destinations->size() : 0;
  const bool is_on = logging.level.value_or("OFF") != "OFF";
  if (destinations > 1 || (is_on && destinations == 0)) {
    return Error{"InvalidLoggingConfiguration",
                 "Invalid Logging Configuration: Must specify exactly one Log Destination."};
  }
  return {};
}
LoggingConfiguration with_defaults(LoggingConfiguration logging) {
  if (!logging.level) logging.level = "OFF";
  if (!logging.include_execution_data) logging.include_execution_data = false;
  if (logging.destinations && logging.destinations->empty()) logging.destinations.reset();
  return logging;
}
TracingConfiguration with_defaults(TracingConfiguration tracing) {
  if (!tracing.enabled) tracing.enabled = false;
  return tracing;
}

struct Configuration {
  std::optional<LoggingConfiguration> logging;
  std::optional<TracingConfiguration> tracing;
  std::optional<EncryptionConfiguration> encryption;

  static constexpr auto fields() {
    using S = Configuration;
    return std::tuple{field("loggingConfiguration", &S::logging),
                      field("tracingConfiguration", &S::tracing),
                      field("encryptionConfiguration", &S::encryption)};
  }
};

// The members of a revision's settings. What was stored was valid once.
Configuration configuration_of(const core::Revision& revision) {
  auto decoded = decode<Configuration>(revision.settings);
  Configuration configuration = decoded ? *std::move(decoded) : Configuration{};
  configuration.logging = with_defaults(configuration.logging.value_or(LoggingConfiguration{}));
  configuration.tracing = with_defaults(configuration.tracing.value_or(TracingConfiguration{}));
  if (!configuration.encryption) {
    configuration.encryption = EncryptionConfiguration{{}, {}, "AWS_OWNED_KEY"};
  }
  return configuration;
}

void add_references(const asl::StateList& list, VariableReferences& references) {
  for (const asl::State& state : list.states) {
    auto names = asl::variable_references(state);
    if (!names.empty()) references[state.name] = std::move(names);
    if (const auto* parallel = std::get_if<asl::ParallelState>(&state.detail)) {
      for (const asl::StateList& branch : parallel->branches) add_references(branch, references);
    } else if (const auto* map = std::get_if<asl::MapState>(&state.detail)) {
      add_references(map->processor, references);
    }
  }
}
// AWS: which variables each state reads; left out when none reads any.
std::optional<VariableReferences> variable_references(const asl::StateList& list) {
  VariableReferences references;
  add_references(list, references);
  return references.empty() ? std::nullopt : std::optional{std::move(references)};
}

// What runs in a Map of a machine, at any depth: names of states are unique in all of it. Null: the
// machine has no such Map.
const asl::StateList* processor_of(const asl::StateList& list, const std::string& map_state) {
  for (const asl::State& state : list.states) {
    if (const auto* parallel = std::get_if<asl::ParallelState>(&state.detail)) {
      for (const asl::StateList& branch : parallel->branches) {
        if (const auto* found = processor_of(branch, map_state)) return found;
      }
    } else if (const auto* map = std::get_if<asl::MapState>(&state.detail)) {
      if (state.name == map_state) return &map->processor;
      if (const auto* found = processor_of(map->processor, map_state)) return found;
    }
  }
  return nullptr;
}
// The same in the definition's text.
const Json* processor_of(const Json& list, const std::string& map_state) {
  const Json* states = find_member(list, "States");
  if (states == nullptr || !states->is_object()) return nullptr;
  for (const auto& [name, state] : states->items()) {
    const Json* processor = find_member(state, "ItemProcessor");
    if (processor == nullptr) processor = find_member(state, "Iterator");
    if (processor != nullptr && name == map_state) return processor;
    const Json* found = processor == nullptr ? nullptr : processor_of(*processor, map_state);
    if (found != nullptr) return found;
    const Json* branches = find_member(state, "Branches");
    if (branches == nullptr) continue;
    for (const Json& branch : *branches) {
      if (const Json* inside = processor_of(branch, map_state)) return inside;
    }
  }
  return nullptr;
}
// What a child of a Map Run executes, as a machine of its own: in the language of the whole.
std::string processor_definition(const Json& whole, const std::string& map_state) {
  const Json* processor = processor_of(whole, map_state);
  PRESSO_ASSERT(processor != nullptr);
  Json machine = *processor;
  machine.erase("ProcessorConfig");
  const Json* language = find_member(whole, "QueryLanguage");
  if (language != nullptr && find_member(machine, "QueryLanguage") == nullptr) {
    machine["QueryLanguage"] = *language;
  }
  return dump_json(machine);
}

bool is_part_of(const Json& part, const Json& whole) {
  for (const auto& [name, value] : part.items()) {
    const Json* found = find_member(whole, name);
    if (found == nullptr || *found != value) return false;
  }
  return true;
}
// AWS: an update to what already is makes no revision.
bool changes_nothing(const core::Revision& revision, const UpdateStateMachineRequest& request,
                     const Json& settings) {
  const Json now = encode(configuration_of(revision));
  return (request.definition || request.role_arn || !settings.empty()) &&
         request.definition.value_or(revision.definition) == revision.definition &&
         request.role_arn.value_or(revision.role_arn) == revision.role_arn &&
         is_part_of(settings, now);
}

bool wants_data(const std::optional<std::string>& included_data) {
  return included_data != "METADATA_ONLY";
}

// AWS shows no id for the revision that CreateStateMachine made.
std::optional<std::string> shown_revision_id(Core& core, const core::Revision& revision) {
  const auto machine = core.machines().find(revision.machine_arn);
  if (!machine) return revision.id;
  const bool is_current = (*machine)->revision->id == revision.id;
  const bool is_first =
      is_current ? (*machine)->is_first_revision : revision.created == (*machine)->created;
  return is_first ? std::nullopt : std::optional{revision.id};
}

std::optional<std::string> published(Core& core, const core::StateMachine& machine,
                                     const std::optional<bool>& publish,
                                     const std::optional<std::string>& description) {
  if (!publish.value_or(false)) return std::nullopt;
  return core.versions().publish(machine, description).arn();
}

std::string machine_name(const std::string& machine_arn) {
  return machine_arn.substr(machine_arn.rfind(':') + 1);
}

}  // namespace

Result<const core::StateMachine*> find_machine(Core& core, const Caller& caller,
                                               const std::string& arn) {
  auto machine = core.machines().find(arn);
  if (machine && !core::belongs_to(arn, caller)) return core::machine_does_not_exist(arn);
  return machine;
}

Result<const core::StateMachine*> find_usable_machine(Core& core, const Caller& caller,
                                                      const std::string& arn) {
  const auto found = find_machine(core, caller, arn);
  return found ? core.machines().find_usable(arn) : found;
}

Result<CreateStateMachineResponse> create_state_machine(Core& core, const Caller& caller,
                                                        const CreateStateMachineRequest& request) {
  if (const auto valid = check_publish(request.publish, request.version_description); !valid) {
    return valid.error();
  }
  const LoggingConfiguration logging = request.logging.value_or(LoggingConfiguration{});
  if (const auto valid = check_logging(logging); !valid) return valid.error();
  const Configuration configuration = {
      .logging = with_defaults(logging),
      .tracing = with_defaults(request.tracing.value_or(TracingConfiguration{})),
      .encryption = request.encryption};
  const bool is_new = !core.machines().find(core::machine_arn(caller, request.name));
  if (request.tags && request.tags->size() > core::kTagsPerResource) {
    return Error{"TooManyTags", "Exceeded tag limit for resource: '" +
                                    core::machine_arn(caller, request.name) + "'"};
  }
  const auto machine =
      core.machines().create(caller, {.name = request.name,
                                      .type = machine_type(request.type),
                                      .first = {.definition = request.definition,
                                                .role_arn = request.role_arn,
                                                .settings = encode(configuration)},
                                      .publishes = request.publish.value_or(false),
                                      .version_description = request.version_description});
  if (!machine) return machine.error();
  if (is_new) {
    const auto tagged = core.tags().put((*machine)->arn, tag_list(request.tags));
    PRESSO_ASSERT(tagged.has_value());
  }
  return CreateStateMachineResponse{
      (*machine)->arn, (*machine)->created,
      published(core, **machine, request.publish, request.version_description)};
}

Result<UpdateStateMachineResponse> update_state_machine(Core& core, const Caller& caller,
                                                        const UpdateStateMachineRequest& request) {
  if (const auto valid = check_publish(request.publish, request.version_description); !valid) {
    return valid.error();
  }
  const auto known = find_usable_machine(core, caller, request.state_machine_arn);
  if (!known) return known.error();
  Configuration configuration{
      .logging = request.logging, .tracing = request.tracing, .encryption = request.encryption};
  if (configuration.logging) {
    if (const auto valid = check_logging(*configuration.logging); !valid) return valid.error();
    configuration.logging = with_defaults(*std::move(configuration.logging));
  }
  if (configuration.tracing) configuration.tracing = with_defaults(*configuration.tracing);
  Json settings = encode(configuration);
  const auto current = (*known)->revision;
  if (changes_nothing(*current, request, settings)) {
    return UpdateStateMachineResponse{
        core.now(), shown_revision_id(core, *current),
        published(core, **known, request.publish, request.version_description)};
  }
  const auto machine = core.machines().update({.arn = request.state_machine_arn,
                                               .definition = request.definition,
                                               .role_arn = request.role_arn,
                                               .settings = std::move(settings)});
  if (!machine) return machine.error();
  return UpdateStateMachineResponse{
      core.now(), shown_revision_id(core, *(*machine)->revision),
      published(core, **machine, request.publish, request.version_description)};
}

Result<DescribeStateMachineResponse> describe_state_machine(
    Core& core, const Caller& caller, const DescribeStateMachineRequest& request) {
  const auto found = core.versions().resolve(request.state_machine_arn);
  if (!found) return found.error();
  if (!core::belongs_to(request.state_machine_arn, caller)) {
    return core::machine_does_not_exist(request.state_machine_arn);
  }
  const core::StateMachine& machine = *found->machine;
  const core::Revision& revision = *found->revision;
  Configuration configuration = configuration_of(revision);
  DescribeStateMachineResponse response;
  response.state_machine_arn = machine.arn;
  response.name = machine.name;
  response.status = machine.is_deleting ? "DELETING" : "ACTIVE";
  if (wants_data(request.included_data)) {
    response.definition = revision.definition;
    response.variable_references = variable_references(revision.compiled->machine());
  }
  response.role_arn = revision.role_arn;
  response.type = to_text(machine.type);
  response.creation_date = machine.created;
  response.logging = std::move(configuration.logging);
  response.tracing = std::move(configuration.tracing);
  response.encryption = std::move(configuration.encryption);
  response.revision_id = shown_revision_id(core, revision);
  if (found->version != nullptr) {
    response.state_machine_arn = found->version->arn();
    response.description = found->version->description;
    response.creation_date = found->version->created;
  }
  return response;
}

Result<DescribeStateMachineForExecutionResponse> describe_state_machine_for_execution(
    Core& core, const Caller& caller, const DescribeStateMachineForExecutionRequest& request) {
  const auto found = core.executions().find(request.execution_arn);
  if (!found) return found.error();
  const auto revision = core.machines().revision((*found)->revision);
  if (revision == nullptr || !core::belongs_to(request.execution_arn, caller)) {
    return Error{"ExecutionDoesNotExist",
                 "Execution Does Not Exist: '" + request.execution_arn + "'"};
  }
  Configuration configuration = configuration_of(*revision);
  DescribeStateMachineForExecutionResponse response;
  response.state_machine_arn = revision->machine_arn;
  response.name = machine_name(revision->machine_arn);
  const auto details = parse_json((*found)->details);
  const bool is_child = details && find_member(*details, "mapRunArn") != nullptr;
  if (wants_data(request.included_data)) {
    const asl::StateList* states = &revision->compiled->machine();
    response.definition = revision->definition;
    if (is_child) {
      const std::string map_state = text_at(*details, "mapState");
      const auto whole = parse_json(revision->definition);
      PRESSO_ASSERT(whole.has_value());
      response.definition = processor_definition(*whole, map_state);
      states = processor_of(*states, map_state);
      PRESSO_ASSERT(states != nullptr);
    }
    response.variable_references = variable_references(*states);
  }
  if (is_child) {
    response.map_run_arn = text_if(*details, "mapRunArn");
    response.state_machine_arn = (*found)->machine_arn;
    response.label = response.state_machine_arn.substr(response.state_machine_arn.rfind('/') + 1);
  }
  response.role_arn = revision->role_arn;
  response.update_date = revision->created;
  response.logging = std::move(configuration.logging);
  response.tracing = std::move(configuration.tracing);
  response.encryption = std::move(configuration.encryption);
  response.revision_id = shown_revision_id(core, *revision);
  return response;
}

// AWS: by name, character by character: _10 comes before _1_ and _2.
Result<ListStateMachinesResponse> list_state_machines(Core& core, const Caller& caller,
                                                      const ListStateMachinesRequest& request) {
  const PageToken token{caller, "ListStateMachines", Json()};
  const auto place = token.read(request.next_token, invalid_token());
  if (!place) return place.error();
  if (!place->is_null() && !place->is_string()) return invalid_token();
  auto machines = core.machines().list(caller);
  std::sort(machines.begin(), machines.end(),
            [](const auto* left, const auto* right) { return left->name < right->name; });
  const std::size_t size = page_size(request.max_results, kDefaultPage);
  ListStateMachinesResponse response;
  for (const core::StateMachine* machine : machines) {
    if (place->is_string() && machine->name <= place->get_ref<const std::string&>()) continue;
    if (response.state_machines.size() == size) {
      response.next_token = token.make(Json(response.state_machines.back().name));
      break;
    }
    response.state_machines.push_back(
        {machine->arn, machine->name, std::string{to_text(machine->type)}, machine->created});
  }
  return response;
}

Result<Nothing> delete_state_machine(Core& core, const Caller& caller,
                                     const DeleteStateMachineRequest& request) {
  if (const auto arn = core::check_arn(request.state_machine_arn, "stateMachine"); !arn) {
    return arn.error();
  }
  if (core::belongs_to(request.state_machine_arn, caller)) {
    core.machines().remove(request.state_machine_arn);
  }
  return Nothing{};
}

Result<ValidateStateMachineDefinitionResponse> validate_state_machine_definition(
    const ValidateStateMachineDefinitionRequest& request) {
  const asl::Parsed parsed = asl::parse(request.definition, machine_type(request.type));
  const bool wants_warnings = request.severity == "WARNING";
  const std::size_t size = page_size(request.max_results, kMaxDiagnostics);
  ValidateStateMachineDefinitionResponse response;
  response.result = asl::has_errors(parsed.diagnostics) ? "FAIL" : "OK";
  response.truncated = false;
  for (const asl::Diagnostic& diagnostic : parsed.diagnostics) {
    const bool is_error = diagnostic.severity == asl::Severity::Error;
    if (!is_error && !wants_warnings) continue;
    if (response.diagnostics.size() == size) {
      response.truncated = true;
      break;
    }
    // AWS: the whole definition is "/".
    response.diagnostics.push_back({is_error ? "ERROR" : "WARNING", diagnostic.code,
                                    diagnostic.message,
                                    diagnostic.location.empty() ? "/" : diagnostic.location});
  }
  return response;
}

}  // namespace presso::api::states
