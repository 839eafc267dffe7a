// gzip (RFC 1952), as objects in a bucket may be kept, and the checksum that S3 is sent with a
// body.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace presso {

// Whether `bytes` begin as a gzip file does.
[[nodiscard]] bool is_gzip(std::string_view bytes);

// The contents of all members, one behind the other. Nothing when the file is broken or cut off, or
// holds more than `limit` bytes.
[[nodiscard]] std::optional<std::string> gunzip(std::string_view bytes, std::size_t limit);

[[nodiscard]] std::uint32_t crc32_of(std::string_view bytes);

}  // namespace presso
