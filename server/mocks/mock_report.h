// Mocks as people and programs see them: /_presso/mocks, and what `presso routes` says of them.
#pragma once

#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "engine/core/mock_rules.h"
#include "server/routes/route.h"

namespace presso::server {

// [{"id", "source": "run time" or "file", "where", "calls", "hits", "mock": as it was given}], in
// the order in which they are asked.
[[nodiscard]] Json to_json(const std::vector<core::MockRules::Listed>&);
// The same of rules that nobody has asked yet.
[[nodiscard]] Json to_json(const core::MockRules::Rules&);

// Those of such a list that may answer a call of the resource before it goes anywhere.
[[nodiscard]] Json mocks_before(const Json& list, const Called&);
// "on 3, latency 20s": what a mock says beside its id and `call`.
[[nodiscard]] std::string mock_text(const Json& mock);

// The body of a request: one mock, an object, or several, an array. Error: what is wrong, after
// "mock" or "mocks[1]".
[[nodiscard]] Result<core::MockRules::Rules> mocks_of_body(std::string_view body);

}  // namespace presso::server
