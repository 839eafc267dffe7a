// Whom presso believes over TLS: the system's certificates, and those of a file of one's own.
//
//   TlsTrust trust({.ca_bundle = "corporate.pem"});
//   ssl::stream<…> stream(socket, trust.context());
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/verify_context.hpp>
#include <mutex>
#include <optional>
#include <string>

#include "base/result.h"

namespace presso::server {

class TlsTrust {
 public:
  // `ca_bundle`: a file of certificates in PEM, believed instead of the system's as AWS_CA_BUNDLE
  // has it in the SDKs; empty: the system's.
  // `certificates`: the same as PEM text, and no file.
  explicit TlsTrust(std::string ca_bundle = {}, std::string certificates = {})
      : ca_bundle_(std::move(ca_bundle)), certificates_(std::move(certificates)) {}

  // Error: the file cannot be read, or holds no certificate.
  [[nodiscard]] Result<void> check() const;
  // From any thread; peers are verified.
  [[nodiscard]] boost::asio::ssl::context& context();

 private:
  std::string ca_bundle_;
  std::string certificates_;
  // Guards the making alone. It is made with the first use: reading the system's certificates takes
  // many times as long as the rest of a start.
  std::mutex mutex_;
  std::optional<boost::asio::ssl::context> context_;
};

}  // namespace presso::server
