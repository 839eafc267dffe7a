#include "lang/jsonata/number_picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "lang/jsonata/errors.h"
#include "lang/jsonata/rounding.h"
#include "lang/jsonata/text.h"

namespace presso::jsonata {

namespace {

using Options = NumberPictureOptions;
using Text = std::u16string;
using View = std::u16string_view;
constexpr std::size_t kMissing = Text::npos;

// One half of a picture, cut into its parts.
struct Parts {
  Text subpicture;
  Text prefix;
  Text suffix;
  Text active;
  Text mantissa;
  Text integer;
  Text fraction;
  Text exponent;
  bool has_exponent = false;
};

// What a half asks for.
struct Picture {
  Text subpicture;
  Text prefix;
  Text suffix;
  std::vector<std::size_t> integer_groups;
  std::vector<std::size_t> fraction_groups;
  std::size_t regular_group = 0;
  std::size_t min_integer = 0;
  std::size_t scaling = 0;
  std::size_t min_fraction = 0;
  std::size_t max_fraction = 0;
  std::size_t min_exponent = 0;
};

class Characters {
 public:
  explicit Characters(const Options& options) : options_{options} {
    zero_ = options.zero_digit.empty() ? u'0' : options.zero_digit[0];
  }

  [[nodiscard]] bool is_family(char16_t c) const { return c >= zero_ && c < zero_ + 10; }
  [[nodiscard]] bool is_digit(char16_t c) const {
    return is_family(c) || View{&c, 1} == options_.digit;
  }
  [[nodiscard]] bool is_active(char16_t c) const {
    if (is_family(c)) return true;
    const View text{&c, 1};
    return text == options_.decimal_separator || text == options_.exponent_separator ||
           text == options_.grouping_separator || text == options_.digit ||
           text == options_.pattern_separator;
  }
  [[nodiscard]] std::size_t count_family(View text) const {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [&](char16_t c) { return is_family(c); }));
  }
  [[nodiscard]] std::size_t count_digits(View text) const {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [&](char16_t c) { return is_digit(c); }));
  }
  [[nodiscard]] char16_t digit(char value) const {
    return static_cast<char16_t>(zero_ + (value - '0'));
  }
  [[nodiscard]] char16_t zero() const { return zero_; }

 private:
  const Options& options_;
  char16_t zero_;
};

Parts split(const Text& subpicture, const Options& options, const Characters& characters) {
  Parts parts;
  parts.subpicture = subpicture;
  const auto is_edge = [&](char16_t c) {
    return characters.is_active(c) && View{&c, 1} != options.exponent_separator;
  };
  const auto first = std::find_if(subpicture.begin(), subpicture.end(), is_edge);
  if (first != subpicture.end()) {
    const auto last = std::find_if(subpicture.rbegin(), subpicture.rend(), is_edge);
    parts.prefix.assign(subpicture.begin(), first);
    parts.suffix.assign(last.base(), subpicture.end());
  }
  const std::size_t active_end = subpicture.size() - parts.suffix.size();
  parts.active = subpicture.substr(parts.prefix.size(), active_end - parts.prefix.size());
  const std::size_t exponent = subpicture.find(options.exponent_separator, parts.prefix.size());
  if (exponent == kMissing || exponent > active_end) {
    parts.mantissa = parts.active;
  } else {
    // The reference counts this position from the start of the picture, prefix and all.
    parts.mantissa = parts.active.substr(0, exponent);
    parts.exponent =
        exponent + 1 <= parts.active.size() ? parts.active.substr(exponent + 1) : Text{};
    parts.has_exponent = true;
  }
  const std::size_t point = parts.mantissa.find(options.decimal_separator);
  if (point == kMissing) {
    parts.integer = parts.mantissa;
    parts.fraction = parts.suffix;
  } else {
    parts.integer = parts.mantissa.substr(0, point);
    parts.fraction = parts.mantissa.substr(point + 1);
  }
  return parts;
}

bool is_twice(const Text& text, const Text& part) { return text.find(part) != text.rfind(part); }

bool has(const Text& text, const Text& part) { return text.find(part) != kMissing; }

// A separator for groups beside the decimal point, or at the end where there is none.
std::string_view misplaced_group(const Parts& parts, const Options& options) {
  const Text& picture = parts.subpicture;
  const std::size_t point = picture.find(options.decimal_separator);
  const auto is_group = [&](std::size_t at) {
    return at < picture.size() && View{picture}.substr(at, 1) == options.grouping_separator;
  };
  if (point != kMissing) {
    return is_group(point - 1) || is_group(point + 1) ? "D3087" : "";
  }
  const bool ends_so =
      !parts.integer.empty() &&
      View{parts.integer}.substr(parts.integer.size() - 1) == options.grouping_separator;
  return ends_so ? "D3088" : "";
}

