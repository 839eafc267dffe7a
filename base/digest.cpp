#include "base/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <limits>

#include "base/assert.h"
#include "base/library_version.h"

namespace presso {

namespace {

const EVP_MD* method_of(DigestAlgorithm algorithm) {
  switch (algorithm) {
    case DigestAlgorithm::Md5: return EVP_md5();
    case DigestAlgorithm::Sha1: return EVP_sha1();
    case DigestAlgorithm::Sha256: return EVP_sha256();
    case DigestAlgorithm::Sha384: return EVP_sha384();
    case DigestAlgorithm::Sha512: return EVP_sha512();
  }
  return nullptr;
}

using Buffer = std::array<unsigned char, EVP_MAX_MD_SIZE>;

std::string to_bytes(const Buffer& buffer, unsigned int size) {
  return {buffer.begin(), buffer.begin() + size};
}

}  // namespace

std::string digest(DigestAlgorithm algorithm, std::string_view bytes) {
  Buffer buffer{};
  unsigned int size = 0;
  const int done =
      EVP_Digest(bytes.data(), bytes.size(), buffer.data(), &size, method_of(algorithm), nullptr);
  PRESSO_ASSERT(done == 1);
  return to_bytes(buffer, size);
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  PRESSO_ASSERT(key.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()));
  Buffer buffer{};
  unsigned int size = 0;
  // A null key means "the key of the last call" to OpenSSL; an empty one needs an address.
  const void* key_address = key.empty() ? "" : key.data();
  const unsigned char* done = HMAC(EVP_sha256(), key_address, static_cast<int>(key.size()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   bytes.size(), buffer.data(), &size);
  PRESSO_ASSERT(done != nullptr);
  return to_bytes(buffer, size);
}

LibraryVersion version_of_openssl() {
  return {"OpenSSL", OPENSSL_VERSION_STR, OpenSSL_version(OPENSSL_VERSION_STRING)};
}

}  // namespace presso
