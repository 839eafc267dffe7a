// Text to Program. Internal to jsonpath.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "lang/jsonpath/program.h"

namespace presso::jsonpath {

// A path of a state machine: from `$`, `$$` or `$name`.
[[nodiscard]] Result<std::shared_ptr<const Program>> compile_path(std::string_view text);
// A path within a filter or among a function's arguments: from `$` or `@`.
[[nodiscard]] Result<std::shared_ptr<const Program>> compile_nested(std::string_view text,
                                                                    std::size_t nesting);

struct CompiledFilter {
  std::shared_ptr<const Filter> filter;
  std::size_t end = 0;  // position after the closing bracket
  std::string fault;    // see Program::fault
};
// `text` from `begin`, where "[?(" starts.
[[nodiscard]] Result<CompiledFilter> compile_filter(std::string_view text, std::size_t begin,
                                                    std::size_t nesting);

// Where the bracket that opens at `open` closes: the position of its partner, past quoted text and
// regular expressions; npos when it does not.
[[nodiscard]] std::size_t closing_bracket(std::string_view text, std::size_t open);

// A path within other text, from `begin`: its end is the first `,` or `)` outside its brackets, or
// the end of the text.
[[nodiscard]] std::size_t path_end(std::string_view text, std::size_t begin);

}  // namespace presso::jsonpath
