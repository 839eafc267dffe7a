// Operations as tasks of a state machine: `arn:aws:states:::aws-sdk:sfn:listExecutions` and its kin
// run in this process, through the same tables as a client's request.
//
//   auto call = prepare({.service = "sfn", .action = "listExecutions", …});
//   if (!call) …                         // no service of ours: it goes outside
//   run call->work as dispatch.h says, then call->convert(answer)
//
// A task writes members in PascalCase at every depth ("StateMachineArn") and reads results the same
// way, with times as ISO 8601 texts, as the AWS SDK for Java shows them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "api/dispatch.h"
#include "base/json_fwd.h"
#include "engine/run/failure.h"

namespace presso::api {

struct SdkRequest {
  std::string_view service;     // "sfn", "eventbridge"
  std::string_view action;      // "listExecutions"
  std::string_view parameters;  // JSON text
  core::Caller caller;
  std::string request_id;  // shown in an error's cause
};

using SdkResult = std::variant<std::string, run::Failure>;  // JSON text, or why there is none

struct SdkCall {
  Work work;
  std::function<SdkResult(const core::Answer&)> convert;
};

// Nothing for a service that is not one of the two.
[[nodiscard]] std::optional<SdkCall> prepare(const SdkRequest&);

}  // namespace presso::api
