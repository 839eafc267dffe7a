// Rounding as $round does it.
#pragma once

#include <string>

namespace presso::jsonata {

// Half to even, at `precision` decimals, negative ones left of the point.
[[nodiscard]] double rounded(double value, double precision);
// JavaScript's toString(base) of a whole number.
[[nodiscard]] std::string number_text_in_base(double value, int base);
// JavaScript's toFixed.
[[nodiscard]] std::string fixed_text(double value, int decimals);

}  // namespace presso::jsonata
