// Shape → JSON. Absent members are left out; times become seconds since the epoch with a fraction.
#pragma once

#include <string>
#include <tuple>
#include <utility>

#include "api/field.h"
#include "base/json.h"
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
    std::apply([&](const auto&... field) { (encode_one(field), ...); }, T::fields());
    return object;
  } else {
    return Json(value);
  }
}

}  // namespace presso::api
