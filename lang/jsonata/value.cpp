#include "lang/jsonata/value.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <limits>

#include "lang/jsonata/errors.h"
#include "lang/jsonata/scope.h"

namespace presso::jsonata {

namespace {

// Below this a linear search wins.
constexpr std::uint32_t kIndexedFrom = 12;

// "0", "7", "4294967294": what JavaScript takes for an index and puts first.
bool is_array_index(std::string_view name) {
  if (name.empty() || name.size() > 10) return false;
  if (name[0] == '0') return name.size() == 1;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!std::all_of(name.begin(), name.end(), is_digit)) return false;
  return name.size() < 10 || name <= "4294967294";
}

bool index_comes_first(const ObjectMember& left, const ObjectMember& right) {
  const bool is_left_index = is_array_index(left.name);
  const bool is_right_index = is_array_index(right.name);
  if (is_left_index != is_right_index) return is_left_index;
  if (!is_left_index) return false;
  if (left.name.size() != right.name.size()) return left.name.size() < right.name.size();
  return left.name < right.name;
}

bool starts_with_digit(std::string_view name) {
  return !name.empty() && name[0] >= '0' && name[0] <= '9';
}

std::uint32_t hash_of(std::string_view name) {
  return static_cast<std::uint32_t>(std::hash<std::string_view>{}(name));
}

Value tuple_member(const Frame& tuple, std::string_view name) {
  if (name == "@") return tuple.context;
  for (std::size_t i = 0; i < tuple.names->names.size(); ++i) {
    if (tuple.names->names[i] == name && tuple.slots[i].tag != Tag::Unbound) return tuple.slots[i];
  }
  return Value{};
}

std::span<const ObjectMember> tuple_members(Arena& arena, const Frame& tuple) {
  auto* members = arena.make_array<ObjectMember>(tuple.names->names.size() + 1);
  std::size_t count = 0;
  members[count++] = ObjectMember{"@", tuple.context};
  for (std::size_t i = 0; i < tuple.names->names.size(); ++i) {
    if (tuple.slots[i].tag == Tag::Unbound) continue;
    members[count++] = ObjectMember{tuple.names->names[i], tuple.slots[i]};
  }
  return {members, count};
}

std::span<const ObjectMember> in_order(ObjectMember* members, std::size_t count) {
  std::stable_sort(members, members + count, index_comes_first);
  return {members, count};
}

}  // namespace

Value Value::of_json(const Json& json) {
  Value value;
  switch (json.type()) {
    case Json::value_t::null: value.tag = Tag::Null; break;
    case Json::value_t::boolean: value = Value{*json.get_ptr<const bool*>()}; break;
    case Json::value_t::number_integer:
      value = Value{static_cast<double>(*json.get_ptr<const Json::number_integer_t*>())};
      break;
    case Json::value_t::number_unsigned:
      value = Value{static_cast<double>(*json.get_ptr<const Json::number_unsigned_t*>())};
      break;
    case Json::value_t::number_float:
      value = Value{*json.get_ptr<const Json::number_float_t*>()};
      break;
    case Json::value_t::string: {
      const std::string& text = *json.get_ptr<const std::string*>();
      value = Value{std::string_view{text}};
      break;
    }
    case Json::value_t::array:
      value.json = &json;
      value.tag = Tag::JsonArray;
      break;
    case Json::value_t::object:
      value.json = &json;
      value.tag = Tag::JsonObject;
      break;
    case Json::value_t::binary:
    case Json::value_t::discarded: break;
  }
  return value;
}

void Array::grow(Arena& arena, std::size_t wanted) {
  const std::size_t doubled = std::max<std::size_t>({wanted, std::size_t{capacity} * 2, 4});
  if (doubled > std::numeric_limits<std::uint32_t>::max()) throw over_limit("memory");
  auto* moved = static_cast<Value*>(arena.allocate(sizeof(Value) * doubled));
  std::uninitialized_copy_n(items, size, moved);
  items = moved;
  capacity = static_cast<std::uint32_t>(doubled);
}

Items::Items(const Value& value) {
  switch (value.tag) {
    case Tag::Array:
      values_ = value.array->items;
      size_ = value.array->size;
      break;
    case Tag::JsonArray: {
      const auto& array = value.json->get_ref<const Json::array_t&>();
      json_ = array.data();
      size_ = array.size();
      break;
    }
    case Tag::Unbound:
    case Tag::Nothing:
    case Tag::Null:
    case Tag::Bool:
    case Tag::Number:
    case Tag::String:
    case Tag::Object:
    case Tag::JsonObject:
    case Tag::Tuple:
    case Tag::Function:
      values_ = &value;
      size_ = 1;
      break;
  }
}

