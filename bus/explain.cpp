#include "bus/explain.h"

#include "bus/flatten.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace presso::bus {
namespace {

constexpr std::string_view kOr = "$or";

using Path = std::vector<std::string>;

std::string joined(const Path& path) {
  std::string text;
  for (const std::string& name : path) text += (text.empty() ? "" : ".") + name;
  return text;
}

// {"a": {"b": inner}} for the path a.b
Json nested(const Path& path, Json inner) {
  for (auto name = path.rbegin(); name != path.rend(); ++name) {
    Json outer = Json::object();
    outer[*name] = std::move(inner);
    inner = std::move(outer);
  }
  return inner;
}

bool is_matched(const Path& path, const Json& inner, const Json& event) {
  auto pattern = Pattern::compile(dump_json(nested(path, inner)));
  return pattern && pattern->matches(event);
}

// All values at the path, through the elements of arrays.
void collect(const Json& at, const Path& path, std::size_t depth, Json& found) {
  if (at.is_array()) {
    for (const Json& element : at) collect(element, path, depth, found);
  } else if (depth == path.size()) {
    found.push_back(at);
  } else if (const Json* member = find_member(at, path[depth])) {
    collect(*member, path, depth + 1, found);
  }
}

class Explanation {
 public:
  explicit Explanation(const Json& event) : event_(event) {}

  // The fields of one object of a pattern, each with its verdict.
  Json fields_of(const Json& pattern, const Path& path) {
    Json fields = Json::array();
    for (const auto& [name, inner] : pattern.items()) {
      if (is_or(name, inner)) {
        fields.push_back(alternatives(inner, path));
        continue;
      }
      Path deeper = path;
      deeper.push_back(name);
      if (inner.is_object()) {
        for (Json& field : fields_of(inner, deeper)) fields.push_back(std::move(field));
      } else {
        fields.push_back(field(inner, deeper));
      }
    }
    return fields;
  }

 private:
  static bool is_or(const std::string& name, const Json& inner) {
    return name == kOr && inner.is_array() && inner.size() > 1 &&
           std::all_of(inner.begin(), inner.end(), [](const Json& one) { return one.is_object(); });
  }

  Json field(const Json& expected, const Path& path) {
    Json found = Json::array();
    collect(event_, path, 0, found);
    Json field{{"field", joined(path)}, {"expected", expected}};
    if (!found.empty()) field["found"] = std::move(found);
    field["matched"] = is_matched(path, expected, event_);
    return field;
  }

  Json alternatives(const Json& list, const Path& path) {
    Json any = Json::array();
    bool is_any_matched = false;
    for (const Json& one : list) {
      const bool is_this_matched = is_matched(path, one, event_);
      is_any_matched = is_any_matched || is_this_matched;
      any.push_back(Json{{"matched", is_this_matched}, {"fields", fields_of(one, path)}});
    }
    Path place = path;
    place.emplace_back(kOr);
    return Json{{"field", joined(place)}, {"anyOf", std::move(any)}, {"matched", is_any_matched}};
  }

  const Json& event_;
};

}  // namespace

Json explain(const Pattern& pattern, const Json& event) {
  const auto text = parse_json(pattern.text());
  Json fields = text ? Explanation{event}.fields_of(*text, {}) : Json::array();
  const bool is_whole_matched = pattern.matches(event);
  const bool is_each_matched = std::all_of(fields.begin(), fields.end(), [](const Json& field) {
    return find_member(field, "matched")->get<bool>();
  });
  Json explanation{{"matched", is_whole_matched}};
  if (!is_whole_matched && is_each_matched) {
    explanation["reason"] =
        "Each field matches, but not in the same element of the event's arrays.";
  }
  explanation["fields"] = std::move(fields);
  return explanation;
}

}  // namespace presso::bus
