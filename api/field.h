// A shape is a plain struct and the list of its members with their constraints:
//
//   struct Tag {
//     std::optional<std::string> key;
//     static constexpr std::string_view kName = "Tag";
//     static constexpr auto fields() { return std::tuple{field("key", &Tag::key, kTagKey)}; }
//   };
//
// A member that is no std::optional is required. From the list come decode<S> and encode<S>, and
// `kShape<S>`: the same as a table that can be walked at run time, for validate, for the conversion
// of a task's parameters and for the comparison with the service's model.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "api/pattern.h"
#include "base/json.h"
#include "base/time.h"

namespace presso::api {

struct Constraint {
  std::optional<std::int64_t> min = {};  // of a text's or list's length, of a number's value
  std::optional<std::int64_t> max = {};
  const Pattern* pattern = nullptr;
  std::span<const std::string_view> values = {};  // the only ones, if there are any
  const Constraint* item = nullptr;               // of a list's items, of a map's values
  const Constraint* key = nullptr;                // of a map's keys
  bool is_sensitive = false;                      // its value is not shown in errors
};

template <class S, class T>
struct Field {
  std::string_view name;
  T S::*member;
  Constraint constraint;
};
template <class S, class T>
constexpr Field<S, T> field(std::string_view name, T S::*member, Constraint constraint = {}) {
  return {name, member, constraint};
}

enum class Kind { Text, Boolean, Integer, Number, Time, List, Map, Structure, Document };

struct Shape;

struct Type {
  Kind kind = Kind::Document;
  const Shape* shape = nullptr;  // of a Structure
  const Type* item = nullptr;    // of a List's items, of a Map's values
};

struct Member {
  std::string_view name;
  bool is_required = false;
  const Type* type = nullptr;
  Constraint constraint;
};

struct Shape {
  std::string_view name;  // empty for requests and answers
  std::span<const Member> members;
  // Members that the service has and its model does not show: they are seen where it prints a
  // value.
  std::span<const std::string_view> unpublished;
};

template <class S>
struct ShapeOf {
  static const Shape value;
};

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;
template <class T>
inline constexpr bool kIsList = false;
template <class T>
inline constexpr bool kIsList<std::vector<T>> = true;
template <class T>
inline constexpr bool kIsMap = false;
template <class T>
inline constexpr bool kIsMap<std::map<std::string, T>> = true;

template <class T>
constexpr Type make_type();
template <class T>
inline constexpr Type kType = make_type<T>();

template <class T>
constexpr Type make_type() {
  if constexpr (kIsOptional<T>) {
    return make_type<typename T::value_type>();
  } else if constexpr (std::is_same_v<T, std::string>) {
    return {.kind = Kind::Text};
  } else if constexpr (std::is_same_v<T, bool>) {
    return {.kind = Kind::Boolean};
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    return {.kind = Kind::Integer};
  } else if constexpr (std::is_same_v<T, double>) {
    return {.kind = Kind::Number};
  } else if constexpr (std::is_same_v<T, Time>) {
    return {.kind = Kind::Time};
  } else if constexpr (std::is_same_v<T, Json>) {
    return {.kind = Kind::Document};
  } else if constexpr (kIsList<T>) {
    return {.kind = Kind::List, .shape = nullptr, .item = &kType<typename T::value_type>};
  } else if constexpr (kIsMap<T>) {
    return {.kind = Kind::Map, .shape = nullptr, .item = &kType<typename T::mapped_type>};
  } else {
    return {.kind = Kind::Structure, .shape = &ShapeOf<T>::value};
  }
}

// The list, made when this is compiled.
template <class S>
inline constexpr auto kFields = S::fields();

template <class S>
constexpr auto make_members() {
  return std::apply(
      []<class... T>(const Field<S, T>&... field) {
        return std::array<Member, sizeof...(T)>{
            Member{field.name, !kIsOptional<T>, &kType<T>, field.constraint}...};
      },
      kFields<S>);
}
template <class S>
inline constexpr auto kMembers = make_members<S>();

template <class S>
constexpr Shape make_shape() {
  Shape shape{{}, kMembers<S>, {}};
  if constexpr (requires { S::kName; }) shape.name = S::kName;
  if constexpr (requires { S::kUnpublished; }) shape.unpublished = S::kUnpublished;
  return shape;
}
template <class S>
constexpr Shape ShapeOf<S>::value = make_shape<S>();
template <class S>
inline constexpr const Shape& kShape = ShapeOf<S>::value;

// A request or an answer without members.
struct Nothing {
  static constexpr auto fields() { return std::tuple{}; }
};

}  // namespace presso::api
