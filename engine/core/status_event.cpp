#include "engine/core/status_event.h"

#include <cstddef>
#include <optional>
#include <utility>

#include "base/json.h"

namespace presso::core {

namespace {

// AWS leaves data out that, escaped, would not fit an event.
constexpr std::size_t kEscapedBytes = 248 * 1024;

std::size_t escaped_size(const SharedJson& data) {
  return data.has_value() ? dump_json(Json(data.text())).size() : 0;
}

struct Included {
  bool input = true;
  bool output = true;
};
Included included(const SharedJson& input, const SharedJson& output) {
  constexpr std::size_t kMostBytesOfOne = 6;  // a control character: u and four digits, escaped
  const std::size_t raw = (input.has_value() ? input.text().size() : 0) +
                          (output.has_value() ? output.text().size() : 0);
  if (raw * kMostBytesOfOne <= kEscapedBytes) return {};
  const std::size_t escaped_output = escaped_size(output);
  return {.input = escaped_size(input) + escaped_output <= kEscapedBytes,
          .output = escaped_output <= kEscapedBytes};
}

Json text_or_null(const SharedJson& data, bool is_included) {
  return data.has_value() && is_included ? Json(data.text()) : Json(nullptr);
}
Json details_or_null(const SharedJson& data, bool is_included) {
  return data.has_value() ? Json{{"included", is_included}} : Json(nullptr);
}
Json text_or_null(const std::optional<std::string>& text) {
  return text ? Json(*text) : Json(nullptr);
}

bool is_redrivable(run::Status status) {
  return status != run::Status::Running && status != run::Status::Succeeded;
}
Json redrive_reason(run::Status status) {
  if (is_redrivable(status)) return nullptr;
  return "Execution is " + std::string{run::to_string(status)} + " and cannot be redriven";
}

// What a status event tells of an execution: one that ended in the step of its start is still told
// to be running first.
struct Told {
  run::Status status;
  SharedJson input;
  SharedJson output;
  std::optional<Time> stop_time;
  run::Failure failure;
};
Told told(const run::Execution& execution, run::Status status) {
  if (!run::is_terminal(status)) return {status, execution.input, {}, std::nullopt, {}};
  return {status, execution.input, execution.output, execution.stop_time, execution.failure};
}

// AWS's members in AWS's order; times in milliseconds, what is absent is null.
Json detail(const run::Execution& execution, const Told& told) {
  const run::Identity& identity = execution.identity;
  const Included shown = included(told.input, told.output);
  return Json{{"executionArn", identity.arn},
              {"stateMachineArn", identity.machine_arn},
              {"name", identity.name},
              {"status", run::to_string(told.status)},
              {"startDate", epoch_ms(execution.start_time)},
              {"stopDate", told.stop_time ? Json(epoch_ms(*told.stop_time)) : Json(nullptr)},
              {"input", text_or_null(told.input, shown.input)},
              {"output", text_or_null(told.output, shown.output)},
              {"stateMachineVersionArn", nullptr},
              {"stateMachineAliasArn", nullptr},
              {"redriveCount", 0},
              {"redriveDate", nullptr},
              {"redriveStatus", is_redrivable(told.status) ? "REDRIVABLE" : "NOT_REDRIVABLE"},
              {"redriveStatusReason", redrive_reason(told.status)},
              {"inputDetails", details_or_null(told.input, shown.input)},
              {"outputDetails", details_or_null(told.output, shown.output)},
              {"error", text_or_null(told.failure.error)},
              {"cause", text_or_null(told.failure.cause)}};
}

}  // namespace

bus::Event status_event(const run::Execution& execution, StatusEventOrigin origin) {
  return {.id = std::move(origin.id),
          .detail_type = "Step Functions Execution Status Change",
          .source = "aws.states",
          .account = execution.identity.account,
          .region = execution.identity.region,
          .time = origin.now,
          .resources = {execution.identity.arn},
          .detail = SharedJson{detail(execution, told(execution, origin.status))},
          .bus_name = "default",
          .trace_header = std::nullopt};
}

}  // namespace presso::core
