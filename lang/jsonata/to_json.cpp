#include "lang/jsonata/to_json.h"

#include <span>
#include <string>

#include "lang/jsonata/errors.h"
#include "lang/jsonata/limits.h"
#include "lang/jsonata/scope.h"
#include "lang/jsonata/text.h"

namespace presso::jsonata {

namespace {

class JsonWriter {
 public:
  explicit JsonWriter(const std::function<void(std::size_t)>& spend) : spend_{spend} {}

  Json write(const Value& value, std::size_t depth) {
    if (depth > kMaxValueDepth) throw over_limit("nesting");
    spend_(1);
    switch (value.tag) {
      case Tag::Unbound:
      case Tag::Nothing:
      case Tag::Null:
      case Tag::Function: return nullptr;
      case Tag::Bool: return value.boolean;
      case Tag::Number: return json_number(value.number);
      case Tag::String: spend_(value.length / kBytesAsOne); return std::string{value.text()};
      case Tag::JsonArray:
      case Tag::JsonObject: charge(*value.json); return *value.json;
      case Tag::Array: return write_array(*value.array, depth);
      case Tag::Object: return write_members({value.object->members, value.object->size}, depth);
      case Tag::Tuple: return write_tuple(*value.tuple, depth);
    }
    return nullptr;
  }

 private:
  void charge(const Json& json) {
    spend_(1);
    if (const auto* text = json.get_ptr<const std::string*>(); text != nullptr) {
      spend_(text->size() / kBytesAsOne);
    } else if (json.is_array()) {
      for (const Json& item : json) charge(item);
    } else if (json.is_object()) {
      for (const auto& [name, member] : json.get_ref<const Json::object_t&>()) charge(member);
    }
  }

  Json write_array(const Array& array, std::size_t depth) {
    Json result = Json::array();
    result.get_ref<Json::array_t&>().reserve(array.size);
    for (const Value& item : array.view()) result.push_back(write(item, depth + 1));
    return result;
  }

  Json write_members(std::span<const ObjectMember> members, std::size_t depth) {
    Json result = Json::object();
    auto& object = result.get_ref<Json::object_t&>();
    object.reserve(members.size());
    for (const ObjectMember& member : members) {
      if (member.value.is_nothing() || member.value.is_function()) continue;
      object.emplace(std::string{member.name}, write(member.value, depth + 1));
    }
    return result;
  }

  Json write_tuple(const Frame& tuple, std::size_t depth) {
    Json result = Json::object();
    if (!tuple.context.is_nothing()) result["@"] = write(tuple.context, depth + 1);
    for (std::size_t i = 0; i < tuple.names->names.size(); ++i) {
      const Value& slot = tuple.slots[i];
      if (slot.tag == Tag::Unbound || slot.is_nothing() || slot.is_function()) continue;
      result[tuple.names->names[i]] = write(slot, depth + 1);
    }
    return result;
  }

  const std::function<void(std::size_t)>& spend_;
};

}  // namespace

Json to_json(const Value& value, const std::function<void(std::size_t)>& spend) {
  return JsonWriter{spend}.write(value, 0);
}

Json shown_json(const Value& value) {
  constexpr std::size_t kShown = 1'000;
  std::size_t left = kShown;
  const std::function<void(std::size_t)> spend = [&](std::size_t cost) {
    if (cost > left) throw over_limit("nesting");
    left -= cost;
  };
  try {
    return to_json(value, spend);
  } catch (const Thrown&) {
    return nullptr;
  }
}

}  // namespace presso::jsonata
