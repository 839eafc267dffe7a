// The other half of the bus under crashes: targets that take events, fail for a while, for good or
// by hanging, a dead-letter queue, an archive with its replay, and a schedule. What has to be true
// in the end is known here, by the names of the targets alone.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "tests/sim/world.h"

namespace presso::sim {

class Deliveries {
 public:
  explicit Deliveries(World&);

  // Plans `events` events over virtual time; World::run makes them happen.
  void plan(std::uint64_t events);
  // At the end: faults, in words. Empty when all is well.
  [[nodiscard]] std::vector<std::string> audit() const;
  [[nodiscard]] std::size_t events() const { return events_.size(); }
  [[nodiscard]] std::size_t dead_letters() const { return dead_letters_; }

 private:
  struct Arrival {
    std::vector<Time> attempts;
    std::size_t taken = 0;
    std::size_t taken_again = 0;  // of a replay
    std::vector<core::DeliveryCall::Attributes> dead;
  };

  // Asks until somebody hears the answer: whatever is asked here may be asked twice.
  void call(std::string operation, std::string body);
  void rule(const std::string& name, std::string_view target, const std::string& settings = "");
  void put(const std::string& event);
  void replay();
  [[nodiscard]] std::optional<test::FakeDelivery> meet(const core::DeliveryCall&);
  void bury(const core::DeliveryCall&);

  void audit_event(const std::string& event, std::vector<std::string>& faults) const;
  void audit_schedule(std::vector<std::string>& faults) const;

  World& world_;
  Time begun_;
  Time ended_;
  std::set<std::string> events_;  // acknowledged, or seen somewhere
  std::map<std::pair<std::string, std::string>, Arrival> arrivals_;  // by target and event
  std::set<Time> ticks_;
  std::size_t dead_letters_ = 0;
};

}  // namespace presso::sim
