// Secrets at rest: AES-256-GCM over OpenSSL, with a key in a file of its own.
//
//   SecretBox box = …;
//   box.seal("arn of it", R"({"Password": …})")   → "sealed-1:BASE64", never the same twice
//   box.unseal("arn of it", stored)               → the text, if key and label are the ones it was
//                                                   sealed with
//
// The key is read by `prepare`, and made when the first secret is sealed and there is
// none: 64 hexadecimal digits, readable by its owner alone, on the disk before anything that was
// sealed with it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace presso::server {

// Where the key is.
struct KeyPlace {
  // Empty: in memory alone, for a database that does not outlive the process.
  std::string file;
  bool is_ours = true;  // made by presso when it is not there; otherwise by whoever named it
};

class SecretBox {
 public:
  explicit SecretBox(KeyPlace place) : place_(std::move(place)) {}

  // At the start: a key that is there, or that was named, has to be one.
  [[nodiscard]] Result<void> prepare();
  // Whether a stored text is one of `seal`'s.
  [[nodiscard]] static bool is_sealed(std::string_view stored);
  // Error: the key cannot be read or made.
  [[nodiscard]] Result<std::string> seal(std::string_view label, std::string_view text);
  // Error: there is no key, it is none, or it is not this text's; the message names the file and
  // says what can be done.
  [[nodiscard]] Result<std::string> unseal(std::string_view label, std::string_view stored);

 private:
  [[nodiscard]] Result<void> read_key();
  [[nodiscard]] Result<void> make_key();

  KeyPlace place_;
  std::optional<std::string> key_;  // 32 bytes
};

}  // namespace presso::server
