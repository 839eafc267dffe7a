// RuleIndex: which of many patterns does an event match? An event costs its own size and the rules
// it comes close to, not the number of rules, whatever their operators.
//
// The slow obvious way is Pattern::matches on each; tests compare the two.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/json_fwd.h"
#include "bus/event.h"
#include "bus/pattern.h"

namespace presso::bus {

struct RuleKey {
  std::uint64_t value = 0;

  friend constexpr auto operator<=>(RuleKey, RuleKey) = default;
};

class RuleIndex {
 public:
  RuleIndex();
  ~RuleIndex();
  RuleIndex(RuleIndex&&) noexcept;
  RuleIndex& operator=(RuleIndex&&) noexcept;

  // Replaces the pattern of a key that is there.
  void add(RuleKey, Pattern);
  void remove(RuleKey);  // of an unknown key: nothing
  [[nodiscard]] std::size_t size() const;

  // Ascending keys. One match at a time: they share their working memory.
  [[nodiscard]] std::vector<RuleKey> match(const Event&) const;
  [[nodiscard]] std::vector<RuleKey> match(const Json& event) const;
  // `event` is valid JSON, an object.
  [[nodiscard]] std::vector<RuleKey> match_text(std::string_view event) const;

 private:
  struct State;
  class Sink;
  std::unique_ptr<State> state_;
};

}  // namespace presso::bus
