// What one evaluation has left to spend. Shared by a path and everything nested in it, so that many
// small parts cannot cost more than one large whole.
#pragma once

#include <cstddef>

#include "base/json.h"
#include "lang/jsonpath/limits.h"

namespace presso::jsonpath {

// The length of `value` as JSON text, roughly, counted up to `limit`.
[[nodiscard]] std::size_t rough_size(const Json& value, std::size_t limit);

class Budget {
 public:
  // Each is false when it cannot be paid for; from then on everything is.
  [[nodiscard]] bool visit();
  [[nodiscard]] bool copy(const Json& value);
  [[nodiscard]] bool copy_bytes(std::size_t bytes);
  [[nodiscard]] bool enter();
  void leave() { ++calls_; }
  void spend_all() { is_spent_ = true; }

  [[nodiscard]] bool is_spent() const { return is_spent_; }

 private:
  std::size_t visits_ = kMaxVisits;
  std::size_t bytes_ = kMaxCopiedBytes;
  std::size_t calls_ = kMaxCalls;
  bool is_spent_ = false;
};

}  // namespace presso::jsonpath
