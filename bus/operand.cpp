#include "bus/operand.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <deque>
#include <map>

#include "base/letter_case.h"
#include "base/text.h"
#include "bus/limits.h"

namespace presso::bus {
namespace {

Error refuse(std::string reason) { return {"InvalidEventPatternException", std::move(reason)}; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> ipv4_bytes(std::string_view text) {
  if (text.size() > 15) return std::nullopt;
  std::string bytes;
  for (const std::string_view part : split(text, '.')) {
    int value = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (error != std::errc{} || end != part.data() + part.size() || value > 255) {
      return std::nullopt;
    }
    bytes.push_back(static_cast<char>(value));
  }
  return bytes;
}

// Groups of hexadecimal digits, `::` once for at least one group of zeros.
std::optional<std::string> ipv6_bytes(std::string_view text) {
  std::string bytes;
  std::optional<std::size_t> gap;
  std::size_t i = 0;
  if (text.starts_with("::")) {
    gap = 0;
    i = 2;
  }
  while (i < text.size()) {
    if (hex_value(text[i]) < 0) return std::nullopt;
    unsigned group = 0;
    for (; i < text.size() && text[i] != ':'; ++i) {
      group = group * 16 + static_cast<unsigned>(hex_value(text[i]));
      if (group > 0xFFFF) return std::nullopt;
    }
    bytes.push_back(static_cast<char>(group >> 8));
    bytes.push_back(static_cast<char>(group & 0xFF));
    if (i == text.size()) break;
    if (++i == text.size()) return std::nullopt;
    if (text[i] == ':') {
      if (gap) return std::nullopt;
      gap = bytes.size();
      ++i;
    }
  }
  if (bytes.size() > 16 || (gap ? bytes.size() == 16 : bytes.size() != 16)) return std::nullopt;
  if (gap) bytes.insert(*gap, 16 - bytes.size(), '\0');
  // Java takes an address mapped from version 4 back to its four bytes.
  const bool is_mapped =
      std::all_of(bytes.begin(), bytes.begin() + 10, [](char c) { return c == 0; }) &&
      bytes[10] == '\xFF' && bytes[11] == '\xFF';
  return is_mapped ? bytes.substr(12) : bytes;
}

bool looks_like_ipv4(std::string_view text) {
  const auto parts = split(text, '.');
  return parts.size() == 4 && std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
           return !part.empty() && std::all_of(part.begin(), part.end(), is_digit);
         });
}

bool looks_like_ipv6(std::string_view text) {
  return text.find(':') != std::string_view::npos &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return c == ':' || hex_value(c) >= 0; });
}

std::string last_address(std::string bytes, int mask_bits) {
  int free_bits = static_cast<int>(bytes.size()) * 8 - mask_bits;
  for (auto byte = bytes.rbegin(); byte != bytes.rend() && free_bits > 0; ++byte, free_bits -= 8) {
    const unsigned ones = free_bits >= 8 ? 0xFFU : (1U << free_bits) - 1;
    *byte = static_cast<char>(static_cast<unsigned char>(*byte) | ones);
  }
  return bytes;
}

// Of all texts: the most beginnings of segments that end one text. A trie of the segments with
// links to the longest shorter ending (Aho and Corasick) counts them along the links.
std::size_t most_beginnings_at_once(const std::vector<std::string_view>& segments) {
  struct Node {
    std::map<char, std::size_t> next;
    std::size_t link = 0;
    std::size_t beginnings = 0;
  };
  std::vector<Node> nodes(1);
  for (const std::string_view segment : segments) {
    std::size_t at = 0;
    for (const char c : segment) {
      const auto [child, is_new] = nodes[at].next.emplace(c, nodes.size());
      at = child->second;
      if (is_new) nodes.emplace_back();
      ++nodes[at].beginnings;
    }
  }
  std::size_t most = 0;
  std::deque<std::size_t> open{0};
  for (; !open.empty(); open.pop_front()) {
    const std::size_t parent = open.front();
    for (const auto& [c, child] : nodes[parent].next) {
      std::size_t link = parent;
      while (link != 0) {
        link = nodes[link].link;
        const auto shorter = nodes[link].next.find(c);
        if (shorter == nodes[link].next.end()) continue;
        nodes[child].link = shorter->second;
        break;
      }
      nodes[child].beginnings += nodes[nodes[child].link].beginnings;
      most = std::max(most, nodes[child].beginnings);
      open.push_back(child);
    }
  }
  return most;
}

}  // namespace

Result<std::int64_t> comparable_number(std::string_view token) {
  double number = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), number);
  // The one number out of a double's range that is small enough is the one too near to zero.
  const bool is_tiny =
      token.find("e-") != std::string_view::npos || token.find("E-") != std::string_view::npos;
  const bool is_out = error == std::errc::result_out_of_range && !is_tiny;
  if (is_out || number < -kMaxComparable || number > kMaxComparable) {
    return refuse("Value must be between -5.0E9 and 5.0E9, inclusive");
  }
  return order_key(number);
}

std::optional<std::string> address_bytes(std::string_view text) {
  if (looks_like_ipv4(text)) return ipv4_bytes(text);
  if (looks_like_ipv6(text)) return ipv6_bytes(text);
  return std::nullopt;
}