// The last rule that is broken wins, as in the reference.
void validate(const Parts& parts, const Options& options, const Characters& characters) {
  std::string_view error;
  const auto rule = [&](bool is_broken, std::string_view code) {
    if (is_broken) error = code;
  };
  const Text& picture = parts.subpicture;
  rule(is_twice(picture, options.decimal_separator), "D3081");
  rule(is_twice(picture, options.percent), "D3082");
  rule(is_twice(picture, options.per_mille), "D3083");
  rule(has(picture, options.percent) && has(picture, options.per_mille), "D3084");
  rule(characters.count_digits(parts.mantissa) == 0, "D3085");
  rule(!std::all_of(parts.active.begin(), parts.active.end(),
                    [&](char16_t c) { return characters.is_active(c); }),
       "D3086");
  const std::string_view group = misplaced_group(parts, options);
  rule(!group.empty(), group);
  rule(has(picture, options.grouping_separator + options.grouping_separator), "D3089");
  const std::size_t optional = parts.integer.find(options.digit);
  rule(optional != kMissing && characters.count_family(View{parts.integer}.substr(0, optional)) > 0,
       "D3090");
  const std::size_t last = parts.fraction.rfind(options.digit);
  rule(last != kMissing && characters.count_family(View{parts.fraction}.substr(last)) > 0, "D3091");
  const bool is_scaled = has(picture, options.percent) || has(picture, options.per_mille);
  rule(parts.has_exponent && !parts.exponent.empty() && is_scaled, "D3092");
  rule(parts.has_exponent && (parts.exponent.empty() ||
                              characters.count_family(parts.exponent) != parts.exponent.size()),
       "D3093");
  if (!error.empty()) throw failure(error);
}

// How many digits stand right (or, for the fraction, left) of each separator.
std::vector<std::size_t> groups_of(const Text& part, const Parts& parts, bool is_fraction,
                                   const Options& options, const Characters& characters) {
  std::vector<std::size_t> positions;
  std::size_t at = part.find(options.grouping_separator);
  while (at != kMissing) {
    const View rest = is_fraction ? View{part}.substr(0, std::min(at, part.size()))
                                  : View{part}.substr(std::min(at, part.size()));
    positions.push_back(characters.count_digits(rest));
    // The reference looks on in the integer part, whichever part it is in.
    at = parts.integer.find(options.grouping_separator, at + 1);
  }
  return positions;
}

std::size_t regular_group(const std::vector<std::size_t>& positions) {
  if (positions.empty()) return 0;
  std::size_t factor = positions[0];
  for (const std::size_t position : positions) factor = std::gcd(factor, position);
  for (std::size_t i = 1; i <= positions.size(); ++i) {
    if (std::find(positions.begin(), positions.end(), i * factor) == positions.end()) return 0;
  }
  return factor;
}

Picture analyse(const Parts& parts, const Options& options, const Characters& characters) {
  Picture picture;
  picture.subpicture = parts.subpicture;
  picture.prefix = parts.prefix;
  picture.suffix = parts.suffix;
  picture.integer_groups = groups_of(parts.integer, parts, false, options, characters);
  picture.fraction_groups = groups_of(parts.fraction, parts, true, options, characters);
  picture.regular_group = regular_group(picture.integer_groups);
  picture.min_integer = characters.count_family(parts.integer);
  picture.scaling = picture.min_integer;
  picture.min_fraction = characters.count_family(parts.fraction);
  picture.max_fraction = characters.count_digits(parts.fraction);
  if (picture.min_integer == 0 && picture.max_fraction == 0) {
    if (parts.has_exponent) {
      picture.min_fraction = 1;
      picture.max_fraction = 1;
    } else {
      picture.min_integer = 1;
    }
  }
  if (parts.has_exponent && picture.min_integer == 0 && has(parts.integer, options.digit)) {
    picture.min_integer = 1;
  }
  if (picture.min_integer == 0 && picture.min_fraction == 0) picture.min_fraction = 1;
  if (parts.has_exponent) picture.min_exponent = characters.count_family(parts.exponent);
  return picture;
}

Text digits_of(double value, std::size_t decimals, const Characters& characters) {
  Text text;
  for (const char c :
       fixed_text(std::abs(value), static_cast<int>(std::min<std::size_t>(decimals, 100)))) {
    text += c >= '0' && c <= '9' ? characters.digit(c) : static_cast<char16_t>(c);
  }
  return text;
}

// The mantissa between 10^(n-1) and 10^n for n digits, and what it was divided by.
std::pair<double, double> scaled(double value, std::size_t digits) {
  const double most = std::pow(10, static_cast<double>(digits));
  const double least = std::pow(10, static_cast<double>(digits) - 1);
  double exponent = 0;
  if (value == 0 || !std::isfinite(value)) return {value, 0};
  while (std::abs(value) < least) {
    value *= 10;
    exponent -= 1;
  }
  while (std::abs(value) > most) {
    value /= 10;
    exponent += 1;
  }
  return {value, exponent};
}

