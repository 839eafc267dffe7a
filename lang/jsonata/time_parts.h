// A date and time picture taken apart: literals and markers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/jsonata/integer_picture.h"

namespace presso::jsonata {

struct TimePart {
  enum class Names : std::uint8_t { None, Lower, Upper, Title };

  bool is_literal = false;
  std::u16string literal;
  char16_t component = u'\0';  // of a marker: `Y` of "[Y0001]"
  Names names = Names::None;
  bool is_zero_z = false;  // the modifier `t`: no offset is "Z"
  std::optional<double> max_width;
  double year_digits = -1;  // of Y: how many of its last digits; -1: all
  std::optional<IntegerPicture> integer;
};

// Throws D3131, D3132, D3135.
[[nodiscard]] std::vector<TimePart> analyse_time_picture(std::u16string_view picture);

}  // namespace presso::jsonata
