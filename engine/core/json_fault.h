// What the services' own JSON parser says about a text that is no JSON. Clients see these words:
// "Invalid State Machine Execution Input: 'Unrecognized token 'not': was expecting (…)'".
#pragma once

#include <string>
#include <string_view>

namespace presso::core {

// The first fault of `text`, in Jackson's words without the place. For a text in which it finds
// none (an empty one, one that is nested too deep, bytes that are no UTF-8): empty.
[[nodiscard]] std::string json_fault(std::string_view text);

}  // namespace presso::core
