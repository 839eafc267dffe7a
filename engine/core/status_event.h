// "Step Functions Execution Status Change": what the bus `default` hears of an execution.
// https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/ids.h"
#include "base/time.h"
#include "bus/event.h"
#include "engine/run/execution.h"

namespace presso::core {

// What such an event is made of. Most are never looked at: no rule is on the bus and nobody
// listens. So an event is made from this only when somebody wants it, on any thread.
struct StatusChange {
  std::string id;  // of the event, a UUID
  Time now{};
  run::Status status = run::Status::Running;
  std::string account;
  std::string region;
  std::string execution_arn;
  std::string machine_arn;
  std::string name;
  Time start_time{};
  std::optional<Time> stop_time;
  std::optional<std::string> input;   // JSON text
  std::optional<std::string> output;  // JSON text
  run::Failure failure;
  std::optional<std::string> version_arn;
  std::optional<std::string> alias_arn;
  std::uint64_t redrive_count = 0;
  std::optional<Time> redrive_time;
  std::uint64_t events = 0;  // in the history
};
// Buses and subscribers share it, on any thread.
using SharedChange = std::shared_ptr<const StatusChange>;

// Which of an execution's changes it is. Their events' ids follow from that, so that a trace finds
// what such an event started without anything being stored of it.
struct StatusEventKey {
  ExecutionNumber number;
  Time start_time;
  std::uint64_t redrive_count = 0;
  run::Status status = run::Status::Running;
};
// A UUID, the same for the same change.
[[nodiscard]] std::string status_event_id(const StatusEventKey&);

struct StatusEventOrigin {
  std::string id;  // UUID
  Time now;
  // Running: of its start or redrive, however far the execution has come since.
  run::Status status;
  std::optional<std::string> version_arn;  // it was started through
  std::optional<std::string> alias_arn;
};

[[nodiscard]] SharedChange status_change(const run::Execution&, StatusEventOrigin);
// On the bus `default` of the execution's account and region.
[[nodiscard]] bus::Event status_event(const StatusChange&);

}  // namespace presso::core
