// TextTable: texts to small numbers, each within a scope, found in constant time. Numbers are given
// in the order in which texts come, so nothing depends on where a hash puts them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace presso::bus {

[[nodiscard]] inline std::uint64_t hash_text(std::string_view text) {
  return std::hash<std::string_view>{}(text);
}

// A hash that grows byte by byte, for all beginnings or all endings of a value (FNV-1a).
class GrowingHash {
 public:
  void add(char byte) { value_ = (value_ ^ static_cast<unsigned char>(byte)) * 0x100000001B3U; }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xCBF29CE484222325U;
};

class TextTable {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFFU;

  // One table always gets hashes of one kind.
  [[nodiscard]] std::uint32_t find(std::uint32_t scope, std::string_view text,
                                   std::uint64_t hash) const;
  std::uint32_t insert(std::uint32_t scope, std::string_view text, std::uint64_t hash);
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::uint64_t hash;
    std::uint32_t scope;
    std::string text;
  };

  static std::uint64_t mix(std::uint32_t scope, std::uint64_t hash);
  void grow();

  std::vector<Entry> entries_;
  std::vector<std::uint32_t> slots_;  // open addressing; entry + 1, or 0
};

}  // namespace presso::bus
