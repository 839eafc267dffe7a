#include "api/decode.h"

#include <cmath>
#include <cstdint>
#include <limits>

namespace presso::api {
namespace {

Error serialization_error(std::string message) {
  return {"SerializationException", std::move(message)};
}

std::string token_of(const Json& scalar) {
  if (scalar.is_string()) return "STRING_VALUE";
  if (scalar.is_boolean()) return scalar.get<bool>() ? "TRUE_VALUE" : "FALSE_VALUE";
  return "NUMBER_VALUE";
}

std::string_view scalar_name(Kind kind) {
  switch (kind) {
    case Kind::Text: return "a String";
    case Kind::Boolean: return "a Boolean";
    case Kind::Integer: return "an Integer";
    case Kind::Number: return "a Double";
    case Kind::Time: return "milliseconds since epoch";
    case Kind::List:
    case Kind::Map:
    case Kind::Structure:
    case Kind::Document: break;
  }
  return {};
}

}  // namespace

Error wrong_type(const Json& found, Kind wanted) {
  if (wanted == Kind::List) return serialization_error("Expected list or null");
  if (wanted == Kind::Map) return serialization_error("Expected map or null");
  if (found.is_array()) return serialization_error("Start of list found where not expected");
  if (wanted == Kind::Structure) return serialization_error("Expected null");
  if (found.is_object()) {
    return serialization_error("Start of structure or map found where not expected");
  }
  return serialization_error(token_of(found) + " can not be converted to " +
                             std::string{scalar_name(wanted)});
}

std::optional<std::int64_t> whole_number(const Json& json) {
  if (json.is_number_unsigned()) {
    const auto value = json.get<std::uint64_t>();
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return {};
    return static_cast<std::int64_t>(value);
  }
  if (json.is_number_integer()) return json.get<std::int64_t>();
  if (!json.is_number_float()) return {};
  const double value = json.get<double>();
  if (std::trunc(value) != value || std::abs(value) > 9e15) return {};
  return static_cast<std::int64_t>(value);
}

std::optional<Time> epoch_time(const Json& json) {
  if (!json.is_number()) return {};
  const double milliseconds = std::round(json.get<double>() * 1000);
  // The years 0000 to 9999: what RFC 3339 can write.
  if (!(milliseconds >= -62'167'219'200'000.0 && milliseconds < 253'402'300'800'000.0)) return {};
  return time_of_epoch_ms(static_cast<std::int64_t>(milliseconds));
}

}  // namespace presso::api
