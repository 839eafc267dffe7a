// Dates and times, and whole numbers by picture.
#include <cmath>

#include "lang/jsonata/calendar.h"
#include "lang/jsonata/evaluate.h"
#include "lang/jsonata/integer_picture.h"
#include "lang/jsonata/text.h"
#include "lang/jsonata/time_picture.h"

namespace presso::jsonata {

namespace {

std::optional<std::string_view> text_or_none(const Value& value) {
  if (!value.is_string()) return std::nullopt;
  return value.text();
}

double now_of(const NativeCall& call) {
  return static_cast<double>(epoch_ms(call.evaluator.env().now));
}

Value now(const NativeCall& call) {
  return call.evaluator.text_value(
      format_time(now_of(call), text_or_none(call[0]), text_or_none(call[1])));
}

Value millis(const NativeCall& call) { return Value{now_of(call)}; }

Value from_millis(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  return call.evaluator.text_value(
      format_time(call[0].number, text_or_none(call[1]), text_or_none(call[2])));
}

Value to_millis(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  const std::string_view text = call[0].text();
  if (call[1].is_string()) {
    const auto parsed = parse_time(text, call[1].text(), now_of(call));
    return parsed ? Value{*parsed} : Value{};
  }
  if (is_iso_timestamp(text)) return Value{parse_iso_timestamp(text)};
  Thrown thrown = failure("D3110");
  thrown.value = Json(std::string{text});
  throw thrown;
}

std::u16string picture_of(const NativeCall& call) {
  return call[1].is_string() ? to_utf16(call[1].text()) : std::u16string{};
}

Value format_integer_value(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  const double value = std::floor(call[0].number);
  return call.evaluator.text_value(
      from_utf16(format_integer(value, analyse_integer_picture(picture_of(call)))));
}

Value parse_integer_value(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  return Value{parse_integer(to_utf16(call[0].text()), analyse_integer_picture(picture_of(call)))};
}

}  // namespace

std::vector<Builtin> time_functions() {
  return {
      {"now", "<s?s?:s>", 2, now},
      {"millis", "<:n>", 0, millis},
      {"fromMillis", "<n-s?s?:s>", 3, from_millis},
      {"toMillis", "<s-s?:n>", 2, to_millis},
      {"formatInteger", "<n-s:s>", 2, format_integer_value},
      {"parseInteger", "<s-s:n>", 2, parse_integer_value},
  };
}

}  // namespace presso::jsonata
