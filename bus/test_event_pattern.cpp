#include "bus/test_event_pattern.h"

#include <array>

#include "base/json.h"
#include "bus/flatten.h"
#include "bus/limits.h"
#include "bus/pattern.h"

namespace presso::bus {
namespace {

constexpr std::array<std::string_view, 6> kRequired = {"id",   "account", "source",
                                                       "time", "region",  "detail-type"};

bool is_event(const Json& event) {
  for (const std::string_view name : kRequired) {
    if (find_member(event, name) == nullptr) return false;
  }
  return event.is_object();
}

}  // namespace

Result<bool> test_event_pattern(std::string_view pattern, std::string_view event) {
  const auto parsed = parse_json(event, kMaxDetailDepth);
  if (!parsed || !is_event(*parsed)) {
    return Error{"ValidationException", "Parameter Event is not valid."};
  }
  const auto compiled = Pattern::compile(pattern);
  if (!compiled) return compiled.error();
  return compiled->matches(Fields::of_text(event));
}

}  // namespace presso::bus
