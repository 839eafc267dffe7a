// JSON → shape. A member of the wrong type is a SerializationException in the service's words, as
// it refuses a request before it looks at any constraint. Unknown members are ignored, and so are
// nulls; what is required and missing stays empty, for validate to name.
#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <tuple>

#include "api/field.h"
#include "base/json.h"
#include "base/result.h"

namespace presso::api {

// "STRING_VALUE can not be converted to an Integer", …
[[nodiscard]] Error wrong_type(const Json& found, Kind wanted);
// Whole numbers alone, also those written with a fraction of zero.
[[nodiscard]] std::optional<std::int64_t> whole_number(const Json&);
// Seconds since the epoch, with a fraction.
[[nodiscard]] std::optional<Time> epoch_time(const Json&);

template <class T>
[[nodiscard]] Result<void> decode_into(const Json& json, T& value);

template <class S>
[[nodiscard]] Result<void> decode_members(const Json& json, S& shape) {
  if (!json.is_object()) return wrong_type(json, Kind::Structure);
  Result<void> result;
  const auto decode_one = [&](const auto& field) {
    const Json* found = find_member(json, field.name);
    if (found == nullptr || found->is_null()) return true;
    result = decode_into(*found, shape.*field.member);
    return result.has_value();
  };
  std::apply([&](const auto&... field) { (decode_one(field) && ...); }, kFields<S>);
  return result;
}

template <class T>
Result<void> decode_list(const Json& json, T& list) {
  if (!json.is_array()) return wrong_type(json, Kind::List);
  list.reserve(json.size());
  for (const Json& item : json) {
    auto& value = list.emplace_back();
    if (item.is_null()) continue;
    if (auto result = decode_into(item, value); !result) return result;
  }
  return {};
}
template <class T>
Result<void> decode_map(const Json& json, T& map) {
  if (!json.is_object()) return wrong_type(json, Kind::Map);
  for (const auto& [key, item] : json.items()) {
    auto& value = map[key];
    if (item.is_null()) continue;
    if (auto result = decode_into(item, value); !result) return result;
  }
  return {};
}

template <class T>
Result<void> decode_into(const Json& json, T& value) {
  constexpr Kind kind = kType<T>.kind;
  if constexpr (kIsOptional<T>) {
    return decode_into(json, value.emplace());
  } else if constexpr (kind == Kind::Text) {
    if (!json.is_string()) return wrong_type(json, kind);
    value = json.template get_ref<const std::string&>();
  } else if constexpr (kind == Kind::Boolean) {
    if (!json.is_boolean()) return wrong_type(json, kind);
    value = json.template get<bool>();
  } else if constexpr (kind == Kind::Integer) {
    const auto number = whole_number(json);
    if (!number) return wrong_type(json, kind);
    value = *number;
  } else if constexpr (kind == Kind::Number) {
    if (!json.is_number()) return wrong_type(json, kind);
    value = json.template get<double>();
  } else if constexpr (kind == Kind::Time) {
    const auto time = epoch_time(json);
    if (!time) return wrong_type(json, kind);
    value = *time;
  } else if constexpr (kind == Kind::Document) {
    value = json;
  } else if constexpr (kind == Kind::List) {
    return decode_list(json, value);
  } else if constexpr (kind == Kind::Map) {
    return decode_map(json, value);
  } else {
    return decode_members(json, value);
  }
  return {};
}

template <class S>
[[nodiscard]] Result<S> decode(const Json& json) {
  S shape{};
  if (auto result = decode_members(json, shape); !result) return result.error();
  return shape;
}

}  // namespace presso::api
