// The matches of a pattern in a text, one after the other: of a regular expression directly, of any
// other function through the objects that matchers answer with.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/jsonata/evaluate.h"
#include "lang/jsonata/regex.h"

namespace presso::jsonata {

struct TextMatch {
  Value object;  // what a function given to $replace sees
  std::u16string_view match;
  double start = 0;  // in UTF-16 code units
  double end = 0;
  std::vector<Value> groups;
};

class Matches {
 public:
  // `text` outlives this.
  Matches(Evaluator& evaluator, std::u16string_view units, std::string_view text, Value pattern);

  // Throws D1004 when a match after the first is empty, T1010 when the pattern does not answer as a
  // matcher does.
  [[nodiscard]] std::optional<TextMatch> next();

 private:
  [[nodiscard]] std::optional<TextMatch> next_of_regex();
  [[nodiscard]] std::optional<TextMatch> next_of_function();

  Evaluator& evaluator_;
  std::u16string_view units_;
  std::string_view text_;
  Value pattern_;
  const Node* node_ = nullptr;  // of a regular expression
  std::size_t from_ = 0;
  bool is_first_ = true;
  bool is_over_ = false;
};

}  // namespace presso::jsonata
