// Regular expressions with JavaScript's syntax and meaning, in bounded time. Text is matched in
// UTF-16 code units, as JavaScript does without its `u` flag: `.` is half of an emoji.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct pcre2_real_code_16;

namespace presso::jsonata {

class Regex {
 public:
  struct Span {
    std::size_t start = 0;
    std::size_t end = 0;
    bool is_set = false;  // a group may take no part in the match
  };
  using Match = std::vector<Span>;  // the whole first, then the groups

  // `flags`: i and m. Throws S0303 at `position`.
  [[nodiscard]] static std::shared_ptr<const Regex> compile(std::string_view pattern,
                                                            std::string_view flags,
                                                            std::size_t position);

  // The first match at or after `from`. Throws U1001 when it takes too long.
  [[nodiscard]] std::optional<Match> find(std::u16string_view text, std::size_t from) const;
  [[nodiscard]] const std::string& pattern() const { return pattern_; }

 private:
  Regex(std::shared_ptr<const pcre2_real_code_16> code, std::string pattern)
      : code_(std::move(code)), pattern_(std::move(pattern)) {}

  std::shared_ptr<const pcre2_real_code_16> code_;
  std::string pattern_;
};

}  // namespace presso::jsonata
