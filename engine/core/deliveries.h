// Events on their way to targets outside: due times, attempts, giving up, and dead-letter queues.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "engine/core/caller.h"
#include "engine/core/effect.h"
#include "engine/core/input.h"
#include "engine/core/mocks.h"
#include "engine/core/store.h"

namespace presso::core {

class Core;

struct Delivery {
  DeliveryId id;
  Caller caller;
  std::string rule_arn;  // or the schedule's
  std::string target_arn;
  std::string target;   // JSON text, as PutTargets took it: RetryPolicy and DeadLetterConfig too
  std::string payload;  // JSON text
  Time created;
  Time due;
  std::uint32_t attempts = 0;
  bool is_in_flight = false;
  std::string event = {};  // what its dead-letter queue gets; empty: the payload
  // Of a message to a dead-letter queue; not empty means that it is one.
  DeliveryCall::Attributes attributes = {};
  // Of a schedule's invocation; empty for a rule's.
  std::string execution_id = {};
  Time scheduled = {};
  std::string event_id = {};  // empty for a schedule's
};

// How a delivery stands, or how it ended.
struct DeliveryState {
  enum class Status { Pending, Delivered, GivenUp };
  std::string event_id;
  std::string rule_arn;
  std::string target_arn;
  Status status = Status::Pending;
  std::uint32_t attempts = 0;  // that were answered
  Time at;                     // of the next attempt, or of the end
  std::string error_code = {};
  std::string error_message = {};
};
// Ends are kept in memory alone, and these many: their rows are gone.
inline constexpr std::size_t kEndedDeliveries = 4'096;

class Deliveries {
 public:
  explicit Deliveries(Core& core) : core_(core) {}

  // The row goes into this turn's batch, the first attempt leaves after its commit.
  void add(Delivery);
  void answered(const DeliveryAnswered&);
  // What was never on its way, as an event whose target does not exist, is given up at once.
  void give_up(const Delivery&, const DeliveryFailure&);

  // For mock rules: what one returns is a delivery, and what it throws a failure that is retried.
  void answer_mocked(DeliveryId, const MockedAnswer&);
  // One delayed the attempt; now it is made.
  void go_through(DeliveryId);

  // An attempt whose answer was not recorded is made again. Error: a row that cannot be read.
  [[nodiscard]] Result<void> restore(const DeliveryRow&);
  std::size_t fire_due(std::size_t limit);
  [[nodiscard]] std::optional<Time> next_deadline() const;
  // Those of these events: what ended first, as it ended, then what is pending, by id.
  [[nodiscard]] std::vector<DeliveryState> of_events(const std::set<std::string>& ids) const;
  [[nodiscard]] std::size_t pending() const { return all_.size(); }
  void set_last_id(DeliveryId);
  [[nodiscard]] DeliveryId next_id();  // of any row of this kind

 private:
  struct Pace {  // of an API destination
    Time second{};
    std::int64_t count = 0;
  };

  void attempt(Delivery&);
  void make_attempt(Delivery&);
  [[nodiscard]] bool take_mocked(Delivery&);
  void attempt_endpoint(Delivery&);
  // When the endpoint may be called: now, or in the next second.
  [[nodiscard]] Time next_slot(const std::string& endpoint_arn, std::int64_t per_second);
  void failed(Delivery&, const DeliveryFailure&);
  void store(const Delivery&);
  void remove(DeliveryId);
  void remember(const Delivery&, DeliveryState::Status, const DeliveryFailure&);
  // `condition`: which limit of the retry policy was reached; empty for a failure that is final.
  void give_up(const Delivery&, const DeliveryFailure&, std::string_view condition);

  Core& core_;
  std::uint64_t last_id_ = 0;
  std::map<DeliveryId, Delivery> all_;
  std::set<std::pair<Time, DeliveryId>> due_;  // of those not in flight
  std::map<std::string, Pace> paces_;
  std::deque<DeliveryState> ended_;
};

}  // namespace presso::core
