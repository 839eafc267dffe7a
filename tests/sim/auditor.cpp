#include "tests/sim/auditor.h"

#include "engine/core/names.h"
#include "engine/run/event_codec.h"

namespace presso::sim {

namespace {

constexpr std::size_t kFaultsShown = 20;

std::size_t count(const Order& order, const std::string& type) {
  const auto it = order.events.find("OrderProcessor." + type);
  return it == order.events.end() ? 0 : it->second.size();
}

std::string text_of(const std::optional<Time>& time) {
  return time ? to_iso_milliseconds(*time) : "never";
}

}  // namespace

void Auditor::fault(const std::string& id, const std::string& text) {
  if (faults_.size() < kFaultsShown) faults_.push_back(id + ": " + text);
}

bool Auditor::delivered(const Json& envelope) {
  const Json& detail = envelope.at("detail");
  const auto* id = as_string(find_member(detail, "orderId"));
  const auto* user = as_string(find_member(detail, "userId"));
  const std::string order_id = id != nullptr ? *id : (user != nullptr ? *user : "");
  const std::string type = envelope.at("detail-type").get<std::string>();
  Order& order = orders_[order_id];
  const bool is_new = order.events[type].insert(envelope.at("id").get<std::string>()).second;
  if (type == "OrderProcessor.OrderTimeOut") {
    order.timed_out_at = parse_rfc3339(envelope.at("time").get<std::string>());
  }
  return is_new;
}

std::vector<std::string> Auditor::audit(const World& world) {
  faults_.clear();
  executions_.clear();
  audit_histories(world);
  for (const auto& [id, order] : orders_) audit_order(id, order);
  return faults_;
}

// Nothing of what was acknowledged is lost, nothing happens twice, and a time-out comes at its
// time.
void Auditor::audit_order(const std::string& id, const Order& order) {
  const auto executions = executions_.find(id);
  const std::size_t started = executions == executions_.end() ? 0 : executions->second.size();
  if (started > 1) fault(id, "has " + std::to_string(started) + " executions");
  if (!order.is_acknowledged && started == 0) return;
  if (started == 0) return fault(id, "was acknowledged and is lost");

  const std::size_t finished = count(order, "orderFinished");
  const std::size_t timed_out = count(order, "OrderTimeOut");
  const std::size_t refused = count(order, "ShopUnavailable");
  const bool has_failed =
      order.customer.answered == Answered::Failure || order.barista.answered == Answered::Failure;
  const std::size_t ends = finished + timed_out + refused + (has_failed ? 1 : 0);
  if (ends != 1) {
    return fault(id, "ended " + std::to_string(ends) + " times: finished " +
                         std::to_string(finished) + ", timed out " + std::to_string(timed_out) +
                         ", refused " + std::to_string(refused));
  }
  if (refused == 1 && !closed_.contains(executions->second.front()))
    fault(id, "was refused by an open shop");
  if (finished == 1 && (order.customer.answered != Answered::Success ||
                        order.barista.answered != Answered::Success)) {
    fault(id, "was finished without its people");
  }
  if (timed_out == 0) return;
  const Stage& late = order.customer.answered == Answered::Success ? order.barista : order.customer;
  if (late.answered != Answered::NotYet) fault(id, "timed out though it was answered");
  if (order.timed_out_at != late.deadline) {
    fault(id, "timed out at " + text_of(order.timed_out_at) + ", not at " + text_of(late.deadline));
  }
}

void Auditor::audit_histories(const World& world) {
  const auto disk = world.store().disk();
  std::map<ExecutionNumber, std::vector<core::HistoryRow>> histories;
  for (const auto& [key, pack] : disk.history) {
    histories[key.first].push_back({key.first, key.second, pack});
  }
  for (const auto& [number, row] : disk.executions) audit_history(row, histories[number]);
}

void Auditor::audit_history(const core::ExecutionRow& row,
                            const std::vector<core::HistoryRow>& rows) {
  std::uint64_t last_id = 0;
  std::uint64_t seq = 0;
  std::string order_id = row.name;
  for (const auto& packed : rows) {
    if (packed.seq != seq++) fault(row.name, "has a gap in its history");
    const auto events = run::decode(packed.pack);
    if (!events) return fault(row.name, "has a history that cannot be read");
    for (const run::Event& event : *events) {
      if (const auto* started = std::get_if<run::ExecutionStarted>(&event.detail)) {
        order_id = started->input.value().at("detail").at("orderId").get<std::string>();
      }
      if (event.id == 0) continue;
      if (event.id != last_id + 1) fault(order_id, "has event ids that do not follow");
      if (event.previous >= event.id) fault(order_id, "has an event before its cause");
      last_id = event.id;
    }
  }
  executions_[order_id].push_back(core::execution_arn(row.machine_arn, row.name));
  if (!run::is_terminal(row.status)) fault(order_id, "is still running at the end");
  if (row.wake_at) fault(order_id, "is closed and has a deadline");
}

}  // namespace presso::sim
