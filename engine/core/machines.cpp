#include "engine/core/machines.h"

#include <algorithm>
#include <utility>

#include "base/entropy.h"
#include "engine/core/core.h"
#include "engine/core/corrupt.h"
#include "engine/core/names.h"

namespace presso::core {

namespace {

constexpr std::string_view kStandard = "STANDARD";
constexpr std::string_view kExpress = "EXPRESS";

// Kinds of documents.
constexpr char kRevision[] = "revision";
constexpr char kDeletedMachine[] = "state-machine-deleted";  // of one that executions still run

const char* kind_of(const StateMachine& machine) {
  return machine.is_deleting ? kDeletedMachine : kStateMachine;
}

Result<std::shared_ptr<const asl::Definition>> compile(std::string_view text,
                                                       asl::MachineType type) {
  asl::Parsed parsed = asl::parse(text, type);
  if (parsed.definition != nullptr) return std::move(parsed.definition);
  return Error{"InvalidDefinition", asl::invalid_definition_message(parsed.diagnostics)};
}

std::shared_ptr<const LogSettings> shared_log_settings(const Json& settings) {
  auto found = log_settings(settings);
  return found ? std::make_shared<const LogSettings>(*std::move(found)) : nullptr;
}

bool is_same(const Revision& revision, const MachineSettings& settings) {
  return revision.definition == settings.definition && revision.settings == settings.settings;
}

bool is_same(const StateMachine& machine, const CreateMachine& request) {
  return machine.type == request.type && is_same(*machine.revision, request.first) &&
         machine.was_published == request.publishes &&
         machine.version_description == request.version_description;
}

// A member that must be a text.
Result<std::string> text_member(const Json& value, const std::string& name) {
  const std::string* text = as_string(find_member(value, name));
  if (text == nullptr) return corrupt("there is no text '" + name + "'");
  return *text;
}
Result<Time> time_of(const Json& value, const std::string& name) {
  const Json* member = find_member(value, name);
  if (member == nullptr || !member->is_number_integer()) {
    return corrupt("there is no time '" + name + "'");
  }
  return time_of_epoch_ms(member->get<std::int64_t>());
}

Json to_json(const Revision& revision) {
  return Json{{"id", revision.id},
              {"machineArn", revision.machine_arn},
              {"definition", revision.definition},
              {"roleArn", revision.role_arn},
              {"settings", revision.settings},
              {"created", epoch_ms(revision.created)}};
}
Json to_json(const StateMachine& machine) {
  const bool is_standard = machine.type == asl::MachineType::Standard;
  Json value{{"arn", machine.arn},
             {"name", machine.name},
             {"type", is_standard ? kStandard : kExpress},
             {"created", epoch_ms(machine.created)},
             {"revision", machine.revision->id},
             {"isFirstRevision", machine.is_first_revision}};
  if (machine.was_published) value["wasPublished"] = true;
  if (machine.version_description) value["versionDescription"] = *machine.version_description;
  return value;
}

}  // namespace

Error machine_does_not_exist(std::string_view arn) {
  return Error{"StateMachineDoesNotExist",
               "State Machine Does Not Exist: '" + std::string{arn} + "'"};
}

Error machine_is_being_deleted(std::string_view arn) {
  return Error{"StateMachineDeleting",
               "State Machine is being deleted: '" + std::string{arn} + "'"};
}

Result<const StateMachine*> Machines::create(const Caller& caller, CreateMachine request) {
  if (auto valid = check_name(request.name); !valid) return valid.error();
  auto compiled = compile(request.first.definition, request.type);
  if (!compiled) return compiled.error();
  std::string arn = machine_arn(caller, request.name);
  if (const auto it = machines_.find(arn); it != machines_.end()) {
    const StateMachine& there = it->second;
    if (there.is_deleting) return machine_is_being_deleted(arn);
    // AWS: another role or other tags make no difference.
    if (is_same(there, request)) return &there;
    return Error{"StateMachineAlreadyExists", "State Machine Already Exists: '" + arn + "'"};
  }
  StateMachine machine{.arn = arn,
                       .name = std::move(request.name),
                       .type = request.type,
                       .created = core_.now(),
                       .revision = add_revision(arn, std::move(request.first), *compiled),
                       .is_first_revision = true,
                       .was_published = request.publishes,
                       .version_description = std::move(request.version_description)};
  store(machine);
  return &machines_.emplace(std::move(arn), std::move(machine)).first->second;
}

Result<const StateMachine*> Machines::update(UpdateMachine request) {
  if (!request.definition && !request.role_arn && request.settings.empty()) {
    return Error{"MissingRequiredParameter",
                 "Either the definition, the role ARN, the LoggingConfiguration, or the "
                 "TracingConfiguration must be specified"};
  }
  if (const auto found = find_usable(request.arn); !found) return found.error();
  StateMachine& machine = machines_.find(request.arn)->second;
  const Revision& before = *machine.revision;
  auto compiled = before.compiled;
  if (request.definition) {
    auto fresh = compile(*request.definition, machine.type);
    if (!fresh) return fresh.error();
    compiled = *std::move(fresh);
  }
  MachineSettings next{.definition = request.definition.value_or(before.definition),
                       .role_arn = request.role_arn.value_or(before.role_arn),
                       .settings = before.settings};
  for (const auto& [name, value] : request.settings.items()) next.settings[name] = value;
  machine.revision = add_revision(machine.arn, std::move(next), std::move(compiled));
  machine.is_first_revision = false;
  store(machine);
  return &machine;
}

void Machines::remove(const std::string& arn) {
  const auto it = machines_.find(arn);
  if (it == machines_.end() || it->second.is_deleting) return;
  core_.versions().forget(arn);
  if (!core_.executions().has_running(arn)) return erase(arn);
  it->second.is_deleting = true;
  ++deleting_;
  core_.erase_document(kStateMachine, arn);
  store(it->second);
}

void Machines::none_runs(std::string_view machine_arn) {
  if (deleting_ == 0) return;
  const auto it = machines_.find(without_label(machine_arn));
  if (it == machines_.end() || !it->second.is_deleting) return;
  --deleting_;
  erase(std::string{it->first});
}

void Machines::erase(const std::string& arn) {
  const auto it = machines_.find(arn);
  core_.erase_document(kind_of(it->second), arn);
  machines_.erase(it);
  core_.tags().forget(arn);
}

Result<const StateMachine*> Machines::find(const std::string& arn) const {
  if (auto valid = check_arn(arn, "stateMachine"); !valid) return valid.error();
  const auto it = machines_.find(arn);
  if (it == machines_.end()) return machine_does_not_exist(arn);
  return &it->second;
}

Result<const StateMachine*> Machines::find_usable(const std::string& arn) const {
  auto found = find(arn);
  if (found && (*found)->is_deleting) return machine_is_being_deleted(arn);
  return found;
}

bool Machines::is_usable(std::string_view arn) const {
  const auto it = machines_.find(without_label(arn));
  return it != machines_.end() && !it->second.is_deleting;
}

std::vector<const StateMachine*> Machines::list(const Caller& caller) const {
  const std::string prefix = machine_arn(caller, "");
  std::vector<const StateMachine*> found;
  for (auto it = machines_.lower_bound(prefix);
       it != machines_.end() && it->first.starts_with(prefix); ++it) {
    found.push_back(&it->second);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto* a, const auto* b) { return a->created < b->created; });
  return found;
}

