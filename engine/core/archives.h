// Archives and replays. An archive is fed by a rule of its bus that the service manages; what it
// keeps are events, one document of the kind "archived-event" each, until their retention ends. A
// replay sends them again, a portion a turn, in the order of their times.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "bus/event.h"
#include "bus/rule.h"
#include "engine/core/caller.h"

namespace presso::core {

class Core;

class Archives {
 public:
  explicit Archives(Core& core) : core_(core) {}

  // The rule that feeds an archive, as AWS makes it. Its pattern leaves replayed events out.
  [[nodiscard]] static bus::Rule feeding_rule(const Caller&, const Json& archive);
  // Whether events that match the rule go to an archive, and its name.
  [[nodiscard]] static std::optional<std::string> archive_of(const bus::Rule&);

  void keep(const Caller&, const std::string& archive, const bus::Event&);
  void erase(const Caller&, const std::string& archive);
  struct Contents {
    std::int64_t events = 0;
    std::int64_t bytes = 0;
  };
  [[nodiscard]] Contents contents(const Caller&, const std::string& archive) const;
  // Its RetentionDays are new.
  void retention_changed(const Caller&, const std::string& archive);

  // A replay whose document is in the registry, in the state STARTING or CANCELLING.
  void replay_changed(const Caller&, const std::string& replay);
  // The rules that a replayed event is for; nothing: all of the bus.
  [[nodiscard]] std::optional<std::set<std::string>> rules_of_replay(
      const Caller&, const std::string& replay) const;

  [[nodiscard]] Result<void> restore(const std::string& key, const Json& value);
  void recovered();
  std::size_t fire_due(std::size_t limit);
  [[nodiscard]] std::optional<Time> next_deadline() const;

 private:
  using Place = std::pair<Caller, std::string>;  // of an archive or a replay
  struct Kept {
    Time at{};  // when it came in
    bus::Event event;
    std::int64_t bytes = 0;
  };
  struct Shelf {
    std::map<std::uint64_t, Kept> events;  // by their number, as they came in
    std::int64_t bytes = 0;
  };

  [[nodiscard]] std::optional<Duration> retention(const Place&) const;
  void plan_expiry(const Place&);
  std::size_t expire(std::size_t limit);
  void go_on(const Place&);
  void end(const Place&, std::string_view state);
  // The events that the replay has still to send, the next ones first.
  [[nodiscard]] std::vector<std::pair<std::pair<Time, std::uint64_t>, const bus::Event*>> left(
      const Place&, const Json& replay) const;

  Core& core_;
  std::map<Place, Shelf> shelves_;
  std::uint64_t last_number_ = 0;
  std::map<Place, Time> expiry_;   // of each archive with a retention, its earliest
  std::map<Place, Time> replays_;  // when each goes on
};

}  // namespace presso::core