Result<AddressRange> parse_cidr(std::string_view text) {
  auto parts = split(text, '/');
  while (!parts.empty() && parts.back().empty()) parts.pop_back();  // as Java's split
  if (parts.size() != 2) return refuse("Malformed CIDR, one '/' required");
  std::string_view mask = parts[1];
  if (mask.starts_with('+') && mask.size() > 1 && is_digit(mask[1])) mask.remove_prefix(1);
  int mask_bits = 0;
  const auto [end, error] = std::from_chars(mask.data(), mask.data() + mask.size(), mask_bits);
  if (error != std::errc{} || end != mask.data() + mask.size()) {
    return refuse("Malformed CIDR, mask bits must be an integer");
  }
  if (mask_bits < 0) return refuse("Malformed CIDR, mask bits must not be negative");
  if (!looks_like_ipv4(parts[0]) && !looks_like_ipv6(parts[0])) {
    return refuse("Nonstandard IP address: " + std::string{parts[0]});
  }
  const auto bytes = address_bytes(parts[0]);
  if (!bytes) return refuse("Invalid IP address: " + std::string{parts[0]});
  if (bytes->size() == 4 && mask_bits > 31) return refuse("IPv4 mask bits must be < 32");
  if (bytes->size() == 16 && mask_bits > 127) return refuse("IPv6 mask bits must be < 128");
  // AWS: the range begins at the address that is written, not at the first of its network.
  return AddressRange{*bytes, last_address(*bytes, mask_bits)};
}

// An automaton over digits decides as soon as it can: a longer address of the other version matches
// by its first digits, a shorter one when it lies strictly between.
bool contains(const AddressRange& range, std::string_view address) {
  const std::size_t common = std::min(address.size(), range.low.size());
  const int low = std::memcmp(address.data(), range.low.data(), common);
  const int high = std::memcmp(address.data(), range.high.data(), common);
  if (address.size() < range.low.size()) return low > 0 && high < 0;
  return low >= 0 && high <= 0;
}

Result<Wildcard> parse_wildcard(std::string_view text) {
  Wildcard wildcard{{std::string{}}};
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (text[i] == '*') {
      if (next == '*') return refuse("Consecutive wildcard characters at pos " + std::to_string(i));
      wildcard.segments.emplace_back();
    } else if (text[i] == '\\') {
      if (next != '*' && next != '\\') {
        return refuse("Invalid escape character at pos " + std::to_string(i));
      }
      wildcard.segments.back().push_back(text[++i]);
    } else {
      wildcard.segments.back().push_back(text[i]);
    }
  }
  return wildcard;
}

// The first place of each segment leaves the most for the rest; memmem finds it in linear time even
// where a naive search is quadratic.
bool matches(const Wildcard& wildcard, std::string_view value) {
  const auto& segments = wildcard.segments;
  if (segments.size() == 1) return value == segments.front();
  if (value.size() < segments.front().size() + segments.back().size()) return false;
  if (!value.starts_with(segments.front()) || !value.ends_with(segments.back())) return false;
  value.remove_prefix(segments.front().size());
  value.remove_suffix(segments.back().size());
  for (std::size_t i = 1; i + 1 < segments.size(); ++i) {
    const void* found = memmem(value.data(), value.size(), segments[i].data(), segments[i].size());
    if (found == nullptr) return false;
    const auto skipped = static_cast<const char*>(found) - value.data();
    value.remove_prefix(static_cast<std::size_t>(skipped) + segments[i].size());
  }
  return true;
}

// Once all its wildcards are reached, an automaton stays in each of them, and in every beginning of
// a later segment that ends what was read. The worst text to have read is itself such a beginning.
std::size_t complexity(const std::vector<const Wildcard*>& wildcards) {
  std::size_t worst = 0;
  for (const Wildcard* leader : wildcards) {
    std::size_t stars = 0;
    std::vector<std::string_view> segments;
    for (const Wildcard* wildcard : wildcards) {
      if (!leader->segments.front().starts_with(wildcard->segments.front())) continue;
      stars += wildcard->segments.size() - 1;
      segments.insert(segments.end(), wildcard->segments.begin() + 1, wildcard->segments.end());
    }
    worst = std::max(worst, stars + most_beginnings_at_once(segments));
    if (worst > kMaxWildcardComplexity) break;
  }
  return worst;
}

// AWS: each UTF-16 unit is folded by itself; half of a surrogate pair has no case and no encoding,
// and Java writes `?` for it.
FoldedText fold(std::string_view text) {
  FoldedText folded;
  for (const char32_t c : to_code_points(text)) {
    if (c >= 0x10000) {
      folded.units.insert(folded.units.end(), 2, {"?", "?"});
      continue;
    }
    std::array<std::string, 2> unit;
    append_lower(unit[0], c);
    append_upper(unit[1], c);
    folded.units.push_back(std::move(unit));
  }
  return folded;
}

std::optional<std::size_t> match_start(const FoldedText& folded, std::string_view value) {
  const std::size_t size = value.size();
  for (const auto& [lower, upper] : folded.units) {
    if (value.starts_with(lower)) {
      value.remove_prefix(lower.size());
    } else if (value.starts_with(upper)) {
      value.remove_prefix(upper.size());
    } else {
      return std::nullopt;
    }
  }
  return size - value.size();
}

std::optional<std::size_t> match_end(const FoldedText& folded, std::string_view value) {
  const std::size_t size = value.size();
  for (auto unit = folded.units.rbegin(); unit != folded.units.rend(); ++unit) {
    const auto& [lower, upper] = *unit;
    if (value.ends_with(lower)) {
      value.remove_suffix(lower.size());
    } else if (value.ends_with(upper)) {
      value.remove_suffix(upper.size());
    } else {
      return std::nullopt;
    }
  }
  return size - value.size();
}

}  // namespace presso::bus
