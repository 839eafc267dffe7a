#include "lang/jsonata/time_picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <span>

#include "lang/jsonata/calendar.h"
#include "lang/jsonata/errors.h"
#include "lang/jsonata/regex.h"
#include "lang/jsonata/text.h"
#include "lang/jsonata/time_parts.h"

namespace presso::jsonata {

namespace {

using Text = std::u16string;
using View = std::u16string_view;
using Casing = TimePart::Names;

constexpr std::array<std::string_view, 7> kDays = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                   "Friday", "Saturday", "Sunday"};
constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::string_view kIsoPicture = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]";

struct Offset {
  double hours = 0;
  double minutes = 0;
};

Thrown refused_name(char16_t component) {
  Thrown thrown = failure("D3133");
  thrown.value = Json(from_utf16({&component, 1}));
  return thrown;
}

bool is_month(char16_t component) { return component == u'M' || component == u'x'; }

// Months or days; none for a component that has no names.
std::span<const std::string_view> names_of(char16_t component) {
  if (is_month(component)) return kMonths;
  if (component == u'F') return kDays;
  return {};
}

std::string_view cut(std::string_view name, const std::optional<double>& width) {
  return width ? name.substr(0, static_cast<std::size_t>(std::min(*width, 100.0))) : name;
}

Text named(double value, const TimePart& part) {
  const auto names = names_of(part.component);
  if (names.empty()) throw refused_name(part.component);
  if (!(value >= 1 && value <= static_cast<double>(names.size()))) return u"undefined";
  const std::string_view name = cut(names[static_cast<std::size_t>(value) - 1], part.max_width);
  if (part.names == Casing::Upper) return to_utf16(upper_text(name));
  return to_utf16(part.names == Casing::Lower ? lower_text(name) : std::string{name});
}

Text formatted_offset(const TimePart& part, const Offset& offset) {
  const IntegerPicture& picture = *part.integer;
  const double both = offset.hours * 100 + offset.minutes;
  Text text;
  if (picture.is_regular) {
    text = format_integer(both, picture);
  } else if (picture.mandatory_digits == 1 || picture.mandatory_digits == 2) {
    text = format_integer(offset.hours, picture);
    if (offset.minutes != 0) {
      text += u":" + format_integer(std::floor(offset.minutes), analyse_integer_picture(u"00"));
    }
  } else if (picture.mandatory_digits == 3 || picture.mandatory_digits == 4) {
    text = format_integer(both, picture);
  } else {
    Thrown thrown = failure("D3134");
    thrown.value = Json(picture.mandatory_digits);
    throw thrown;
  }
  if (both >= 0) text.insert(0, u"+");
  if (part.component == u'z') text.insert(0, u"GMT");
  return both == 0 && part.is_zero_z ? u"Z" : text;
}

Text formatted(const TimeFragments& time, const TimePart& part, const Offset& offset) {
  switch (part.component) {
    case u'Z':
    case u'z': return formatted_offset(part, offset);
    case u'P': {
      const bool is_afternoon = time['H'] >= 12;
      if (part.names == Casing::Upper) return is_afternoon ? u"PM" : u"AM";
      return is_afternoon ? u"pm" : u"am";
    }
    case u'C':
    case u'E': return u"ISO";
    default: break;
  }
  if (View{u"YMDdFWwXxHhmsf"}.find(part.component) == View::npos) return u"undefined";
  double value = time[static_cast<char>(part.component)];
  if (part.component == u'Y' && part.year_digits != -1) {
    value = std::fmod(value, std::pow(10, part.year_digits));
  }
  if (part.names != Casing::None && part.component != u'f') return named(value, part);
  if (!part.integer) return u"undefined";
  return format_integer(value, *part.integer);
}

// JavaScript's parseInt of "+0100".
double leading_integer(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0) return std::nan("");
  const double value = number_of(text.substr(0, digits));
  return is_negative ? -value : value;
}

// Parsing.

