// What a path may cost. A path comes from a user's definition and its document from whoever starts
// an execution, so both are hostile until shown otherwise.
#pragma once

#include <cstddef>

namespace presso::jsonpath {

// JSON is parsed to 256 levels, so a longer path has nothing more to find.
inline constexpr std::size_t kMaxSteps = 256;
// Parentheses, filters within filters, and paths within functions.
inline constexpr std::size_t kMaxNesting = 200;
// Calls on the stack while evaluating: steps, levels of a deep scan and nested filters together.
inline constexpr std::size_t kMaxCalls = 1'500;
// Values looked at in one evaluation. State data holds at most 262,144 bytes, so that `$..*` sees
// some 130,000; a scan of a scan of a scan meets the bound.
inline constexpr std::size_t kMaxVisits = 1'000'000;
// Bytes copied into results, as JSON text roughly; 64 times the largest state data.
inline constexpr std::size_t kMaxCopiedBytes = 16'777'216;
// Steps of PCRE2's matcher, and kilobytes of its heap, for one text.
inline constexpr unsigned kMaxMatchSteps = 200'000;
inline constexpr unsigned kMaxMatchHeapKib = 4'096;

}  // namespace presso::jsonpath
