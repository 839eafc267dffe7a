// Schedule expressions: rate(5 minutes), cron(0 12 ? * MON-FRI *).
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
#pragma once

#include <string_view>

namespace presso::bus {

[[nodiscard]] bool is_schedule_expression(std::string_view text);

}  // namespace presso::bus
