// What `call` of a mock says, in the words of routes (routes/route.h): an ARN, `queue jobs-*`,
// `lambda:invoke`, a service, `*`. Unlike a route it may name what presso itself answers for, as
// `states:startExecution` or `events`, and `http:invoke`.
#pragma once

#include <string>

#include "base/result.h"
#include "engine/core/mock_rule.h"
#include "server/routes/route.h"

namespace presso::server {

// Error: one sentence; an action that the service does not have is one, too.
[[nodiscard]] Result<RouteMatch> parse_call_words(const std::string& text);
// The same as a core takes it.
[[nodiscard]] Result<core::CallMatch> call_match(const std::string& text);

// A task's call, or that of a delivery, as routes see it.
[[nodiscard]] Called called_of(const core::MockableCall&);

}  // namespace presso::server
