// What an expression may cost. It comes from a user's definition and its data from whoever starts
// an execution, so both are hostile until shown otherwise.
#pragma once

#include <cstddef>

namespace presso::jsonata {

// Brackets, operands and functions within one another when parsed, and in what $eval is given.
inline constexpr std::size_t kMaxNesting = 400;
// Operators in a row (`1+1+1…`), which nest to the left in the tree without recursion in the
// parser.
inline constexpr std::size_t kMaxChain = 2'000;
// Characters of one expression: a definition holds at most 1 MiB.
inline constexpr std::size_t kMaxTextBytes = 1'048'576;
// Nested evaluations. The official suite needs 302 and sets up to 500.
inline constexpr std::size_t kMaxDepth = 512;
// The most a caller may ask for: this many levels still fit on a stack of 8 MiB.
inline constexpr std::size_t kDeepest = 2'500;
// Calls within calls, and arrays within arrays where they are walked.
inline constexpr std::size_t kMaxCalls = 2'500;
// Nodes evaluated and items handled in one evaluation; about a second's work.
inline constexpr std::size_t kMaxSteps = 10'000'000;
// Bytes of text that count as one step where texts are read or written.
inline constexpr std::size_t kBytesAsOne = 256;
// Bytes made in one evaluation, whether or not they are still in use: 1,024 times the largest state
// data.
inline constexpr std::size_t kMaxBytes = 268'435'456;
// Arrays within arrays that an expression makes, when they are written or compared.
inline constexpr std::size_t kMaxValueDepth = 1'000;
// Items of `[a..b]`; the reference's bound (D2014).
inline constexpr double kMaxRange = 10'000'000;
// Steps of PCRE2's matcher, and kilobytes of its heap, for one match.
inline constexpr unsigned kMaxMatchSteps = 1'000'000;
inline constexpr unsigned kMaxMatchHeapKib = 16'384;

}  // namespace presso::jsonata
