#include "engine/core/status_event.h"

#include <cstddef>
#include <optional>
#include <utility>

#include "base/entropy.h"
#include "base/json.h"
#include "engine/core/redrive.h"

namespace presso::core {

namespace {

// AWS leaves data out that, escaped, would not fit an event.
constexpr std::size_t kEscapedBytes = 248 * 1024;

std::size_t escaped_size(const std::optional<std::string>& data) {
  return data ? dump_json(Json(*data)).size() : 0;
}

std::optional<std::string> text_of(const SharedJson& data) {
  return data.has_value() ? std::optional{data.text()} : std::nullopt;
}

struct Included {
  bool input = true;
  bool output = true;
};
Included included(const std::optional<std::string>& input,
                  const std::optional<std::string>& output) {
  constexpr std::size_t kMostBytesOfOne = 6;  // a control character: u and four digits, escaped
  const std::size_t raw = (input ? input->size() : 0) + (output ? output->size() : 0);
  if (raw * kMostBytesOfOne <= kEscapedBytes) return {};
  const std::size_t escaped_output = escaped_size(output);
  return {.input = escaped_size(input) + escaped_output <= kEscapedBytes,
          .output = escaped_output <= kEscapedBytes};
}

Json text_or_null(const std::optional<std::string>& data, bool is_included) {
  return data && is_included ? Json(*data) : Json(nullptr);
}
Json details_or_null(const std::optional<std::string>& data, bool is_included) {
  return data ? Json{{"included", is_included}} : Json(nullptr);
}

Json time_or_null(const std::optional<Time>& time) {
  return time ? Json(epoch_ms(*time)) : Json(nullptr);
}

// AWS's members in AWS's order; times in milliseconds, what is absent is null.
Json detail(const StatusChange& told) {
  const Included shown = included(told.input, told.output);
  const auto not_redrivable = why_not_redrivable({.status = told.status,
                                                  .start_time = told.start_time,
                                                  .stop_time = told.stop_time,
                                                  .events = told.events},
                                                 told.now);
  return Json{{"executionArn", told.execution_arn},
              {"stateMachineArn", told.machine_arn},
              {"name", told.name},
              {"status", run::to_string(told.status)},
              {"startDate", epoch_ms(told.start_time)},
              {"stopDate", time_or_null(told.stop_time)},
              {"input", text_or_null(told.input, shown.input)},
              {"output", text_or_null(told.output, shown.output)},
              {"stateMachineVersionArn", text_or_null(told.version_arn, true)},
              {"stateMachineAliasArn", text_or_null(told.alias_arn, true)},
              {"redriveCount", told.redrive_count},
              {"redriveDate", time_or_null(told.redrive_time)},
              {"redriveStatus", not_redrivable ? "NOT_REDRIVABLE" : "REDRIVABLE"},
              {"redriveStatusReason", text_or_null(not_redrivable, true)},
              {"inputDetails", details_or_null(told.input, shown.input)},
              {"outputDetails", details_or_null(told.output, shown.output)},
              {"error", text_or_null(told.failure.error, true)},
              {"cause", text_or_null(told.failure.cause, true)}};
}

}  // namespace

// Numbers are unique in a store, and with the time of the start between stores. Odd factors keep
// the members apart in the 64 bits; the generator mixes them.
std::string status_event_id(const StatusEventKey& key) {
  const std::uint64_t change = key.redrive_count * 8 + static_cast<std::uint64_t>(key.status);
  SeededEntropy entropy{key.number.value * 0x9e3779b97f4a7c15 +
                        static_cast<std::uint64_t>(epoch_ms(key.start_time)) * 0xc2b2ae3d27d4eb4f +
                        change * 0x165667b19e3779f9};
  return next_uuid(entropy);
}

// One that ended in the step of its start or redrive is still told to be running first.
SharedChange status_change(const run::Execution& execution, StatusEventOrigin origin) {
  const run::Identity& identity = execution.identity;
  auto change =
      std::make_shared<StatusChange>(StatusChange{.id = std::move(origin.id),
                                                  .now = origin.now,
                                                  .status = origin.status,
                                                  .account = identity.account,
                                                  .region = identity.region,
                                                  .execution_arn = identity.arn,
                                                  .machine_arn = identity.machine_arn,
                                                  .name = identity.name,
                                                  .start_time = execution.start_time,
                                                  .stop_time = std::nullopt,
                                                  .input = text_of(execution.input),
                                                  .output = std::nullopt,
                                                  .failure = {},
                                                  .version_arn = std::move(origin.version_arn),
                                                  .alias_arn = std::move(origin.alias_arn),
                                                  .redrive_count = execution.redrive_count,
                                                  .redrive_time = execution.redrive_time,
                                                  .events = execution.last_event_id});
  if (run::is_terminal(origin.status)) {
    change->stop_time = execution.stop_time;
    change->output = text_of(execution.output);
    change->failure = execution.failure;
  }
  return change;
}

bus::Event status_event(const StatusChange& change) {
  return {.id = change.id,
          .detail_type = "Step Functions Execution Status Change",
          .source = "aws.states",
          .account = change.account,
          .region = change.region,
          .time = change.now,
          .resources = {change.execution_arn},
          .detail = dump_json(detail(change)),
          .trace_header = std::nullopt,
          .replay_name = std::nullopt};
}

}  // namespace presso::core
