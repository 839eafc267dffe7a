#include "server/store/secret_box.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "base/assert.h"
#include "base/text.h"

namespace presso::server {
namespace {

constexpr std::string_view kSealed = "sealed-1:";
constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;
constexpr std::string_view kWayOut =
    "; put the right one there, or name it with --secrets-key FILE. Without it the connections "
    "cannot be used; docs/security.md says how to give them up";

Error key_error(const std::string& what) { return {"SecretsKey", what}; }

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  PRESSO_ASSERT(RAND_bytes(bytes_of(bytes), static_cast<int>(count)) == 1);
  return bytes;
}

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

std::string encrypt(const std::string& key, std::string_view label, std::string_view text) {
  const std::string nonce = random_bytes(kNonceBytes);
  const Cipher cipher{EVP_CIPHER_CTX_new()};
  PRESSO_ASSERT(cipher != nullptr);
  std::string sealed(text.size(), '\0');
  std::string tag(kTagBytes, '\0');
  int size = 0;
  bool is_done = EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key),
                                    bytes_of(nonce)) == 1;
  is_done = is_done && EVP_EncryptUpdate(cipher.get(), nullptr, &size, bytes_of(label),
                                         static_cast<int>(label.size())) == 1;
  is_done = is_done && EVP_EncryptUpdate(cipher.get(), bytes_of(sealed), &size, bytes_of(text),
                                         static_cast<int>(text.size())) == 1;
  is_done = is_done && EVP_EncryptFinal_ex(cipher.get(), bytes_of(tag), &size) == 1;
  is_done = is_done &&
            EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, tag.data()) == 1;
  PRESSO_ASSERT(is_done);
  return nonce + sealed + tag;
}

// Nothing: another key, another label, or not as it was written.
std::optional<std::string> decrypt(const std::string& key, std::string_view label,
                                   std::string_view sealed) {
  if (sealed.size() < kNonceBytes + kTagBytes) return std::nullopt;
  const std::string_view nonce = sealed.substr(0, kNonceBytes);
  std::string tag{sealed.substr(sealed.size() - kTagBytes)};
  sealed = sealed.substr(kNonceBytes, sealed.size() - kNonceBytes - kTagBytes);
  const Cipher cipher{EVP_CIPHER_CTX_new()};
  PRESSO_ASSERT(cipher != nullptr);
  std::string text(sealed.size(), '\0');
  std::array<unsigned char, kTagBytes> rest{};
  int size = 0;
  bool is_done = EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key),
                                    bytes_of(nonce)) == 1;
  is_done = is_done && EVP_DecryptUpdate(cipher.get(), nullptr, &size, bytes_of(label),
                                         static_cast<int>(label.size())) == 1;
  is_done = is_done && EVP_DecryptUpdate(cipher.get(), bytes_of(text), &size, bytes_of(sealed),
                                         static_cast<int>(sealed.size())) == 1;
  is_done = is_done &&
            EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1;
  is_done = is_done && EVP_DecryptFinal_ex(cipher.get(), rest.data(), &size) == 1;
  if (!is_done) return std::nullopt;
  return text;
}

std::optional<std::string> key_of_text(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) {
    text.pop_back();
  }
  if (text.size() != 2 * kKeyBytes) return std::nullopt;
  std::string key;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const std::string_view digits = "0123456789abcdefABCDEF";
    const auto value = [&](char digit) -> std::optional<int> {
      const std::size_t at = digits.find(digit);
      if (at == std::string_view::npos) return std::nullopt;
      return static_cast<int>(at < 16 ? at : at - 6);
    };
    const auto high = value(text[i]);
    const auto low = value(text[i + 1]);
    if (!high || !low) return std::nullopt;
    key += static_cast<char>(*high * 16 + *low);
  }
  return key;
}

// On the disk when it returns, whole or not at all. Empty, or what went wrong.
std::string write_new_file(const std::string& path, const std::string& text) {
  const std::string next = path + ".new";
  const int file =
      ::open(next.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return std::strerror(errno);
  bool is_done = ::fchmod(file, 0600) == 0;
  is_done = is_done && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  is_done = is_done && ::fsync(file) == 0;
  is_done = is_done && ::rename(next.c_str(), path.c_str()) == 0;
  const std::string why = is_done ? "" : std::strerror(errno);
  ::close(file);
  if (!is_done) return why;
  const std::string folder = std::filesystem::path{path}.parent_path().string();
  const int directory = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_CLOEXEC);
  if (directory < 0) return std::strerror(errno);
  is_done = ::fsync(directory) == 0;
  ::close(directory);
  return is_done ? "" : "it is not on the disk";
}

}  // namespace

bool SecretBox::is_sealed(std::string_view stored) { return stored.starts_with(kSealed); }

Result<void> SecretBox::prepare() {
  std::error_code error;
  const bool is_there = !place_.file.empty() && std::filesystem::exists(place_.file, error);
  return is_there || !place_.is_ours ? read_key() : Result<void>{};
}

Result<std::string> SecretBox::seal(std::string_view label, std::string_view text) {
  if (!key_) {
    const Result<void> ready = make_key();
    if (!ready) return ready.error();
  }
  return std::string{kSealed} + base64_encode(encrypt(*key_, label, text));
}

Result<std::string> SecretBox::unseal(std::string_view label, std::string_view stored) {
  if (!key_) {
    const Result<void> ready = read_key();
    if (!ready) return ready.error();
  }
  const auto sealed = base64_decode(stored.substr(kSealed.size()));
  auto text = sealed ? decrypt(*key_, label, *sealed) : std::nullopt;
  if (text) return *std::move(text);
  return key_error("the secrets of connection " + std::string{label} +
                   " were not sealed with the key in " + place_.file + std::string{kWayOut});
}

Result<void> SecretBox::read_key() {
  std::error_code error;
  const bool is_file = std::filesystem::is_regular_file(place_.file, error);
  std::ifstream stream;
  if (is_file) stream.open(place_.file, std::ios::binary);
  std::string text;
  if (stream.is_open()) text.assign(std::istreambuf_iterator<char>{stream}, {});
  if (!stream.is_open() || stream.bad()) {
    return key_error("the key of the connections' secrets, " + place_.file + ", cannot be read" +
                     std::string{kWayOut});
  }
  auto key = key_of_text(std::move(text));
  if (!key) {
    return key_error(place_.file +
                     " is no key: 64 hexadecimal digits, as `openssl rand -hex 32` "
                     "prints them" +
                     std::string{kWayOut});
  }
  key_ = *std::move(key);
  return {};
}

Result<void> SecretBox::make_key() {
  std::string key = random_bytes(kKeyBytes);
  if (!place_.file.empty()) {
    const std::string why = write_new_file(place_.file, hex_encode(key) + "\n");
    if (!why.empty()) return key_error(place_.file + " cannot be written: " + why);
  }
  key_ = std::move(key);
  return {};
}

}  // namespace presso::server