std::string escaped(View literal) {
  std::string result;
  for (const char c : from_utf16(literal)) {
    if (std::string_view{".*+?^${}()|[]\\"}.find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

std::string separator_of(const TimePart& part) {
  const IntegerPicture& picture = *part.integer;
  return picture.is_regular ? from_utf16(picture.separators[0].character) : std::string{};
}

std::string regex_of(const TimePart& part) {
  if (part.is_literal) return escaped(part.literal);
  if (part.component == u'Z' || part.component == u'z') {
    const std::string separator = separator_of(part);
    const std::string start = part.component == u'z' ? "GMT[-+][0-9]+" : "[-+][0-9]+";
    return separator.empty() ? start : start + separator + "[0-9]+";
  }
  if (part.component == u'f') return "[0-9]+";
  if (part.integer) return integer_regex(*part.integer);
  if (names_of(part.component).empty() && part.component != u'P') {
    throw refused_name(part.component);
  }
  return "[a-zA-Z]+";
}

double parsed_offset(const TimePart& part, std::string text) {
  if (part.component == u'z') text.erase(0, std::min<std::size_t>(3, text.size()));
  const std::string separator = separator_of(part);
  double hours = 0;
  double minutes = 0;
  if (!separator.empty()) {
    const std::size_t at = text.find(separator);
    hours = leading_integer(std::string_view{text}.substr(0, at));
    minutes = at == std::string::npos ? std::nan("") : leading_integer(text.substr(at + 1));
  } else if (text.size() <= 3) {
    hours = leading_integer(text);
  } else {
    hours = leading_integer(text.substr(0, 3));
    minutes = leading_integer(text.substr(3));
  }
  return hours * 60 + minutes;
}

// None: a name that is no name of a month or day.
std::optional<double> parsed_name(const TimePart& part, std::string_view text) {
  if (part.component == u'P') {
    if (text == "am" || text == "AM") return 0;
    if (text == "pm" || text == "PM") return 1;
    return std::nullopt;
  }
  const auto names = names_of(part.component);
  const std::optional<double> width = part.max_width == 0.0 ? std::nullopt : part.max_width;
  for (std::size_t i = names.size(); i-- > 0;) {
    if (cut(names[i], width) == text) return static_cast<double>(i + 1);
  }
  return std::nullopt;
}

std::optional<double> parsed(const TimePart& part, View text) {
  if (part.component == u'Z' || part.component == u'z') {
    return parsed_offset(part, from_utf16(text));
  }
  if (part.component == u'f') {
    return number_of("0." + from_utf16(text.substr(0, 3))) * 1'000;
  }
  if (part.integer) return parse_integer(text, *part.integer);
  return parsed_name(part, from_utf16(text));
}

using Components = std::map<char, double>;

// Which of `names` are there, first to last, as bits; zero counts as absent.
unsigned mask_of(const Components& components, std::string_view names) {
  unsigned mask = 0;
  for (const char name : names) {
    const auto it = components.find(name);
    const bool is_set = it != components.end() && it->second != 0 && !std::isnan(it->second);
    mask = mask * 2 + (is_set ? 1 : 0);
  }
  return mask;
}

// Something of `type` is there, and nothing else.
bool is_type(unsigned mask, unsigned type) { return (~type & mask) == 0 && (type & mask) != 0; }

// Parts larger than the first one given come from now, smaller ones are the least there are; a gap
// between given ones is an error.
void fill_up(Components& components, std::string_view order, double now) {
  bool has_started = false;
  bool has_ended = false;
  for (const char name : order) {
    if (components.contains(name)) {
      has_started = true;
      if (has_ended) throw failure("D3136");
    } else if (has_started) {
      components[name] = name == 'M' || name == 'D' || name == 'd' ? 1 : 0;
      has_ended = true;
    } else {
      components[name] =
          name == 'P' ? (time_fragment(now, 'H') >= 12 ? 1 : 0) : time_fragment(now, name);
    }
  }
}

double instant_of(Components components, double now) {
  // One bit for each of Y X M x W w d D; and of P H h m s f.
  const unsigned date = mask_of(components, "YXMxWwdD");
  const bool is_day_of_year = !is_type(date, 161) && is_type(date, 130);
  const bool is_week_of_month = is_type(date, 84);
  const bool is_week_of_year = !is_week_of_month && is_type(date, 72);
  const unsigned time = mask_of(components, "PHhmsf");
  const bool is_half_day = !is_type(time, 23) && is_type(time, 47);
  std::string order = "YMD";
  if (is_day_of_year) {
    order = "YD";
  } else if (is_week_of_month) {
    order = "XxwF";
  } else if (is_week_of_year) {
    order = "XWF";
  }
  fill_up(components, order + (is_half_day ? "Phmsf" : "Hmsf"), now);
  double& month = components['M'];
  month = month > 0 ? month - 1 : 0;
  if (is_day_of_year) {
    const bool has_day = components.contains('d');
    const double first = date_utc({.year = components['Y']});
    const double days = has_day ? components['d'] - 1 : std::nan("");
    const double derived = first + days * 86'400'000;
    if (std::isnan(derived)) return derived;
    const CivilTime civil = civil_time(derived);
    components['M'] = civil.month;
    components['D'] = civil.day;
  }
  if (is_week_of_month || is_week_of_year) throw failure("D3136");
  if (is_half_day) {
    const double hour = components['h'];
    components['H'] = (hour == 12 ? 0 : hour) + (components['P'] == 1 ? 12 : 0);
  }
  double millis = date_utc({.year = components['Y'],
                            .month = components['M'],
                            .day = components['D'],
                            .hour = components['H'],
                            .minute = components['m'],
                            .second = components['s'],
                            .millisecond = components['f']});
  for (const char zone : {'Z', 'z'}) {
    const auto it = components.find(zone);
    if (it == components.end() || it->second == 0 || std::isnan(it->second)) continue;
    return millis - it->second * 60'000;
  }
  return millis;
}

}  // namespace

std::string format_time(double millis, std::optional<std::string_view> picture,
                        std::optional<std::string_view> timezone) {
  Offset offset;
  if (timezone) {
    const double both = leading_integer(*timezone);
    offset = {std::floor(both / 100), std::fmod(both, 100)};
  }
  const auto parts = analyse_time_picture(to_utf16(picture.value_or(kIsoPicture)));
  const TimeFragments local{millis + (60 * offset.hours + offset.minutes) * 60'000};
  Text result;
  for (const TimePart& part : parts) {
    result += part.is_literal ? part.literal : formatted(local, part, offset);
  }
  return from_utf16(result);
}

std::optional<double> parse_time(std::string_view text, std::string_view picture, double now) {
  const auto parts = analyse_time_picture(to_utf16(picture));
  std::string pattern = "^";
  for (const TimePart& part : parts) pattern += "(" + regex_of(part) + ")";
  const auto regex = Regex::compile(pattern + "$", "i", 0);
  const Text units = to_utf16(text);
  const auto match = regex->find(units, 0);
  if (!match) return std::nullopt;
  Components components;
  bool is_any = false;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].is_literal) continue;
    is_any = true;
    const Regex::Span& span = (*match)[i + 1];
    const auto value = parsed(parts[i], View{units}.substr(span.start, span.end - span.start));
    const char component = static_cast<char>(parts[i].component);
    if (value) {
      components[component] = *value;
    } else {
      components.erase(component);
    }
  }
  if (!is_any) return std::nullopt;
  return instant_of(std::move(components), now);
}

}  // namespace presso::jsonata
