#include "lang/jsonpath/java_text.h"

#include <cstdint>
#include <limits>

namespace presso::jsonpath {

namespace {

constexpr std::size_t kLongest = 1'000;

bool fits_int(const Json& number) {
  if (number.is_number_unsigned()) {
    return number.get<std::uint64_t>() <= std::numeric_limits<std::int32_t>::max();
  }
  const auto value = number.get<std::int64_t>();
  return value >= std::numeric_limits<std::int32_t>::min() &&
         value <= std::numeric_limits<std::int32_t>::max();
}

void append(std::string& text, const Json& value) {
  if (text.size() > kLongest) return;
  if (const auto* members = value.get_ptr<const Json::object_t*>()) {
    text += '{';
    for (const auto& [name, member] : *members) {
      if (&name != &members->begin()->first) text += ", ";
      text += name + "=";
      append(text, member);
      if (text.size() > kLongest) return;
    }
    text += '}';
  } else if (const auto* items = value.get_ptr<const Json::array_t*>()) {
    text += '[';
    for (const Json& item : *items) {
      if (&item != items->data()) text += ", ";
      append(text, item);
      if (text.size() > kLongest) return;
    }
    text += ']';
  } else if (const auto* string = as_string(&value)) {
    text += *string;
  } else {
    text += dump_json(value);
  }
}

}  // namespace

std::string java_class_of(const Json& value) {
  if (value.is_null()) return "null";
  if (value.is_string()) return "java.lang.String";
  if (value.is_boolean()) return "java.lang.Boolean";
  if (value.is_array()) return "java.util.ArrayList";
  if (value.is_object()) return "java.util.LinkedHashMap";
  if (value.is_number_float()) return "java.lang.Double";
  return fits_int(value) ? "java.lang.Integer" : "java.lang.Long";
}

std::string java_text_of(const Json& value) {
  std::string text;
  append(text, value);
  return text;
}

}  // namespace presso::jsonpath
