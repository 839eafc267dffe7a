#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "lang/intrinsics/functions.h"
#include "lang/intrinsics/limits.h"

namespace presso::intrinsics {

namespace {

const Json::array_t* items_of(const Value& value) {
  return value.get().get_ptr<const Json::array_t*>();
}

// A text that two values share exactly when they are equal: members sorted, 1.0 as 1.
void append_key(std::string& key, const Json& value) {
  if (const auto* items = value.get_ptr<const Json::array_t*>()) {
    key += '[';
    for (const Json& item : *items) {
      append_key(key, item);
      key += ',';
    }
    key += ']';
  } else if (const auto* members = value.get_ptr<const Json::object_t*>()) {
    std::vector<const Json::object_t::value_type*> sorted;
    for (const auto& member : *members) sorted.push_back(&member);
    std::sort(sorted.begin(), sorted.end(),
              [](const auto* left, const auto* right) { return left->first < right->first; });
    key += '{';
    for (const auto* member : sorted) {
      key += dump_json(Json(member->first)) + ":";
      append_key(key, member->second);
      key += ',';
    }
    key += '}';
  } else if (value.is_number_float() && std::abs(value.get<double>()) < 9.0e15 &&
             value.get<double>() == std::floor(value.get<double>())) {
    key += std::to_string(static_cast<std::int64_t>(value.get<double>()));
  } else {
    key += dump_json(value);
  }
}

}  // namespace

std::optional<Json> array(std::span<Value> arguments, const Env&) {
  Json items = Json::array();
  for (Value& argument : arguments) items.push_back(std::move(argument).take());
  return items;
}

std::optional<Json> array_partition(std::span<Value> arguments, const Env&) {
  const auto* items = items_of(arguments[0]);
  const auto size = to_integer(arguments[1].get());
  if (items == nullptr || !size || *size <= 0) return std::nullopt;
  Json chunks = Json::array();
  for (const Json& item : *items) {
    const bool is_full =
        !chunks.empty() && chunks.back().size() == static_cast<std::uint64_t>(*size);
    if (chunks.empty() || is_full) chunks.push_back(Json::array());
    chunks.back().push_back(item);
  }
  return chunks;
}

std::optional<Json> array_contains(std::span<Value> arguments, const Env&) {
  const auto* items = items_of(arguments[0]);
  if (items == nullptr) return std::nullopt;
  return Json(std::find(items->begin(), items->end(), arguments[1].get()) != items->end());
}

std::optional<Json> array_range(std::span<Value> arguments, const Env&) {
  const auto first = to_int32(arguments[0].get());
  const auto last = to_int32(arguments[1].get());
  const auto step = to_int32(arguments[2].get());
  if (!first || !last || !step || *step == 0) return std::nullopt;
  Json items = Json::array();
  for (std::int64_t i = *first; *step > 0 ? i <= *last : i >= *last; i += *step) {
    if (items.size() == kMaxRange) return std::nullopt;
    items.push_back(i);
  }
  return items;
}

std::optional<Json> array_get_item(std::span<Value> arguments, const Env&) {
  const auto* items = items_of(arguments[0]);
  const auto index = to_integer(arguments[1].get());
  if (items == nullptr || !index || *index < 0) return std::nullopt;
  if (static_cast<std::uint64_t>(*index) >= items->size()) return std::nullopt;
  return (*items)[static_cast<std::size_t>(*index)];
}

std::optional<Json> array_length(std::span<Value> arguments, const Env&) {
  const auto* items = items_of(arguments[0]);
  if (items == nullptr) return std::nullopt;
  return Json(items->size());
}

std::optional<Json> array_unique(std::span<Value> arguments, const Env&) {
  const auto* items = items_of(arguments[0]);
  if (items == nullptr) return std::nullopt;
  Json unique = Json::array();
  std::set<std::string> seen;
  for (const Json& item : *items) {
    std::string key;
    append_key(key, item);
    if (seen.insert(std::move(key)).second) unique.push_back(item);
  }
  return unique;
}

}  // namespace presso::intrinsics
