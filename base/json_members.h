// Members of an object that may be there, by name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/json.h"

namespace presso {

// The text; nothing when the member is absent or no text.
[[nodiscard]] inline std::optional<std::string> text_if(const Json& object, std::string_view name) {
  const std::string* text = as_string(find_member(object, name));
  return text == nullptr ? std::nullopt : std::optional{*text};
}

// The text; an empty one when the member is absent or no text.
[[nodiscard]] inline std::string text_at(const Json& object, std::string_view name) {
  const std::string* text = as_string(find_member(object, name));
  return text == nullptr ? std::string{} : *text;
}

// The whole number of type `Number`; nothing when the member is absent, no such number, or negative
// where the type is not.
template <class Number>
[[nodiscard]] std::optional<Number> number_if(const Json& object, std::string_view name) {
  const Json* member = find_member(object, name);
  if (member == nullptr || !member->is_number_integer()) return std::nullopt;
  if (std::is_unsigned_v<Number> && !member->is_number_unsigned()) return std::nullopt;
  return member->get<Number>();
}

}  // namespace presso
