// The naive way adds up the words. Here four lanes take one word in turn, so that a multiplication
// does not wait for the one before it, and each step (xor, a multiplication by an odd number, a
// rotation) can be undone: a change of one word always changes its lane, and so the result.
#include "server/store/page_checksum.h"

#include <array>
#include <bit>
#include <cstring>
#include <string_view>

#include "base/assert.h"

namespace presso::server {
namespace {

constexpr std::size_t kBlockBytes = 32;
// Odd, with ones and zeros in all places; nothing else is asked of them.
constexpr std::array<std::uint64_t, 4> kFactors = {0x9e3779b97f4a7c15, 0xc2b2ae3d27d4eb4f,
                                                   0x165667b19e3779f9, 0xd6e8feb86659fd93};

std::uint64_t word_at(const std::byte* at) {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof word);
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
  return word;
}

struct Lanes {
  std::uint64_t a = kFactors[1], b = kFactors[2], c = kFactors[3], d = kFactors[0];

  void take(std::uint64_t w, std::uint64_t x, std::uint64_t y, std::uint64_t z) {
    a = std::rotl((a ^ w) * kFactors[0], 29);
    b = std::rotl((b ^ x) * kFactors[1], 29);
    c = std::rotl((c ^ y) * kFactors[2], 29);
    d = std::rotl((d ^ z) * kFactors[3], 29);
  }
  [[nodiscard]] std::uint64_t mixed() const {
    std::uint64_t sum = a;
    for (const std::uint64_t lane : {b, c, d}) sum = std::rotl((sum ^ lane) * kFactors[0], 31);
    sum = (sum ^ (sum >> 32)) * kFactors[1];
    return sum ^ (sum >> 29);
  }
};

constexpr std::string_view kDatabaseMagic{"SQLite format 3\0", 16};

}  // namespace

// The number takes the place of the bytes that will hold the checksum.
std::uint64_t page_checksum(std::span<const std::byte> page, PageNumber number) {
  PRESSO_ASSERT(page.size() >= kBlockBytes);
  PRESSO_ASSERT(page.size() % kBlockBytes == 0);
  Lanes lanes;
  const std::byte* at = page.data();
  const std::byte* const last = at + page.size() - kBlockBytes;
  for (; at != last; at += kBlockBytes) {
    lanes.take(word_at(at), word_at(at + 8), word_at(at + 16), word_at(at + 24));
  }
  lanes.take(word_at(at), word_at(at + 8), word_at(at + 16), number);
  return lanes.mixed();
}

void seal_page(std::span<std::byte> page, PageNumber number) {
  std::uint64_t sum = page_checksum(page, number);
  if constexpr (std::endian::native == std::endian::big) sum = __builtin_bswap64(sum);
  std::memcpy(page.data() + page.size() - kChecksumBytes, &sum, kChecksumBytes);
}

std::uint64_t stored_checksum(std::span<const std::byte> page) {
  return word_at(page.data() + page.size() - kChecksumBytes);
}

bool is_page_sound(std::span<const std::byte> page, PageNumber number) {
  return page_checksum(page, number) == stored_checksum(page);
}

// https://www.sqlite.org/fileformat2.html#the_database_header
std::optional<DatabaseHeader> database_header(std::span<const std::byte> bytes) {
  if (bytes.size() < kDatabaseHeaderBytes) return std::nullopt;
  if (std::memcmp(bytes.data(), kDatabaseMagic.data(), kDatabaseMagic.size()) != 0)
    return std::nullopt;
  const std::size_t stored =
      std::to_integer<std::size_t>(bytes[16]) << 8 | std::to_integer<std::size_t>(bytes[17]);
  const std::size_t page_size = stored == 1 ? 65'536 : stored;
  if (page_size < 512 || !std::has_single_bit(page_size)) return std::nullopt;
  return DatabaseHeader{page_size, std::to_integer<std::size_t>(bytes[20]) == kChecksumBytes};
}

}  // namespace presso::server
