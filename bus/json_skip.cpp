// The naive idea: count brackets, byte by byte, but not within strings. What this does beyond it:
// sixty-four bytes at a time become bits, one for each byte, of the quotes and the brackets. The
// running exclusive-or of the quotes' bits is what lies within strings, and the brackets that are
// left are counted. A block with a backslash is read byte by byte: escapes are rare.
//
// simdjson does the same for a whole text, and keeps where everything is. Here most of it would be
// thrown away, and the text would have to be copied to be padded.
#include "bus/json_skip.h"

#include <bit>
#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace presso::bus {
namespace {

#if defined(__SSE2__)
// std::popcount is a call where the processor may not have the instruction for it.
std::size_t count_bits(std::uint64_t bits) {
  bits -= (bits >> 1) & 0x5555555555555555U;
  bits = (bits & 0x3333333333333333U) + ((bits >> 2) & 0x3333333333333333U);
  bits = (bits + (bits >> 4)) & 0x0F0F0F0F0F0F0F0FU;
  return static_cast<std::size_t>((bits * 0x0101010101010101U) >> 56);
}
#endif

class Skip {
 public:
  // Whether the container ended, and then `at` is behind it.
  bool bytes(const char*& at, const char* end) {
    for (; at != end; ++at) {
      if (is_escaped_) {
        is_escaped_ = false;
      } else if (*at == '"') {
        is_in_string_ = !is_in_string_;
      } else if (is_in_string_) {
        is_escaped_ = *at == '\\';
      } else if (*at == '{' || *at == '[') {
        ++depth_;
      } else if ((*at == '}' || *at == ']') && --depth_ == 0) {
        ++at;
        return true;
      }
    }
    return false;
  }

#if defined(__SSE2__)
  static constexpr std::ptrdiff_t kBlock = 64;

  bool block(const char*& at) {
    const Bits bits = bits_of(at);
    if (bits.backslashes != 0 || is_escaped_) {
      const char* end = at + kBlock;
      return bytes(at, end);
    }
    std::uint64_t inside = bits.quotes;
    for (int shift = 1; shift < kBlock; shift *= 2) inside ^= inside << shift;
    if (is_in_string_) inside = ~inside;
    is_in_string_ = (inside >> 63) != 0;
    const std::uint64_t opens = bits.opens & ~inside;
    std::uint64_t closes = bits.closes & ~inside;
    for (std::size_t before = 1; closes != 0; closes &= closes - 1, ++before) {
      const std::uint64_t below = (closes & (0 - closes)) - 1;
      if (depth_ + count_bits(opens & below) != before) continue;
      at += std::countr_zero(closes) + 1;
      return true;
    }
    depth_ += count_bits(opens);
    depth_ -= count_bits(bits.closes & ~inside);
    at += kBlock;
    return false;
  }

 private:
  struct Bits {
    std::uint64_t quotes = 0;
    std::uint64_t backslashes = 0;
    std::uint64_t opens = 0;
    std::uint64_t closes = 0;
  };

  static std::uint64_t equal(__m128i bytes, char wanted) {
    const int bits = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(wanted)));
    return static_cast<std::uint64_t>(bits);
  }

  // A curly bracket is the square one with one more bit.
  static Bits bits_of(const char* at) {
    Bits bits;
    for (int part = 0; part < kBlock; part += 16) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + part));
      const __m128i curly = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
      bits.quotes |= equal(bytes, '"') << part;
      bits.backslashes |= equal(bytes, '\\') << part;
      bits.opens |= equal(curly, '{') << part;
      bits.closes |= equal(curly, '}') << part;
    }
    return bits;
  }

#endif
 private:
  std::size_t depth_ = 0;
  bool is_in_string_ = false;
  bool is_escaped_ = false;
};

}  // namespace

const char* skip_container(const char* at, const char* end) {
  Skip skip;
#if defined(__SSE2__)
  while (end - at >= Skip::kBlock) {
    if (skip.block(at)) return at;
  }
#endif
  (void)skip.bytes(at, end);
  return at;
}

const char* skip_container_slowly(const char* at, const char* end) {
  Skip skip;
  (void)skip.bytes(at, end);
  return at;
}

}  // namespace presso::bus
