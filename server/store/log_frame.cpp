#include "server/store/log_frame.h"

namespace presso::server {
namespace {

constexpr std::uint32_t kLogMagic = 0x377f0682;  // with 1 more: highest byte first
constexpr std::uint32_t kLogVersion = 3'007'000;

// Where fields are in a frame's header and in the log's.
constexpr std::size_t kFrameSalt = 8;
constexpr std::size_t kFrameChecksum = 16;
constexpr std::size_t kSummedOfFrameHeader = 8;
constexpr std::size_t kLogSalt = 16;
constexpr std::size_t kLogChecksum = 24;

std::uint64_t salt_at(const std::byte* at) {
  return static_cast<std::uint64_t>(big_endian(at)) << 32 | big_endian(at + 4);
}

template <bool kSwap>
LogChecksum add_words_in_order(LogChecksum sum, std::span<const std::byte> bytes) {
  const std::byte* const end = bytes.data() + bytes.size();
  for (const std::byte* at = bytes.data(); at != end; at += 8) {
    std::array<std::uint32_t, 2> words;
    std::memcpy(words.data(), at, sizeof words);
    if constexpr (kSwap) {
      for (std::uint32_t& word : words) word = __builtin_bswap32(word);
    }
    sum.first += words[0] + sum.second;
    sum.second += words[1] + sum.first;
  }
  return sum;
}

}  // namespace

LogChecksum checksum_at(const std::byte* at) { return {big_endian(at), big_endian(at + 4)}; }

void put_checksum(std::byte* at, LogChecksum sum) {
  for (const std::uint32_t word : {sum.first, sum.second}) {
    for (int shift = 24; shift >= 0; shift -= 8) *at++ = static_cast<std::byte>(word >> shift);
  }
}

LogChecksum add_words(LogChecksum sum, std::span<const std::byte> bytes, std::endian order) {
  return order == std::endian::native ? add_words_in_order<false>(sum, bytes)
                                      : add_words_in_order<true>(sum, bytes);
}

LogChecksum frame_checksum(LogChecksum before, std::span<const std::byte> frame,
                           std::endian order) {
  const LogChecksum sum = add_words(before, frame.first(kSummedOfFrameHeader), order);
  return add_words(sum, frame.subspan(kFrameHeaderBytes), order);
}

// A step takes (first, second) to (first + second + x, first + 2 * second + x + y). The powers of
// that matrix are symmetrical, and their entries a, b, a + b.
FrameCarry::FrameCarry(std::size_t page_size) : page_size_(page_size) {
  for (std::size_t i = 0; i < (kSummedOfFrameHeader + page_size) / 8; ++i) {
    first_of_first_ += first_of_second_;
    first_of_second_ += first_of_first_;
  }
}

LogChecksum FrameCarry::corrected(LogChecksum told, const Change& change, std::endian order) const {
  const std::uint32_t first = change.before.first - change.told_before.first;
  const std::uint32_t second = change.before.second - change.told_before.second;
  const std::uint32_t second_of_second = first_of_first_ + first_of_second_;
  const LogChecksum was = add_words({}, change.old_end, order);
  const LogChecksum is = add_words({}, change.new_end, order);
  return {
      told.first + first_of_first_ * first + first_of_second_ * second + is.first - was.first,
      told.second + first_of_second_ * first + second_of_second * second + is.second - was.second};
}

FrameHeader frame_header(const std::byte* at) {
  return {.page = big_endian(at),
          .pages_after = big_endian(at + 4),
          .salt = salt_at(at + kFrameSalt),
          .checksum = checksum_at(at + kFrameChecksum)};
}

std::endian order_of_log(const std::byte* header) {
  const std::uint32_t magic = big_endian(header);
  if (magic == kLogMagic) return std::endian::little;
  return magic == kLogMagic + 1 ? std::endian::big : std::endian::native;
}

std::optional<LogHeader> log_header(std::span<const std::byte> bytes) {
  if (bytes.size() < kLogHeaderBytes) return std::nullopt;
  const std::byte* const at = bytes.data();
  if ((big_endian(at) & ~1U) != kLogMagic || big_endian(at + 4) != kLogVersion) return std::nullopt;
  const std::size_t page_size = big_endian(at + 8);
  if (page_size < 512 || page_size > 65'536 || !std::has_single_bit(page_size)) return std::nullopt;
  const std::endian order = order_of_log(at);
  const LogChecksum sum = checksum_at(at + kLogChecksum);
  if (add_words({}, bytes.first(kLogChecksum), order) != sum) return std::nullopt;
  return LogHeader{order, page_size, salt_at(at + kLogSalt), sum};
}

}  // namespace presso::server
