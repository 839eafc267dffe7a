#include "bus/json_skip.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "base/entropy.h"

namespace presso::bus {
namespace {

std::size_t skipped(std::string_view text) {
  const char* end = text.data() + text.size();
  const char* fast = skip_container(text.data(), end);
  CHECK(fast == skip_container_slowly(text.data(), end));
  return static_cast<std::size_t>(fast - text.data());
}

// Brackets, strings with brackets, quotes and backslashes in them, and much that is neither.
std::string made(Entropy& entropy, int depth) {
  const bool is_object = next_below(entropy, 2) == 0;
  std::string text{is_object ? '{' : '['};
  for (std::uint64_t left = next_below(entropy, 6); left > 0; --left) {
    if (text.size() > 1) text += ',';
    if (is_object) text += "\"n\":";
    switch (next_below(entropy, depth > 0 ? 5 : 4)) {
      case 0: text += std::string(next_below(entropy, 90), '7'); break;
      case 1:
        text += '"' + std::string(next_below(entropy, 90), "x}]{[,"[next_below(entropy, 6)]) + '"';
        break;
      case 2: text += R"("a\"]\\")"; break;
      case 3: text += '"' + std::string(2 * next_below(entropy, 40), '\\') + '"'; break;
      default: text += made(entropy, depth - 1);
    }
  }
  return text + (is_object ? '}' : ']');
}

}  // namespace

TEST_CASE("a container ends where its bracket closes, not within strings") {
  CHECK(skipped("[]") == 2);
  CHECK(skipped("{},1") == 2);
  CHECK(skipped(R"([{"a":"]"}],)") == 11);
  CHECK(skipped(R"(["\"]"] ])") == 7);
  const std::string long_text =
      "[\"" + std::string(200, ']') + "\",[" + std::string(200, '1') + "]]";
  CHECK(skipped(long_text + "]]]]") == long_text.size());
}

TEST_CASE("escapes and strings may cross the ends of blocks") {
  for (std::size_t before = 0; before < 140; ++before) {
    const std::string text = "[\"" + std::string(before, 'x') + R"(\\\"]}\\",{"a":[1]}])";
    CHECK(skipped(text + std::string(80, ']')) == text.size());
  }
}

TEST_CASE("in blocks and byte by byte is the same for texts of any shape") {
  SeededEntropy entropy{20};
  for (int i = 0; i < 3'000; ++i) {
    const std::string text = made(entropy, 6);
    REQUIRE(skipped(text + std::string(next_below(entropy, 100), '}')) == text.size());
  }
}

}  // namespace presso::bus
