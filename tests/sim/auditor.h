// The auditor: what must be true of the orders, by a model of its own that knows nothing of state
// machines.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "tests/sim/world.h"

namespace presso::sim {

// What became of one stage (the customer's or the barista's), as the people saw it.
enum class Answered { NotYet, Success, Failure };

struct Stage {
  std::optional<Time> begun;     // the event that carried the token
  std::optional<Time> deadline;  // as the last heartbeat that was heard left it
  Answered answered = Answered::NotYet;
};

struct Order {
  bool is_acknowledged = false;
  Stage customer;
  Stage barista;
  // Event ids by detail type: a delivery may come twice, an event may not.
  std::map<std::string, std::set<std::string>> events;
  std::optional<Time> timed_out_at;
};

class Auditor {
 public:
  Order& order(const std::string& id) { return orders_[id]; }
  [[nodiscard]] const std::map<std::string, Order>& orders() const { return orders_; }

  // An event that a target outside received. False: it had been there before.
  bool delivered(const Json& envelope);
  // Some answer to this execution said that the shop is closed.
  void closed(const std::string& execution_arn) { closed_.insert(execution_arn); }
  // At the end: faults, in words. Empty when all is well.
  [[nodiscard]] std::vector<std::string> audit(const World&);

 private:
  void audit_order(const std::string& id, const Order&);
  void audit_histories(const World&);
  void audit_history(const core::ExecutionRow&, const std::vector<core::HistoryRow>&);
  void fault(const std::string& id, const std::string& text);

  std::map<std::string, Order> orders_;
  std::set<std::string> closed_;                                // execution ARNs
  std::map<std::string, std::vector<std::string>> executions_;  // ARNs, by order
  std::vector<std::string> faults_;
};

}  // namespace presso::sim
