// Arithmetic, aggregation, and numbers from and to text.
#include <algorithm>
#include <cmath>
#include <string>

#include "base/entropy.h"
#include "lang/jsonata/evaluate.h"
#include "lang/jsonata/number_picture.h"
#include "lang/jsonata/rounding.h"
#include "lang/jsonata/text.h"
#include "lang/jsonata/to_json.h"

namespace presso::jsonata {

namespace {

Thrown not_in_range(std::string_view code, const Value& value) {
  Thrown thrown = failure(code);
  thrown.value = shown_json(value);
  return thrown;
}

// The numbers of an array that the signature has checked, folded from the first on.
template <class Fold>
Value folded(const NativeCall& call, double start, const Fold& fold) {
  const Items items{call[0]};
  call.evaluator.spend(items.size() / 8);
  double result = start;
  for (std::size_t i = 0; i < items.size(); ++i) result = fold(result, items[i].number);
  return Value{result};
}

Value sum(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  return folded(call, 0, [](double a, double b) { return a + b; });
}

Value count(const NativeCall& call) {
  if (call[0].is_nothing()) return Value{0.0};
  return Value{static_cast<double>(Items{call[0]}.size())};
}

bool has_none(const NativeCall& call) { return call[0].is_nothing() || Items{call[0]}.size() == 0; }

Value max(const NativeCall& call) {
  if (has_none(call)) return {};
  return folded(call, -std::numeric_limits<double>::infinity(),
                [](double a, double b) { return a < b || std::isnan(b) ? b : a; });
}

Value min(const NativeCall& call) {
  if (has_none(call)) return {};
  return folded(call, std::numeric_limits<double>::infinity(),
                [](double a, double b) { return b < a || std::isnan(b) ? b : a; });
}

Value average(const NativeCall& call) {
  if (has_none(call)) return {};
  return Value{sum(call).number / static_cast<double>(Items{call[0]}.size())};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// -?digits(.digits)?([eE][+-]?digits)?
bool is_decimal(std::string_view text) {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t start = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at > start;
  };
  if (text.starts_with('-')) ++at;
  if (!digits()) return false;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (!digits()) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (!digits()) return false;
  }
  return at == text.size();
}

// The value of digits in `base`; NaN for another character, or none.
double number_in_base(std::string_view digits, int base) {
  double value = 0;
  for (const char c : digits) {
    int digit = is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
    if (!is_digit(c) && !((c | 0x20) >= 'a' && (c | 0x20) <= 'f')) digit = base;
    if (digit >= base) return std::nan("");
    value = value * base + digit;
  }
  return digits.empty() ? std::nan("") : value;
}

int base_of(std::string_view text) {
  if (text.size() < 3 || text[0] != '0') return 0;
  const char mark = static_cast<char>(text[1] | 0x20);
  if (mark == 'x') return 16;
  if (mark == 'o') return 8;
  return mark == 'b' ? 2 : 0;
}

Value number(const NativeCall& call) {
  const Value value = call[0];
  if (value.is_nothing() || value.is_number()) return value;
  if (value.tag == Tag::Bool) return Value{value.boolean ? 1.0 : 0.0};
  if (value.is_string()) {
    const std::string_view text = value.text();
    if (is_decimal(text)) {
      const double parsed = number_of(text);
      if (std::isfinite(parsed)) return Value{parsed};
    } else if (const int base = base_of(text); base != 0) {
      const double parsed = number_in_base(text.substr(2), base);
      if (!std::isnan(parsed)) return Value{parsed};
    }
  }
  throw not_in_range("D3030", value);
}

Value abs(const NativeCall& call) {
  return call[0].is_nothing() ? Value{} : Value{std::abs(call[0].number)};
}
Value floor(const NativeCall& call) {
  return call[0].is_nothing() ? Value{} : Value{std::floor(call[0].number)};
}
Value ceil(const NativeCall& call) {
  return call[0].is_nothing() ? Value{} : Value{std::ceil(call[0].number)};
}

Value round(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  return Value{rounded(call[0].number, call[1].is_number() ? call[1].number : 0)};
}

Value sqrt(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  if (call[0].number < 0) throw not_in_range("D3060", call[0]);
  return Value{std::sqrt(call[0].number)};
}

Value power(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  const double exponent = call[1].is_number() ? call[1].number : std::nan("");
  double result = std::pow(call[0].number, exponent);
  // JavaScript differs from C here.
  if (std::isnan(exponent)) result = std::nan("");
  if (std::abs(call[0].number) == 1 && std::isinf(exponent)) result = std::nan("");
  if (std::isfinite(result)) return Value{result};
  Thrown thrown = not_in_range("D3061", call[0]);
  thrown.value2 = shown_json(call[1]);
  throw thrown;
}

Value random(const NativeCall& call) {
  Entropy* entropy = call.evaluator.env().entropy;
  if (entropy != nullptr) return Value{next_fraction(*entropy)};
  SeededEntropy fixed{0};
  return Value{next_fraction(fixed)};
}

Value format_number(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  NumberPictureOptions options;
  for (const ObjectMember& member : members_of(call.evaluator.arena(), call[2])) {
    options.set(member.name, call.evaluator.text_of(member.value));
  }
  const std::string_view picture = call[1].is_string() ? call[1].text() : std::string_view{};
  return call.evaluator.text_value(format_number_picture(call[0].number, picture, options));
}

Value format_base(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  const double base = call[1].is_number() ? rounded(call[1].number, 0) : 10;
  if (base < 2 || base > 36) throw not_in_range("D3100", Value{base});
  return call.evaluator.text_value(
      number_text_in_base(rounded(call[0].number, 0), static_cast<int>(base)));
}

}  // namespace

std::vector<Builtin> number_functions() {
  return {
      {"sum", "<a<n>:n>", 1, sum},
      {"count", "<a:n>", 1, count},
      {"max", "<a<n>:n>", 1, max},
      {"min", "<a<n>:n>", 1, min},
      {"average", "<a<n>:n>", 1, average},
      {"number", "<(nsb)-:n>", 1, number},
      {"abs", "<n-:n>", 1, abs},
      {"floor", "<n-:n>", 1, floor},
      {"ceil", "<n-:n>", 1, ceil},
      {"round", "<n-n?:n>", 2, round},
      {"sqrt", "<n-:n>", 1, sqrt},
      {"power", "<n-n:n>", 2, power},
      {"random", "<:n>", 0, random},
      {"formatNumber", "<n-so?:s>", 3, format_number},
      {"formatBase", "<n-n?:s>", 2, format_base},
  };
}

}  // namespace presso::jsonata
