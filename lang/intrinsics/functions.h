// The eighteen functions. Internal to intrinsics.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/json.h"
#include "lang/env.h"

namespace presso::intrinsics {

// An argument's value, borrowed from state data where that is possible.
class Value {
 public:
  explicit Value(const Json* borrowed) : borrowed_(borrowed) {}
  explicit Value(Json owned) : owned_(std::move(owned)) {}

  [[nodiscard]] const Json& get() const { return borrowed_ != nullptr ? *borrowed_ : owned_; }
  // Leaves nothing behind when the value is its own.
  [[nodiscard]] Json take() && { return borrowed_ != nullptr ? *borrowed_ : std::move(owned_); }

 private:
  const Json* borrowed_ = nullptr;
  Json owned_;
};

// One row per function. `run` gives nothing for arguments that it refuses; the service says no more
// than "Invalid arguments in States.X" for all of them.
struct Function {
  std::string_view name;  // "States.Format"
  std::size_t least = 0;
  std::size_t most = 0;
  std::optional<Json> (*run)(std::span<Value>, const Env&) = nullptr;
};

// Null when there is none of that name.
[[nodiscard]] const Function* function_named(std::string_view name);

// Takes the template with its escapes still in it.
inline constexpr std::string_view kFormat = "States.Format";

std::optional<Json> array(std::span<Value>, const Env&);
std::optional<Json> array_partition(std::span<Value>, const Env&);
std::optional<Json> array_contains(std::span<Value>, const Env&);
std::optional<Json> array_range(std::span<Value>, const Env&);
std::optional<Json> array_get_item(std::span<Value>, const Env&);
std::optional<Json> array_length(std::span<Value>, const Env&);
std::optional<Json> array_unique(std::span<Value>, const Env&);
std::optional<Json> format(std::span<Value>, const Env&);
std::optional<Json> string_to_json(std::span<Value>, const Env&);
std::optional<Json> json_to_string(std::span<Value>, const Env&);
std::optional<Json> json_merge(std::span<Value>, const Env&);
std::optional<Json> string_split(std::span<Value>, const Env&);
std::optional<Json> base64_encode_text(std::span<Value>, const Env&);
std::optional<Json> base64_decode_text(std::span<Value>, const Env&);
std::optional<Json> hash(std::span<Value>, const Env&);
std::optional<Json> math_random(std::span<Value>, const Env&);
std::optional<Json> math_add(std::span<Value>, const Env&);
std::optional<Json> uuid(std::span<Value>, const Env&);

// A number as the functions take it: rounded to the nearest integer, halves up. Nothing for other
// values, and for what does not fit.
[[nodiscard]] std::optional<std::int64_t> to_integer(const Json& value);
[[nodiscard]] std::optional<std::int32_t> to_int32(const Json& value);

// Quoted text without its escapes, `\'` `\{` `\}` `\\`; nothing when there is another.
[[nodiscard]] std::optional<std::string> unescaped(std::string_view raw);

}  // namespace presso::intrinsics
