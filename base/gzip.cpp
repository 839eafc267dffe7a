#include "base/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <array>

#include "base/library_version.h"

namespace presso {

namespace {

constexpr int kGzipOnly = 16 + MAX_WBITS;

const Bytef* zlib_bytes(std::string_view bytes) {
  return reinterpret_cast<const Bytef*>(bytes.data());
}

struct Inflater {
  z_stream stream{};
  bool is_ready = inflateInit2(&stream, kGzipOnly) == Z_OK;

  Inflater() = default;
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() {
    if (is_ready) inflateEnd(&stream);
  }
};

}  // namespace

bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

std::optional<std::string> gunzip(std::string_view bytes, std::size_t limit) {
  Inflater inflater;
  if (!inflater.is_ready || bytes.size() > UINT32_MAX) return std::nullopt;
  z_stream& stream = inflater.stream;
  stream.next_in = const_cast<Bytef*>(zlib_bytes(bytes));  // zlib only reads it
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string text;
  std::array<char, 64 * 1024> chunk;
  for (;;) {
    stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
    stream.avail_out = static_cast<uInt>(chunk.size());
    const int state = inflate(&stream, Z_NO_FLUSH);
    if (state != Z_OK && state != Z_STREAM_END) return std::nullopt;
    const std::size_t made = chunk.size() - stream.avail_out;
    if (made > limit - text.size()) return std::nullopt;
    text.append(chunk.data(), made);
    if (state == Z_OK) continue;
    if (stream.avail_in == 0) return text;
    if (inflateReset(&stream) != Z_OK) return std::nullopt;  // another member follows
  }
}

std::uint32_t crc32_of(std::string_view bytes) {
  return static_cast<std::uint32_t>(crc32_z(0, zlib_bytes(bytes), bytes.size()));
}

LibraryVersion version_of_zlib() { return {"zlib", ZLIB_VERSION, zlibVersion()}; }

}  // namespace presso
