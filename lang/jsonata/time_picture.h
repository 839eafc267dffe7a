// Dates and times by picture (XPath Functions and Operators 3.1, section 9.8), both ways:
// "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01][Z]".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace presso::jsonata {

// `timezone`: "+0100", or none for UTC. Throws D3130 to D3135.
[[nodiscard]] std::string format_time(double millis, std::optional<std::string_view> picture,
                                      std::optional<std::string_view> timezone);
// Nothing when the text does not look like the picture. What the picture leaves out before its
// largest part is taken from `now`. Throws D3130 to D3136.
[[nodiscard]] std::optional<double> parse_time(std::string_view text, std::string_view picture,
                                               double now);

}  // namespace presso::jsonata
