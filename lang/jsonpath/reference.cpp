// Looked at first and changed after, so that a failure can show the document as it was.
#include "lang/jsonpath/reference.h"

#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/assert.h"
#include "lang/jsonpath/program.h"

namespace presso::jsonpath {

namespace {

// Whether the value can be put there: the path goes through what is there for as long as something
// is, and from then on only through members.
bool fits(const Json& document, const std::vector<Step>& steps) {
  const Json* value = &document;
  for (const Step& step : steps) {
    if (const auto* names = std::get_if<Names>(&step)) {
      if (value != nullptr && !value->is_object()) return false;
      if (value != nullptr) value = find_member(*value, names->names.front());
      continue;
    }
    const auto* items = value == nullptr ? nullptr : value->get_ptr<const Json::array_t*>();
    const auto index = static_cast<std::size_t>(std::get<Indices>(step).indices.front());
    if (items == nullptr || index >= items->size()) return false;
    value = &(*items)[index];
  }
  return true;
}

}  // namespace

Result<Json> place(const Path& reference, Json document, Json value) {
  PRESSO_ASSERT(reference.is_reference());
  const auto& steps = reference.program().steps;
  if (!fits(document, steps)) {
    return Error{
        "States.ResultPathMatchFailure",
        "Unable to apply ReferencePath " + reference.text() + " to input " + dump_json(document)};
  }
  Json* target = &document;
  for (const Step& step : steps) {
    if (const auto* names = std::get_if<Names>(&step)) {
      if (target->is_null()) *target = Json::object();
      target = &target->get_ref<Json::object_t&>()[names->names.front()];
    } else {
      target = &(*target)[static_cast<std::size_t>(std::get<Indices>(step).indices.front())];
    }
  }
  *target = std::move(value);
  return document;
}

std::string pointer_of(const Path& reference) {
  PRESSO_ASSERT(reference.is_reference());
  std::string pointer;
  for (const Step& step : reference.program().steps) {
    pointer += '/';
    const auto* names = std::get_if<Names>(&step);
    if (names == nullptr) {
      pointer += std::to_string(std::get<Indices>(step).indices.front());
      continue;
    }
    for (const char c : names->names.front()) {
      if (c == '~') {
        pointer += "~0";
      } else if (c == '/') {
        pointer += "~1";
      } else {
        pointer += c;
      }
    }
  }
  return pointer;
}

}  // namespace presso::jsonpath
