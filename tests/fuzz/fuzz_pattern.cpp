// The first line is a pattern, the rest an event. Compiles, matches, and compares with the index.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "base/json.h"
#include "bus/event.h"
#include "bus/flatten.h"
#include "bus/limits.h"
#include "bus/pattern.h"
#include "bus/rule_index.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace presso;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const std::size_t line_end = text.find('\n');
  const auto pattern = bus::Pattern::compile(text.substr(0, line_end));
  if (!pattern || line_end == std::string_view::npos) return 0;
  const std::string_view event = text.substr(line_end + 1);
  const auto parsed = parse_json(event, bus::kMaxDetailDepth);
  if (!parsed || !parsed->is_object()) return 0;
  bus::RuleIndex index;
  index.add({1}, *pattern);
  const bool matches = pattern->matches(bus::Fields::of_text(event));
  PRESSO_ASSERT(index.match_text(event).empty() != matches);
  PRESSO_ASSERT(index.match(*parsed).empty() != pattern->matches(*parsed));
  const auto compact = parse_json(bus::compact_json_text(event), bus::kMaxDetailDepth);
  PRESSO_ASSERT(compact && *compact == *parsed);
  return 0;
}
