// Registry: what is configured by name, one JSON document each, and needs no rules of its own:
// connections, API destinations, archives, replays, endpoints, event sources, schedules and their
// groups. A document has the members that the Describe operation of its kind shows, and what only
// this server needs under names in lower case.
//
//   core.registry().put(caller, kConnection, "shop", document);
//   if (const Json* found = core.registry().find(caller, kConnection, "shop")) …
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "engine/core/caller.h"
#include "engine/core/store.h"

namespace presso::core {

class Core;

// The documents' kinds.
inline constexpr std::string_view kApiDestination = "api-destination";
inline constexpr std::string_view kArchive = "archive";
inline constexpr std::string_view kConnection = "connection";
inline constexpr std::string_view kEndpoint = "endpoint";
inline constexpr std::string_view kPartnerSource = "partner-source";
inline constexpr std::string_view kReplay = "replay";
inline constexpr std::string_view kSchedule = "schedule";
inline constexpr std::string_view kScheduleGroup = "schedule-group";

class Registry {
 public:
  using Documents = std::map<std::string, Json, std::less<>>;  // by name

  explicit Registry(Core& core) : core_(core) {}

  // Null when there is none; holds until the next change of that document.
  [[nodiscard]] const Json* find(const Caller&, std::string_view kind, std::string_view name) const;
  [[nodiscard]] const Documents& all(const Caller&, std::string_view kind) const;
  void put(const Caller&, std::string_view kind, std::string_view name, Json document);
  void erase(const Caller&, std::string_view kind, std::string_view name);
  // Of every caller, for what has to go on after a restart.
  [[nodiscard]] std::vector<std::pair<Caller, const Json*>> everywhere(std::string_view kind) const;

  [[nodiscard]] static bool knows(std::string_view kind);
  [[nodiscard]] Result<void> restore(const DocumentRow&, Json value);

 private:
  using Place = std::pair<std::string, Caller>;

  Core& core_;
  std::map<Place, Documents> documents_;
};

}  // namespace presso::core