void insert_groups(Text& text, const Picture& picture, const Options& options) {
  const Text& separator = options.grouping_separator;
  const auto insert = [&](double at) {
    const auto size = static_cast<double>(text.size());
    if (at < 0) at = std::max(0.0, size + at);
    text.insert(static_cast<std::size_t>(std::min(at, size)), separator);
  };
  std::size_t point = text.find(options.decimal_separator);
  if (picture.regular_group > 0) {
    const std::size_t count = point == 0 ? 0 : (point - 1) / picture.regular_group;
    for (std::size_t i = 1; i <= count; ++i)
      text.insert(point - i * picture.regular_group, separator);
  } else {
    for (const std::size_t position : picture.integer_groups) {
      insert(static_cast<double>(point) - static_cast<double>(position));
      ++point;
    }
  }
  point = text.find(options.decimal_separator);
  for (const std::size_t position : picture.fraction_groups) {
    insert(static_cast<double>(position + point + 1));
  }
}

Text mantissa_text(double value, const Picture& picture, const Options& options,
                   const Characters& characters) {
  Text text = digits_of(value, picture.max_fraction, characters);
  const std::size_t dot = text.find(u'.');
  if (dot == kMissing) {
    text += options.decimal_separator;
  } else {
    text.replace(dot, 1, options.decimal_separator);
  }
  const char16_t zero = characters.zero();
  text.erase(0, std::min(text.find_first_not_of(zero), text.size()));
  while (!text.empty() && text.back() == zero) text.pop_back();
  std::size_t point = text.find(options.decimal_separator);
  if (point < picture.min_integer) text.insert(0, picture.min_integer - point, zero);
  point = text.find(options.decimal_separator);
  const std::size_t decimals = text.size() - point - 1;
  if (decimals < picture.min_fraction) text.append(picture.min_fraction - decimals, zero);
  insert_groups(text, picture, options);
  point = text.find(options.decimal_separator);
  if (!has(picture.subpicture, options.decimal_separator) || point == text.size() - 1) {
    text.pop_back();
  }
  return text;
}

std::vector<Text> split_halves(const Text& picture, const Text& separator) {
  std::vector<Text> halves;
  std::size_t from = 0;
  while (!separator.empty()) {
    const std::size_t at = picture.find(separator, from);
    if (at == kMissing) break;
    halves.push_back(picture.substr(from, at - from));
    from = at + separator.size();
  }
  halves.push_back(picture.substr(from));
  return halves;
}

}  // namespace

void NumberPictureOptions::set(std::string_view name, std::string_view value) {
  const std::array<std::pair<std::string_view, std::u16string*>, 9> names = {{
      {"decimal-separator", &decimal_separator},
      {"grouping-separator", &grouping_separator},
      {"exponent-separator", &exponent_separator},
      {"minus-sign", &minus_sign},
      {"percent", &percent},
      {"per-mille", &per_mille},
      {"zero-digit", &zero_digit},
      {"digit", &digit},
      {"pattern-separator", &pattern_separator},
  }};
  for (const auto& [known, member] : names) {
    if (known == name) *member = to_utf16(value);
  }
}

std::string format_number_picture(double value, std::string_view picture,
                                  const NumberPictureOptions& options) {
  const Characters characters{options};
  const std::vector<Text> halves = split_halves(to_utf16(picture), options.pattern_separator);
  if (halves.size() > 2) throw failure("D3080");
  std::vector<Parts> parts;
  for (const Text& half : halves) parts.push_back(split(half, options, characters));
  for (const Parts& part : parts) validate(part, options, characters);
  std::vector<Picture> pictures;
  for (const Parts& part : parts) pictures.push_back(analyse(part, options, characters));
  if (pictures.size() == 1) {
    pictures.push_back(pictures[0]);
    pictures[1].prefix = options.minus_sign + pictures[1].prefix;
  }
  const Picture& chosen = pictures[value >= 0 ? 0 : 1];
  double mantissa = value;
  if (has(chosen.subpicture, options.percent)) {
    mantissa *= 100;
  } else if (has(chosen.subpicture, options.per_mille)) {
    mantissa *= 1'000;
  }
  double exponent = 0;
  if (chosen.min_exponent > 0) std::tie(mantissa, exponent) = scaled(mantissa, chosen.scaling);
  const double shown = rounded(mantissa, static_cast<double>(chosen.max_fraction));
  Text text = mantissa_text(shown, chosen, options, characters);
  if (chosen.min_exponent > 0) {
    Text digits = digits_of(exponent, 0, characters);
    if (digits.size() < chosen.min_exponent) {
      digits.insert(0, chosen.min_exponent - digits.size(), characters.zero());
    }
    text += options.exponent_separator + (exponent < 0 ? options.minus_sign : Text{}) + digits;
  }
  return from_utf16(chosen.prefix + text + chosen.suffix);
}

}  // namespace presso::jsonata
