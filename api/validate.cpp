#include "api/validate.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <string>
#include <vector>

#include "api/decode.h"
#include "api/limits.h"
#include "base/json.h"
#include "base/text.h"

namespace presso::api {
namespace {

// AWS: names inside messages begin in lower case, whatever the request's spelling.
std::string shown_name(std::string_view name) {
  std::string shown{name};
  if (!shown.empty())
    shown[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(name[0])));
  return shown;
}

std::string enum_text(const Constraint& constraint) {
  std::string text = "Member must satisfy enum value set: [";
  for (std::size_t i = 0; i < constraint.values.size(); ++i) {
    if (i > 0) text += ", ";
    text += constraint.values[i];
  }
  return text + "]";
}
std::string pattern_text(const Constraint& constraint) {
  return "Member must satisfy regular expression pattern: " + std::string{constraint.pattern->text};
}
std::string bound_text(std::string_view what, std::string_view relation, std::int64_t bound) {
  return "Member must have " + std::string{what} + " " + std::string{relation} +
         " than or equal to " + std::to_string(bound);
}

std::string_view measured(Kind kind) {
  return kind == Kind::Integer || kind == Kind::Number ? "value" : "length";
}

// A text's length in UTF-16 units, as Java counts; a list's; a number itself.
double measure(const Json& value, Kind kind) {
  switch (kind) {
    case Kind::Text: return static_cast<double>(utf16_length(value.get_ref<const std::string&>()));
    case Kind::Integer:
    case Kind::Number: return value.get<double>();
    case Kind::List:
    case Kind::Map: return static_cast<double>(value.size());
    case Kind::Boolean:
    case Kind::Time:
    case Kind::Structure:
    case Kind::Document: break;
  }
  return 0;
}

// Which of its own constraints a value breaks, in AWS's order.
std::vector<std::string> broken(const Json& value, Kind kind, const Constraint& constraint) {
  std::vector<std::string> texts;
  const std::string* text = as_string(&value);
  if (constraint.pattern != nullptr && text != nullptr && !constraint.pattern->matches(*text)) {
    texts.push_back(pattern_text(constraint));
  }
  if (constraint.max && measure(value, kind) > static_cast<double>(*constraint.max)) {
    texts.push_back(bound_text(measured(kind), "less", *constraint.max));
  }
  if (constraint.min && measure(value, kind) < static_cast<double>(*constraint.min)) {
    texts.push_back(bound_text(measured(kind), "greater", *constraint.min));
  }
  if (!constraint.values.empty() && text != nullptr &&
      std::find(constraint.values.begin(), constraint.values.end(), *text) ==
          constraint.values.end()) {
    texts.push_back(enum_text(constraint));
  }
  return texts;
}

// All of them, as AWS lists them for the items of a list of texts.
std::string all_texts(Kind kind, const Constraint& constraint) {
  std::vector<std::string> texts;
  if (constraint.max) texts.push_back(bound_text(measured(kind), "less", *constraint.max));
  if (constraint.min) texts.push_back(bound_text(measured(kind), "greater", *constraint.min));
  if (constraint.pattern != nullptr) texts.push_back(pattern_text(constraint));
  if (!constraint.values.empty()) texts.push_back(enum_text(constraint));
  std::string joined;
  for (const std::string& text : texts) joined += (joined.empty() ? "" : ", ") + text;
  return "[" + joined + "]";
}

std::string shown_value(const Json* value, const Type& type);

std::string shown_structure(const Json& value, const Shape& shape) {
  std::string text{shape.name};
  text += "(";
  std::string_view separator;
  for (const Member& member : shape.members) {
    text += separator;
    text += shown_name(member.name) + "=";
    const Json* found = find_member(value, member.name);
    const bool is_hidden = member.constraint.is_sensitive && found != nullptr && !found->is_null();
    text += is_hidden ? "***Sensitive Data***" : shown_value(found, *member.type);
    separator = ", ";
  }
  for (const std::string_view name : shape.unpublished) {
    text += separator;
    text += std::string{name} + "=null";
    separator = ", ";
  }
  return text + ")";
}

// As Java's toString shows it.
std::string shown_value(const Json* value, const Type& type) {
  if (value == nullptr || value->is_null()) return "null";
  if (const std::string* text = as_string(value)) return *text;
  std::string text;
  switch (type.kind) {
    case Kind::Structure: return shown_structure(*value, *type.shape);
    case Kind::List:
      for (const Json& item : *value) {
        text += (text.empty() ? "" : ", ") + shown_value(&item, *type.item);
      }
      return "[" + text + "]";
    case Kind::Map:
      for (const auto& [key, item] : value->items()) {
        text += (text.empty() ? "" : ", ") + key + "=" + shown_value(&item, *type.item);
      }
      return "{" + text + "}";
    case Kind::Time: {
      const auto time = epoch_time(*value);
      return time ? to_iso_milliseconds(*time) : dump_json(*value);
    }
    case Kind::Text:
    case Kind::Boolean:
    case Kind::Integer:
    case Kind::Number:
    case Kind::Document: break;
  }
  return dump_json(*value);
}

// Where a value stands. Its text is made when something is wrong there, which is rare.
struct Place {
  const Place* above = nullptr;
  std::string_view name = {};  // of a member
  std::size_t number = 0;      // of a list's item: 1, 2, …

