// Message digests and HMAC over OpenSSL, as raw bytes (hex_encode in text.h makes them readable).
#pragma once

#include <string>
#include <string_view>

namespace presso {

enum class DigestAlgorithm { Md5, Sha1, Sha256, Sha384, Sha512 };

[[nodiscard]] std::string digest(DigestAlgorithm, std::string_view bytes);
[[nodiscard]] std::string hmac_sha256(std::string_view key, std::string_view bytes);

}  // namespace presso
