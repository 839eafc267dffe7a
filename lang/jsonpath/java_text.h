// Values as Java shows them: Jayway puts them into its errors, and those reach the user.
#pragma once

#include <string>

#include "base/json.h"

namespace presso::jsonpath {

// "java.lang.String", "java.util.ArrayList", "null"
[[nodiscard]] std::string java_class_of(const Json& value);
// "{a=1, b=[x, y]}": toString of maps and lists. Cut after some 1,000 bytes.
[[nodiscard]] std::string java_text_of(const Json& value);

}  // namespace presso::jsonpath
