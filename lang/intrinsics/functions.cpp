#include "lang/intrinsics/functions.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

namespace presso::intrinsics {

namespace {

constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();

constexpr std::array<Function, 18> kFunctions{{{"States.Array", 0, kAny, array},
                                               {"States.ArrayPartition", 2, 2, array_partition},
                                               {"States.ArrayContains", 2, 2, array_contains},
                                               {"States.ArrayRange", 3, 3, array_range},
                                               {"States.ArrayGetItem", 2, 2, array_get_item},
                                               {"States.ArrayLength", 1, 1, array_length},
                                               {"States.ArrayUnique", 1, 1, array_unique},
                                               {kFormat, 1, kAny, format},
                                               {"States.StringToJson", 1, 1, string_to_json},
                                               {"States.JsonToString", 1, 1, json_to_string},
                                               {"States.JsonMerge", 3, 3, json_merge},
                                               {"States.StringSplit", 2, 2, string_split},
                                               {"States.Base64Encode", 1, 1, base64_encode_text},
                                               {"States.Base64Decode", 1, 1, base64_decode_text},
                                               {"States.Hash", 2, 2, hash},
                                               {"States.MathRandom", 2, 3, math_random},
                                               {"States.MathAdd", 2, 2, math_add},
                                               {"States.UUID", 0, 0, uuid}}};

}  // namespace

const Function* function_named(std::string_view name) {
  const auto* const found =
      std::find_if(kFunctions.begin(), kFunctions.end(),
                   [&](const Function& function) { return function.name == name; });
  return found == kFunctions.end() ? nullptr : found;
}

std::optional<std::int64_t> to_integer(const Json& value) {
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    if (number > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
    return static_cast<std::int64_t>(number);
  }
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (!value.is_number_float()) return std::nullopt;
  constexpr double kBound = 9.2e18;  // within 64 bits
  const double rounded = std::floor(value.get<double>() + 0.5);
  if (!(std::abs(rounded) < kBound)) return std::nullopt;
  return static_cast<std::int64_t>(rounded);
}

std::optional<std::int32_t> to_int32(const Json& value) {
  const auto number = to_integer(value);
  if (!number || *number < std::numeric_limits<std::int32_t>::min() ||
      *number > std::numeric_limits<std::int32_t>::max()) {
    return std::nullopt;
  }
  return static_cast<std::int32_t>(*number);
}

}  // namespace presso::intrinsics
