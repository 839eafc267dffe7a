// What may be wrong with a request, as its shape tells: each member is left out, given another
// type, made too long and too short, and given what it does not list.
#pragma once

#include <cctype>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/field.h"
#include "base/json.h"

namespace presso::test {

// One thing made wrong within a request, and what has to be told of it.
struct Mistake {
  Json request;
  std::string code;
  std::string told;  // within the message
};

class Mistakes {
 public:
  explicit Mistakes(Json valid) : valid_(std::move(valid)) {}

  std::vector<Mistake> of(const api::Shape& shape) {
    structure(shape, "", "");
    return std::move(mistakes_);
  }

 private:
  // `pointer` is where the structure is in the request, `place` how AWS calls that.
  void structure(const api::Shape& shape, const std::string& pointer, const std::string& place) {
    for (const api::Member& member : shape.members) {
      const std::string at = pointer + "/" + std::string{member.name};
      const std::string named = place + in_messages(member.name);
      if (member.is_required) {
        Json without = valid_;
        without.at(Json::json_pointer{pointer}).erase(std::string{member.name});
        add(std::move(without), "ValidationException",
            "Value null at '" + named + "' failed to satisfy constraint: Member must not be null");
      }
      wrong_type(*member.type, at);
      constraint(member, at, named);
      const Json::json_pointer here{at};
      if (!valid_.contains(here)) continue;
      if (member.type->kind == api::Kind::Structure)
        structure(*member.type->shape, at, named + ".");
      const bool is_list = member.type->kind == api::Kind::List;
      if (is_list && member.type->item->kind == api::Kind::Structure && !valid_.at(here).empty()) {
        structure(*member.type->item->shape, at + "/0", named + ".1.member.");
      }
    }
  }

  // AWS: names inside messages begin in lower case.
  static std::string in_messages(std::string_view name) {
    std::string shown{name};
    shown[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(shown[0])));
    return shown;
  }

  void wrong_type(const api::Type& type, const std::string& at) {
    switch (type.kind) {
      case api::Kind::Text:
        set(at, 7, "SerializationException", "NUMBER_VALUE can not be converted to a String");
        set(at, Json::object(), "SerializationException",
            "Start of structure or map found where not expected");
        return;
      case api::Kind::Boolean:
        return set(at, "x", "SerializationException",
                   "STRING_VALUE can not be converted to a Boolean");
      case api::Kind::Integer:
        return set(at, "x", "SerializationException",
                   "STRING_VALUE can not be converted to an Integer");
      case api::Kind::Number:
        return set(at, "x", "SerializationException", "STRING_VALUE can not be converted to a");
      case api::Kind::List: return set(at, "x", "SerializationException", "Expected list or null");
      case api::Kind::Map: return set(at, "x", "SerializationException", "Expected map or null");
      case api::Kind::Structure: return set(at, "x", "SerializationException", "Expected null");
      case api::Kind::Time:
      case api::Kind::Document: return;
    }
  }

  void constraint(const api::Member& member, const std::string& at, const std::string& named) {
    const api::Constraint& rule = member.constraint;
    const std::string where = "at '" + named + "' failed to satisfy constraint: ";
    const auto refuse = [&](Json value, const std::string& told) {
      set(at, std::move(value), "ValidationException", where);
      mistakes_.back().told = told;
    };
    const api::Kind kind = member.type->kind;
    if (kind == api::Kind::Text) {
      if (rule.max) {
        refuse(std::string(static_cast<std::size_t>(*rule.max) + 1, 'x'),
               "Member must have length less than or equal to " + std::to_string(*rule.max));
      }
      if (rule.min && *rule.min > 0) {
        refuse("", "Member must have length greater than or equal to " + std::to_string(*rule.min));
      }
      if (!rule.values.empty()) refuse("Nothing", "Member must satisfy enum value set: [");
    } else if (kind == api::Kind::Integer || kind == api::Kind::Number) {
      if (rule.max) {
        refuse(*rule.max + 1,
               "Member must have value less than or equal to " + std::to_string(*rule.max));
      }
      if (rule.min) {
        refuse(*rule.min - 1,
               "Member must have value greater than or equal to " + std::to_string(*rule.min));
      }
    } else if (kind == api::Kind::List && rule.min && *rule.min > 0) {
      refuse(Json::array(),
             "Member must have length greater than or equal to " + std::to_string(*rule.min));
    }
  }

  void set(const std::string& at, Json value, const std::string& code, const std::string& told) {
    Json with = valid_;
    with[Json::json_pointer{at}] = std::move(value);
    add(std::move(with), code, told);
  }
  void add(Json request, const std::string& code, const std::string& told) {
    mistakes_.push_back({std::move(request), code, told});
  }

  Json valid_;
  std::vector<Mistake> mistakes_;
};

}  // namespace presso::test
