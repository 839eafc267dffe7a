#include "lang/jsonata/rounding.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>

#include "lang/jsonata/text.h"

namespace presso::jsonata {

namespace {

// `value` with its decimal point moved by `places`, through its text: 1.005 becomes 100.5, which
// multiplying would not give.
double shifted(double value, double places) {
  const std::string text = number_text(value);
  const std::size_t mark = text.find('e');
  double exponent = places;
  if (mark != std::string::npos) {
    const std::size_t digits = text[mark + 1] == '+' ? mark + 2 : mark + 1;
    exponent += number_of(text.substr(digits));
  }
  // JavaScript reads "1e0.5" as no number.
  if (exponent != std::trunc(exponent)) return std::nan("");
  const double bounded = std::clamp(exponent, -5'000.0, 5'000.0);
  return number_of(text.substr(0, mark) + "e" + std::to_string(static_cast<std::int64_t>(bounded)));
}

}  // namespace

double rounded(double value, double precision) {
  if (precision != 0) value = shifted(value, precision);
  // JavaScript rounds halves up.
  double result = std::floor(value);
  if (value - result >= 0.5) result += 1;
  if (std::abs(result - value) == 0.5 && std::abs(std::fmod(result, 2)) == 1) result -= 1;
  // The digits are moved within the number's text, and "Infinity" has none.
  if (precision != 0) result = std::isfinite(result) ? shifted(result, -precision) : std::nan("");
  return result == 0 ? 0 : result;
}

std::string number_text_in_base(double value, int base) {
  constexpr double kExact = 9'007'199'254'740'992;
  if (!std::isfinite(value)) return number_text(value);
  const bool is_negative = value < 0;
  value = std::abs(value);
  if (base == 10) return number_text(is_negative ? -value : value);
  std::string digits;
  const auto put = [&](int digit) {
    digits += static_cast<char>(digit < 10 ? '0' + digit : 'a' + digit - 10);
  };
  // Beyond what is exact the last digits carry nothing: JavaScript writes zeros.
  while (value >= kExact) {
    value /= base;
    put(0);
    value = std::floor(value);
  }
  do {
    put(static_cast<int>(std::fmod(value, base)));
    value = std::floor(value / base);
  } while (value > 0);
  if (is_negative) digits += '-';
  std::reverse(digits.begin(), digits.end());
  return digits;
}

std::string fixed_text(double value, int decimals) {
  constexpr double kPlain = 1e21;
  if (!(std::abs(value) < kPlain)) return number_text(value);
  decimals = std::clamp(decimals, 0, 100);
  // printf rounds an exact half to even; toFixed takes the larger number.
  std::array<char, 160> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.*f", decimals, value);
  std::array<char, 1'300> exact{};
  std::snprintf(exact.data(), exact.size(), "%.1100f", value);
  const std::string_view all{exact.data()};
  const std::size_t point = all.find('.');
  const std::size_t next = point + 1 + static_cast<std::size_t>(decimals);
  const bool is_half =
      all[next] == '5' && all.find_first_not_of('0', next + 1) == std::string_view::npos;
  if (!is_half) return std::string{buffer.data()};
  std::string digits{all.substr(0, decimals == 0 ? point : next)};
  for (std::size_t i = digits.size(); i-- > 0;) {
    if (digits[i] == '.' || digits[i] == '-') continue;
    if (digits[i] != '9') {
      ++digits[i];
      return digits;
    }
    digits[i] = '0';
  }
  return (value < 0 ? "-1" : "1") + digits.substr(value < 0 ? 1 : 0);
}

}  // namespace presso::jsonata