std::shared_ptr<const Revision> Machines::revision(std::string_view id) const {
  const auto it = revisions_.find(id);
  return it == revisions_.end() ? nullptr : it->second;
}

std::shared_ptr<const Revision> Machines::add_revision(
    const std::string& machine_arn, MachineSettings settings,
    std::shared_ptr<const asl::Definition> compiled) {
  auto revision = std::make_shared<Revision>(Revision{.id = next_uuid(core_.entropy()),
                                                      .machine_arn = machine_arn,
                                                      .definition = std::move(settings.definition),
                                                      .role_arn = std::move(settings.role_arn),
                                                      .settings = std::move(settings.settings),
                                                      .created = core_.now(),
                                                      .compiled = std::move(compiled)});
  revision->log = shared_log_settings(revision->settings);
  core_.put_document(kRevision, revision->id, to_json(*revision));
  return revisions_[revision->id] = std::move(revision);
}

void Machines::store(const StateMachine& machine) {
  core_.put_document(kind_of(machine), machine.arn, to_json(machine));
}

bool Machines::knows(std::string_view kind) {
  return kind == kRevision || kind == kStateMachine || kind == kDeletedMachine;
}

Result<void> Machines::restore(const std::string& kind, const Json& value) {
  if (kind == kRevision) return restore_revision(value);
  return restore_machine(value, kind == kDeletedMachine);
}

