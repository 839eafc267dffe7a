// What patterns compare besides text: numbers, network addresses, wildcards and letters of either
// case, each in the form in which EventBridge compares it.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace presso::bus {

inline constexpr double kMaxComparable = 5e9;

// Integers in the order of the numbers; there is one zero.
[[nodiscard]] constexpr std::int64_t order_key(double number) {
  const auto bits = std::bit_cast<std::int64_t>(number == 0 ? 0.0 : number);
  return bits < 0 ? bits ^ std::numeric_limits<std::int64_t>::max() : bits;
}
// Numbers between -5·10⁹ and 5·10⁹ compare as doubles, which tells any two of six decimals apart.
// `token` is a number as JSON writes it. Fails with the reason in `message`.
[[nodiscard]] Result<std::int64_t> comparable_number(std::string_view token);

// The bytes of an address: four or sixteen. Nothing for any other text.
[[nodiscard]] std::optional<std::string> address_bytes(std::string_view text);

struct AddressRange {
  std::string low;  // both ends included
  std::string high;

  friend bool operator==(const AddressRange&, const AddressRange&) = default;
};
// "10.0.0.0/24". Fails with the reason in `message`.
[[nodiscard]] Result<AddressRange> parse_cidr(std::string_view text);
[[nodiscard]] bool contains(const AddressRange&, std::string_view address);

// The literal texts between the wildcards: one more than there are wildcards.
struct Wildcard {
  std::vector<std::string> segments;

  friend bool operator==(const Wildcard&, const Wildcard&) = default;
};
// `*` stands for any text; \* and \\ for themselves. Fails with the reason in `message`.
[[nodiscard]] Result<Wildcard> parse_wildcard(std::string_view text);
// Time linear in the value, whatever the wildcards.
[[nodiscard]] bool matches(const Wildcard&, std::string_view value);
// In how many places of its wildcards an automaton can be at once, at most.
[[nodiscard]] std::size_t complexity(const std::vector<const Wildcard*>&);

// Each UTF-16 unit of a text in lower and in upper case.
struct FoldedText {
  std::vector<std::array<std::string, 2>> units;

  friend bool operator==(const FoldedText&, const FoldedText&) = default;
};
[[nodiscard]] FoldedText fold(std::string_view text);
// How many bytes at the start (end) of the value the text takes; nothing when it is not there.
[[nodiscard]] std::optional<std::size_t> match_start(const FoldedText&, std::string_view value);
[[nodiscard]] std::optional<std::size_t> match_end(const FoldedText&, std::string_view value);

}  // namespace presso::bus
