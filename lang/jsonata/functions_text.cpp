// $string, $substring and what else turns strings into strings.
#include <algorithm>
#include <cmath>
#include <string>

#include "base/letter_case.h"
#include "lang/jsonata/evaluate.h"
#include "lang/jsonata/limits.h"
#include "lang/jsonata/text.h"

namespace presso::jsonata {

namespace {

Value string(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  const bool is_pretty = call[1].tag == Tag::Bool && call[1].boolean;
  return Value{call.evaluator.text_of(call[0], is_pretty)};
}

// A position as Array.prototype.slice takes it: whole, from the end when negative, and within.
std::size_t sliced(double position, std::size_t size) {
  position = std::isnan(position) ? 0 : std::trunc(position);
  const auto length = static_cast<double>(size);
  if (position < 0) position = std::max(0.0, length + position);
  return static_cast<std::size_t>(std::min(position, length));
}

Value substring(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  const std::string_view text = call[0].text();
  const std::size_t size = code_point_count(text);
  const auto length = static_cast<double>(size);
  double start = call[1].is_number() ? call[1].number : 0;
  if (length + start < 0) start = 0;
  double end = length;
  if (call[2].is_number()) {
    // In the reference a length from nowhere ends at no number, which is before everything.
    if (call[2].number <= 0 || !call[1].is_number()) return Value{std::string_view{}};
    end = start >= 0 ? start + call[2].number : length + start + call[2].number;
  }
  const std::size_t from = sliced(start, size);
  const std::size_t to = sliced(end, size);
  if (from >= to) return Value{std::string_view{}};
  const std::size_t first = offset_of_code_point(text, from);
  return Value{text.substr(first, offset_of_code_point(text.substr(first), to - from))};
}

// Where a string stands in another; none when it is missing.
std::size_t position_of(const Value& text, const Value& part) {
  return text.text().find(part.is_string() ? part.text() : std::string_view{"undefined"});
}

Value substring_before(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  const std::size_t at = position_of(call[0], call[1]);
  return Value{call[0].text().substr(0, at)};
}

Value substring_after(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  const std::size_t at = position_of(call[0], call[1]);
  if (at == std::string_view::npos) return call[0];
  return Value{call[0].text().substr(std::min<std::size_t>(at + call[1].length, call[0].length))};
}

Value lowercase(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  return call.evaluator.text_value(lower_text(call[0].text()));
}

Value uppercase(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  return call.evaluator.text_value(upper_text(call[0].text()));
}

Value length(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  return Value{static_cast<double>(code_point_count(call[0].text()))};
}

Value trim(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  std::string result;
  bool is_gap = false;
  for (const char c : call[0].text()) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      is_gap = true;
      continue;
    }
    if (is_gap && !result.empty()) result += ' ';
    is_gap = false;
    result += c;
  }
  return call.evaluator.text_value(result);
}

Value pad(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  const std::string_view text = call[0].text();
  const std::string_view filler =
      call[2].is_string() && call[2].length > 0 ? call[2].text() : std::string_view{" "};
  const double width = call[1].is_number() ? std::trunc(call[1].number) : 0;
  const double missing = std::abs(width) - static_cast<double>(code_point_count(text));
  if (!(missing > 0)) return call[0];
  if (missing > static_cast<double>(kMaxBytes)) throw over_limit("memory");
  const auto count = static_cast<std::size_t>(missing);
  call.evaluator.spend(count / 16);
  const std::size_t filler_size = code_point_count(filler);
  std::string padding;
  for (std::size_t i = 0; i < count / filler_size; ++i) append_text(padding, filler);
  append_text(padding, filler.substr(0, offset_of_code_point(filler, count % filler_size)));
  Arena& arena = call.evaluator.arena();
  const std::string_view made = arena.copy(padding);
  return Value{width > 0 ? joined(arena, text, made) : joined(arena, made, text)};
}

Value join(const NativeCall& call) {
  if (call[0].is_nothing()) return {};
  const std::string_view separator = call[1].is_string() ? call[1].text() : std::string_view{};
  const Items items{call[0]};
  std::string result;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Value item = items[i];
    call.evaluator.spend(1 + item.length / 256);
    if (i > 0) append_text(result, separator);
    if (item.is_string()) append_text(result, item.text());
    if (result.size() > kMaxBytes) throw over_limit("memory");
  }
  return call.evaluator.text_value(result);
}

}  // namespace

std::vector<Builtin> text_functions() {
  return {
      {"string", "<x-b?:s>", 1, string},
      {"substring", "<s-nn?:s>", 3, substring},
      {"substringBefore", "<s-s:s>", 2, substring_before},
      {"substringAfter", "<s-s:s>", 2, substring_after},
      {"lowercase", "<s-:s>", 1, lowercase},
      {"uppercase", "<s-:s>", 1, uppercase},
      {"length", "<s-:n>", 1, length},
      {"trim", "<s-:s>", 1, trim},
      {"pad", "<s-ns?:s>", 3, pad},
      {"join", "<a<s>s?:s>", 2, join},
  };
}

}  // namespace presso::jsonata
