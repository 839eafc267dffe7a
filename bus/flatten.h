// Fields: an event taken apart into its values, each under the names that lead to it, joined by
// dots, and with its place in the event's arrays.
//
//   {"a": [{"b": 1}, {"b": 2}]}   a.b: 1 in the first element, a.b: 2 in the second
//
// A Fields may refer to the event's text, which must stay as long as it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_fwd.h"
#include "bus/clause.h"
#include "bus/event.h"

namespace presso::bus {

// An element of an array that itself holds fields. AWS: a plain element has no place of its own; it
// belongs to where its array stands.
struct ArrayElement {
  std::uint32_t parent = 0;  // the element around the array; 0 is the event itself
  std::uint32_t array = 0;   // arrays are numbered through the event
  std::uint32_t index = 0;
};

struct FieldValue {
  Value value;
  std::uint32_t element = 0;
};

class Fields {
 public:
  [[nodiscard]] static Fields of(const Json& event);
  // The numbers as they are written: 1e3 is not 1000 to a pattern that cannot compare it.
  [[nodiscard]] static Fields of(const Event& event);
  // `text` is a valid JSON object.
  [[nodiscard]] static Fields of_text(std::string_view text);

  // Null when the event has no such field. Values are in the event's order.
  [[nodiscard]] const std::vector<FieldValue>* find(std::string_view path) const;
  // The first is the event itself, and has no parent.
  [[nodiscard]] const std::vector<ArrayElement>& elements() const { return elements_; }

 private:
  friend class Flattener;

  std::map<std::string, std::vector<FieldValue>, std::less<>> by_path_;
  std::vector<ArrayElement> elements_{{}};
  std::deque<std::string> texts_;  // of values that are not in the event's text as they are
};

}  // namespace presso::bus
