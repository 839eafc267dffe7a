#include "bus/flatten.h"

#include <charconv>

#include "base/text.h"
#include "bus/event_walk.h"

namespace presso::bus {
namespace {

char32_t read_hex4(std::string_view digits) {
  unsigned value = 0;
  (void)std::from_chars(digits.data(), digits.data() + 4, value, 16);
  return value;
}

}  // namespace

std::string unescape_json(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      plain.push_back(text[i]);
      continue;
    }
    switch (text[++i]) {
      case 'b': plain.push_back('\b'); break;
      case 't': plain.push_back('\t'); break;
      case 'n': plain.push_back('\n'); break;
      case 'f': plain.push_back('\f'); break;
      case 'r': plain.push_back('\r'); break;
      case 'u': {
        char32_t c = read_hex4(text.substr(i + 1));
        i += 4;
        if (c >= 0xD800 && c < 0xDC00 && i + 6 < text.size()) {
          c = 0x10000 + ((c - 0xD800) << 10) + (read_hex4(text.substr(i + 3)) - 0xDC00);
          i += 6;
        }
        append_utf8(plain, c);
        break;
      }
      default: plain.push_back(text[i]);
    }
  }
  return plain;
}

class Flattener {
 public:
  explicit Flattener(Fields& fields) : fields_(fields) {}

  bool enter(std::string_view name) {
    ends_.push_back(path_.size());
    if (ends_.size() > 1) path_ += '.';
    path_ += name;
    return true;
  }
  void leave() {
    path_.resize(ends_.back());
    ends_.pop_back();
  }
  void begin_array() { arrays_.push_back(next_array_++); }
  void end_array() { arrays_.pop_back(); }
  void begin_element(std::size_t index) {
    const auto parent = element_;
    element_ = static_cast<std::uint32_t>(fields_.elements_.size());
    fields_.elements_.push_back({parent, arrays_.back(), static_cast<std::uint32_t>(index)});
  }
  void end_element() { element_ = fields_.elements_[element_].parent; }
  void value(std::string_view text) { lasting_value(fields_.texts_.emplace_back(text)); }
  void lasting_value(std::string_view text) {
    fields_.by_path_[path_].push_back({Value{text}, element_});
  }

 private:
  Fields& fields_;
  std::string path_;
  std::vector<std::size_t> ends_;
  std::vector<std::uint32_t> arrays_;
  std::uint32_t next_array_ = 0;
  std::uint32_t element_ = 0;
};

Fields Fields::of(const Json& event) {
  Fields fields;
  Flattener flattener{fields};
  if (event.is_object()) walk_json(event, flattener);
  return fields;
}

Fields Fields::of(const Event& event) {
  Fields fields;
  Flattener flattener{fields};
  walk_event(event, flattener);
  return fields;
}

Fields Fields::of_text(std::string_view text) {
  Fields fields;
  Flattener flattener{fields};
  walk_text(text, flattener);
  return fields;
}

const std::vector<FieldValue>* Fields::find(std::string_view path) const {
  const auto found = by_path_.find(path);
  return found == by_path_.end() ? nullptr : &found->second;
}

}  // namespace presso::bus
