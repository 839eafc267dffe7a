// TestEventPattern: does this pattern match this event? Both come as texts.
#pragma once

#include <string_view>

#include "base/result.h"

namespace presso::bus {

// Fails with InvalidEventPatternException for the pattern, ValidationException for an event that is
// no JSON object or lacks id, account, source, time, region or detail-type.
[[nodiscard]] Result<bool> test_event_pattern(std::string_view pattern, std::string_view event);

}  // namespace presso::bus
