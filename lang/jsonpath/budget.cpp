#include "lang/jsonpath/budget.h"

#include <algorithm>

namespace presso::jsonpath {

std::size_t rough_size(const Json& value, std::size_t limit) {
  constexpr std::size_t kScalar = 8;
  if (const auto* text = value.get_ptr<const std::string*>()) return text->size() + kScalar;
  std::size_t size = kScalar;
  if (const auto* items = value.get_ptr<const Json::array_t*>()) {
    for (const Json& item : *items) {
      if (size >= limit) break;
      size += rough_size(item, limit - size);
    }
  } else if (const auto* members = value.get_ptr<const Json::object_t*>()) {
    for (const auto& [name, member] : *members) {
      if (size >= limit) break;
      size += name.size() + kScalar + rough_size(member, limit - size);
    }
  }
  return size;
}

bool Budget::visit() {
  if (visits_ == 0) is_spent_ = true;
  if (is_spent_) return false;
  --visits_;
  return true;
}

bool Budget::copy(const Json& value) { return copy_bytes(rough_size(value, bytes_ + 1)); }

bool Budget::copy_bytes(std::size_t bytes) {
  if (bytes > bytes_) is_spent_ = true;
  if (is_spent_) return false;
  bytes_ -= bytes;
  return true;
}

bool Budget::enter() {
  if (calls_ == 0) is_spent_ = true;
  if (is_spent_) return false;
  --calls_;
  return true;
}

}  // namespace presso::jsonpath
