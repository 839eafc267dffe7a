// What checks a text against a model's regular expression, written as code: classes of characters,
// and pieces taken off the front. For the tables of patterns alone.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace presso::api {

constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }
constexpr bool is_alphanumeric(char c) { return is_letter(c) || is_digit(c); }
constexpr bool is_word(char c) { return is_alphanumeric(c) || c == '_'; }
constexpr bool is_word_or_dash(char c) { return is_word(c) || c == '-'; }
constexpr bool is_name(char c) { return is_word_or_dash(c) || c == '.'; }
constexpr bool is_control(char c) { return static_cast<unsigned char>(c) <= 0x1F || c == '\x7F'; }

template <class Predicate>
bool all(std::string_view text, Predicate predicate) {
  return std::all_of(text.begin(), text.end(), predicate);
}
template <class Predicate>
bool some_and_all(std::string_view text, Predicate predicate) {
  return !text.empty() && all(text, predicate);
}

// Takes the longest run of `predicate` off the front.
template <class Predicate>
std::string_view take(std::string_view& text, Predicate predicate) {
  const auto end = std::find_if_not(text.begin(), text.end(), predicate);
  const auto run = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(run.size());
  return run;
}
// Takes `prefix` off the front; false, and nothing taken, when it is not there.
inline bool take_text(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace presso::api
