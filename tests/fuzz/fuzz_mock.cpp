// Mock rules as /_presso/mocks takes them. What is read says the same when it is read again, as
// after a restart.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "base/json.h"
#include "engine/core/mock_rule.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace presso;
  const auto json = parse_json({reinterpret_cast<const char*>(data), size});
  if (!json || !json->is_array()) return 0;
  const core::CallWords words = [](const std::string&) {
    return Result<core::CallMatch>{[](const core::MockableCall&) { return true; }};
  };
  const auto parsed = core::parse_mock_rules(*json, words);
  if (const auto* mistake = std::get_if<core::MockMistake>(&parsed)) {
    PRESSO_ASSERT(!to_string(*mistake).empty());
    PRESSO_ASSERT(mistake->index < json->size());
    return 0;
  }
  for (const core::MockRule& rule : std::get<std::vector<core::MockRule>>(parsed)) {
    PRESSO_ASSERT(!rule.id.empty());
    PRESSO_ASSERT(rule.first <= rule.last);
    const auto again = core::parse_mock_rule(rule.source, words);
    const auto* same = std::get_if<core::MockRule>(&again);
    PRESSO_ASSERT(same != nullptr);
    PRESSO_ASSERT(same->id == rule.id);
    PRESSO_ASSERT(same->latency == rule.latency);
  }
  return 0;
}
