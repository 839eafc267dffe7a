// State machines of all accounts and regions: documents in memory, few and small.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "engine/asl/parse.h"
#include "engine/core/caller.h"
#include "engine/core/execution_log.h"

namespace presso::core {

class Core;

// One revision: what an execution runs. Kept while an execution of it may be described.
struct Revision {
  std::string id;  // UUID
  std::string machine_arn;
  std::string definition;  // as sent
  std::string role_arn;
  Json settings = Json::object();  // loggingConfiguration, tracingConfiguration, encryption…
  Time created;
  std::shared_ptr<const asl::Definition> compiled;  // not stored: parsed when loaded
  std::shared_ptr<const LogSettings> log = {};      // of the settings; null: nothing is logged
};

struct StateMachine {
  std::string arn;
  std::string name;
  asl::MachineType type = asl::MachineType::Standard;
  Time created;
  std::shared_ptr<const Revision> revision;  // the current one
  bool is_first_revision = true;             // shown as "INITIAL" in some answers
  // With what it was created, for idempotence.
  bool was_published = false;
  std::optional<std::string> version_description;
  // Nothing new runs it, and it is gone once the last that runs has ended.
  bool is_deleting = false;
};

struct MachineSettings {
  std::string definition;
  std::string role_arn;
  Json settings = Json::object();  // the configuration members as sent, by their API names
};
struct CreateMachine {
  std::string name;
  asl::MachineType type = asl::MachineType::Standard;
  MachineSettings first;
  bool publishes = false;
  std::optional<std::string> version_description = {};
};
// Absent members stay as they are.
struct UpdateMachine {
  std::string arn;
  std::optional<std::string> definition;
  std::optional<std::string> role_arn;
  Json settings = Json::object();
};

// StateMachineDoesNotExist with AWS's text.
[[nodiscard]] Error machine_does_not_exist(std::string_view arn);
// StateMachineDeleting.
[[nodiscard]] Error machine_is_being_deleted(std::string_view arn);

// The document of a machine that is not being deleted; its key is the ARN.
inline constexpr char kStateMachine[] = "state-machine";

class Machines {
 public:
  explicit Machines(Core& core) : core_(core) {}

  // Idempotent over name, definition, type, settings and publishing; StateMachineAlreadyExists
  // otherwise. InvalidName, InvalidDefinition, StateMachineDeleting. Publishing is the caller's to
  // do.
  [[nodiscard]] Result<const StateMachine*> create(const Caller&, CreateMachine);
  // A new revision. MissingRequiredParameter when there is nothing to change, InvalidArn,
  // StateMachineDoesNotExist, StateMachineDeleting, InvalidDefinition.
  [[nodiscard]] Result<const StateMachine*> update(UpdateMachine);
  // Of an unknown one: nothing, successfully. One that executions run is being deleted until the
  // last of them has ended; each fails when it comes to its next state.
  void remove(const std::string& arn);
  // No execution runs it any more.
  void none_runs(std::string_view machine_arn);

  // InvalidArn, StateMachineDoesNotExist. It may be being deleted.
  [[nodiscard]] Result<const StateMachine*> find(const std::string& arn) const;
  // The same, and StateMachineDeleting.
  [[nodiscard]] Result<const StateMachine*> find_usable(const std::string& arn) const;
  // By an ARN that may have a label: whether it is there, and not being deleted.
  [[nodiscard]] bool is_usable(std::string_view arn) const;
  [[nodiscard]] bool is_being_deleted(std::string_view arn) const {
    return deleting_ > 0 && !is_usable(arn);
  }
  [[nodiscard]] std::vector<const StateMachine*> list(const Caller&) const;  // by creation
  [[nodiscard]] std::shared_ptr<const Revision> revision(std::string_view id) const;

  // From documents. Error: a definition that does not parse any more names its machine.
  [[nodiscard]] static bool knows(std::string_view kind);
  [[nodiscard]] Result<void> restore(const std::string& kind, const Json& value);
  // The executions are there too.
  void recovered();

 private:
  [[nodiscard]] std::shared_ptr<const Revision> add_revision(
      const std::string& machine_arn, MachineSettings,
      std::shared_ptr<const asl::Definition> compiled);
  void store(const StateMachine&);
  [[nodiscard]] Result<void> restore_revision(const Json& value);
  [[nodiscard]] Result<void> restore_machine(const Json& value, bool is_deleting);
  void erase(const std::string& arn);

  Core& core_;
  std::map<std::string, StateMachine, std::less<>> machines_;  // by ARN
  std::map<std::string, std::shared_ptr<const Revision>, std::less<>> revisions_;
  std::size_t deleting_ = 0;  // how many machines are being deleted
};

}  // namespace presso::core
