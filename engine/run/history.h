// Events → the public form that GetExecutionHistory shows.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
#pragma once

#include <string_view>

#include "base/json_fwd.h"
#include "engine/run/event.h"

namespace presso::run {

[[nodiscard]] bool is_public(const Event&);

// "PassStateEntered". Only of public events.
[[nodiscard]] std::string_view public_type(const Event&);

// {"timestamp": epoch seconds, "type": …, "id": …, "previousEventId": …, "…EventDetails": {…}}.
// Without `include_data`, inputs, outputs, parameters and assigned variables are left out, as
// includeExecutionData=false does; errors and causes stay.
[[nodiscard]] Json to_public(const Event&, bool include_data);

}  // namespace presso::run