  [[nodiscard]] std::string text() const {
    std::string shown = above == nullptr ? "" : above->text();
    if (number > 0) return shown + "." + std::to_string(number) + ".member";
    if (name.empty()) return shown;
    return shown.empty() ? shown_name(name) : shown + "." + shown_name(name);
  }
};

class Validation {
 public:
  void check_members(const Json& value, const Shape& shape, const Place& above) {
    for (const Member& member : shape.members) {
      const Place place{.above = &above, .name = member.name};
      const Json* found = find_member(value, member.name);
      if (found != nullptr && !found->is_null()) {
        check(*found, *member.type, member.constraint, place);
      } else if (member.is_required) {
        add_null(place);
      }
    }
  }

  [[nodiscard]] Result<void> result() const {
    if (count_ == 0) return {};
    const std::string noun = count_ == 1 ? " validation error" : " validation errors";
    return Error{"ValidationException", std::to_string(count_) + noun + " detected: " + texts_};
  }

 private:
  void check(const Json& value, const Type& type, const Constraint& constraint,
             const Place& place) {
    for (const std::string& text : broken(value, type.kind, constraint)) {
      add(value, type, constraint, place, text);
    }
    switch (type.kind) {
      case Kind::Structure: check_members(value, *type.shape, place); break;
      case Kind::List: check_list(value, type, constraint, place); break;
      case Kind::Map: check_map(value, type, constraint, place); break;
      case Kind::Text:
      case Kind::Boolean:
      case Kind::Integer:
      case Kind::Number:
      case Kind::Time:
      case Kind::Document: break;
    }
  }

  // AWS: a structure in a list is named by its place ('targets.1.member.id'); a list of texts is
  // refused as a whole, with all that its items must satisfy.
  void check_list(const Json& list, const Type& type, const Constraint& constraint,
                  const Place& place) {
    std::size_t number = 0;
    for (const Json& item : list) {
      const Place item_place{.above = &place, .number = ++number};
      if (item.is_null()) {
        add_null(item_place);
      } else if (type.item->kind == Kind::Structure) {
        check_members(item, *type.item->shape, item_place);
      } else if (constraint.item != nullptr &&
                 !broken(item, type.item->kind, *constraint.item).empty()) {
        add(list, type, constraint, place,
            "Member must satisfy constraint: " + all_texts(type.item->kind, *constraint.item));
        return;
      }
    }
  }

  void check_map(const Json& map, const Type& type, const Constraint& constraint,
                 const Place& place) {
    bool is_key_wrong = false;
    bool is_value_wrong = false;
    for (const auto& [key, item] : map.items()) {
      is_key_wrong |=
          constraint.key != nullptr && !broken(Json(key), Kind::Text, *constraint.key).empty();
      is_value_wrong |= constraint.item != nullptr && !item.is_null() &&
                        !broken(item, type.item->kind, *constraint.item).empty();
    }
    if (is_key_wrong) {
      add(map, type, constraint, place,
          "Map keys must satisfy constraint: " + all_texts(Kind::Text, *constraint.key));
    }
    if (is_value_wrong) {
      add(map, type, constraint, place,
          "Map value must satisfy constraint: " + all_texts(type.item->kind, *constraint.item));
    }
  }

  void add(const Json& value, const Type& type, const Constraint& constraint, const Place& place,
           const std::string& text) {
    const std::string shown =
        constraint.is_sensitive ? "Value" : "Value '" + shown_value(&value, type) + "'";
    add_text(shown + " at '" + place.text() + "' failed to satisfy constraint: " + text);
  }
  void add_null(const Place& place) {
    add_text("Value null at '" + place.text() +
             "' failed to satisfy constraint: Member must not be null");
  }
  void add_text(const std::string& text) {
    if (count_ == kMaxViolations) return;
    texts_ += (count_ == 0 ? "" : "; ") + text;
    ++count_;
  }

  std::size_t count_ = 0;
  std::string texts_;
};

}  // namespace

Result<void> validate(const Json& request, const Shape& shape) {
  Validation validation;
  validation.check_members(request, shape, Place{});
  return validation.result();
}

}  // namespace presso::api
