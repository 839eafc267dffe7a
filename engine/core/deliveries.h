// Events on their way to targets outside: due times, attempts, and giving up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "engine/core/caller.h"
#include "engine/core/input.h"
#include "engine/core/store.h"

namespace presso::core {

class Core;

struct Delivery {
  DeliveryId id;
  Caller caller;
  std::string rule_arn;
  std::string target_arn;
  std::string target;   // JSON text, as PutTargets took it: RetryPolicy and DeadLetterConfig too
  std::string payload;  // JSON text
  Time created;
  Time due;
  std::uint32_t attempts = 0;
  bool is_in_flight = false;
};

class Deliveries {
 public:
  explicit Deliveries(Core& core) : core_(core) {}

  // The row goes into this turn's batch, the first attempt leaves after its commit.
  void add(Delivery);
  void answered(const DeliveryAnswered&);

  // An attempt whose answer was not recorded is made again. Error: a row that cannot be read.
  [[nodiscard]] Result<void> restore(const DeliveryRow&);
  std::size_t fire_due(std::size_t limit);
  [[nodiscard]] std::optional<Time> next_deadline() const;
  [[nodiscard]] std::size_t pending() const { return all_.size(); }
  void set_last_id(DeliveryId);
  [[nodiscard]] DeliveryId next_id();  // of any row of this kind

 private:
  void attempt(Delivery&);
  void store(const Delivery&);
  void remove(DeliveryId);
  // `condition`: which limit of the retry policy was reached; empty for a failure that is final.
  void give_up(const Delivery&, const DeliveryFailure&, std::string_view condition);

  Core& core_;
  std::uint64_t last_id_ = 0;
  std::map<DeliveryId, Delivery> all_;
  std::set<std::pair<Time, DeliveryId>> due_;  // of those not in flight
};

}  // namespace presso::core
