#include "base/digest.h"

#include <doctest/doctest.h>

#include <string>

#include "base/text.h"

using presso::DigestAlgorithm;

namespace {

std::string hex_digest(DigestAlgorithm algorithm, std::string_view bytes) {
  return presso::hex_encode(presso::digest(algorithm, bytes));
}

}  // namespace

TEST_CASE("digests of the empty text") {
  CHECK(hex_digest(DigestAlgorithm::Md5, "") == "d41d8cd98f00b204e9800998ecf8427e");
  CHECK(hex_digest(DigestAlgorithm::Sha1, "") == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  CHECK(hex_digest(DigestAlgorithm::Sha256, "") ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("digests of RFC 1321 and FIPS 180's \"abc\"") {
  CHECK(hex_digest(DigestAlgorithm::Md5, "abc") == "900150983cd24fb0d6963f7d28e17f72");
  CHECK(hex_digest(DigestAlgorithm::Sha1, "abc") == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(hex_digest(DigestAlgorithm::Sha256, "abc") ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex_digest(DigestAlgorithm::Sha384, "abc") ==
        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
        "8086072ba1e7cc2358baeca134c825a7");
  CHECK(hex_digest(DigestAlgorithm::Sha512, "abc") ==
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

TEST_CASE("HMAC-SHA-256 agrees with RFC 4231") {
  CHECK(presso::hex_encode(presso::hmac_sha256(std::string(20, '\x0b'), "Hi There")) ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(presso::hex_encode(presso::hmac_sha256("Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(presso::hex_encode(presso::hmac_sha256(
            std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")) ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("an empty key is a key of its own, not the one before") {
  const std::string before = presso::hmac_sha256("Jefe", "");
  const std::string empty = presso::hmac_sha256("", "");
  CHECK(empty != before);
  CHECK(presso::hex_encode(empty) ==
        "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
  CHECK(presso::hmac_sha256(std::string_view{}, std::string_view{}) == empty);
}
