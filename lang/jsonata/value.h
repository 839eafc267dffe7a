// Value: what expressions compute with. Sixteen bytes, copied freely: scalars stand inline, a
// string is a view, arrays and objects are either the caller's JSON, never copied, or made in the
// evaluation's Arena.
//
// A sequence (what a path yields) is an array with a flag, as in the reference implementation:
// where it is used as a value, none becomes nothing and one becomes its item.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/json.h"
#include "lang/jsonata/arena.h"

namespace presso::jsonata {

struct Array;
struct Object;
struct Function;
struct Frame;
struct Value;

enum class Tag : std::uint8_t {
  Unbound,  // a variable's slot that no `:=` has reached
  Nothing,  // undefined
  Null,
  Bool,
  Number,
  String,
  Array,       // of the arena
  JsonArray,   // of the caller
  Object,      // of the arena
  JsonObject,  // of the caller
  Tuple,       // one row of a tuple stream: a context and the variables bound beside it
  Function,
};

struct Value {
  union {
    double number;
    bool boolean;
    const char* chars;
    Array* array;
    Object* object;
    const Json* json;
    Function* function;
    Frame* tuple;
  };
  std::uint32_t length = 0;  // bytes of a String
  Tag tag = Tag::Nothing;

  Value() : number{0} {}
  explicit Value(double value) : number{value}, tag{Tag::Number} {}
  explicit Value(bool value) : boolean{value}, tag{Tag::Bool} {}
  explicit Value(std::string_view text)
      : chars{text.data()}, length{static_cast<std::uint32_t>(text.size())}, tag{Tag::String} {}
  explicit Value(Array* value) : array{value}, tag{Tag::Array} {}
  explicit Value(Object* value) : object{value}, tag{Tag::Object} {}
  explicit Value(Function* value) : function{value}, tag{Tag::Function} {}
  explicit Value(Frame* value) : tuple{value}, tag{Tag::Tuple} {}
  [[nodiscard]] static Value of_json(const Json&);
  [[nodiscard]] static Value null() { return with_tag(Tag::Null); }
  [[nodiscard]] static Value unbound() { return with_tag(Tag::Unbound); }

  [[nodiscard]] bool is_nothing() const { return tag == Tag::Nothing; }
  [[nodiscard]] bool is_number() const { return tag == Tag::Number; }
  [[nodiscard]] bool is_string() const { return tag == Tag::String; }
  [[nodiscard]] bool is_function() const { return tag == Tag::Function; }
  [[nodiscard]] bool is_array() const { return tag == Tag::Array || tag == Tag::JsonArray; }
  [[nodiscard]] bool is_object() const { return tag == Tag::Object || tag == Tag::JsonObject; }
  [[nodiscard]] bool is_sequence() const;
  [[nodiscard]] bool is_tuple_stream() const;
  [[nodiscard]] std::string_view text() const { return {chars, length}; }

 private:
  [[nodiscard]] static Value with_tag(Tag tag) {
    Value value;
    value.tag = tag;
    return value;
  }
};

// Grows in the arena, which is never given back piece by piece: a list of n items costs 2n.
struct Array {
  Value* items = nullptr;
  std::uint32_t size = 0;
  std::uint32_t capacity = 0;
  bool is_sequence = false;
  bool keeps_singleton = false;  // `[]` was written: one item stays an array
  bool is_constructed = false;   // `[…]` as a path's step: not flattened into the path's result
  bool is_outer = false;         // the wrapper around an input that is an array
  bool is_tuple_stream = false;

  void push(Arena& arena, Value value) {
    if (size == capacity) grow(arena, size + std::size_t{1});
    items[size++] = value;
  }
  void reserve(Arena& arena, std::size_t wanted) {
    if (wanted > capacity) grow(arena, wanted);
  }
  [[nodiscard]] std::span<const Value> view() const { return {items, size}; }

 private:
  void grow(Arena& arena, std::size_t wanted);
};

inline bool Value::is_sequence() const { return tag == Tag::Array && array->is_sequence; }
inline bool Value::is_tuple_stream() const { return tag == Tag::Array && array->is_tuple_stream; }

// The items of any array; of another value, as most of JSONata sees it, the value alone.
class Items {
 public:
  explicit Items(const Value& value);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] Value operator[](std::size_t index) const {
    return json_ == nullptr ? values_[index] : Value::of_json(json_[index]);
  }

 private:
  const Value* values_ = nullptr;
  const Json* json_ = nullptr;
  std::size_t size_ = 0;
};

struct ObjectMember {
  std::string_view name;
  Value value;
};

// Members in order of insertion, found by hash when there are many.
struct Object {
  ObjectMember* members = nullptr;
  std::uint32_t size = 0;
  std::uint32_t capacity = 0;
  std::uint32_t* slots = nullptr;  // open addressing; position + 1
  std::uint32_t slot_count = 0;    // a power of two, or none

  [[nodiscard]] Value* find(std::string_view name);
  void set(Arena& arena, std::string_view name, Value value);
  // Without looking for `name`, which is known to be new.
  void add(Arena& arena, std::string_view name, Value value);
  void remove(Arena& arena, std::string_view name);

 private:
  void grow(Arena& arena);
  void index_all(Arena& arena);
  void place(std::uint32_t position);
};

struct ScopeNames;  // scope.h

// One scope's variables while it runs. A tuple is a frame too: `context` is its item.
struct Frame {
  Frame* parent = nullptr;
  const ScopeNames* names = nullptr;
  Value* slots = nullptr;
  Value context;
};

// A member's value; Nothing when there is none or `object` is no object.
[[nodiscard]] Value member_of(const Value& object, std::string_view name);

// The members of an object or tuple in the order of JavaScript: names that are array indices first,
// ascending, then the others as they came.
[[nodiscard]] std::span<const ObjectMember> members_of(Arena& arena, const Value& object);
[[nodiscard]] std::size_t member_count(const Value& object);

[[nodiscard]] Array* make_sequence(Arena& arena);

}  // namespace presso::jsonata