Value* Object::find(std::string_view name) {
  if (slots == nullptr) {
    for (std::uint32_t i = 0; i < size; ++i) {
      if (members[i].name == name) return &members[i].value;
    }
    return nullptr;
  }
  for (std::uint32_t slot = hash_of(name) & (slot_count - 1);;
       slot = (slot + 1) & (slot_count - 1)) {
    if (slots[slot] == 0) return nullptr;
    ObjectMember& candidate = members[slots[slot] - 1];
    if (candidate.name == name) return &candidate.value;
  }
}

void Object::set(Arena& arena, std::string_view name, Value value) {
  if (Value* found = find(name); found != nullptr) {
    *found = value;
  } else {
    add(arena, name, value);
  }
}

void Object::add(Arena& arena, std::string_view name, Value value) {
  if (size == capacity) grow(arena);
  members[size++] = ObjectMember{name, value};
  if (size < kIndexedFrom) return;
  if (size * 2 > slot_count) {
    index_all(arena);
  } else {
    place(size - 1);
  }
}

void Object::remove(Arena& arena, std::string_view name) {
  const Value* found = find(name);
  if (found == nullptr) return;
  auto* at = members;
  while (&at->value != found) ++at;
  std::copy(at + 1, members + size, at);
  --size;
  if (slots != nullptr) index_all(arena);
}

void Object::grow(Arena& arena) {
  const std::size_t doubled = std::max<std::size_t>(4, std::size_t{capacity} * 2);
  if (doubled > std::numeric_limits<std::uint32_t>::max() / 4) throw over_limit("memory");
  auto* moved = static_cast<ObjectMember*>(arena.allocate(sizeof(ObjectMember) * doubled));
  std::uninitialized_copy_n(members, size, moved);
  members = moved;
  capacity = static_cast<std::uint32_t>(doubled);
}

void Object::index_all(Arena& arena) {
  std::uint32_t count = kIndexedFrom;
  while (count < size * 4) count *= 2;
  count = std::uint32_t{1} << (32 - static_cast<unsigned>(__builtin_clz(count - 1)));
  if (count > slot_count) {
    slots = arena.make_array<std::uint32_t>(count);
    slot_count = count;
  } else {
    std::fill_n(slots, slot_count, 0);
  }
  for (std::uint32_t i = 0; i < size; ++i) place(i);
}

void Object::place(std::uint32_t position) {
  std::uint32_t slot = hash_of(members[position].name) & (slot_count - 1);
  while (slots[slot] != 0) slot = (slot + 1) & (slot_count - 1);
  slots[slot] = position + 1;
}

Value member_of(const Value& object, std::string_view name) {
  if (object.tag == Tag::JsonObject) {
    const auto& members = object.json->get_ref<const Json::object_t&>();
    const auto it = members.find(name);
    return it == members.end() ? Value{} : Value::of_json(it->second);
  }
  if (object.tag == Tag::Object) {
    const Value* found = object.object->find(name);
    return found == nullptr ? Value{} : *found;
  }
  if (object.tag == Tag::Tuple) return tuple_member(*object.tuple, name);
  return Value{};
}

std::span<const ObjectMember> members_of(Arena& arena, const Value& object) {
  if (object.tag == Tag::Tuple) return tuple_members(arena, *object.tuple);
  bool has_indices = false;
  if (object.tag == Tag::Object) {
    const Object& it = *object.object;
    for (std::uint32_t i = 0; i < it.size; ++i) {
      has_indices = has_indices || starts_with_digit(it.members[i].name);
    }
    if (!has_indices) return {it.members, it.size};
    auto* members = arena.make_array<ObjectMember>(it.size);
    std::copy_n(it.members, it.size, members);
    return in_order(members, it.size);
  }
  if (object.tag != Tag::JsonObject) return {};
  const auto& json = object.json->get_ref<const Json::object_t&>();
  auto* members = arena.make_array<ObjectMember>(json.size());
  std::size_t count = 0;
  for (const auto& [name, value] : json) {
    members[count++] = ObjectMember{name, Value::of_json(value)};
    has_indices = has_indices || starts_with_digit(name);
  }
  return has_indices ? in_order(members, count) : std::span<const ObjectMember>{members, count};
}

std::size_t member_count(const Value& object) {
  if (object.tag == Tag::Object) return object.object->size;
  if (object.tag == Tag::JsonObject) return object.json->size();
  return object.tag == Tag::Tuple ? 1 : 0;
}

Array* make_sequence(Arena& arena) {
  Array* array = arena.make<Array>();
  array->is_sequence = true;
  return array;
}

}  // namespace presso::jsonata
