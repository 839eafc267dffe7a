// Single values between JSON and what headers, queries and XML show of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json_fwd.h"

namespace presso::server {

// Times are ISO texts in JSON. List: texts joined by commas.
enum class S3Kind { Text, Integer, Boolean, HttpDate, IsoDate, List };

// What cannot be read as its kind stays the text that it is.
[[nodiscard]] Json s3_value(S3Kind, std::string_view text);

// Nothing for null, an object, or what is not of that kind.
[[nodiscard]] std::optional<std::string> s3_text(S3Kind, const Json& value);

// "2015-10-21T07:28:00Z", without the milliseconds of a whole second; nothing for what is no time.
[[nodiscard]] std::optional<std::string> iso_of_http_date(std::string_view text);
[[nodiscard]] std::optional<std::string> http_date_of_iso(std::string_view text);

}  // namespace presso::server
