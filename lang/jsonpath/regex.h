// The regular expressions of filters (`=~`), with PCRE2 in place of java.util.regex: the two agree
// on what people write. A match covers the whole text, and gives up at the bounds of limits.h.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"

struct pcre2_real_code_8;

namespace presso::jsonpath {

class Regex {
 public:
  enum class Match { Yes, No, TooCostly };

  // `flags` are those of Jayway: d i m s u x U. Fails with code "InvalidPath".
  [[nodiscard]] static Result<Regex> compile(std::string_view pattern, std::string_view flags);

  [[nodiscard]] Match matches(std::string_view text) const;

 private:
  explicit Regex(std::shared_ptr<const pcre2_real_code_8> code) : code_(std::move(code)) {}

  std::shared_ptr<const pcre2_real_code_8> code_;
};

}  // namespace presso::jsonpath
