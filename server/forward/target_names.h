// The names in front of an operation in X-Amz-Target.
#pragma once

#include <string_view>

namespace presso::server {

// "DynamoDB_20120810" → "dynamodb", a name of service_key; empty for a prefix of nobody's.
[[nodiscard]] std::string_view service_of_target(std::string_view prefix);

}  // namespace presso::server
