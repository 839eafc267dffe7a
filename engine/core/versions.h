// Versions of state machines, which never change, and aliases, which route to one or two of them.
// https://docs.aws.amazon.com/step-functions/latest/dg/concepts-cd-aliasing-versioning.html
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_fwd.h"
#include "base/result.h"
#include "base/time.h"
#include "engine/core/machines.h"

namespace presso::core {

class Core;

struct Version {
  std::string machine_arn;
  std::uint64_t number = 0;  // 1, 2, 3, … of a machine, never used again
  std::optional<std::string> description;
  Time created;
  std::shared_ptr<const Revision> revision;

  [[nodiscard]] std::string arn() const { return machine_arn + ":" + std::to_string(number); }
};

struct Route {
  std::string version_arn;
  std::int64_t weight = 0;  // of 100

  friend bool operator==(const Route&, const Route&) = default;
};

struct Alias {
  std::string arn;  // the machine's, a colon, the name
  std::string machine_arn;
  std::string name;
  std::optional<std::string> description;
  std::vector<Route> routes;  // one or two; weights sum up to 100
  Time created;
  Time updated;
};

// What an ARN of a machine, a version or an alias stands for.
struct Resolved {
  const StateMachine* machine = nullptr;
  std::shared_ptr<const Revision> revision;
  const Version* version = nullptr;  // null: the machine itself
  const Alias* alias = nullptr;      // that led to the version
};

struct CreateAlias {
  std::string name;
  std::optional<std::string> description;
  std::vector<Route> routes;
};
// Absent members stay as they are.
struct UpdateAlias {
  std::string arn;
  std::optional<std::string> description;
  std::optional<std::vector<Route>> routes;
};

class Versions {
 public:
  explicit Versions(Core& core) : core_(core) {}

  // Of the current revision, the version that is there already or a new one.
  const Version& publish(const StateMachine&, std::optional<std::string> description);
  // Of an unknown one: nothing, successfully. ConflictException while an alias routes to it.
  [[nodiscard]] Result<void> remove_version(const std::string& arn);
  [[nodiscard]] const Version* find_version(std::string_view arn) const;
  // Newest first.
  [[nodiscard]] std::vector<const Version*> list_versions(const std::string& machine_arn) const;

  // Idempotent over everything. ValidationException, ResourceNotFound, ConflictException.
  [[nodiscard]] Result<const Alias*> create_alias(CreateAlias);
  // ResourceNotFound, ValidationException.
  [[nodiscard]] Result<const Alias*> update_alias(UpdateAlias);
  void remove_alias(const std::string& arn);
  [[nodiscard]] const Alias* find_alias(std::string_view arn) const;
  // By name.
  [[nodiscard]] std::vector<const Alias*> list_aliases(const std::string& machine_arn) const;

  // An alias with two routes is decided by chance. InvalidArn, StateMachineDoesNotExist.
  [[nodiscard]] Result<Resolved> resolve(const std::string& state_machine_arn);
  // The machine is gone, and with it its versions and aliases.
  void forget(const std::string& machine_arn);

  // From documents of the kinds "alias", "version" and "version-count".
  [[nodiscard]] Result<void> restore(const std::string& kind, const Json& value);

 private:
  [[nodiscard]] Result<void> check_routes(const std::vector<Route>&) const;
  [[nodiscard]] const Version* route(const Alias&);
  void store(const Alias&);
  [[nodiscard]] Result<void> restore_version(const Json& value);
  [[nodiscard]] Result<void> restore_alias(const Json& value);
  [[nodiscard]] Result<void> restore_count(const Json& value);

  Core& core_;
  using Numbers = std::map<std::uint64_t, Version>;
  std::map<std::string, Numbers, std::less<>> versions_;      // by the machine's ARN
  std::map<std::string, std::uint64_t, std::less<>> counts_;  // the highest number ever
  std::map<std::string, Alias, std::less<>> aliases_;         // by ARN
};

}  // namespace presso::core
