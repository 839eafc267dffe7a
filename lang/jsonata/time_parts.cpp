#include "lang/jsonata/time_parts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "lang/jsonata/errors.h"
#include "lang/jsonata/text.h"

namespace presso::jsonata {

namespace {

using Text = std::u16string;
using View = std::u16string_view;

constexpr View kWithInteger = u"YMDdFWwXxHhmsf";

// What a marker without a presentation is shown as.
View default_presentation(char16_t component) {
  if (View{u"YMDdWwXxHhf"}.find(component) != View::npos) return u"1";
  if (View{u"FPCE"}.find(component) != View::npos) return u"n";
  if (component == u'm' || component == u's') return u"01";
  return component == u'Z' || component == u'z' ? u"01:01" : u"";
}

bool is_blank(char16_t c) {
  return c == u' ' || (c >= u'\t' && c <= u'\r') || c == 0xA0 || c == 0xFEFF || c == 0x2028 ||
         c == 0x2029 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

// JavaScript's parseInt, none for `*` and for what is no number.
std::optional<double> width_of(View text) {
  double value = 0;
  std::size_t digits = 0;
  while (digits < text.size() && text[digits] >= u'0' && text[digits] <= u'9') {
    value = value * 10 + (text[digits++] - u'0');
  }
  if (digits == 0) return std::nullopt;
  return value;
}

struct Widths {
  std::optional<double> min;
  std::optional<double> max;
};

Widths widths_of(View text) {
  const std::size_t dash = text.find(u'-');
  if (dash == View::npos) return {width_of(text), std::nullopt};
  return {width_of(text.substr(0, dash)), width_of(text.substr(dash + 1))};
}

struct Presentation {
  Text first;
  char16_t second = u'\0';
};

Presentation presentation_of(View text, char16_t component) {
  if (text.empty()) return {Text{default_presentation(component)}};
  const char16_t last = text.back();
  if (text.size() > 1 && View{u"atco"}.find(last) != View::npos) {
    return {Text{text.substr(0, text.size() - 1)}, last};
  }
  return {Text{text}};
}

void set_integer(TimePart& part, const Presentation& presentation, const Widths& widths) {
  Text pattern = presentation.first;
  if (presentation.second != u'\0') pattern += Text{u';'} + presentation.second;
  IntegerPicture picture = analyse_integer_picture(pattern);
  if (widths.min && picture.mandatory_digits < *widths.min) picture.mandatory_digits = *widths.min;
  if (part.component == u'Y') {
    const double digits = picture.mandatory_digits + picture.optional_digits;
    if (widths.max) {
      part.year_digits = *widths.max;
      picture.mandatory_digits = *widths.max;
    } else if (digits >= 2) {
      part.year_digits = digits;
    }
  }
  part.integer = std::move(picture);
}

TimePart marker_of(View inside) {
  Text marker;
  for (const char16_t c : inside) {
    if (!is_blank(c)) marker += c;
  }
  TimePart part;
  part.component = marker.empty() ? u'\0' : marker[0];
  const std::size_t comma = marker.rfind(u',');
  Widths widths;
  if (comma != Text::npos) widths = widths_of(View{marker}.substr(comma + 1));
  part.max_width = widths.max;
  const std::size_t end = comma == Text::npos ? marker.size() : comma;
  const View modifiers = end > 1 ? View{marker}.substr(1, end - 1) : View{};
  const Presentation presentation = presentation_of(modifiers, part.component);
  if (presentation.first.empty()) {
    Thrown thrown = failure("D3132");
    thrown.value = Json(from_utf16(View{marker}.substr(0, 1)));
    throw thrown;
  }
  part.is_zero_z = presentation.second == u't';
  if (presentation.first[0] == u'n') {
    part.names = TimePart::Names::Lower;
  } else if (presentation.first[0] == u'N') {
    const bool is_title = presentation.first.size() > 1 && presentation.first[1] == u'n';
    part.names = is_title ? TimePart::Names::Title : TimePart::Names::Upper;
  } else if (kWithInteger.find(part.component) != View::npos && part.component != u'\0') {
    set_integer(part, presentation, widths);
  }
  if (part.component == u'Z' || part.component == u'z') {
    part.integer = analyse_integer_picture(presentation.first);
  }
  return part;
}

}  // namespace

std::vector<TimePart> analyse_time_picture(std::u16string_view picture) {
  std::vector<TimePart> parts;
  parts.reserve(2 * static_cast<std::size_t>(std::count(picture.begin(), picture.end(), u'[')) + 1);
  const auto add_literal = [&](View text) {
    if (text.empty()) return;
    TimePart part;
    part.is_literal = true;
    for (std::size_t i = 0; i < text.size(); ++i) {
      part.literal += text[i];
      if (text.substr(i).starts_with(u"]]")) ++i;
    }
    parts.push_back(std::move(part));
  };
  std::size_t start = 0;
  std::size_t at = 0;
  while (at < picture.size()) {
    if (picture[at] != u'[') {
      ++at;
      continue;
    }
    add_literal(picture.substr(start, at - start));
    if (at + 1 < picture.size() && picture[at + 1] == u'[') {
      add_literal(u"[");
      at += 2;
      start = at;
      continue;
    }
    const std::size_t end = picture.find(u']', at);
    if (end == View::npos) throw failure("D3135");
    TimePart part = marker_of(picture.substr(at + 1, end - at - 1));
    const bool has_number = part.integer && part.component != u'Z' && part.component != u'z';
    if (has_number && !parts.empty() && parts.back().integer) {
      // Digits that touch the next marker's are told apart by their number.
      IntegerPicture& previous = *parts.back().integer;
      previous.parse_width = previous.mandatory_digits;
    }
    parts.push_back(std::move(part));
    at = end + 1;
    start = at;
  }
  add_literal(picture.substr(start));
  return parts;
}

}  // namespace presso::jsonata
