// EventBridge Scheduler on the wire: REST with JSON bodies, on the same port as everything else.
//
//   if (auto work = scheduler::dispatch({.method = "GET", .target = "/schedules/a?groupName=g",
//   …})) to_response(answer)   // its errors have statuses of their own
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "api/dispatch.h"
#include "api/operation.h"

namespace presso::api::scheduler {

struct RestRequest {
  std::string_view method;
  std::string_view target;  // path and query
  std::string_view body;
  core::Caller caller;
};

// Nothing for a path that is not the scheduler's.
[[nodiscard]] std::optional<Work> dispatch(const RestRequest&);

[[nodiscard]] Response to_response(const core::Answer&);

// All of them, by name.
[[nodiscard]] std::span<const Operation> operations();

// 404 for ResourceNotFoundException, 409 for ConflictException, …
[[nodiscard]] int http_status_of(std::string_view error_code);

}  // namespace presso::api::scheduler
