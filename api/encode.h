// Shape → JSON, as a value or as text. Absent members are left out; times become seconds since the
// epoch with a fraction.
#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "api/field.h"
#include "base/json.h"
#include "base/json_text.h"
#include "base/time.h"

namespace presso::api {

template <class T>
[[nodiscard]] Json encode(const T& value) {
  constexpr Kind kind = kType<T>.kind;
  if constexpr (kIsOptional<T>) {
    return value ? encode(*value) : Json();
  } else if constexpr (kind == Kind::Time) {
    return to_epoch_seconds(value);
  } else if constexpr (kind == Kind::List) {
    Json list = Json::array();
    for (const auto& item : value) list.push_back(encode(item));
    return list;
  } else if constexpr (kind == Kind::Map) {
    Json map = Json::object();
    for (const auto& [key, item] : value) map[key] = encode(item);
    return map;
  } else if constexpr (kind == Kind::Structure) {
    Json object = Json::object();
    const auto encode_one = [&]<class F>(const F& field) {
      const auto& member = value.*field.member;
      if constexpr (kIsOptional<std::remove_cvref_t<decltype(member)>>) {
        if (!member) return;
      }
      object[std::string{field.name}] = encode(member);
    };
    std::apply([&](const auto&... field) { (encode_one(field), ...); }, kFields<T>);
    return object;
  } else {
    return Json(value);
  }
}

template <class T>
void append_encoded(std::string& text, const T& value);

template <class S>
void append_members(std::string& text, const S& shape) {
  bool is_first = true;
  const auto append_one = [&]<class F>(const F& field) {
    const auto& member = shape.*field.member;
    if constexpr (kIsOptional<std::remove_cvref_t<decltype(member)>>) {
      if (!member) return;
    }
    text.append(is_first ? "\"" : ",\"").append(field.name).append("\":");
    is_first = false;
    append_encoded(text, member);
  };
  text.push_back('{');
  std::apply([&](const auto&... field) { (append_one(field), ...); }, kFields<S>);
  text.push_back('}');
}

template <class T>
void append_encoded(std::string& text, const T& value) {
  constexpr Kind kind = kType<T>.kind;
  if constexpr (kIsOptional<T>) {
    append_encoded(text, *value);
  } else if constexpr (kind == Kind::Text) {
    append_json_string(text, value);
  } else if constexpr (kind == Kind::Boolean) {
    text.append(value ? "true" : "false");
  } else if constexpr (kind == Kind::Integer) {
    text.append(std::to_string(value));
  } else if constexpr (kind == Kind::List) {
    text.push_back('[');
    for (const auto& item : value) {
      if (text.back() != '[') text.push_back(',');
      append_encoded(text, item);
    }
    text.push_back(']');
  } else if constexpr (kind == Kind::Structure) {
    append_members(text, value);
  } else {
    text.append(dump_json(encode(value)));
  }
}

// dump_json(encode(value)), without making the value first.
template <class T>
[[nodiscard]] std::string encode_text(const T& value) {
  std::string text;
  append_encoded(text, value);
  return text;
}

}  // namespace presso::api