// Executions of an Express machine have ended with the process.
void Machines::recovered() {
  std::vector<std::string> idle;
  for (const auto& [arn, machine] : machines_) {
    if (machine.is_deleting && !core_.executions().has_running(arn)) idle.push_back(arn);
  }
  for (const std::string& arn : idle) none_runs(arn);
}

Result<void> Machines::restore_revision(const Json& value) {
  Revision revision;
  for (const auto& [name, member] :
       std::initializer_list<std::pair<const char*, std::string Revision::*>>{
           {"id", &Revision::id},
           {"machineArn", &Revision::machine_arn},
           {"definition", &Revision::definition},
           {"roleArn", &Revision::role_arn}}) {
    auto text = text_member(value, name);
    if (!text) return text.error();
    revision.*member = *std::move(text);
  }
  const auto created = time_of(value, "created");
  if (!created) return created.error();
  revision.created = *created;
  if (const Json* settings = find_member(value, "settings")) revision.settings = *settings;
  revision.log = shared_log_settings(revision.settings);
  // What was accepted as Express is accepted as Standard too.
  auto compiled = compile(revision.definition, asl::MachineType::Standard);
  if (!compiled) {
    return corrupt("the definition of " + revision.machine_arn +
                   " is not accepted any more: " + compiled.error().message);
  }
  revision.compiled = *std::move(compiled);
  std::string id = revision.id;
  revisions_[std::move(id)] = std::make_shared<const Revision>(std::move(revision));
  return {};
}

Result<void> Machines::restore_machine(const Json& value, bool is_deleting) {
  auto arn = text_member(value, "arn");
  auto name = text_member(value, "name");
  const auto type = text_member(value, "type");
  const auto created = time_of(value, "created");
  const auto id = text_member(value, "revision");
  if (!arn) return arn.error();
  if (!name) return name.error();
  if (!type) return type.error();
  if (!created) return created.error();
  if (!id) return id.error();
  auto found = revision(*id);
  if (found == nullptr) return corrupt("there is no revision '" + *id + "'");
  const auto is_true = [&](std::string_view member) {
    const Json* flag = find_member(value, member);
    return flag != nullptr && flag->is_boolean() && flag->get<bool>();
  };
  const std::string* description = as_string(find_member(value, "versionDescription"));
  const std::string key = *arn;
  if (is_deleting) ++deleting_;
  machines_[key] = {
      .arn = *std::move(arn),
      .name = *std::move(name),
      .type = *type == kExpress ? asl::MachineType::Express : asl::MachineType::Standard,
      .created = *created,
      .revision = std::move(found),
      .is_first_revision = is_true("isFirstRevision"),
      .was_published = is_true("wasPublished"),
      .version_description = description == nullptr ? std::nullopt : std::optional{*description},
      .is_deleting = is_deleting};
  return {};
}

}  // namespace presso::core
